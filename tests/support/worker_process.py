"""A worker in a process of its own whose browser is a fake: what it does is noted in a database of the test's.

As a program: the worker, with the settings of its environment and the notes at the address it is given.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import threading
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

import psycopg

from bcflow.models.errors import BrowserGone
from bcflow.models.outcomes import RunRecord
from bcflow.runner.cli.running import worker_loop
from bcflow.runner.config.settings import Settings
from bcflow.runner.engine.queue import leave
from bcflow.runner.storage.questions import About

if TYPE_CHECKING:
    from collections.abc import Callable

    from bcflow.runner.browser.login_browser import Ask, MakeSlot, OnEvent
    from bcflow.runner.browser.shutdown import Shutdown

SLOTS: Final = 2
TABLES: Final = """
    CREATE TABLE notes (
        id bigserial PRIMARY KEY, worker text, what text, login text, job text,
        at double precision DEFAULT extract(epoch FROM clock_timestamp())
    );
    CREATE TABLE open_gates (job text PRIMARY KEY)
"""
OPENED, CLOSED, BEGAN, ENDED = "opened", "closed", "began", "ended"
WROTE, HELD_BACK, AT_GATE, KILLED = "wrote", "held back", "at the gate", "killed"
GATE, POISON, FAULT, CODE = "gate", "poison", "fault", "code"
"""How the address of a job begins that, before its write, waits, kills its worker, meets a mistake of ours, or asks."""
SHORTEST, LONGEST = 0.1, 0.3


class Notes:
    """What happened, in the order it happened in, whoever did it."""

    def __init__(self, url: str, worker: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)
        self._worker = worker

    def take(self, what: str, login: str = "", job: str = "") -> None:
        """Keep a note."""
        values = (self._worker, what, login, job)
        self._connection.execute("INSERT INTO notes (worker, what, login, job) VALUES (%s, %s, %s, %s)", values)

    def is_written(self, job: str) -> bool:
        """Say what the site would show: whether anybody wrote `job`."""
        return self._any("SELECT 1 FROM notes WHERE what = 'wrote' AND job = %s", job)

    def is_open(self, gate: str) -> bool:
        """Say whether the job at its gate may go on."""
        return self._any("SELECT 1 FROM open_gates WHERE job = %s", gate)

    def _any(self, query: str, job: str) -> bool:
        return self._connection.execute(query.encode(), (job,)).fetchone() is not None


class NotedSlot:
    """A browser of one login that is none."""

    def __init__(self, notes: Notes, login: str, may_write: Callable[[], bool], ask: Ask) -> None:
        self._notes, self._login, self._may_write, self._ask = notes, login, may_write, ask
        self._closed = threading.Event()
        notes.take(OPENED, login)

    def call(self, verb: str, request: dict[str, Any], timeout: float | None = None) -> dict[str, Any]:
        """Make an attempt, which takes a moment."""
        assert (verb, bool(timeout)) == ("attempt", True)
        job = request["job"]["email"]
        self._notes.take(BEGAN, self._login, job)
        try:
            return self._attempt(job, request)
        finally:
            self._notes.take(ENDED, self._login, job)

    def close(self) -> None:
        """End it; what it is doing breaks off."""
        self._closed.set()
        self._notes.take(CLOSED, self._login)

    def _attempt(self, job: str, request: dict[str, Any]) -> dict[str, Any]:
        if self._closed.wait(Random(request["run"]).uniform(SHORTEST, LONGEST)):  # noqa: S311 - chance is enough
            raise BrowserGone("the browser ended; nothing was sent")
        if self._notes.is_written(job):
            return _record(request, outcome="already")
        if request["mode"] == "look":
            return _record(request, outcome="planned")
        if job.startswith(POISON):
            self._notes.take(KILLED, self._login, job)
            os.kill(os.getpid(), signal.SIGKILL)
        if job.startswith(FAULT):
            raise ZeroDivisionError
        if job.startswith(CODE):
            about = About(kind="code", text="Code:", login=self._login, batch=request["batch"], run=request["run"])
            if self._ask(about, self._closed) is None:
                return _record(request, outcome="waiting", waiting_for="you")
        if job.startswith(GATE):
            self._wait_at_gate(job)
        if not self._may_write():
            self._notes.take(HELD_BACK, self._login, job)
            return _record(request, outcome="failed")
        self._notes.take(WROTE, self._login, job)
        return _record(request, outcome="done", writes=1)

    def _wait_at_gate(self, job: str) -> None:
        """Wait even if the browser is closed meanwhile: an old one may be slow to notice."""
        self._notes.take(AT_GATE, self._login, job)
        tick = threading.Event()
        while not self._notes.is_open(job):
            tick.wait(0.05)


def _record(request: dict[str, Any], **how: object) -> dict[str, Any]:
    """Return the run's record, and leave it where the real one would."""
    job = request["job"]
    values = {"id": request["run"], "job": "", "flow": job["flow"], "login": job["login"], "message": "", "inputs": job}
    record = RunRecord.model_validate(values | {"language": "en"} | how)
    folder = Path(request["folder"])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "result.json").write_text(record.model_dump_json())
    return record.model_dump(mode="json")


def main(notes_url: str, slots: str, *options: str) -> int:
    """Be the worker of this environment until it is stopped or, with --drain, until nothing is left to do."""
    settings = Settings.load()
    notes = Notes(notes_url, settings.home.name)

    def factory(_settings: Settings, *, ask: Ask, shutdown: Shutdown) -> MakeSlot:
        def ask_until_the_end(about: About, stop: threading.Event) -> str | None:
            with shutdown.sets(stop):
                return ask(about, stop)

        def make(login: str, _on_event: OnEvent, may_write: Callable[[], bool]) -> NotedSlot:
            return NotedSlot(notes, login, may_write, ask_until_the_end)

        return make

    with patch.object(worker_loop, "slots_of", factory):
        return worker_loop.work_the_queue(settings, drain="--drain" in options, slots=int(slots))


if __name__ == "__main__":
    faulthandler.register(signal.SIGUSR1)
    leave(main(*sys.argv[1:]))

"""Workers in processes of their own on one PostgreSQL, the batches they are given, and what they did."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple, Self

import psycopg

from bcflow.models.errors import BcflowError
from bcflow.models.jobs import job_adapter
from bcflow.runner.batches.context import Context
from bcflow.runner.batches.submit import How, submit
from bcflow.runner.browser.lease import Lease
from bcflow.runner.config.settings import Settings
from bcflow.runner.engine.opening import opened
from bcflow.runner.engine.presence import worker_name
from bcflow.runner.jobfiles.source import Order
from bcflow.runner.jobfiles.task import Task
from bcflow.runner.storage.runs import Store
from tests.support import worker_process
from tests.support.waiting import SOON, until
from tests.support.worker_process import BEGAN, CLOSED, ENDED, KILLED, OPENED, SLOTS, WROTE

BC = "7123456789012345678"
KEY = "a key for workers under test"
LOGINS = 6
AGREED = How(yes=True, trust_first_write=True)


class Note(NamedTuple):
    """One thing a worker's fake browser did, or that was done to the worker."""

    worker: str
    what: str
    login: str
    job: str


OFFICE = "office"
"""The home batches are submitted from. Without PostgreSQL its worker is the only one there can be."""


class Workshop:
    """Starts workers and ends them, and submits batches. A context manager."""

    def __init__(self, url: str, notes_url: str, folder: Path, *, slots: int = SLOTS) -> None:
        """Take the database of the workers (empty: SQLite in the office), one for the notes, a folder for the homes."""
        self._url, self._notes_url, self._folder, self._slots = url, notes_url, folder, slots
        self._stack = ExitStack()
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._batches: list[str] = []

    def __enter__(self) -> Self:
        with self._stack:
            self._notes = self._stack.enter_context(psycopg.connect(self._notes_url, autocommit=True))
            self._notes.execute(worker_process.TABLES)
            self.office = self._stack.enter_context(opened(self.settings(OFFICE)))
            self.store = Store(self.office.database)
            self._stack = self._stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        for name in list(self._running):
            self.kill(name)
        self._stack.close()

    def start(self, *names: str) -> None:
        """Start a worker for each name, with a home of its own, and wait until all are ready."""
        self.begin(*names)
        self.until_ready(*names)

    def until_ready(self, *names: str) -> None:
        """Wait until these workers take turns."""
        for name in names:
            until(partial(self._is_ready, name), f"{name} is ready")

    def begin(self, *names: str) -> None:
        """Start a worker for each name, with a home of its own."""
        for name in names:
            self._start(name)

    def drain(self, name: str) -> None:
        """Start a worker that ends when nothing is left to do now, and wait for it."""
        self._start(name, "--drain")
        assert self._running.pop(name).wait(SOON) == 0, self.log(name)

    def stop(self, name: str) -> None:
        """Ask a worker to end, and wait for it."""
        process = self._running.pop(name)
        process.send_signal(signal.SIGTERM)
        try:
            assert process.wait(SOON) == 130, self.log(name)
        except subprocess.TimeoutExpired:
            # Where it hangs is in its log then.
            process.send_signal(signal.SIGUSR1)
            until(lambda: "Current thread" in self.log(name), "it says where it hangs")
            process.kill()
            process.wait()
            raise AssertionError(self.log(name)) from None

    def kill(self, name: str) -> None:
        """End a worker at once."""
        process = self._running.pop(name)
        process.kill()
        process.wait()
        self._note(name)

    def bury(self) -> list[str]:
        """Wait until a worker has died by itself; return those that have."""
        until(self._dead, "a worker dies")
        dead = self._dead()
        for name in dead:
            del self._running[name]
        return dead

    def log(self, name: str) -> str:
        """Return what a worker said."""
        return (self._folder / f"{name}.log").read_text(encoding="utf-8")

    def submit(self, login: str, jobs: Sequence[str]) -> str:
        """Queue a batch of invitations, each named by the address it invites, and return its id."""
        return self.submit_file([(login, job) for job in jobs])

    def submit_file(self, lines: Sequence[tuple[str, str]]) -> str:
        """Queue a batch of invitations, each of a login and the address it invites, and return its id."""
        batch = submit_one(self.office, lines)
        self._batches.append(batch)
        return batch

    def settings(self, name: str) -> Settings:
        """Return the settings of somebody with a home of that name."""
        return Settings.load(self._environment(name), self._folder)

    def open_gate(self, job: str) -> None:
        """Let a job go on that waits before its write."""
        self._notes.execute("INSERT INTO open_gates VALUES (%s)", (job,))

    def all_ended(self) -> bool:
        """Whether nothing is left to do."""
        return not self.store.open_batches()

    def outcomes(self, *batches: str) -> Counter[str]:
        """Count how the runs of `batches`, or of all, ended."""
        runs = [run for batch in batches or self._batches for run in self.store.load(batch).runs]
        return Counter(run.outcome if run.outcome and run.ended else "open" for run in runs)

    def notes(self, what: str = "", job: str = "") -> list[Note]:
        """Return what was noted, in the order it happened in."""
        return [note for note, _ in self.timed_notes() if what in ("", note.what) and job in ("", note.job)]

    def timed_notes(self) -> list[tuple[Note, float]]:
        """Return what was noted and when (seconds), in the order it happened in."""
        rows = self._notes.execute("SELECT worker, what, login, job, at FROM notes ORDER BY id").fetchall()
        return [(Note(*row[:-1]), row[-1]) for row in rows]

    def written(self) -> Counter[str]:
        """Count the writes of each job."""
        return Counter(note.job for note in self.notes(WROTE))

    def _is_ready(self, name: str) -> bool:
        worker = worker_name(self.settings(name))
        url = self.settings(name).database()
        holder = Lease(self._folder / name, f"worker-{worker}", database_url=url).holder()
        return holder is not None and holder.pid == self._running[name].pid

    def until_written(self, many: int) -> None:
        """Wait until so many jobs are written."""
        until(lambda: len(self.written()) >= many, f"{many} jobs are written")

    def _dead(self) -> list[str]:
        return [name for name, process in self._running.items() if process.poll() is not None]

    def _start(self, name: str, *options: str) -> None:
        with (self._folder / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, worker_process.__file__, self._notes_url, str(self._slots), *options],
                env={**os.environ, **self._environment(name)},
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _environment(self, name: str) -> dict[str, str]:
        return {
            "BCFLOW_HOME": str(self._folder / name),
            **({"BCFLOW_DATABASE_URL": self._url} if self._url else {}),
            "BCFLOW_KEY": KEY,
            "BCFLOW_PACE_SECONDS": "0",
            **{f"BCFLOW_LOGIN__LOGIN_{number}__EMAIL": f"{number}@agency.example" for number in range(LOGINS)},
        }

    def _note(self, name: str) -> None:
        self._notes.execute("INSERT INTO notes (worker, what) VALUES (%s, %s)", (name, KILLED))


def submit_one(context: Context, lines: Sequence[tuple[str, str]], *, key: str = "", how: How = AGREED) -> str:
    """Submit a batch of invitations, each of a login and the address it invites, as `bcflow submit` does."""
    given = {"flow": "invite-member", "business_center": BC, "role": "standard"}
    wanted = [given | {"login": login, "email": job} for login, job in lines]
    tasks = [Task(job_adapter().validate_python(job), job["email"]) for job in wanted]
    return submit(context, Order(tuple(tasks), "night.yaml"), how, key=key)[0]


def submit_and_tell(settings: Settings, jobs: Sequence[str], key: str, told: Connection) -> None:
    """Submit under `key`, as another process, and tell the id or what went wrong."""
    with opened(settings) as context:
        try:
            told.send(submit_one(context, [("login_0", job) for job in jobs], key=key))
        except BcflowError as error:
            told.send(f"{type(error).__name__}: {error}")


def broken_rules(notes: Iterable[Note], *, slots: int = SLOTS) -> Iterator[str]:
    """Yield every moment with two browsers or attempts of one login, or with too many browsers of one worker."""
    browsers: dict[str, str] = {}
    attempts: dict[str, str] = {}
    for worker, what, login, job in notes:
        if what == OPENED:
            if login in browsers:
                yield f"{worker} opens {login}, which {browsers[login]} has open"
            browsers[login] = worker
            if list(browsers.values()).count(worker) > slots:
                yield f"{worker} has more than {slots} browsers open"
        elif what == CLOSED:
            del browsers[login]
        elif what == BEGAN:
            if login in attempts or browsers.get(login) != worker:
                yield f"{worker} begins {job} with {login}; browser: {browsers.get(login)}, attempt: {attempts}"
            attempts[login] = worker
        elif what == ENDED:
            del attempts[login]
        elif what == KILLED:
            browsers = {one: whose for one, whose in browsers.items() if whose != worker}
            attempts = {one: whose for one, whose in attempts.items() if whose != worker}


def strange_writes(notes: Iterable[Note]) -> Iterator[str]:
    """Yield every write by a worker that was not the last to open a browser for that login."""
    last: dict[str, str] = {}
    for worker, what, login, job in notes:
        if what == OPENED:
            last[login] = worker
        elif what == WROTE and last[login] != worker:
            yield f"{worker} writes {job} with {login}, which {last[login]} has opened since"

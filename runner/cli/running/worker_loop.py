"""The loop of `bcflow worker`: take turns from the queue until told to stop, or until nothing is left to do."""

from __future__ import annotations

import threading
from contextlib import closing
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from loguru import logger

from bcflow.models.errors import BadInput, LedgerBroken
from bcflow.runner.batches.rules import why_not_here, why_read_only, why_stopped
from bcflow.runner.browser.login_browser import slots as slots_of
from bcflow.runner.browser.shutdown import Shutdown
from bcflow.runner.cli.frame import complain
from bcflow.runner.cli.running.work import stoppable
from bcflow.runner.cli.wording.messages import in_use
from bcflow.runner.config.keys import load_key
from bcflow.runner.engine.presence import DOING, WorkerLock
from bcflow.runner.engine.worker import Worker
from bcflow.runner.notify import events
from bcflow.runner.reports.progress import at_its_time
from bcflow.runner.reports.summary import ended_well, run_line
from bcflow.runner.storage.database import Database
from bcflow.runner.storage.questions import About, Questions
from bcflow.runner.storage.switches import read_switches

if TYPE_CHECKING:
    from bcflow.models.outcomes import RunRecord
    from bcflow.runner.batches.steps import Step
    from bcflow.runner.config.settings import Settings

IDLE_SECONDS: Final = 0.25
PATIENCE_SECONDS: Final = 60.0
"""How long the database may be away before the worker ends: whoever started it starts it again."""


class Log:
    """A watcher that says what an operator wants in a log: not every step; if `quiet` only what is left to somebody.

    `batches` are those that something was done for.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self.batches: set[str] = set()

    def begins(self, batch: str, step: Step) -> None:
        """Say which job begins."""
        self.batches.add(batch)
        if not self._quiet:
            _log(f"{step.run}: {step.title} ({step.mode})")

    def happens(self, _batch: str, _event: dict[str, Any]) -> None:
        """Leave steps to the run's own log."""

    def ends(self, batch: str, record: RunRecord) -> None:
        """Say how it ended."""
        self.batches.add(batch)
        if not (self._quiet and ended_well(record)):
            _log(f"{record.id}: {run_line(record)}")

    def moved(self, batch: str) -> None:
        """Leave what has become of it to the reports."""
        self.batches.add(batch)

    def refuses(self, batch: str, error: BadInput) -> None:
        """Say that a batch rests, and why."""
        _log(f"batch {batch} rests: {'; '.join(error.problems)}")

    def tell(self, text: str) -> None:
        """Say it."""
        _log(text)


def _log(line: str) -> None:
    complain(at_its_time(line))


def work_the_queue(settings: Settings, *, drain: bool, slots: int, log: Log | None = None) -> int:
    """Work the queue until told to stop, or with `drain` until it is empty; return the exit code. Tells `log`."""
    lock = WorkerLock(settings, doing=DOING)
    if not lock.take():
        raise BadInput([in_use(lock.holder())])
    shutdown = Shutdown()
    try:
        with stoppable() as told, closing(Database(settings.database())) as database:
            worker = _worker(settings, database, slots, shutdown, log or Log())
            try:
                worker.begin()
                _turns(worker, told, drain=drain)
            except KeyboardInterrupt:
                _log("stopped: what is to do stays in the queue")
                return 0 if drain else 130
            finally:
                worker.close()
    finally:
        lock.release()
    return 0


def _worker(settings: Settings, database: Database, slots: int, shutdown: Shutdown, log: Log) -> Worker:
    key = load_key(settings.key.get_secret_value() if settings.key else None, settings.home)
    questions = Questions(database, key)

    def ask(about: About, stop: threading.Event) -> str | None:
        question = questions.ask(about, wait=settings.code_wait)
        events.tell(settings, events.question_asked(events.asked(question)))
        _log(f"login '{about.login}' asks: {about.text.strip()}  (bcflow answer {question.id})")
        return questions.wait_for(question, stop)

    return Worker(settings, slots_of(settings, ask=ask, shutdown=shutdown), log, slots=slots, shutdown=shutdown)


def _turns(worker: Worker, told_to_stop: threading.Event, *, drain: bool) -> None:
    """Turn after turn; KeyboardInterrupt ends them before their next job, raised here if it was lost elsewhere."""
    tick, answered, held_up = threading.Event(), monotonic(), ""
    while not told_to_stop.is_set():
        try:
            is_busy = worker.turn()
            held_up = _held_up(worker, held_up)
            answered = monotonic()
        except LedgerBroken as error:
            if monotonic() - answered > PATIENCE_SECONDS:
                raise
            logger.warning("{}", error)
            is_busy = True
        if drain and not is_busy and (held_up or not worker.has_more()):
            worker.note_drained()
            return
        tick.wait(IDLE_SECONDS)
    raise KeyboardInterrupt


def _held_up(worker: Worker, said: str) -> str:
    """Say once what holds work back now, and return it."""
    with worker.database.transaction() as connection:
        switches = read_switches(connection)
    why = why_stopped(switches) or why_read_only(switches) or why_not_here(worker.settings)
    if why and why != said:
        _log(f"{why}; until then it stays in the queue")
    return why

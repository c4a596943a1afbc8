"""One shift of `bcflow worker`: take batches from the queue and work them, several logins at once if told to."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from typing import TYPE_CHECKING

from loguru import logger

from bcflow.models.errors import BadInput, BcflowError
from bcflow.runner.cli.frame import complain
from bcflow.runner.cli.slots import attempt_seconds, leased, slot_factory
from bcflow.runner.cli.work import stoppable
from bcflow.runner.course import Talk
from bcflow.runner.database import Database
from bcflow.runner.keys import load_key
from bcflow.runner.progress import Lines
from bcflow.runner.questions import Questions
from bcflow.runner.worker import Worker, WorkerLock, dead_workers, sign_on

if TYPE_CHECKING:
    from bcflow.runner.dispatch import SlotFactory
    from bcflow.runner.lease import Lease
    from bcflow.runner.settings import Settings

DOING = "worker"
IDLE_SECONDS = 0.5


def shift(settings: Settings, *, drain: bool, slots: int) -> int:
    """Work the queue until told to stop, or with `drain` until it is empty; return the exit code."""
    lock = WorkerLock(settings, doing=DOING)
    if not lock.take():
        raise BadInput([f"this database is in use by {lock.holder()}"])
    with ExitStack() as stack:
        stack.callback(lock.release)
        stack.enter_context(stoppable())
        worker = _worker(settings, slots)
        stack.callback(worker.close)
        stack.enter_context(sign_on(settings, worker.name))
        try:
            return _Shift(worker, slots).run(drain=drain)
        except KeyboardInterrupt:
            complain("stopped: what is to do stays in the queue")
            return 0 if drain else 130


def _worker(settings: Settings, slots: int) -> Worker:
    def lease(login: str) -> Lease:
        return leased(settings, login, doing=DOING)

    database = Database(settings.database())
    questions = Questions(database, load_key(settings.key.get_secret_value() if settings.key else None, settings.home))

    def ask(login: str, text: str, secret: bool, stop: threading.Event) -> str | None:
        question = questions.ask(login, text, secret=secret, wait=settings.code_wait)
        complain(f"login '{login}' asks: {text.strip()}  (bcflow answer {question.id})")
        return questions.wait_for(question, stop)

    def make_slot(may_write: Callable[[], bool]) -> SlotFactory:
        return slot_factory(settings, holds=lambda _login: may_write(), ask=ask)

    return Worker(settings, slots=slots, make_slot=make_slot, lease=lease, timeout=attempt_seconds(settings))


class _Shift:
    def __init__(self, worker: Worker, slots: int) -> None:
        self._worker = worker
        self._slots = slots
        self._ends = threading.Event()
        self._at_work: dict[Future[None], str] = {}
        self._pool = ThreadPoolExecutor(slots, thread_name_prefix="batch")

    def run(self, *, drain: bool) -> int:
        """Take batch after batch; KeyboardInterrupt ends them before their next job."""
        # What this worker had when it died is free for it again.
        dead = [self._worker.name]
        try:
            while True:
                self._forget_ended()
                batch = self._worker.store.claim(self._worker.name, dead=dead) if self._has_room() else None
                dead = dead_workers(self._worker.settings, self._worker.store, but=self._worker.name)
                if batch is not None:
                    self._at_work[self._pool.submit(self._one, batch)] = batch
                elif drain and not self._at_work:
                    return 0
                elif self._at_work:
                    wait(self._at_work, timeout=IDLE_SECONDS, return_when="FIRST_COMPLETED")
                else:
                    self._ends.wait(IDLE_SECONDS)
        finally:
            self._ends.set()
            self._pool.shutdown(wait=True)

    def _has_room(self) -> bool:
        return len(self._at_work) < self._slots

    def _forget_ended(self) -> None:
        for future in [one for one in self._at_work if one.done()]:
            del self._at_work[future]
            future.result()

    def _one(self, batch: str) -> None:
        """Work one batch; whatever goes wrong with it, the next ones are worked."""
        talk = Talk(Lines(sys.stderr), complain)
        try:
            course = self._worker.course(batch, talk, halted=self._halted)
            course.run()
        except BcflowError as error:
            logger.error("batch {}: {}", batch, error)
        finally:
            self._let_go(batch)

    def _let_go(self, batch: str) -> None:
        """Close the browsers nobody needs now, and give the batch back if it has not ended."""
        held = self._worker.store.load(batch)
        for login in held.record.logins:
            self._worker.engine.stop(login)
        if held.phase == "ended":
            return
        if self._ends.is_set():
            self._worker.store.queue(batch)
        else:
            self._worker.store.rest(batch)

    def _halted(self) -> str:
        return "the worker was stopped" if self._ends.is_set() else ""

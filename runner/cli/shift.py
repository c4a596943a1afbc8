"""One shift of `bcflow worker`: take batches from the queue and work them, several logins at once if told to."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from typing import TYPE_CHECKING

from bcflow.models.errors import BadInput, BcflowError
from bcflow.runner import notices
from bcflow.runner.cli.frame import complain
from bcflow.runner.cli.slots import attempt_seconds, leased, slot_factory
from bcflow.runner.cli.work import stoppable
from bcflow.runner.course import Talk
from bcflow.runner.database import Database
from bcflow.runner.follow_ups import FollowUps, look_again
from bcflow.runner.history import History
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
        asked = notices.Asked(question=question.id, kind="code", login=login, deadline=question.deadline)
        notices.tell(settings, notices.question_asked(asked))
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
        self._busy: dict[str, list[str]] = {}
        self._follow_ups = FollowUps(worker.store.database)
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
                elif (run := self._due()) is not None:
                    self._at_work[self._pool.submit(self._look_again, run)] = run
                elif drain and not self._at_work:
                    return 0
                elif self._at_work:
                    wait(self._at_work, timeout=IDLE_SECONDS, return_when="FIRST_COMPLETED")
                else:
                    self._ends.wait(IDLE_SECONDS)
        finally:
            self._ends.set()
            self._pool.shutdown(wait=True)

    def _due(self) -> str | None:
        """Return a run that waits for others and is due to be looked at, of a login that is free here."""
        if not self._has_room():
            return None
        busy = {login for logins in self._busy.values() for login in logins}
        return self._follow_ups.take(but=busy)

    def _look_again(self, run: str) -> None:
        worker = self._worker
        before = worker.store.record(run)
        self._busy[run] = [before.login]
        try:
            history = History(worker.settings.home)
            after = look_again(run, worker.settings, store=worker.store, history=history, dispatcher=worker.engine)
            complain(f"looked again at {run}: {after.outcome}{f', {after.message}' if after is not before else ''}")
        except BcflowError as error:
            complain(f"run {run}: {error}")
        finally:
            del self._busy[run]
            worker.engine.stop(before.login)

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
            self._busy[batch] = course.held.record.logins
            course.run()
            ended = notices.batch_ended(batch, course.report(), file=course.held.record.source)
            notices.tell(self._worker.settings, ended)
        except BcflowError as error:
            complain(f"batch {batch}: {error}")
        finally:
            self._busy.pop(batch, None)
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

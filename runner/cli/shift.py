"""One shift of `bcflow worker`: take batches from the queue and work them, several logins at once if told to."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from time import monotonic
from traceback import extract_tb
from typing import TYPE_CHECKING

from loguru import logger

from bcflow.models.errors import BadInput, BcflowError, LedgerBroken
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
SIGN_ON_SECONDS = 5.0
"""How long another worker may hold our name while it takes over what we had."""
PATIENCE_SECONDS = 60.0
"""How long the database may be away before the worker ends: whoever started it starts it again."""


def shift(settings: Settings, *, drain: bool, slots: int) -> int:
    """Work the queue until told to stop, or with `drain` until it is empty; return the exit code."""
    lock = WorkerLock(settings, doing=DOING)
    if not lock.take():
        raise BadInput([f"this database is in use by {lock.holder()}"])
    with ExitStack() as stack:
        stack.callback(lock.release)
        stack.enter_context(stoppable())
        try:
            worker = _worker(settings, slots)
            stack.callback(worker.close)
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
        self._cut_off = threading.Event()
        self._lease: Lease | None = None
        self._at_work: dict[Future[None], str] = {}
        self._busy: dict[str, list[str]] = {}
        self._busy_lock = threading.Lock()
        self._again: set[str] = set()
        self._follow_ups = FollowUps(worker.store.database)
        self._pool = ThreadPoolExecutor(slots, thread_name_prefix="batch")

    def run(self, *, drain: bool) -> int:
        """Take batch after batch; KeyboardInterrupt ends them before their next job."""
        self._sign_on(patience=SIGN_ON_SECONDS)
        answered = monotonic()
        try:
            while True:
                try:
                    if self._turn(drain=drain):
                        return 0
                    answered = monotonic()
                except LedgerBroken as error:
                    if monotonic() - answered > PATIENCE_SECONDS:
                        raise
                    logger.warning("{}", error)
                    self._ends.wait(IDLE_SECONDS)
        finally:
            self._ends.set()
            self._pool.shutdown(wait=True)
            if self._lease is not None:
                self._lease.release()

    def _turn(self, *, drain: bool) -> bool:
        """Take what there is to do, or wait a moment; say whether a drain has come to its end."""
        self._forget_ended()
        if not self._is_signed_on():
            self._come_back()
        elif (batch := self._claim()) is not None:
            self._at_work[self._pool.submit(self._one, batch)] = batch
        elif (run := self._due()) is not None:
            self._at_work[self._pool.submit(self._look_again, run)] = run
        elif drain and not self._at_work:
            return True
        else:
            self._wait()
        return False

    def _wait(self) -> None:
        if self._at_work:
            wait(self._at_work, timeout=IDLE_SECONDS, return_when="FIRST_COMPLETED")
        else:
            self._ends.wait(IDLE_SECONDS)

    def _claim(self) -> str | None:
        """Take a batch; what we had when we died or were cut off is free for us, too."""
        if not self._has_room():
            return None
        worker = self._worker
        with dead_workers(worker.settings, worker.store, but=worker.name) as dead:
            return worker.store.claim(worker.name, dead=dead, at_work=set(self._at_work.values()))

    def _sign_on(self, *, patience: float) -> None:
        """Let the other workers see that we live. Raises BadInput if another has our name for longer than that."""
        end, tick = monotonic() + patience, threading.Event()
        while True:
            try:
                self._lease = sign_on(self._worker.settings, self._worker.name)
            except BadInput:
                if monotonic() > end:
                    raise
                tick.wait(IDLE_SECONDS)
            else:
                self._cut_off.clear()
                self._lease.watch(self._cut_off.set)
                return

    def _is_signed_on(self) -> bool:
        """Whether the others still see that we live; if not, what we had is theirs."""
        if not self._cut_off.is_set() and (self._lease is None or not self._lease.held()):
            self._cut_off.set()
        return not self._cut_off.is_set()

    def _come_back(self) -> None:
        """When all we had has halted, sign on again."""
        if self._at_work:
            self._wait()
            return
        if self._lease is not None:
            self._lease.release()
        try:
            self._sign_on(patience=0)
        except BadInput:
            self._ends.wait(IDLE_SECONDS)  # another takes over what we had

    def _due(self) -> str | None:
        """Return a run that waits for others and is due to be looked at, of a login that is free here."""
        if not self._has_room():
            return None
        with self._busy_lock:
            busy = {login for logins in self._busy.values() for login in logins}
        return self._follow_ups.take(but=busy)

    def _look_again(self, run: str) -> None:
        worker = self._worker
        before = worker.store.record(run)
        self._begin(run, [before.login])
        try:
            history = History(worker.settings.home)
            after = look_again(run, worker.settings, store=worker.store, history=history, dispatcher=worker.engine)
            complain(f"looked again at {run}: {after.outcome}{f', {after.message}' if after is not before else ''}")
        except BcflowError as error:
            complain(f"run {run}: {error}")
        finally:
            self._end(run)

    def _begin(self, work: str, logins: list[str]) -> None:
        with self._busy_lock:
            self._busy[work] = logins

    def _end(self, work: str) -> None:
        """Close the browsers that nobody needs now."""
        with self._busy_lock:
            logins = self._busy.pop(work, [])
            needed = {login for others in self._busy.values() for login in others}
            for login in logins:
                if login not in needed:
                    self._worker.engine.stop(login)

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
            on_lost = partial(self._again.add, batch)
            course = self._worker.course(batch, talk, halted=self._halted, on_lost=on_lost)
            self._begin(batch, course.held.record.logins)
            course.run()
            if batch in self._again or self._halted():
                return  # it goes on, here or elsewhere
            ended = notices.batch_ended(batch, course.report(), file=course.held.record.source)
            notices.tell(self._worker.settings, ended)
        except LedgerBroken as error:
            self._again.add(batch)
            complain(f"batch {batch}: {error}")
        except BcflowError as error:
            complain(f"batch {batch}: {error}")
        except Exception as error:  # noqa: BLE001 - a batch that breaks must not end the others
            # Its text is left out: a browser's error may hold what was typed.
            at = extract_tb(error.__traceback__)[-1]
            where = f"{Path(at.filename).name}, line {at.lineno}"
            complain(f"batch {batch} broke and rests: {type(error).__name__} in {where}")
        finally:
            self._end(batch)
            self._let_go(batch)

    def _let_go(self, batch: str) -> None:
        """Give the batch back if it has not ended; once cut off, it is no longer ours to give."""
        again = batch in self._again or self._ends.is_set()
        self._again.discard(batch)
        store = self._worker.store
        try:
            if not self._is_signed_on():
                return
            held = store.load(batch)
            if held.phase == "ended" or held.worker != self._worker.name:
                return
            if again:
                store.queue(batch)
            else:
                store.rest(batch)
        except LedgerBroken as error:
            complain(f"batch {batch} is not given back now, and taken up again later: {error}")

    def _halted(self) -> str:
        if self._ends.is_set():
            return "the worker was stopped"
        return "" if self._is_signed_on() else "the worker lost its connection to the database"

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
from bcflow.runner.batches.answers import Parked
from bcflow.runner.batches.batch import Halted
from bcflow.runner.batches.course import Course, Talk
from bcflow.runner.batches.follow_up_looks import Due, FollowUps, look_again
from bcflow.runner.cli.frame import complain
from bcflow.runner.cli.slots import attempt_seconds, leased, slot_factory
from bcflow.runner.cli.work import stoppable
from bcflow.runner.config.keys import load_key
from bcflow.runner.config.limits import patience_of
from bcflow.runner.engine.presence import DOING, Presence, dead_workers
from bcflow.runner.engine.shutdown import Ending
from bcflow.runner.engine.worker import Worker, WorkerLock
from bcflow.runner.notify import events
from bcflow.runner.reports.progress import Lines
from bcflow.runner.storage.database import Database
from bcflow.runner.storage.history import History
from bcflow.runner.storage.questions import About, Questions

if TYPE_CHECKING:
    from bcflow.runner.browser.lease import Lease
    from bcflow.runner.config.settings import Settings
    from bcflow.runner.engine.dispatch import SlotFactory

IDLE_SECONDS = 0.5
SIGN_ON_SECONDS = 5.0
"""How long another worker may hold our name while it takes over what we had."""
STOPPED = "the worker was stopped"
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
            ending = Ending()
            worker = _worker(settings, slots, ending)
            stack.callback(worker.close)
            return _Shift(worker, slots, ending).run(drain=drain)
        except KeyboardInterrupt:
            complain("stopped: what is to do stays in the queue")
            return 0 if drain else 130


def _worker(settings: Settings, slots: int, ending: Ending) -> Worker:
    def lease(login: str) -> Lease:
        try:
            return leased(settings, login, doing=DOING, give_up=ending.is_set)
        except BadInput:
            raise Halted(STOPPED) from None

    database = Database(settings.database())
    questions = Questions(database, load_key(settings.key.get_secret_value() if settings.key else None, settings.home))

    def ask(about: About, stop: threading.Event) -> str | None:
        question = questions.ask(about, wait=settings.code_wait)
        events.tell(settings, events.question_asked(events.asked(question)))
        complain(f"login '{about.login}' asks: {about.text.strip()}  (bcflow answer {question.id})")
        return questions.wait_for(question, stop)

    def make_slot(may_write: Callable[[], bool]) -> SlotFactory:
        return slot_factory(settings, holds=lambda _login: may_write(), ask=ask, ending=ending)

    return Worker(settings, slots=slots, make_slot=make_slot, lease=lease, timeout=attempt_seconds(settings))


class _Shift:
    def __init__(self, worker: Worker, slots: int, ending: Ending) -> None:
        self._worker = worker
        self._slots = slots
        self._ends = ending
        self._presence = Presence(worker.settings, worker.store.database, worker.name)
        self._held_up = self._read_only = ""
        self._at_work: dict[Future[None], str] = {}
        self._busy: dict[str, list[str]] = {}
        self._busy_lock = threading.Lock()
        self._again: set[str] = set()
        self._cut_off: set[str] = set()
        self._follow_ups = FollowUps(worker.store.database, patience_of(worker.settings))
        self._parked = Parked(worker.settings, worker.store, History(worker.settings.home))
        self._pool = ThreadPoolExecutor(slots, thread_name_prefix="batch")

    def run(self, *, drain: bool) -> int:
        """Take batch after batch; KeyboardInterrupt ends them before their next job."""
        self._presence.begin(patience=SIGN_ON_SECONDS)
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
            self._presence.end()

    def _turn(self, *, drain: bool) -> bool:
        """Take what there is to do, or wait a moment; say whether a drain has come to its end."""
        self._forget_ended()
        self._parked.expire()
        if not self._presence.is_seen():
            self._come_back()
        elif self._is_stopped():
            if drain and not self._at_work:
                return True
            self._wait()
        elif (batch := self._claim()) is not None:
            self._at_work[self._pool.submit(self._one, batch)] = batch
        elif (due := self._due()) is not None:
            self._at_work[self._pool.submit(self._look_again, due)] = due.runs[0]
        elif drain and not self._at_work:
            self._presence.note_drained()
            return True
        else:
            self._wait()
        return False

    def _wait(self) -> None:
        if self._at_work:
            wait(self._at_work, timeout=IDLE_SECONDS, return_when="FIRST_COMPLETED")
        else:
            self._worker.engine.rest()
            self._ends.wait(IDLE_SECONDS)

    def _is_stopped(self) -> bool:
        """Whether nothing may be started now; what holds work back is said once, and whether writes are meant, too."""
        oversight = self._worker.oversight
        stopped, self._read_only = oversight.stopped(), oversight.read_only()
        why = stopped or self._read_only
        if why and why != self._held_up:
            complain(f"{why}; until then it stays in the queue")
        self._held_up = why
        return bool(stopped)

    def _claim(self) -> str | None:
        """Take a batch; what we had when we died or were cut off is free for us, too."""
        if not self._has_room():
            return None
        worker = self._worker
        with dead_workers(worker.settings, worker.store, but=worker.name) as dead:
            at_work, may_write = set(self._at_work.values()), not self._read_only
            return worker.store.claim(worker.name, dead=dead, at_work=at_work, may_write=may_write)

    def _come_back(self) -> None:
        """When all we had has halted, let the others see us again."""
        if self._at_work:
            self._wait()
        elif self._presence.come_back():
            self._worker.store.outlived(self._worker.name, self._cut_off)
            self._cut_off.clear()
        else:
            self._ends.wait(IDLE_SECONDS)  # another takes over what we had

    def _due(self) -> Due | None:
        """Return what waits for others and is due to be looked at, of a login that is free here."""
        if not self._has_room():
            return None
        with self._busy_lock:
            busy = {login for logins in self._busy.values() for login in logins}
        return self._follow_ups.take(but=busy)

    def _look_again(self, due: Due) -> None:
        worker, work = self._worker, due.runs[0]
        self._begin(work, [due.login])
        try:
            look_again(
                due.runs,
                worker.settings,
                store=worker.store,
                history=History(worker.settings.home),
                dispatcher=worker.engine,
                stop=self._why_start_nothing,
                tell=complain,
            )
        except BcflowError as error:
            complain(f"what waits for others with login '{due.login}' is looked at later: {error}")
        finally:
            self._end(work)

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
            on_halt = partial(self._again.add, batch)
            course: Course = self._worker.course(batch, talk, halted=lambda: self._why_halt(course), on_halt=on_halt)
            self._begin(batch, course.held.record.logins)
            course.run()
            if self._halted() or (batch in self._again and self._worker.store.is_open(batch)):
                return  # it goes on, here or elsewhere
            ended = events.batch_ended(batch, course.report(), file=course.held.record.source)
            events.tell(self._worker.settings, ended)
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
            if not self._presence.is_seen():
                self._cut_off.add(batch)
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

    def _why_halt(self, course: Course) -> str:
        """Return why nothing more is started of a batch for now; it then goes back to the queue."""
        writing = course.held.phase == "write"
        why = self._why_start_nothing() or (self._worker.oversight.read_only() if writing else "")
        if why:
            self._again.add(course.held.record.id)
        return why

    def _why_start_nothing(self) -> str:
        return self._halted() or self._worker.oversight.stopped()

    def _halted(self) -> str:
        if self._ends.is_set():
            return STOPPED
        return "" if self._presence.is_seen() else "the worker lost its connection to the database"

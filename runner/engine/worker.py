"""A worker: the one process that writes with a database's logins (SQLite), or one of several (PostgreSQL)."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from filelock import FileLock, Timeout
from loguru import logger

from bcflow.models.errors import BadInput, BcflowError, LedgerBroken
from bcflow.runner.batches.batch import Halted
from bcflow.runner.batches.course import Course, Talk
from bcflow.runner.batches.oversight import Oversight
from bcflow.runner.batches.plan_check import kind_of_course
from bcflow.runner.browser.lease import Lease
from bcflow.runner.engine.dispatch import InProcess
from bcflow.runner.engine.presence import worker_name
from bcflow.runner.redaction.private_files import make_private_folder
from bcflow.runner.storage.database import Database
from bcflow.runner.storage.history import History
from bcflow.runner.storage.proofs import ProvenFlows
from bcflow.runner.storage.runs import Store
from bcflow.runner.storage.shared_history import ToldHistory

if TYPE_CHECKING:
    from bcflow.runner.config.settings import Settings
    from bcflow.runner.engine.dispatch import Dispatcher, Event, OnEvent, SlotFactory, SlotLike

ENGINE_FILE = "engine.sqlite3"


class WorkerLock:
    """The right to be the worker of a SQLite database: one process of this home has it."""

    def __init__(self, settings: Settings, *, doing: str) -> None:
        """Prepare the lock; nothing is locked yet."""
        home = settings.make_home()
        self._lock = FileLock(home / "worker.lock", mode=0o600, thread_local=False)
        self._note = home / "worker.holder"
        self._doing = doing

    def take(self) -> bool:
        """Take it if nobody has it; say whether it is ours now."""
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        self._note.write_text(f"pid {os.getpid()} on {socket.gethostname()} ({self._doing})", encoding="utf-8")
        return True

    def holder(self) -> str:
        """Return who has it, or an empty text if nobody has."""
        if self._lock.is_locked:
            return "this process"
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            try:
                return self._note.read_text(encoding="utf-8")
            except FileNotFoundError:
                return "another bcflow"
        self._lock.release()
        return ""

    def release(self) -> None:
        """Give it back; does nothing if it is not ours."""
        if self._lock.is_locked:
            self._note.unlink(missing_ok=True)
            self._lock.release()


@dataclass(frozen=True)
class _Leased:
    """A slot that gives its login's lease back when it ends."""

    slot: SlotLike
    lease: Lease

    def call(self, verb: str, request: dict[str, Any], timeout: float | None = None) -> dict[str, Any]:
        return self.slot.call(verb, request, timeout)

    def close(self) -> None:
        try:
            self.slot.close()
        finally:
            self.lease.release()


@dataclass(frozen=True)
class _Guarded:
    """Makes attempts; one that broke off because it was not to go on says nothing about its job.

    `why(request, error)` says why it was not to go on, if that is so; `on_halt` is told that a batch halts.
    """

    hands: Dispatcher
    why: Callable[[dict[str, Any], Exception | None], str]
    on_halt: Callable[[], None]

    def attempt(self, login: str, request: dict[str, Any], on_event: OnEvent) -> dict[str, Any]:
        armed = False

        def hear(event: Event) -> None:
            nonlocal armed
            armed = armed or event.get("event") == "armed"
            on_event(event)

        try:
            record = self.hands.attempt(login, request, hear)
        except (BcflowError, TimeoutError, OSError, RuntimeError) as error:
            if not armed and (why := self.why(request, error)):
                raise self._halt(login, why) from error
            raise
        broke_off = record["outcome"] == "failed" or record.get("waiting_for") == "you"
        if broke_off and not armed and (why := self.why(request, None)):
            raise self._halt(login, why)
        return record

    def stop(self, login: str) -> None:
        self.hands.stop(login)

    def close(self) -> None:
        self.hands.close()

    def _halt(self, login: str, why: str) -> Halted:
        self.stop(login)
        self.on_halt()
        return Halted(why)


class Worker:
    """Has the engine, the slots and the database; drives batches. A context manager, one per process."""

    def __init__(
        self,
        settings: Settings,
        *,
        slots: int,
        make_slot: Callable[[Callable[[], bool]], SlotFactory],
        lease: Callable[[str], Lease],
        timeout: float,
    ) -> None:
        """Prepare the engine.

        `lease` takes a login's lease when its slot is first needed; `make_slot` makes the slot, given what says
        before every write whether it still may. `timeout` is the longest an attempt may take, in seconds.
        """
        from bcflow.runner.engine.dbos_engine import Engine

        self.name = worker_name(settings)
        self.settings = settings
        self._database = Database(settings.database())
        self.store = Store(self._database, machine="" if self._database.is_sqlite else socket.gethostname())
        self.oversight = Oversight(settings, self.store, tell=logger.warning)
        self._leases: dict[str, Lease] = {}
        self._held: list[Lease] = []

        def make(login: str, on_event: OnEvent) -> SlotLike:
            held = self._leases[login] = lease(login)
            held.watch(lambda: self.engine.stop(login))
            try:
                return _Leased(make_slot(lambda: self.may_write(held))(login, on_event), held)
            except BaseException:
                held.release()
                raise

        self.engine = Engine(
            engine_url(settings),
            InProcess(make, timeout=timeout),
            executor=self.name,
            slots=slots,
            is_current=lambda run, number: self.store.attempts(run) == number,
        )

    def may_write(self, lease: Lease) -> bool:
        """Say, right before a write, whether this process still holds the login and nobody has said stop."""
        return lease.held() and not self.oversight.stopped() and not self.oversight.read_only()

    def course(
        self,
        batch: str,
        talk: Talk,
        *,
        halted: Callable[[], str] = lambda: "",
        on_halt: Callable[[], None] = lambda: None,
    ) -> Course:
        """Return the course of a batch from wherever it stands.

        `halted` says why nothing more is started for now; `on_halt` is told if it halts in the middle of a job.
        """
        # It may have been submitted on another machine.
        make_private_folder(History(self.settings.home).batch_folder(batch))
        if self.store.load(batch).worker != self.name:
            self._hold(batch)
        held = self.store.load(batch)
        return kind_of_course(held)(
            held=held,
            settings=self.settings,
            store=self.store,
            history=ToldHistory(self.settings.home, self._database),
            dispatcher=_Guarded(self.engine, partial(self._why_not, halted), on_halt),
            proven=ProvenFlows(self.settings.home),
            talk=talk,
            halted=halted,
        )

    def _hold(self, batch: str) -> None:
        """Work on a batch that we did not claim: no worker takes it meanwhile, and whoever cancels it knows."""
        try:
            self._held.append(batch_lease(self.settings, batch))
        except BadInput:
            raise BadInput([f"batch {batch} is worked on by another bcflow"]) from None
        self.store.take_out(batch)

    def _why_not(self, halted: Callable[[], str], request: dict[str, Any], error: Exception | None) -> str:
        """Return why an attempt that broke off was not to go on, or an empty text: it broke off by itself."""
        login = request["job"]["login"]
        # In a file of its own a database that breaks is not lost to anybody else.
        if not self._database.is_sqlite and (isinstance(error, LedgerBroken) or self._lost(login)):
            return f"the database that holds login '{login}' was lost"
        return halted() or self.oversight.stopped() or (self.oversight.read_only() if request["mode"] == "run" else "")

    def _lost(self, login: str) -> bool:
        lease = self._leases.get(login)
        return lease is not None and not lease.held()

    def close(self) -> None:
        """End every browser and let go of the database."""
        self.engine.close()
        for lease in self._held:
            lease.release()
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def batch_lease(settings: Settings, batch: str) -> Lease:
    """Take the lease of a batch that is worked on without being claimed, as `bcflow run` does.

    Raises BadInput if another process has it.
    """
    folder = History(settings.home).batch_folder(batch)
    lease = Lease(settings.home, f"batch-{batch}", doing="run", database_url=settings.database(), folder=folder)
    lease.acquire(wait=False)
    return lease


def engine_url(settings: Settings) -> str:
    """Return where the engine keeps its own tables: they may be lost, ours say what is to do."""
    if settings.database_url is not None:
        return settings.database()
    return f"sqlite:///{settings.home / ENGINE_FILE}"

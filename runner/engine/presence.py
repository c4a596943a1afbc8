"""Which workers live: each holds the lease of its name as long as it does, and notes when it began and how it ended."""

from __future__ import annotations

import hashlib
import os
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa
from filelock import FileLock, Timeout

from bcflow.models.errors import BadInput
from bcflow.runner.browser.lease import Lease
from bcflow.runner.redaction.private_files import write_private
from bcflow.runner.storage.database import Database, now
from bcflow.runner.storage.holder import Holder
from bcflow.runner.storage.tables import workers as _workers

if TYPE_CHECKING:
    from bcflow.runner.config.settings import Settings

DOING: Final = "worker"
LOOK_AGAIN_SECONDS: Final = 0.5
NOTE_SECONDS: Final = 2.0
PREFIX: Final = "worker-"
"""How the name of a worker's lease begins; what follows is the worker's own name."""


@dataclass(frozen=True)
class Living:
    """A worker that is alive: its name, and who it is."""

    name: str
    holder: Holder

    @property
    def is_shared(self) -> bool:
        """Whether it takes whatever is queued; `bcflow run` works its own batch alone."""
        return self.holder.doing == DOING


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
        write_private(self._note, f"pid {os.getpid()} on {socket.gethostname()} ({self._doing})".encode())
        return True

    def holder(self) -> str:
        """Return who has it, or an empty text if nobody has."""
        if self._lock.is_locked:
            return "this process"
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return self._noted()
        self._lock.release()
        return ""

    def _noted(self) -> str:
        """Return what whoever has it noted; it takes a moment until that is done."""
        end, tick = monotonic() + NOTE_SECONDS, threading.Event()
        while monotonic() < end:
            with suppress(FileNotFoundError):
                return self._note.read_text(encoding="utf-8")
            tick.wait(LOOK_AGAIN_SECONDS / 10)
        return "another bcflow"

    def release(self) -> None:
        """Give it back; does nothing if it is not ours."""
        if self._lock.is_locked:
            self._note.unlink(missing_ok=True)
            self._lock.release()


class Presence:
    """That one worker is alive, as the others see it."""

    def __init__(self, settings: Settings, database: Database, name: str, *, doing: str = DOING) -> None:
        """Prepare it; nobody sees it yet. `doing`: the command in a few words."""
        self._doing = doing
        self._settings = settings
        self._database = database
        self._name = name
        self._lease: Lease | None = None
        self._cut_off = threading.Event()

    def begin(self, *, patience: float = 0.0) -> None:
        """Let the others see it. Raises BadInput if another has its name for longer than `patience` seconds."""
        end, tick = monotonic() + patience, threading.Event()
        while not self._signed():
            if monotonic() > end:
                raise BadInput([f"another worker has the name {self._name}; give this one a home of its own"])
            tick.wait(LOOK_AGAIN_SECONDS)
        _note(self._database, self._name, began=now(), drained="")

    def come_back(self) -> bool:
        """Let the others see it again after it was cut off; False while another takes over what it had."""
        self.end()
        return self._signed()

    def is_seen(self) -> bool:
        """Whether the others still see it; if not, what it had is theirs, until it comes back."""
        if not self._cut_off.is_set() and (self._lease is None or not self._lease.held()):
            self._cut_off.set()
        return not self._cut_off.is_set()

    def end(self) -> None:
        """Let the others see that it is gone."""
        if self._lease is not None:
            self._lease.release()
            self._lease = None

    def note_drained(self) -> None:
        """Note that it ends because nothing is left to do: nobody needs to miss it."""
        _note(self._database, self._name, drained=now())

    def _signed(self) -> bool:
        try:
            self._lease = sign_on(self._settings, self._name, doing=self._doing)
        except BadInput:
            return False
        self._cut_off.clear()
        self._lease.watch(self._cut_off.set)
        return True


def worker_name(settings: Settings) -> str:
    """Return this worker's own name: one per home on a machine, the same after a restart."""
    return f"{socket.gethostname()}-{hashlib.sha256(str(settings.home.resolve()).encode()).hexdigest()[:6]}"


def sign_on(settings: Settings, worker: str, *, doing: str = DOING) -> Lease:
    """Return the lease that says that `worker` is alive; with PostgreSQL other machines see when it is lost.

    Raises BadInput if another process has that name.
    """
    lease = Lease(settings.home, f"{PREFIX}{worker}", doing=doing, database_url=settings.database())
    lease.acquire(wait=False)
    return lease


def living_workers(settings: Settings, database: Database) -> list[Living]:
    """Return the workers that are alive: with PostgreSQL on any machine, else that of this home."""
    if database.is_sqlite:
        name = worker_name(settings)
        lease = Lease(settings.home, f"{PREFIX}{name}")
        holder = lease.holder() if lease.is_taken() else None
        return [Living(name, holder)] if holder is not None else []
    from bcflow.runner.storage.advisory_lock import holders

    found = holders(database, PREFIX)
    return [Living(lease.removeprefix(PREFIX), holder) for lease, holder in sorted(found.items())]


def drained(database: Database) -> str:
    """Return when the worker that began last ended because nothing was left to do (ISO 8601 UTC), else nothing."""
    with database.transaction() as connection:
        query = sa.select(_workers.c.drained).order_by(_workers.c.began.desc()).limit(1)
        return str(connection.scalar(query) or "")


def _note(database: Database, name: str, **values: str) -> None:
    with database.transaction() as connection:
        if not connection.execute(_workers.update().where(_workers.c.name == name).values(**values)).rowcount:
            connection.execute(_workers.insert().values(name=name, **values))

"""Which workers live: each holds the lease of its name as long as it does, and notes when it began and how it ended."""

from __future__ import annotations

import hashlib
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from bcflow.models.errors import BadInput
from bcflow.runner.browser.lease import Lease
from bcflow.runner.storage.database import Database, now, tables
from bcflow.runner.storage.holder import Holder

if TYPE_CHECKING:
    from bcflow.runner.config.settings import Settings
    from bcflow.runner.storage.runs import Store

DOING: Final = "worker"
LOOK_AGAIN_SECONDS: Final = 0.5
PREFIX: Final = "worker-"
"""How the name of a worker's lease begins; what follows is the worker's own name."""

_workers = sa.Table(
    "workers",
    tables,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("began", sa.String, nullable=False),
    # When it ended because nothing was left to do; empty for one that lives or ended in any other way.
    sa.Column("drained", sa.String, nullable=False),
)


@dataclass(frozen=True)
class Living:
    """A worker that is alive: its name, and who it is."""

    name: str
    holder: Holder


class Presence:
    """That one worker is alive, as the others see it."""

    def __init__(self, settings: Settings, database: Database, name: str) -> None:
        """Prepare it; nobody sees it yet."""
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
            self._lease = sign_on(self._settings, self._name)
        except BadInput:
            return False
        self._cut_off.clear()
        self._lease.watch(self._cut_off.set)
        return True


def worker_name(settings: Settings) -> str:
    """Return this worker's own name: one per home on a machine, the same after a restart."""
    return f"{socket.gethostname()}-{hashlib.sha256(str(settings.home.resolve()).encode()).hexdigest()[:6]}"


def sign_on(settings: Settings, worker: str) -> Lease:
    """Return the lease that says that `worker` is alive; with PostgreSQL other machines see when it is lost.

    Raises BadInput if another process has that name.
    """
    lease = Lease(settings.home, f"{PREFIX}{worker}", doing=DOING, database_url=settings.database())
    lease.acquire(wait=False)
    return lease


@contextmanager
def dead_workers(settings: Settings, store: Store, *, but: str) -> Iterator[list[str]]:
    """Give the workers that have batches and are not alive, `but` for one; none of them can sign on meanwhile."""
    with ExitStack() as stack:
        dead = []
        for name in sorted(set(store.working().values()) - {but}):
            try:
                stack.enter_context(sign_on(settings, name))
            except BadInput:
                continue
            dead.append(name)
        yield dead


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

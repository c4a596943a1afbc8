"""One writer per login: a lock file held as long as its browser is open, and a note of who holds it.

It protects processes that share one BCFLOW_HOME. With PostgreSQL the login is locked in that database too, so
that machines with a home each exclude each other; with SQLite they do not see each other.
"""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self
from uuid import uuid4

from filelock import FileLock, Timeout

from bcflow.models.errors import BadInput
from bcflow.runner.redaction.private_files import make_private_folder
from bcflow.runner.storage.holder import Holder

if TYPE_CHECKING:
    from bcflow.runner.storage.advisory_lock import LoginLock

_POLL_SECONDS = 0.2


class Lease:
    """The right to use one login's browser. A context manager; one per process and login."""

    def __init__(
        self, home: Path, login: str, *, doing: str = "", database_url: str | None = None, folder: Path | None = None
    ) -> None:
        """Prepare the lease of `login` under `home`, and in the database if that is PostgreSQL.

        `folder` is where its lock file is, if it is the lease of something else than a login. Nothing is locked or
        connected yet.
        """
        folder = folder or home / "logins"
        self.login = login
        self._folder = folder
        self._note = folder / f"{login}.holder"
        self._lock = FileLock(folder / f"{login}.lock", mode=0o600, thread_local=False)
        self._shared = _shared_lock(database_url, login)
        self._doing = doing
        self._token = uuid4().hex

    def acquire(
        self,
        *,
        wait: bool = True,
        on_wait: Callable[[Holder | None], None] | None = None,
        give_up: Callable[[], bool] = lambda: False,
    ) -> None:
        """Take the lease. If somebody has it: tell `on_wait` who, and wait, but not if `give_up` says so.

        Raises BadInput, naming the holder, if `wait` is false and somebody has it, or if the wait was given up;
        LedgerBroken if PostgreSQL does not answer.
        """

        def told() -> None:
            if on_wait is not None:
                on_wait(self.holder())

        make_private_folder(self._folder)
        if not self._take_file(wait=wait, told=told, give_up=give_up):
            raise self._in_use(self.holder())
        try:
            self._take_shared(wait=wait, told=told, give_up=give_up)
            self._sign()
        except BaseException:
            # An interrupt, too: nobody must be kept waiting for a lease that is not used.
            self.release()
            raise

    def _take_file(self, *, wait: bool, told: Callable[[], None], give_up: Callable[[], bool]) -> bool:
        if self._try_file():
            return True
        if not wait:
            return False
        told()
        tick = threading.Event()
        while not give_up():
            tick.wait(_POLL_SECONDS)
            if self._try_file():
                return True
        return False

    def _try_file(self) -> bool:
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        return True

    def is_taken(self) -> bool:
        """Whether some process of this home has its lock file now."""
        if self._lock.is_locked:
            return True
        if not Path(self._lock.lock_file).exists():
            return False
        if self._try_file():
            self._lock.release()
            return False
        return True

    def _take_shared(self, *, wait: bool, told: Callable[[], None], give_up: Callable[[], bool]) -> None:
        if self._shared is None:
            return
        self._shared.open()
        if not self._shared.take(wait=wait, on_wait=told, give_up=give_up):
            raise self._in_use(self._shared.holder())

    def _in_use(self, holder: Holder | None) -> BadInput:
        return BadInput([f"login '{self.login}' is in use by {holder or 'another bcflow'}"])

    def release(self) -> None:
        """Give it back; does nothing if it is not held."""
        if self._shared is not None:
            self._shared.close(self._token)
        if self._lock.is_locked:
            self._note.unlink(missing_ok=True)
            self._lock.release()

    def held(self) -> bool:
        """Whether this process still holds it: the lock is ours, and so is the note beside it.

        With PostgreSQL its server is asked too, over the connection that holds the lock there. That takes a few
        milliseconds, at most three seconds; a connection that failed means no, now and from then on.
        """
        note = self._read_note()
        if not self._lock.is_locked or note is None or note.token != self._token:
            return False
        return self._shared is None or self._shared.is_ours(self._token)

    def watch(self, on_lost: Callable[[], None]) -> None:
        """Call `on_lost` once, from another thread, as soon as a lease held in PostgreSQL is found lost.

        That is within 4 seconds; the server gives the login to another machine at once if it ended the connection
        itself, and after 8 if it misses us. A lock file cannot be lost. Watching ends with the lease.
        """
        if self._shared is not None:
            self._shared.watch(self._token, on_lost)

    def holder(self) -> Holder | None:
        """Return who holds the lease by the note beside it, or None if it says nothing.

        With PostgreSQL the note is kept there. Raises LedgerBroken if it does not answer.
        """
        if self._shared is None:
            return self._read_note()
        was_open = self._shared.is_open
        if not was_open:
            self._shared.open()
        try:
            return self._shared.holder()
        finally:
            if not was_open:
                self._shared.close()

    def _read_note(self) -> Holder | None:
        try:
            return Holder(**json.loads(self._note.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def __enter__(self) -> Self:
        if not self._lock.is_locked:
            self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _sign(self) -> None:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        holder = Holder(os.getpid(), socket.gethostname(), now, self._doing, self._token)
        if self._shared is not None:
            self._shared.sign(holder)
        part = self._note.with_suffix(".holder.part")
        part.write_text(json.dumps(asdict(holder)), encoding="utf-8")
        part.chmod(0o600)
        part.replace(self._note)


def _shared_lock(database_url: str | None, login: str) -> LoginLock | None:
    """Return the lock in the database, if that is one that machines can share."""
    if database_url is None or not database_url.startswith("postgres"):
        return None
    from bcflow.runner.storage.advisory_lock import LoginLock

    return LoginLock(database_url, login)

"""One writer per login: a lock file held as long as its browser is open, and a note of who holds it.

It protects processes that share one BCFLOW_HOME. Two machines with a home each do not see each other.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

from filelock import FileLock, Timeout

from bcflow.models.errors import BadInput

_POLL_SECONDS = 0.2


@dataclass(frozen=True)
class Holder:
    """Who has a login in use; `since` is ISO 8601 UTC, `doing` the command in a few words."""

    pid: int
    host: str
    since: str
    doing: str
    token: str

    def __str__(self) -> str:
        doing = f" ({self.doing})" if self.doing else ""
        return f"pid {self.pid} on {self.host} since {self.since}{doing}"


class Lease:
    """The right to use one login's browser. A context manager; one per process and login."""

    def __init__(self, home: Path, login: str, *, doing: str = "") -> None:
        """Prepare the lease of `login` under `home`; nothing is locked yet."""
        folder = home / "logins"
        self.login = login
        self._folder = folder
        self._note = folder / f"{login}.holder"
        self._lock = FileLock(folder / f"{login}.lock", mode=0o600, thread_local=False)
        self._doing = doing
        self._token = uuid4().hex

    def acquire(self, *, wait: bool = True, on_wait: Callable[[Holder | None], None] | None = None) -> None:
        """Take the lease. If somebody has it: tell `on_wait` who, and wait.

        Raises BadInput, naming the holder, if `wait` is false and somebody has it.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            holder = self.holder()
            if not wait:
                raise BadInput([f"login '{self.login}' is in use by {holder or 'another bcflow'}"]) from None
            if on_wait is not None:
                on_wait(holder)
            self._lock.acquire(timeout=-1, poll_interval=_POLL_SECONDS)
        self._sign()

    def release(self) -> None:
        """Give it back; does nothing if it is not held."""
        if self._lock.is_locked:
            self._note.unlink(missing_ok=True)
            self._lock.release()

    def held(self) -> bool:
        """Whether this process still holds it: the lock is ours, and so is the note beside it."""
        holder = self.holder()
        return self._lock.is_locked and holder is not None and holder.token == self._token

    def holder(self) -> Holder | None:
        """Return who holds the lease by the note beside it, or None if it says nothing."""
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
        part = self._note.with_suffix(".holder.part")
        part.write_text(json.dumps(asdict(holder)), encoding="utf-8")
        part.chmod(0o600)
        part.replace(self._note)

"""Where saved sign-ins are kept, sealed, nothing readable but their age: in the home folder or in PostgreSQL."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bcflow.models.errors import BadInput
from bcflow.runner.storage.sign_ins.sign_in import SignIn

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


@dataclass(frozen=True)
class Sealed:
    """A sealed sign-in and when it was saved (ISO 8601, UTC)."""

    content: bytes
    saved: str


class SignInStore(ABC):
    """Keeps the sign-in of each login, sealed together with whose it is.

    Every method raises BadInput for a `login` that is no login's name.
    """

    def __init__(self, key: bytes) -> None:
        """Seal with `key`; an empty one is enough to tell how old sign-ins are."""
        self._key = key

    def save(self, login: str, sign_in: SignIn) -> None:
        """Seal `sign_in` and put it in place of the old one."""
        from cryptography.fernet import Fernet

        saved = datetime.now(UTC).isoformat(timespec="seconds")
        self._write(_checked(login), Sealed(Fernet(self._key).encrypt(sign_in.content()), saved))

    def load(self, login: str) -> SignIn | None:
        """Return what is saved as the sign-in of `login`, or None if there is none; whose it is, it says itself.

        Raises BadInput if it was sealed with another key or is damaged.
        """
        from cryptography.fernet import Fernet, InvalidToken

        sealed = self._read(_checked(login))
        if sealed is None:
            return None
        try:
            return SignIn.from_content(Fernet(self._key).decrypt(sealed.content))
        except (InvalidToken, ValueError):
            raise BadInput([self._wrong_key(login)]) from None

    def age(self, login: str) -> timedelta | None:
        """Return how old the saved sign-in of `login` is, or None if there is none."""
        sealed = self._read(_checked(login))
        try:
            return datetime.now(UTC) - datetime.fromisoformat(sealed.saved) if sealed else None
        except ValueError:
            return None

    @abstractmethod
    def _read(self, login: str) -> Sealed | None:
        """Return what is kept of `login`; a damaged one has no content."""

    @abstractmethod
    def _write(self, login: str, sealed: Sealed) -> None:
        """Keep it whole in place of the old one, or not at all."""

    @abstractmethod
    def _wrong_key(self, login: str) -> str:
        """Return what to say and to do about one that does not open."""


def _checked(login: str) -> str:
    if not _NAME.fullmatch(login):
        raise BadInput([f"login '{login}': a login's name is letters, digits, - and _"])
    return login

"""Where saved sign-ins are kept, sealed, nothing readable but their age: in the home folder or in PostgreSQL."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bcflow.models.errors import BadInput
from bcflow.runner.config.keys import load_key
from bcflow.runner.config.postgres_url import is_postgres
from bcflow.runner.storage.saved_sign_in import SignIn

if TYPE_CHECKING:
    from pathlib import Path

    from bcflow.runner.config.settings import Settings

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


def open_store(settings: Settings) -> SignInStore:
    """Return where the sign-ins of these settings are kept. Raises BadInput for a key that cannot be used."""
    home = settings.make_home()
    key = settings.key.get_secret_value() if settings.key else None
    return _store(settings, shared_key(key, home) if is_postgres(settings.database()) else load_key(key, home))


def store_without_key(settings: Settings) -> SignInStore:
    """Return the same store for telling ages only: nothing is made for it."""
    return _store(settings, b"")


def _store(settings: Settings, key: bytes) -> SignInStore:
    if is_postgres(settings.database()):
        from bcflow.runner.storage.sign_in_table import SignInTable

        return SignInTable(settings.database(), key)
    from bcflow.runner.storage.sign_in_file import SignInFiles

    return SignInFiles(settings.home, key)


def shared_key(key: str | None, home: Path) -> bytes:
    """Return the key that sign-ins in a shared database are sealed with: `key`, the value of BCFLOW_KEY.

    Raises BadInput, saying what to do, if it is not given: a key file in one home is of no use to other machines.
    """
    if key:
        return load_key(key, home)
    file = home / "key"
    value = f"that of this machine is in {file}" if file.exists() else "any 16 characters or more that nobody guesses"
    raise BadInput([f"BCFLOW_KEY: needed with PostgreSQL, the same on every machine ({value})"])


def _checked(login: str) -> str:
    if not _NAME.fullmatch(login):
        raise BadInput([f"login '{login}': a login's name is letters, digits, - and _"])
    return login

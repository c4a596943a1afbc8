"""Saved sign-ins: one sealed file per login in `home`/logins, nothing readable but its age."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bcflow.models.errors import BadInput
from bcflow.runner.config.keys import load_key
from bcflow.runner.storage.saved_sign_in import SignIn
from bcflow.runner.storage.sign_in_export import replace

if TYPE_CHECKING:
    from bcflow.runner.config.settings import Settings
    from bcflow.runner.storage.sign_in_table import SignInTable

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


class SignInStore:
    """Keeps the sign-in of each login, sealed with `key` together with whose it is."""

    def __init__(self, home: Path, key: bytes) -> None:
        self._folder = home / "logins"
        self._key = key

    def save(self, login: str, sign_in: SignIn) -> None:
        """Seal `sign_in` and put it in place of the old one in one move, mode 0600."""
        from cryptography.fernet import Fernet

        sealed = Fernet(self._key).encrypt(sign_in.content()).decode()
        saved = datetime.now(UTC).isoformat(timespec="seconds")
        replace(self._path(login), json.dumps({"version": 1, "saved": saved, "sealed": sealed}).encode())

    def load(self, login: str) -> SignIn | None:
        """Return what is saved as the sign-in of `login`, or None if there is none; whose it is, it says itself.

        Raises BadInput if it was sealed with another key or is damaged.
        """
        from cryptography.fernet import Fernet, InvalidToken

        stored = self._read(login)
        if stored is None:
            return None
        try:
            return SignIn.from_content(Fernet(self._key).decrypt(str(stored["sealed"]).encode()))
        except (InvalidToken, KeyError, ValueError):
            raise BadInput([_wrong_key(login, self._path(login))]) from None

    def saved_at(self, login: str) -> datetime | None:
        """Return when the sign-in of `login` was saved (UTC), without any key; None if never."""
        stored = self._read(login)
        if stored is None:
            return None
        try:
            return datetime.fromisoformat(str(stored["saved"]))
        except (KeyError, ValueError):
            return None

    def age(self, login: str) -> timedelta | None:
        """Return how old the saved sign-in of `login` is, or None if there is none."""
        saved = self.saved_at(login)
        return None if saved is None else datetime.now(UTC) - saved

    def forget(self, login: str) -> None:
        """Remove the saved sign-in of `login`, if any."""
        self._path(login).unlink(missing_ok=True)

    def _path(self, login: str) -> Path:
        if not _NAME.fullmatch(login):
            raise BadInput([f"login '{login}': a login's name is letters, digits, - and _"])
        return self._folder / f"{login}.json"

    def _read(self, login: str) -> dict[str, Any] | None:
        path = self._path(login)
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except ValueError:
            return {}
        return stored if isinstance(stored, dict) else {}


def open_store(settings: Settings) -> SignInStore | SignInTable:
    """Return where the sign-ins of these settings are kept: in the home folder, with PostgreSQL in the database.

    Raises BadInput for a key that cannot be used.
    """
    home, url = settings.make_home(), settings.database()
    key = settings.key.get_secret_value() if settings.key else None
    if not url.startswith("postgres"):
        return SignInStore(home, load_key(key, home))
    from bcflow.runner.storage.sign_in_table import SignInTable, shared_key

    return SignInTable(url, shared_key(key, home))


def _wrong_key(login: str, path: Path) -> str:
    return (
        f"{path}: the saved sign-in of '{login}' does not open with this key; give the key it was "
        "saved with (BCFLOW_KEY or the key file), or remove this file and sign in again"
    )

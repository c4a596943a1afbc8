"""Saved sign-ins: one sealed file per login in `home`/logins, nothing readable but its age."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bcflow.models.errors import BadInput

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


class SignInStore:
    """Keeps the browser's storage state (cookies and local storage) of each login, sealed with `key`."""

    def __init__(self, home: Path, key: bytes) -> None:
        self._folder = home / "logins"
        self._key = key

    def save(self, login: str, state: Mapping[str, Any]) -> None:
        """Seal `state` and put it in place of the old one in one move, mode 0600."""
        from cryptography.fernet import Fernet

        sealed = Fernet(self._key).encrypt(json.dumps(state).encode()).decode()
        saved = datetime.now(UTC).isoformat(timespec="seconds")
        _replace(self._path(login), json.dumps({"version": 1, "saved": saved, "sealed": sealed}))

    def load(self, login: str) -> dict[str, Any] | None:
        """Return the saved state of `login`, or None if there is none.

        Raises BadInput if it was sealed with another key or is damaged.
        """
        from cryptography.fernet import Fernet, InvalidToken

        stored = self._read(login)
        if stored is None:
            return None
        try:
            opened = Fernet(self._key).decrypt(str(stored["sealed"]).encode())
            state: dict[str, Any] = json.loads(opened)
        except (InvalidToken, KeyError, ValueError):
            raise BadInput([_wrong_key(login, self._path(login))]) from None
        return state

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


def _wrong_key(login: str, path: Path) -> str:
    return (
        f"{path}: the saved sign-in of '{login}' does not open with this key; give the key it was "
        "saved with (BCFLOW_KEY or the key file), or remove this file and sign in again"
    )


def _replace(path: Path, text: str) -> None:
    """Write `text` beside `path` (mkstemp gives mode 0600), then move it over."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(part).replace(path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise

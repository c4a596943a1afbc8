"""Saved sign-ins of one machine: a sealed file per login in `home`/logins, readable by its owner only."""

from __future__ import annotations

import json
from pathlib import Path

from bcflow.runner.redaction.private_files import make_private_folder, write_private
from bcflow.runner.storage.sign_ins.store import Sealed, SignInStore


class SignInFiles(SignInStore):
    """Keeps sign-ins as files."""

    def __init__(self, home: Path, key: bytes) -> None:
        """Keep them in `home`."""
        super().__init__(key)
        self._folder = home / "logins"

    def _read(self, login: str) -> Sealed | None:
        try:
            stored = json.loads(self._path(login).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except ValueError:
            stored = None
        stored = stored if isinstance(stored, dict) else {}
        return Sealed(str(stored.get("sealed", "")).encode(), str(stored.get("saved", "")))

    def _write(self, login: str, sealed: Sealed) -> None:
        make_private_folder(self._folder)
        content = {"version": 1, "saved": sealed.saved, "sealed": sealed.content.decode()}
        write_private(self._path(login), json.dumps(content).encode())

    def _wrong_key(self, login: str) -> str:
        path = self._path(login)
        return (
            f"{path}: the saved sign-in of '{login}' does not open with this key; give the key it was "
            "saved with (BCFLOW_KEY or the key file), or remove this file and sign in again"
        )

    def _path(self, login: str) -> Path:
        return self._folder / f"{login}.json"

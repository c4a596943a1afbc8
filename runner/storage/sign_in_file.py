"""Saved sign-ins: one sealed file per login in `home`/logins, nothing readable but its age.

One that was made on another machine comes as a file of its own, sealed with a passphrase.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bcflow.models.errors import BadInput
from bcflow.runner.config.keys import load_key, seal, unseal
from bcflow.runner.storage.saved_sign_in import SignIn

if TYPE_CHECKING:
    from bcflow.runner.config.settings import Settings
    from bcflow.runner.storage.sign_in_table import SignInTable

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
# Far more than any site keeps in a browser; what is longer is some other file.
_LARGEST = 20_000_000


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
        _replace(self._path(login), json.dumps({"version": 1, "saved": saved, "sealed": sealed}).encode())

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


@dataclass(frozen=True)
class Exported:
    """A sign-in as it travels; `site` is the Business Center site it is for, `saved` when it was exported (UTC).

    `account` is the e-mail address it belongs to; empty where nobody said it.
    """

    login: str
    site: str
    account: str
    saved: datetime
    state: dict[str, Any] = field(repr=False)


def check_export(path: Path, *, overwrite: bool = False) -> None:
    """Raise BadInput if a sign-in cannot be exported to `path`, before anybody has signed in for it."""
    if not path.parent.is_dir():
        raise BadInput([f"{path}: there is no folder {path.parent}"])
    if path.is_dir():
        raise BadInput([f"{path}: is a folder; name a file"])
    if os.path.lexists(path) and not overwrite:
        raise BadInput([f"{path}: is there already; name another file, or say --force to overwrite it"])


def export_sign_in(path: Path, sign_in: Exported, passphrase: str, *, overwrite: bool = False) -> None:
    """Write `sign_in` to `path`, sealed with `passphrase`, mode 0600.

    Raises BadInput for a passphrase that is too short, a file that is there already (without `overwrite`), and a
    place that cannot be written.
    """
    check_export(path, overwrite=overwrite)
    content = {"login": sign_in.login, "site": sign_in.site, "account": sign_in.account, "state": sign_in.state}
    content |= {"saved": sign_in.saved.isoformat(timespec="seconds")}
    sealed = seal(json.dumps(content).encode(), passphrase)
    try:
        if overwrite:
            _replace(path, sealed)
        else:
            _write_new(path, sealed)
    except FileExistsError:
        raise BadInput([f"{path}: is there already"]) from None
    except OSError as error:
        raise BadInput([f"{path}: cannot be written: {error.strerror}"]) from None


def read_export(path: Path, passphrase: str) -> Exported:
    """Return the sign-in in `path`. Raises BadInput for another passphrase and for a file that is no whole export."""
    try:
        with path.open("rb") as file:
            sealed = file.read(_LARGEST + 1)
    except OSError as error:
        raise BadInput([f"{path}: cannot be read: {error.strerror}"]) from None
    try:
        content = json.loads(unseal(sealed, passphrase))
    except BadInput as error:
        raise BadInput([f"{path}: {problem}" for problem in error.problems]) from None
    if "account" not in content:
        raise BadInput([f"{path}: does not say whose account it is: an older bcflow exported it; export it again"])
    saved = datetime.fromisoformat(content["saved"])
    return Exported(content["login"], content["site"], content["account"], saved, content["state"])


def _wrong_key(login: str, path: Path) -> str:
    return (
        f"{path}: the saved sign-in of '{login}' does not open with this key; give the key it was "
        "saved with (BCFLOW_KEY or the key file), or remove this file and sign in again"
    )


def _replace(path: Path, content: bytes) -> None:
    """Write `content` beside `path` (mkstemp gives mode 0600), then move it over."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}.")
    try:
        _fill(handle, content)
        Path(part).replace(path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise


def _write_new(path: Path, content: bytes) -> None:
    """Write a file that was not there; unlike a link or a move this works on a memory stick, too."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        _fill(handle, content)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _fill(handle: int, content: bytes) -> None:
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())

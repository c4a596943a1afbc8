"""Where the sign-ins of these settings are kept: files of this home, or PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.models.errors import BadInput
from bcflow.runner.config.keys import load_key
from bcflow.runner.config.postgres_url import is_postgres

if TYPE_CHECKING:
    from pathlib import Path

    from bcflow.runner.config.settings import Settings
    from bcflow.runner.storage.sign_ins.store import SignInStore


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
        from bcflow.runner.storage.sign_ins.table import SignInTable

        return SignInTable(settings.database(), key)
    from bcflow.runner.storage.sign_ins.files import SignInFiles

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

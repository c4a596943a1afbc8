"""Saved sign-ins in PostgreSQL, for machines that share it: one sealed row per login.

The key is not in the database: every machine is given the same `BCFLOW_KEY`, and who can read the database
alone can sign in nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from bcflow.models.errors import BadInput
from bcflow.runner.config.keys import load_key
from bcflow.runner.storage.database import Database, now
from bcflow.runner.storage.saved_sign_in import SignIn
from bcflow.runner.storage.tables import schema

if TYPE_CHECKING:
    from pathlib import Path

_sign_ins = sa.Table(
    "sign_ins",
    schema,
    sa.Column("login", sa.String, primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
    sa.Column("saved", sa.String, nullable=False),
)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


class SignInTable:
    """What `SignInStore` is for one machine: keeps each login's sign-in, sealed with `key`.

    Every method opens and leaves the database; each raises `LedgerBroken` if that cannot be used.
    """

    def __init__(self, url: str, key: bytes) -> None:
        """Keep sign-ins in the PostgreSQL at `url`; an empty `key` is enough to tell their age."""
        self._url = url
        self._key = key

    def save(self, login: str, sign_in: SignIn) -> None:
        """Seal `sign_in` and put it in place of the old one."""
        from cryptography.fernet import Fernet

        sealed = Fernet(self._key).encrypt(sign_in.content())
        new = insert(_sign_ins).values(login=_checked(login), data=sealed, saved=now())
        in_place = {"data": new.excluded.data, "saved": new.excluded.saved}
        with self._transaction() as connection:
            connection.execute(new.on_conflict_do_update(index_elements=["login"], set_=in_place))

    def load(self, login: str) -> SignIn | None:
        """Return what is saved as the sign-in of `login`, or None if there is none; whose it is, it says itself.

        Raises BadInput if it was sealed with another key or is damaged.
        """
        from cryptography.fernet import Fernet, InvalidToken

        sealed = self._column(login, _sign_ins.c.data)
        if sealed is None:
            return None
        try:
            return SignIn.from_content(Fernet(self._key).decrypt(bytes(sealed)))
        except (InvalidToken, ValueError):
            raise BadInput([_wrong_key(login)]) from None

    def saved_at(self, login: str) -> datetime | None:
        """Return when the sign-in of `login` was saved (UTC), without any key; None if never."""
        saved = self._column(login, _sign_ins.c.saved)
        return None if saved is None else datetime.fromisoformat(saved)

    def age(self, login: str) -> timedelta | None:
        """Return how old the saved sign-in of `login` is, or None if there is none."""
        saved = self.saved_at(login)
        return None if saved is None else datetime.now(UTC) - saved

    def forget(self, login: str) -> None:
        """Remove the saved sign-in of `login`, if any."""
        with self._transaction() as connection:
            connection.execute(_sign_ins.delete().where(_sign_ins.c.login == _checked(login)))

    def _column(self, login: str, column: sa.Column[Any]) -> Any:  # noqa: ANN401 - bytes or text, as the column is
        with self._transaction() as connection:
            return connection.scalar(sa.select(column).where(_sign_ins.c.login == _checked(login)))

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        with closing(Database(self._url)) as database, database.transaction() as connection:
            yield connection


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


def _wrong_key(login: str) -> str:
    option = "" if login == "default" else f" --login {login}"
    return (
        f"the saved sign-in of '{login}' in the database does not open with this key; give the BCFLOW_KEY it was "
        f"saved with, the same on every machine, or remove it and sign in again: bcflow login --headed{option}"
    )

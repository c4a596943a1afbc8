"""Saved sign-ins in PostgreSQL, for machines that share it: one sealed row per login.

The key is not in the database: every machine is given the same `BCFLOW_KEY`, and who can read the database
alone can sign in nowhere.
"""

from __future__ import annotations

from contextlib import closing

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from bcflow.runner.storage.database import Database
from bcflow.runner.storage.sign_ins.store import Sealed, SignInStore
from bcflow.runner.storage.tables import schema

_sign_ins = sa.Table(
    "sign_ins",
    schema,
    sa.Column("login", sa.String, primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
    sa.Column("saved", sa.String, nullable=False),
)


class SignInTable(SignInStore):
    """Keeps sign-ins as rows. Every method opens and leaves the database; each raises `LedgerBroken` if it cannot."""

    def __init__(self, url: str, key: bytes) -> None:
        """Keep them in the PostgreSQL at `url`."""
        super().__init__(key)
        self._url = url

    def _read(self, login: str) -> Sealed | None:
        wanted = sa.select(_sign_ins.c.data, _sign_ins.c.saved).where(_sign_ins.c.login == login)
        with closing(Database(self._url)) as database, database.transaction() as connection:
            row = connection.execute(wanted).one_or_none()
        return None if row is None else Sealed(bytes(row.data), row.saved)

    def _write(self, login: str, sealed: Sealed) -> None:
        new = insert(_sign_ins).values(login=login, data=sealed.content, saved=sealed.saved)
        in_place = {"data": new.excluded.data, "saved": new.excluded.saved}
        with closing(Database(self._url)) as database, database.transaction() as connection:
            connection.execute(new.on_conflict_do_update(index_elements=["login"], set_=in_place))

    def _wrong_key(self, login: str) -> str:
        option = "" if login == "default" else f" --login {login}"
        return (
            f"the saved sign-in of '{login}' in the database does not open with this key; give the BCFLOW_KEY it was "
            f"saved with, the same on every machine, or remove it and sign in again: bcflow login --headed{option}"
        )

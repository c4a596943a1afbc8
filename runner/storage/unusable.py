"""A database that cannot be used: which it is, why, and what to do; and one that is another program's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bcflow.models.errors import LedgerBroken
from bcflow.models.failures import causes
from bcflow.runner.config.postgres_url import is_postgres
from bcflow.runner.storage.tables import schema

if TYPE_CHECKING:
    from collections.abc import Mapping

    Found = Mapping[str, set[str]]
    """The columns of each table that is there."""

OLDEST_POSTGRES = (13,)
"""The engine's tables need what older ones lack."""
_OF_THE_ENGINE = "dbos_migrations"
_ANOTHER = "it belongs to another program; set BCFLOW_DATABASE_URL or BCFLOW_HOME to a place of bcflow's own"


def unusable(error: BaseException, url: str) -> LedgerBroken:
    """Return the error to raise for one of SQLAlchemy's or the driver's, at the database of `url`.

    Of SQLite its own reason is quoted, which holds no value; never of PostgreSQL, where it may hold parts of the
    address.
    """
    cause = error.orig if isinstance(error, sa.exc.DBAPIError) and error.orig else error
    if is_postgres(url):
        return because(url, str(causes.of_postgres(f"{getattr(cause, 'sqlstate', None) or ''} {cause}".strip())))
    found = causes.of_sqlite(getattr(cause, "sqlite_errorname", ""))
    return because(url, f"{found.what} (SQLite: {cause}); {found.do}")


def because(url: str, why: str) -> LedgerBroken:
    """Return the error that says that the database of `url` cannot be used, and `why`."""
    return LedgerBroken(f"{_place(url)} cannot be used: {why}")


def require_ours(connection: sa.Connection, found: Found) -> None:
    """Raise LedgerBroken for a database that is too old, or another program's: its tables are not touched."""
    version = connection.dialect.server_version_info or ()
    if connection.dialect.name == "postgresql" and version < OLDEST_POSTGRES:
        wanted = f"version {OLDEST_POSTGRES[0]} or newer is needed"
        raise because(_url(connection), f"it is PostgreSQL {'.'.join(map(str, version))}; {wanted}")
    if any(not _needed(table) <= found[table.name] for table in schema.sorted_tables if table.name in found):
        raise because(_url(connection), _ANOTHER)
    is_known = schema.tables.keys() & found.keys() or _OF_THE_ENGINE in found
    # Of a file nothing else has a part; in PostgreSQL other programs may have tables of other names.
    if connection.dialect.name == "sqlite" and found and not is_known:
        raise because(_url(connection), _ANOTHER)


def _needed(table: sa.Table) -> set[str]:
    """Return the columns that a table of ours had from the first: a later one has a server default or may be empty."""
    return {column.name for column in table.columns if column.server_default is None and not column.nullable}


def _url(connection: sa.Connection) -> str:
    return connection.engine.url.render_as_string(hide_password=False)


def _place(url: str) -> str:
    if is_postgres(url):
        return "the database of BCFLOW_DATABASE_URL"
    address: Any = sa.make_url(url)
    return f"the database {address.database}"

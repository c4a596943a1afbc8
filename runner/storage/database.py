"""The one database: a SQLite file in `BCFLOW_HOME`, or PostgreSQL for several machines.

Everything that must survive a crash is in it: the effect ledger, batches and runs, questions, the log of who
did what, switches. Its scope is that one database.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bcflow.models.errors import LedgerBroken
from bcflow.runner.config.postgres_url import connectable
from bcflow.runner.storage.tables import schema
from bcflow.runner.storage.unusable import because, require_ours, unusable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# The number of the lock under which tables are made in PostgreSQL; any will do if it never changes.
_MAKING_TABLES = 7_165_091_243
# A connection that went away unnoticed is replaced before it is used; one that hangs fails within seconds.
_SHARED: dict[str, Any] = {
    "pool_pre_ping": True,
    "connect_args": {
        "connect_timeout": 5,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "tcp_user_timeout": 10_000,  # milliseconds
    },
}


class Database:
    """An open database whose every change is one durable transaction."""

    def __init__(self, url: str) -> None:
        """Open (and on first use create) the database at an SQLAlchemy `url`.

        Raises `LedgerBroken` when it cannot be opened.
        """
        try:
            url = connectable(url)
        except ValueError as error:
            raise because(url, str(error)) from None
        self._url = url
        self.engine = sa.create_engine(url) if url.startswith("sqlite") else sa.create_engine(url, **_SHARED)
        if self.is_sqlite:
            sa.event.listen(self.engine, "connect", _durable_sqlite)
            sa.event.listen(self.engine, "begin", _begin_at_once)
        try:
            with self.transaction() as connection:
                _make_tables(connection)
        except LedgerBroken:
            self.close()
            raise
        if self.is_sqlite and self.engine.url.database:
            try:
                Path(self.engine.url.database).chmod(0o600)
            except OSError as error:
                self.close()
                raise because(url, f"it is not yours ({error.strerror}); see whose it is: ls -l") from None

    @property
    def is_sqlite(self) -> bool:
        """Say whether this is one file on one machine."""
        return self.engine.dialect.name == "sqlite"

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """Give a connection whose changes are all kept or none is; raises `LedgerBroken` when they cannot be."""
        try:
            with self.engine.begin() as connection:
                yield connection
        except sa.exc.SQLAlchemyError as error:
            raise unusable(error, self._url) from error


def _make_tables(connection: sa.Connection) -> None:
    """Make the tables and columns that are not there yet; processes that come together take turns."""
    found = _found(connection)
    require_ours(connection, found)
    if not _missing(found):
        return
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MAKING_TABLES)))
    schema.create_all(connection)
    for column in _missing(_found(connection)):
        what = sa.schema.CreateColumn(column).compile(dialect=connection.dialect)
        connection.exec_driver_sql(f"ALTER TABLE {column.table.name} ADD COLUMN {what}")


def _missing(found: Mapping[str, set[str]]) -> list[sa.Column[Any]]:
    """Return the columns that the database of an older version lacks; each new one has a server default."""
    wanted = [column for table in schema.sorted_tables for column in table.columns]
    return [column for column in wanted if column.name not in found.get(column.table.name, ())]


def _found(connection: sa.Connection) -> dict[str, set[str]]:
    """Return the columns of each table that is there."""
    found = sa.inspect(connection).get_multi_columns()
    return {table: {column["name"] for column in columns} for (_, table), columns in found.items()}


def now() -> str:
    """Return the time as ISO 8601 UTC with milliseconds: as text it sorts as it passed."""
    return as_text(datetime.now(UTC))


def as_text(moment: datetime) -> str:
    """Return a moment as `now` writes it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def _durable_sqlite(connection: Any, _record: Any) -> None:  # noqa: ANN401 - sqlite3's own connection
    connection.isolation_level = None  # transactions are begun below, not by the driver at the first change
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def _begin_at_once(connection: sa.Connection) -> None:
    """Lock before the first look: processes that start together wait for each other instead of failing."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")

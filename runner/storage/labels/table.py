"""What the machines of one PostgreSQL were taught: rows, which change with the answer that they come of."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import sqlalchemy as sa

from bcflow.runner.storage.labels.kept import DeniedWord, Kept, LearntWord
from bcflow.runner.storage.labels.store import LabelStore
from bcflow.runner.storage.tables import denied_words, learnt_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pydantic import BaseModel

    from bcflow.runner.storage.database import Database


class LabelTable(LabelStore):
    """Keeps it as rows. Every method raises `LedgerBroken` if the database does not answer."""

    def __init__(self, database: Database) -> None:
        """Keep it in `database`."""
        self._database = database

    def read(self, *, within: sa.Connection | None = None) -> Kept:
        """Return all that is kept, with what the transaction that is open has changed."""
        if within is not None:
            return _read(within)
        with self._database.transaction() as connection:
            return _read(connection)

    def change(self, change: Callable[[Kept], None], *, within: sa.Connection | None = None) -> None:
        """Change the rows, in the transaction that is open or in one of their own."""
        if within is not None:
            _change(within, change)
            return
        with self._database.transaction() as connection:
            _change(connection, change)


def _change(connection: sa.Connection, change: Callable[[Kept], None]) -> None:
    # Who reads goes on reading; of those who change it one goes after the other.
    connection.execute(sa.text("LOCK TABLE learnt_words, denied_words IN SHARE ROW EXCLUSIVE MODE"))
    before = _read(connection)
    after = copy.deepcopy(before)
    change(after)
    _replace(connection, learnt_words, before.words, after.words)
    _replace(connection, denied_words, before.denied, after.denied)


def _read(connection: sa.Connection) -> Kept:
    words = connection.execute(sa.select(learnt_words).order_by(learnt_words.c.number)).mappings()
    denied = connection.execute(sa.select(denied_words).order_by(denied_words.c.number)).mappings()
    return Kept(
        [LearntWord.model_validate({key: row[key] for key in LearntWord.model_fields}) for row in words],
        [DeniedWord.model_validate({key: row[key] for key in DeniedWord.model_fields}) for row in denied],
    )


def _replace(
    connection: sa.Connection, table: sa.Table, before: Sequence[BaseModel], after: Sequence[BaseModel]
) -> None:
    """Write a list anew that has changed; it is short, and changes when people say something."""
    if list(before) == list(after):
        return
    connection.execute(table.delete())
    if after:
        rows = [{"number": number, **one.model_dump(mode="json")} for number, one in enumerate(after)]
        connection.execute(table.insert(), rows)

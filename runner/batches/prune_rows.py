"""What a prune takes out of the database: batches, runs, and what was asked and noted for them.

The ledger's effects and the log of who did what stay for ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from bcflow.runner.storage.asked_words import withdraw_idle
from bcflow.runner.storage.database import as_text
from bcflow.runner.storage.questions import Questions
from bcflow.runner.storage.runs import Store
from bcflow.runner.storage.switches import Switches
from bcflow.runner.storage.tables import batches, follow_ups
from bcflow.runner.storage.tables import runs as rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bcflow.runner.storage.database import Database


class DatabaseRows:
    """The rows of one database that go with what is deleted of a home."""

    def __init__(self, database: Database) -> None:
        """Delete in `database`."""
        self._database = database
        self._questions = Questions(database)
        self._store = Store(database)

    def remove(self, batch: str) -> None:
        """Forget a batch, its runs and what was asked for them."""
        self._questions.forget(batch=batch)
        self._store.remove(batch)
        with self._database.transaction() as connection:
            withdraw_idle(connection)

    def remove_runs(self, runs: Sequence[str]) -> None:
        """Forget single runs: when they were to be looked at again, and what was asked for them."""
        for run in runs:
            self._questions.forget(run=run)
        with self._database.transaction() as connection:
            shortened = set(connection.scalars(sa.select(rows.c.batch).where(rows.c.id.in_(runs))))
            connection.execute(follow_ups.delete().where(follow_ups.c.run.in_(runs)))
            connection.execute(rows.delete().where(rows.c.id.in_(runs)))
            withdraw_idle(connection)
            for batch in shortened:
                this = batches.c.id == batch
                record = connection.execute(sa.select(batches.c.record).where(this).with_for_update()).scalar_one()
                lines = [line for line in record["lines"] if line["run"] not in runs]
                connection.execute(batches.update().where(this).values(record={**record, "lines": lines}))

    def remove_older(self, before: datetime) -> None:
        """Forget what was asked and is closed, and which switches were lifted, before a moment."""
        self._questions.forget(before=as_text(before))
        Switches(self._database).forget_lifted(before=as_text(before))

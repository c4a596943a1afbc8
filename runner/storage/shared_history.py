"""Runs and batches as the database tells of them: those of every machine that shares it, evidence or not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa

from bcflow.models.outcomes import RunRecord
from bcflow.runner.redaction.records import clean_record
from bcflow.runner.redaction.redact import Redactor
from bcflow.runner.storage.batch_record import BatchRecord
from bcflow.runner.storage.history import History
from bcflow.runner.storage.tables import batches, runs

if TYPE_CHECKING:
    from bcflow.runner.config.settings import Settings
    from bcflow.runner.storage.database import Database


class SharedHistory(History):
    """What `History` is for one home, and what the database knows beyond it.

    Of a run that has ended the database is believed: another machine may have gone on with it. Of one that has not,
    what lies here tells more. Records come without secrets, as they are written to disk.
    """

    def __init__(self, settings: Settings, database: Database) -> None:
        super().__init__(settings.home)
        self._database = database
        self._secrets = settings.secrets()

    def load_batch(self, batch: str) -> BatchRecord:
        """Read a batch as the database has it, else batch.json; raises BadInput if there is neither."""
        with self._database.transaction() as connection:
            kept = connection.scalar(sa.select(batches.c.record).where(batches.c.id == batch))
        return BatchRecord.model_validate(kept) if kept else super().load_batch(batch)

    def load_run(self, run: str) -> RunRecord:
        """Read a run; raises BadInput if it has left nothing anywhere."""
        return self._kept(runs.c.id == run).get(run) or super().load_run(run)

    def runs_of(self, batch: BatchRecord) -> list[RunRecord]:
        """Return the runs of `batch` in file order, without those that left no result."""
        kept = self._kept(runs.c.batch == batch.id)
        names = [run for run in dict.fromkeys(line.run for line in batch.lines) if run in kept or self.is_here(run)]
        return [kept.get(run) or super(SharedHistory, self).load_run(run) for run in names]

    def has_run(self, run: str) -> bool:
        """Whether `run` has left a result, here or in the database."""
        return super().has_run(run) or run in self.run_names()

    def of_key(self, key: str) -> str:
        """Return the batch that was submitted under `key`. Raises BadInput if there is none."""
        with self._database.transaction() as connection:
            found = connection.scalar(sa.select(batches.c.id).where(batches.c.key == key))
        return str(found) if found else super().of_key(key)

    def is_here(self, run: str) -> bool:
        """Whether the evidence of `run` is on this machine."""
        return super().has_run(run)

    def batch_names(self) -> list[str]:
        """Return the ids of all batches, here and in the database."""
        with self._database.transaction() as connection:
            return sorted({*super().batch_names(), *connection.scalars(sa.select(batches.c.id))})

    def run_names(self) -> list[str]:
        """Return the ids of all runs that left something, here or in the database."""
        with self._database.transaction() as connection:
            return sorted({*super().run_names(), *connection.scalars(sa.select(runs.c.id).where(_told()))})

    def _readable_batches(self) -> Iterator[BatchRecord]:
        with self._database.transaction() as connection:
            kept = {row.id: row.record for row in connection.execute(sa.select(batches.c.id, batches.c.record))}
        here = {name for name in super().batch_names() if self.has_batch(name)}
        for name in sorted(here | kept.keys(), reverse=True):
            yield BatchRecord.model_validate(kept[name]) if name in kept else super().load_batch(name)

    def runs_of_client(self, client: str) -> list[RunRecord]:
        """Return the runs of `client`, the oldest first."""
        found = {run.id: run for run in super().runs_of_client(client)} | self._kept(runs.c.client == client)
        return [found[run] for run in sorted(found)]

    def _kept(self, which: sa.ColumnElement[bool]) -> dict[str, RunRecord]:
        """Return what the database says of runs, without those that only this machine can tell of, by id."""
        query = sa.select(runs.c.id, runs.c.ended, runs.c.record).where(which, _told())
        with self._database.transaction() as connection:
            rows = connection.execute(query).all()
        redactor = Redactor(self._secrets)
        return {
            row.id: clean_record(RunRecord.model_validate(row.record), redactor)
            for row in rows
            if row.ended or not self.is_here(row.id)
        }


@contextmanager
def open_history(settings: Settings) -> Iterator[History]:
    """Give what is known of runs and batches, on any machine of this database."""
    from bcflow.runner.storage.database import Database

    with closing(Database(settings.database_to_look_into())) as database:
        yield SharedHistory(settings, database)


def _told() -> sa.ColumnElement[bool]:
    return runs.c.outcome.is_not(None)

"""Batches and their runs as they stand: what of them is asked or changed by itself, each in one transaction.

What moves a batch on is in `bcflow.runner.batches`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bcflow.models.errors import BadInput
from bcflow.models.outcomes import RunRecord
from bcflow.runner.storage.batch_rows import Batch, batch_of, of_record, read_batch, set_run, values_of
from bcflow.runner.storage.database import Database, as_text
from bcflow.runner.storage.ledger_rows import MAY_HAVE_BEEN_SENT
from bcflow.runner.storage.tables import batches, effects, events, runs, sessions


class Store:
    """Reads batches and runs; every method is one durable transaction."""

    def __init__(self, database: Database) -> None:
        """Read from `database`."""
        self.database = database

    def add(self, batch: Batch, *, also: Callable[[sa.Connection], None] = lambda _connection: None) -> str:
        """Keep a new batch and return its id; under a `key` that is known, the id it was given then.

        `also` is done in the same transaction if the batch is new: both are kept or none is. Raises `BadInput` if
        that key was used for another file.
        """
        with self.database.transaction() as connection:
            known = _added(connection, batch)
            if known is not None:
                return _same(known, batch)
            if batch.runs:
                connection.execute(runs.insert(), [values_of(batch.id, at, run) for at, run in enumerate(batch.runs)])
            also(connection)
        return batch.id

    def load(self, batch: str) -> Batch:
        """Return a batch and its runs with all that is kept of them; raises `BadInput` if there is none of that id."""
        with self.database.transaction() as connection:
            return read_batch(connection, batch, whole=True)

    def remove(self, batch: str) -> None:
        """Forget a batch and its runs; the ledger's effects stay."""
        with self.database.transaction() as connection:
            for table in (runs, sessions):
                connection.execute(table.delete().where(table.c.batch == batch))
            connection.execute(batches.delete().where(batches.c.id == batch))

    def has(self, batch: str) -> bool:
        """Say whether `batch` is kept here: older ones have files only."""
        with self.database.transaction() as connection:
            return connection.execute(sa.select(batches.c.id).where(batches.c.id == batch)).first() is not None

    def of_key(self, key: str) -> str | None:
        """Return the batch that was submitted under `key`."""
        with self.database.transaction() as connection:
            found: str | None = connection.scalar(sa.select(batches.c.id).where(batches.c.key == key))
        return found

    def record(self, run: str) -> RunRecord:
        """Return how a run stands. Raises `BadInput` if it is not known or has no result yet."""
        with self.database.transaction() as connection:
            kept = connection.scalar(sa.select(runs.c.record).where(runs.c.id == run))
        if not kept:
            raise BadInput([f"run {run} has no result here"])
        return RunRecord.model_validate(kept)

    def clients(self, which: Sequence[str]) -> dict[str, str | None]:
        """Return for which client each of these runs is."""
        with self.database.transaction() as connection:
            rows = connection.execute(sa.select(runs.c.id, runs.c.client).where(runs.c.id.in_(which))).all()
        return {row.id: row.client for row in rows}

    def keep_record(self, record: RunRecord) -> None:
        """Keep what a run that had ended has become since."""
        with self.database.transaction() as connection:
            set_run(connection, record.id, **of_record(record))

    def open_batches(self) -> list[Batch]:
        """Return the batches that have not ended, the oldest first, without their runs."""
        with self.database.transaction() as connection:
            query = sa.select(batches).where(batches.c.phase != "ended").order_by(batches.c.id)
            return [batch_of(row) for row in connection.execute(query).all()]


def writes_since(connection: sa.Connection, login: str, since: datetime) -> list[datetime]:
    """Return when `login` wrote since a moment: every effect that was armed counts as one write."""
    query = (
        sa.select(events.c.at)
        .join(runs, runs.c.id == events.c.run)
        .where(runs.c.login == login, events.c.event == "armed", events.c.at >= as_text(since))
        .order_by(events.c.at)
    )
    return [datetime.fromisoformat(at) for at in connection.scalars(query)]


def not_begun(connection: sa.Connection, flow: str, login: str, since: str) -> list[str]:
    """Return the batches, newest first, in which runs of a flow and login ended `skipped` since a moment (ISO 8601)."""
    query = (
        sa.select(runs.c.batch)
        .where(runs.c.login == login, runs.c.job["flow"].as_string() == flow)
        .where(runs.c.outcome == "skipped", runs.c.ended_at >= since)
        .group_by(runs.c.batch)
        .order_by(sa.func.max(runs.c.ended_at).desc())
    )
    return list(connection.scalars(query))


def why_not(connection: sa.Connection, batch: str) -> str:
    """Return why nothing more may be done for a batch, as its row says, or an empty text."""
    row = connection.execute(
        sa.select(batches.c.cancelled, batches.c.queued).where(batches.c.id == batch)
    ).one_or_none()
    if row is None:
        return "the batch is gone"
    return row.cancelled or ("" if row.queued else "the batch rests")


def in_doubt(connection: sa.Connection, batch: str) -> set[str]:
    """Return the runs of a batch whose write may have been sent and is not settled."""
    query = (
        sa.select(runs.c.id)
        .join(effects, effects.c.run == runs.c.id)
        .where(runs.c.batch == batch, effects.c.state.in_(MAY_HAVE_BEEN_SENT))
    )
    return set(connection.scalars(query))


def _added(connection: sa.Connection, batch: Batch) -> sa.Row[Any] | None:
    """Add the batch; return the one that has its key instead, even if another process added it just now."""
    of_key = sa.select(batches).where(batches.c.key == batch.key)
    known = connection.execute(of_key).one_or_none() if batch.key is not None else None
    if known is not None:
        return known
    try:
        with connection.begin_nested():
            connection.execute(
                batches.insert().values(
                    id=batch.id,
                    key=batch.key,
                    phase=batch.phase,
                    queued=batch.queued,
                    owner=batch.owner,
                    logins=batch.record.logins,
                    terms=vars(batch.terms),
                    record=batch.record.model_dump(mode="json"),
                )
            )
    except sa.exc.IntegrityError:
        known = connection.execute(of_key).one_or_none() if batch.key is not None else None
        if known is None:
            raise
    return known


def _same(known: sa.Row[Any], batch: Batch) -> str:
    if known.record.get("sha256") != batch.record.sha256:
        raise BadInput([f"the key '{batch.key}' was used for another file (batch {known.id}); use another key"])
    return str(known.id)

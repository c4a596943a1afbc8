"""Batches and their runs, as they stand: what a worker needs to go on after any crash.

A batch is claimed whole by one worker. A run that was being attempted when its worker died is attempted again
from the top, under the next number: what an attempt of an older number still says does not count.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bcflow.models.errors import BadInput
from bcflow.models.outcomes import RunRecord
from bcflow.runner.storage.claims import Claims
from bcflow.runner.storage.database import Database, as_text, tables
from bcflow.runner.storage.entry import Entry
from bcflow.runner.storage.ledger_rows import MAY_HAVE_BEEN_SENT, events
from bcflow.runner.storage.tables import Held, Phase, batches, held_of, row_of, runs


class Store(Claims):
    """Reads and moves batches and runs; every method is one durable transaction."""

    def __init__(self, database: Database, *, machine: str = "") -> None:
        """Keep everything in `database`; what is kept of runs says that `machine` has their evidence."""
        super().__init__(database)
        self._machine = machine

    def add(self, held: Held, *, also: Callable[[sa.Connection], None] = lambda _connection: None) -> str:
        """Keep a new batch and return its id; under a `key` that is known, the id it was given then.

        `also` is done in the same transaction if the batch is new: both are kept or none is. Raises `BadInput` if
        that key was used for another file.
        """
        with self.database.transaction() as connection:
            known = _added(connection, held)
            if known is not None:
                return _same(known, held)
            also(connection)
            if held.entries:
                connection.execute(runs.insert(), [row_of(held.record.id, at, e) for at, e in enumerate(held.entries)])
        return held.record.id

    def load(self, batch: str) -> Held:
        """Return a batch; raises `BadInput` if there is none of that id."""
        with self.database.transaction() as connection:
            row = connection.execute(sa.select(batches).where(batches.c.id == batch)).one_or_none()
            if row is None:
                raise BadInput([f"{batch} is no batch of this database"])
            rows = connection.execute(sa.select(runs).where(runs.c.batch == batch).order_by(runs.c.number)).all()
        held, doubt = held_of(row, rows), self._in_doubt(batch)
        for entry in held.entries:
            # Whoever had it before may have died right after the click.
            entry.armed = entry.run in doubt
        return held

    def remove(self, batch: str) -> None:
        """Forget a batch and its runs; the ledger's effects stay."""
        with self.database.transaction() as connection:
            connection.execute(runs.delete().where(runs.c.batch == batch))
            connection.execute(batches.delete().where(batches.c.id == batch))

    def has(self, batch: str) -> bool:
        """Say whether `batch` is kept here: older ones have files only."""
        with self.database.transaction() as connection:
            return connection.execute(sa.select(batches.c.id).where(batches.c.id == batch)).first() is not None

    def is_open(self, batch: str) -> bool:
        """Say whether a worker has `batch` or will take it."""
        with self.database.transaction() as connection:
            query = sa.select(batches.c.queued).where(batches.c.id == batch)
            return bool(connection.scalar(query))

    def of_key(self, key: str) -> str | None:
        """Return the batch that was submitted under `key`."""
        with self.database.transaction() as connection:
            found: str | None = connection.scalar(sa.select(batches.c.id).where(batches.c.key == key))
        return found

    def move(self, batch: str, phase: Phase) -> None:
        """Let a batch come to `phase`."""
        values: dict[str, Any] = {"phase": phase}
        if phase == "ended":
            values |= {"queued": False, "worker": ""}
        with self.database.transaction() as connection:
            connection.execute(batches.update().where(batches.c.id == batch).values(**values))

    def keep(self, entry: Entry) -> None:
        """Keep how a run stands."""
        record = entry.record
        if record is not None:
            record.machine = self._machine or record.machine
        with self.database.transaction() as connection:
            connection.execute(
                runs.update()
                .where(runs.c.id == entry.run)
                .values(
                    ended=entry.ended,
                    outcome=record.outcome if record else None,
                    waiting_for=record.waiting_for if record else None,
                    record=record.model_dump(mode="json") if record else None,
                )
            )

    def record(self, run: str) -> RunRecord:
        """Return how a run stands. Raises `BadInput` if it is not known or has no result yet."""
        with self.database.transaction() as connection:
            kept = connection.scalar(sa.select(runs.c.record).where(runs.c.id == run))
        if not kept:
            raise BadInput([f"run {run} has no result here"])
        return RunRecord.model_validate(kept)

    def keep_record(self, record: RunRecord) -> None:
        """Keep what a run that had ended has become since."""
        kept = record.model_dump(mode="json")
        values = {"outcome": record.outcome, "waiting_for": record.waiting_for, "record": kept}
        with self.database.transaction() as connection:
            connection.execute(runs.update().where(runs.c.id == record.id).values(**values))

    def begin(self, run: str) -> int:
        """Note that another attempt of `run` begins, and return its number."""
        with self.database.transaction() as connection:
            connection.execute(runs.update().where(runs.c.id == run).values(attempts=runs.c.attempts + 1))
            return int(connection.scalar(sa.select(runs.c.attempts).where(runs.c.id == run)) or 0)

    def attempts(self, run: str) -> int:
        """Return the number of the latest attempt of `run`; 0 if there was none."""
        with self.database.transaction() as connection:
            return int(connection.scalar(sa.select(runs.c.attempts).where(runs.c.id == run)) or 0)

    def reopen(self, batch: str, outcomes: Sequence[str]) -> int:
        """Let the runs of a batch that ended with one of `outcomes`, or wait for you, be attempted again.

        Returns how many.
        """
        waits_for_you = sa.and_(runs.c.outcome == "waiting", runs.c.waiting_for == "you")
        with self.database.transaction() as connection:
            again = connection.execute(
                runs.update()
                .where(runs.c.batch == batch, runs.c.ended, sa.or_(runs.c.outcome.in_(outcomes), waits_for_you))
                .values(ended=False, record=None, outcome=None)
            )
            connection.execute(batches.update().where(batches.c.id == batch).values(cancelled=""))
        return again.rowcount

    def cancel(self, batch: str, why: str) -> None:
        """Ask that a batch ends; whoever works on it sees it before its next job and its next write."""
        with self.database.transaction() as connection:
            connection.execute(batches.update().where(batches.c.id == batch).values(cancelled=why))

    def cancelled(self, batch: str) -> str:
        """Return why a batch is to end, or an empty text."""
        with self.database.transaction() as connection:
            return connection.scalar(sa.select(batches.c.cancelled).where(batches.c.id == batch)) or ""

    def approve(self, batch: str, by: str) -> None:
        """Note who agreed to the writes of a batch."""
        with self.database.transaction() as connection:
            terms = connection.scalar(sa.select(batches.c.terms).where(batches.c.id == batch)) or {}
            agreed = batches.update().where(batches.c.id == batch).values(terms={**terms, "approved_by": by})
            connection.execute(agreed)

    def _in_doubt(self, batch: str) -> set[str]:
        """Return the runs of a batch whose write may have been sent and is not settled."""
        effects = tables.tables["effects"]
        query = (
            sa.select(runs.c.id)
            .join(effects, effects.c.run == runs.c.id)
            .where(runs.c.batch == batch, effects.c.state.in_(MAY_HAVE_BEEN_SENT))
        )
        with self.database.transaction() as connection:
            return set(connection.scalars(query))

    def writes(self, login: str, *, since: datetime) -> list[datetime]:
        """Return when `login` wrote since a moment: every effect that was armed counts as one write."""
        query = (
            sa.select(events.c.at)
            .join(runs, runs.c.id == events.c.run)
            .where(runs.c.login == login, events.c.event == "armed", events.c.at >= as_text(since))
            .order_by(events.c.at)
        )
        with self.database.transaction() as connection:
            return [datetime.fromisoformat(at) for at in connection.scalars(query)]

    def open_batches(self) -> list[Held]:
        """Return the batches that have not ended, the oldest first, without their runs."""
        with self.database.transaction() as connection:
            query = sa.select(batches).where(batches.c.phase != "ended").order_by(batches.c.id)
            return [held_of(row, []) for row in connection.execute(query).all()]

    def reopen_runs(self, batch: str, which: Collection[str]) -> None:
        """Let these runs of a batch be attempted again."""
        with self.database.transaction() as connection:
            these = runs.update().where(runs.c.batch == batch, runs.c.id.in_(which))
            connection.execute(these.values(ended=False, record=None, outcome=None))


def _added(connection: sa.Connection, held: Held) -> sa.Row[Any] | None:
    """Add the batch; return the one that has its key instead, even if another process added it just now."""
    of_key = sa.select(batches).where(batches.c.key == held.key)
    known = connection.execute(of_key).one_or_none() if held.key is not None else None
    if known is not None:
        return known
    try:
        with connection.begin_nested():
            connection.execute(
                batches.insert().values(
                    id=held.record.id,
                    key=held.key,
                    phase=held.phase,
                    queued=held.queued,
                    worker=held.worker,
                    logins=held.record.logins,
                    terms=vars(held.terms),
                    record=held.record.model_dump(mode="json"),
                )
            )
    except sa.exc.IntegrityError:
        known = connection.execute(of_key).one_or_none() if held.key is not None else None
        if known is None:
            raise
    return known


def _same(known: sa.Row[Any], held: Held) -> str:
    if known.record.get("sha256") != held.record.sha256:
        raise BadInput([f"the key '{held.key}' was used for another file (batch {known.id}); use another key"])
    return str(known.id)

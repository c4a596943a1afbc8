"""Batches and their runs, as they stand: what a worker needs to go on after any crash.

A batch is claimed whole by one worker. A run that was being attempted when its worker died is attempted again
from the top, under the next number: what an attempt of an older number still says does not count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa

from bcflow.models.errors import BadInput
from bcflow.models.fields import ALLOW_UNUSUAL
from bcflow.models.jobs import job_adapter
from bcflow.models.outcomes import RunRecord
from bcflow.runner.batch import Terms
from bcflow.runner.database import Database, as_text, tables
from bcflow.runner.ledger import events
from bcflow.runner.tasks import Entry, Task

if TYPE_CHECKING:
    from bcflow.runner.history import BatchRecord

Phase = Literal["look", "ask", "write", "ended"]
"""What comes next for a batch: to look at every job, to be agreed to, to write, or nothing."""

MOST_TAKE_OVERS = 5
"""A batch whose workers die so often is not taken by the next one: it may be what kills them."""

_batches = sa.Table(
    "batches",
    tables,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("key", sa.String, unique=True),
    sa.Column("phase", sa.String, nullable=False),
    sa.Column("queued", sa.Boolean, nullable=False),
    sa.Column("worker", sa.String, nullable=False, server_default=""),
    sa.Column("cancelled", sa.String, nullable=False, server_default=""),
    sa.Column("logins", sa.JSON, nullable=False),
    sa.Column("terms", sa.JSON, nullable=False),
    sa.Column("record", sa.JSON, nullable=False),
    sa.Column("take_overs", sa.Integer, nullable=False, server_default="0"),
)
_runs = sa.Table(
    "runs",
    tables,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("batch", sa.ForeignKey("batches.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("client", sa.String),
    sa.Column("login", sa.String, nullable=False),
    sa.Column("job", sa.JSON, nullable=False),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("source", sa.String, nullable=False),
    sa.Column("rows", sa.JSON, nullable=False),
    sa.Column("ended", sa.Boolean, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("outcome", sa.String),
    sa.Column("waiting_for", sa.String),
    sa.Column("record", sa.JSON),
)


@dataclass
class Held:
    """One batch as it is kept: where it stands, what it may do, its runs in file order."""

    record: BatchRecord
    phase: Phase
    terms: Terms
    entries: list[Entry] = field(default_factory=list)
    queued: bool = False
    worker: str = ""
    cancelled: str = ""
    key: str | None = None


class Store:
    """Reads and moves batches and runs; every method is one durable transaction."""

    def __init__(self, database: Database) -> None:
        """Keep everything in `database`."""
        self.database = database

    def add(self, held: Held) -> str:
        """Keep a new batch and return its id; under a `key` that is known, the id it was given then.

        Raises `BadInput` if that key was used for another file.
        """
        with self.database.transaction() as connection:
            if held.key is not None:
                known = connection.execute(sa.select(_batches).where(_batches.c.key == held.key)).one_or_none()
                if known is not None:
                    return _same(known, held)
            connection.execute(
                _batches.insert().values(
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
            if held.entries:
                connection.execute(_runs.insert(), [_row(held.record.id, at, e) for at, e in enumerate(held.entries)])
        return held.record.id

    def load(self, batch: str) -> Held:
        """Return a batch; raises `BadInput` if there is none of that id."""
        with self.database.transaction() as connection:
            row = connection.execute(sa.select(_batches).where(_batches.c.id == batch)).one_or_none()
            if row is None:
                raise BadInput([f"{batch} is no batch of this database"])
            runs = connection.execute(sa.select(_runs).where(_runs.c.batch == batch).order_by(_runs.c.number)).all()
        return _held(row, runs)

    def remove(self, batch: str) -> None:
        """Forget a batch and its runs; the ledger's effects stay."""
        with self.database.transaction() as connection:
            connection.execute(_runs.delete().where(_runs.c.batch == batch))
            connection.execute(_batches.delete().where(_batches.c.id == batch))

    def has(self, batch: str) -> bool:
        """Say whether `batch` is kept here: older ones have files only."""
        with self.database.transaction() as connection:
            return connection.execute(sa.select(_batches.c.id).where(_batches.c.id == batch)).first() is not None

    def is_open(self, batch: str) -> bool:
        """Say whether a worker has `batch` or will take it."""
        with self.database.transaction() as connection:
            query = sa.select(_batches.c.queued).where(_batches.c.id == batch)
            return bool(connection.scalar(query))

    def of_key(self, key: str) -> str | None:
        """Return the batch that was submitted under `key`."""
        with self.database.transaction() as connection:
            found: str | None = connection.scalar(sa.select(_batches.c.id).where(_batches.c.key == key))
        return found

    def move(self, batch: str, phase: Phase) -> None:
        """Let a batch come to `phase`."""
        values: dict[str, Any] = {"phase": phase}
        if phase == "ended":
            values |= {"queued": False, "worker": ""}
        with self.database.transaction() as connection:
            connection.execute(_batches.update().where(_batches.c.id == batch).values(**values))

    def keep(self, entry: Entry) -> None:
        """Keep how a run stands."""
        record = entry.record
        with self.database.transaction() as connection:
            connection.execute(
                _runs.update()
                .where(_runs.c.id == entry.run)
                .values(
                    ended=entry.ended,
                    outcome=record.outcome if record else None,
                    waiting_for=record.waiting_for if record else None,
                    record=record.model_dump(mode="json") if record else None,
                )
            )

    def begin(self, run: str) -> int:
        """Note that another attempt of `run` begins, and return its number."""
        with self.database.transaction() as connection:
            connection.execute(_runs.update().where(_runs.c.id == run).values(attempts=_runs.c.attempts + 1))
            return int(connection.scalar(sa.select(_runs.c.attempts).where(_runs.c.id == run)) or 0)

    def attempts(self, run: str) -> int:
        """Return the number of the latest attempt of `run`; 0 if there was none."""
        with self.database.transaction() as connection:
            return int(connection.scalar(sa.select(_runs.c.attempts).where(_runs.c.id == run)) or 0)

    def reopen(self, batch: str, outcomes: Sequence[str]) -> int:
        """Let the runs of a batch that ended with one of `outcomes` be attempted again; return how many."""
        with self.database.transaction() as connection:
            again = connection.execute(
                _runs.update()
                .where(_runs.c.batch == batch, _runs.c.ended, _runs.c.outcome.in_(outcomes))
                .values(ended=False, record=None, outcome=None)
            )
            connection.execute(_batches.update().where(_batches.c.id == batch).values(cancelled=""))
        return again.rowcount

    def cancel(self, batch: str, why: str) -> None:
        """Ask that a batch ends; whoever works on it sees it before its next job and its next write."""
        with self.database.transaction() as connection:
            connection.execute(_batches.update().where(_batches.c.id == batch).values(cancelled=why))

    def cancelled(self, batch: str) -> str:
        """Return why a batch is to end, or an empty text."""
        with self.database.transaction() as connection:
            return connection.scalar(sa.select(_batches.c.cancelled).where(_batches.c.id == batch)) or ""

    def queue(self, batch: str) -> None:
        """Let the next free worker take a batch."""
        with self.database.transaction() as connection:
            connection.execute(_batches.update().where(_batches.c.id == batch).values(queued=True, worker=""))

    def rest(self, batch: str) -> None:
        """Take a batch out of the queue: it waits for a person or to be resumed."""
        with self.database.transaction() as connection:
            connection.execute(_batches.update().where(_batches.c.id == batch).values(queued=False, worker=""))

    def approve(self, batch: str, by: str) -> None:
        """Note who agreed to the writes of a batch."""
        with self.database.transaction() as connection:
            terms = connection.scalar(sa.select(_batches.c.terms).where(_batches.c.id == batch)) or {}
            agreed = _batches.update().where(_batches.c.id == batch).values(terms={**terms, "approved_by": by})
            connection.execute(agreed)

    def claim(self, worker: str, *, dead: Sequence[str] = ()) -> str | None:
        """Give `worker` the oldest queued batch whose logins nobody works with; those of `dead` workers are free."""
        with self.database.transaction() as connection:
            waiting = sa.select(_batches).where(_batches.c.queued).order_by(_batches.c.id)
            rows = connection.execute(waiting.with_for_update()).all()
            busy = {login for row in rows if row.worker and row.worker not in dead for login in row.logins}
            free = [row for row in rows if not row.worker or row.worker in dead]
            found = next((row for row in free if not busy & set(row.logins) and row.take_overs < MOST_TAKE_OVERS), None)
            if found is None:
                return None
            taken_over = found.take_overs + bool(found.worker)
            changed = _batches.update().where(_batches.c.id == found.id).values(worker=worker, take_overs=taken_over)
            connection.execute(changed)
            return str(found.id)

    def writes(self, login: str, *, since: datetime) -> list[datetime]:
        """Return when `login` wrote since a moment: every effect that was armed counts as one write."""
        query = (
            sa.select(events.c.at)
            .join(_runs, _runs.c.id == events.c.run)
            .where(_runs.c.login == login, events.c.event == "armed", events.c.at >= as_text(since))
            .order_by(events.c.at)
        )
        with self.database.transaction() as connection:
            return [datetime.fromisoformat(at) for at in connection.scalars(query)]

    def working(self) -> dict[str, str]:
        """Return which worker has which batch, by batch."""
        with self.database.transaction() as connection:
            rows = connection.execute(sa.select(_batches.c.id, _batches.c.worker).where(_batches.c.worker != "")).all()
        return {row.id: row.worker for row in rows}

    def open_batches(self) -> list[Held]:
        """Return the batches that have not ended, the oldest first, without their runs."""
        with self.database.transaction() as connection:
            query = sa.select(_batches).where(_batches.c.phase != "ended").order_by(_batches.c.id)
            return [_held(row, []) for row in connection.execute(query).all()]


def _same(known: sa.Row[Any], held: Held) -> str:
    if known.record.get("sha256") != held.record.sha256:
        raise BadInput([f"the key '{held.key}' was used for another file (batch {known.id}); use another key"])
    return str(known.id)


def _row(batch: str, number: int, entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.run,
        "batch": batch,
        "number": number,
        "client": entry.task.job.client,
        "login": entry.login,
        "job": entry.task.job.model_dump(mode="json", exclude_none=True),
        "name": entry.task.name,
        "source": entry.task.source,
        "rows": [[number, dict(row)] for number, row in entry.task.rows],
        "ended": entry.ended,
    }


def _held(row: sa.Row[Any], runs: Sequence[sa.Row[Any]]) -> Held:
    from bcflow.runner.history import BatchRecord

    terms = Terms(**row.terms)
    return Held(
        record=BatchRecord.model_validate(row.record),
        phase=row.phase,
        terms=terms,
        entries=[_entry(each, allow_unusual=terms.allow_unusual) for each in runs],
        queued=row.queued,
        worker=row.worker,
        cancelled=row.cancelled,
        key=row.key,
    )


def _entry(row: sa.Row[Any], *, allow_unusual: bool) -> Entry:
    job = job_adapter().validate_python(row.job, context={ALLOW_UNUSUAL: allow_unusual})
    task = Task(job, row.name, row.source, tuple((number, values) for number, values in row.rows))
    record = RunRecord.model_validate(row.record) if row.record else None
    return Entry(task, row.id, record=record, ended=row.ended)

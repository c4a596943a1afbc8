"""The tables of batches and runs, and a batch as it is read from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa

from bcflow.models.fields import ALLOW_UNUSUAL
from bcflow.models.jobs import job_adapter
from bcflow.models.outcomes import RunRecord
from bcflow.runner.jobfiles.task import Task
from bcflow.runner.storage.database import tables
from bcflow.runner.storage.entry import Entry, Terms

if TYPE_CHECKING:
    from bcflow.runner.storage.history import BatchRecord

Phase = Literal["look", "ask", "write", "ended"]
"""What comes next for a batch: to look at every job, to be agreed to, to write, or nothing."""
MOST_TAKE_OVERS = 5
"""A batch whose workers die so often is not taken by the next one: it may be what kills them."""

batches = sa.Table(
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
runs = sa.Table(
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
    take_overs: int = 0

    @property
    def worn(self) -> str:
        """Why no worker takes it any more, if that is so; empty otherwise."""
        if self.take_overs < MOST_TAKE_OVERS or self.queued or self.phase == "ended":
            return ""
        return f"its worker died {self.take_overs} times; look at its jobs, then bcflow resume {self.record.id}"


def row_of(batch: str, number: int, entry: Entry) -> dict[str, Any]:
    """Return the row of a run that is new."""
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


def held_of(row: sa.Row[Any], runs: Sequence[sa.Row[Any]]) -> Held:
    """Return a batch with these runs as its rows say."""
    from bcflow.runner.storage.history import BatchRecord

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
        take_overs=row.take_overs,
    )


def _entry(row: sa.Row[Any], *, allow_unusual: bool) -> Entry:
    job = job_adapter().validate_python(row.job, context={ALLOW_UNUSUAL: allow_unusual})
    task = Task(job, row.name, row.source, tuple((number, values) for number, values in row.rows))
    record = RunRecord.model_validate(row.record) if row.record else None
    return Entry(task, row.id, record=record, ended=row.ended)

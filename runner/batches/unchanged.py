"""What of a batch is as it was after the last batch of the same file: a job that runs every night tells it once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from bcflow.models.outcomes import RunRecord
from bcflow.runner.reports.summary import needs_you
from bcflow.runner.storage.tables import batches, runs

if TYPE_CHECKING:
    from bcflow.runner.storage.batch_rows import Batch

# What a person was told and has not changed since. What failed or is in doubt is told every time.
_STAYS: Final = frozenset({"waiting", "already", "differs", "refused"})
_NOT_COMPARED: Final = frozenset({"id", "note"})


def unchanged(connection: sa.Connection, batch: Batch) -> frozenset[str]:
    """Return the runs of a batch of which everything that a person must know was told after the last one."""
    before = {_job(record): _told(record) for record in _last(connection, batch)}
    return frozenset(
        record.id
        for record in batch.records
        if record.outcome in _STAYS and not needs_you(record) and before.get(_job(record)) == _told(record)
    )


def _last(connection: sa.Connection, batch: Batch) -> list[RunRecord]:
    same = (
        batches.c.record["source"].as_string() == batch.record.source,
        batches.c.record["site"].as_string() == batch.record.site,
    )
    query = sa.select(batches.c.id).where(batches.c.phase == "ended", batches.c.id < batch.id, *same)
    last = connection.scalar(query.order_by(batches.c.id.desc()).limit(1))
    kept = connection.scalars(sa.select(runs.c.record).where(runs.c.batch == last)) if last else ()
    return [RunRecord.model_validate(record) for record in kept if record]


def _job(record: RunRecord) -> str:
    compared = {name: value for name, value in record.inputs.items() if name not in _NOT_COMPARED}
    return json.dumps(compared, sort_keys=True)


def _told(record: RunRecord) -> tuple[str, ...]:
    """Return what matters of how it stands; `waiting` becomes `already` the night after, and is the same wait."""
    if record.outcome in {"waiting", "already"}:
        return (record.waiting_for or "", record.next_action)
    return (record.outcome, record.message, record.next_action)

"""One job on its way through a batch: what it waits for, what it may refer to, how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from bcflow.models.jobs import JobBase
from bcflow.models.outcomes import Outcome, RunRecord
from bcflow.models.resolving import references, resolve
from bcflow.runner.storage.entry import Entry

# What another job may build on: the thing is there, as it was asked for.
_THERE: Final = frozenset({"done", "already", "waiting"})


@dataclass(frozen=True)
class NotYet:
    """The job refers to one that has not ended."""

    job: str


@dataclass(frozen=True)
class Never:
    """The job refers to something that will not be there, and `why` says so."""

    why: str


def resolved(entry: Entry, entries: Sequence[Entry], *, allow_unusual: bool = False) -> JobBase | NotYet | Never:
    """Return the job with its references filled in from runs of this batch, or why that is not possible.

    Raises BadInput if a value that was seen does not fit the field that refers to it.
    """
    job = entry.task.job
    values: dict[str, dict[str, Any]] = {}
    for _, name, wanted in references(job):
        other = next((one for one in entries if one.task.job.id == name), None)
        if other is None:
            return Never(f"there is no job '{name}'")
        known = _values(other)
        if known.get(wanted) is None:
            if not other.ended:
                return NotYet(name)
            outcome = other.record.outcome if other.record else "skipped"
            return Never(f"needs {wanted} of job '{name}', which ended {outcome}")
        values[name] = known
    return resolve(job, values, allow_unusual=allow_unusual)


def ended_record(
    entry: Entry, batch: str, outcome: Outcome, message: str, *, next_action: str, waiting_for: str | None
) -> RunRecord:
    """Return the record of a run that ended without its browser saying so; keeps what a look found."""
    job = entry.task.job
    now = datetime.now(UTC).isoformat(timespec="seconds")
    looked = entry.record.model_dump() if entry.record else {}
    known = {
        "id": entry.run,
        "job": entry.task.name,
        "client": job.client,
        "note": job.note,
        "flow": job.flow,
        "login": job.login,
        "batch": batch,
        "source": entry.task.source,
        "business_center": job.business_center or "",
        "inputs": job.model_dump(mode="json", exclude_none=True),
        "started": now,
        "steps": entry.steps,
    }
    ended = {
        "outcome": outcome,
        "message": message,
        "next_action": next_action,
        "waiting_for": waiting_for,
        "finished": now,
    }
    return RunRecord.model_validate(known | looked | ended)


def _values(entry: Entry) -> dict[str, Any]:
    if entry.record is None or entry.record.outcome not in _THERE:
        return {}
    return entry.record.result

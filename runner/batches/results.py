"""What a job may refer to in the runs before it, how a run ends without a browser, and how its batch ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from bcflow.models.jobs import JobBase
from bcflow.models.outcomes import Outcome, RunRecord
from bcflow.models.resolving import references, resolve
from bcflow.runner.reports import summary
from bcflow.runner.storage.asked_words import topics_in
from bcflow.runner.storage.batch_rows import of_record, read_records, set_run
from bcflow.runner.storage.database import now
from bcflow.runner.storage.ledger_rows import sent_in
from bcflow.runner.storage.questions import Questions

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from bcflow.models.unknown import UnknownWords
    from bcflow.runner.batches.context import Context
    from bcflow.runner.storage.batch_rows import Batch, Run

# What another job may build on: the thing is there, as it was asked for.
_THERE: Final = frozenset({"done", "already", "waiting"})

UNPROVEN: Final = "unproven"
"""A flow was never seen to work here, and nobody was there to be asked."""
STALE: Final = "stale"
"""The plan is out of date, and nothing was written."""
UNSEEN: Final = "unseen"
"""Not all that the plan rests on could be looked at again."""

NOT_LOOKED_AT: Final = "not looked at yet: it needs another job's result first"


@dataclass(frozen=True)
class NotYet:
    """The job refers to one that has not ended."""

    job: str


@dataclass(frozen=True)
class Never:
    """The job refers to something that will not be there, and `why` says so."""

    why: str


def resolved(run: Run, runs: Sequence[Run], *, allow_unusual: bool = False) -> JobBase | NotYet | Never:
    """Return the job with its references filled in from runs of this batch, or why that is not possible.

    The records of the runs that it refers to must have been read. Raises BadInput if a value that was seen does not
    fit the field that refers to it.
    """
    if not run.needs:
        return run.task.job
    job = run.task.job
    values: dict[str, dict[str, Any]] = {}
    for _, name, wanted in references(job):
        other = next((one for one in runs if one.job.get("id") == name), None)
        if other is None:
            return Never(f"there is no job '{name}'")
        known = _values(other)
        if known.get(wanted) is None:
            if not other.ended:
                return NotYet(name)
            return Never(f"needs {wanted} of job '{name}', which ended {other.outcome or 'skipped'}")
        values[name] = known
    return resolve(job, values, allow_unusual=allow_unusual)


def read_needed(connection: sa.Connection, batch: Batch) -> None:
    """Read the records of the runs that jobs still to do refer to."""
    needed = {name for run in batch.to_do for name in run.needs}
    if needed:
        read_records(connection, [run for run in batch.runs if run.job.get("id") in needed])


def end_run(  # noqa: PLR0913 - whose run, which, and how it ended
    connection: sa.Connection,
    context: Context,
    batch: Batch,
    run: Run,
    outcome: Outcome,
    message: str,
    *,
    next_action: str = "",
    waiting_for: str | None = None,
    unknown: Sequence[UnknownWords] = (),
) -> RunRecord:
    """End a run without its browser saying so; what a look found stays in its record.

    `unknown` are the words that it waits for, if it does.
    """
    read_records(connection, [run])
    record = ended_record(run, batch.id, outcome, message, next_action=next_action, waiting_for=waiting_for)
    record.unknown, record.needs = (list(unknown), "word") if unknown else (record.unknown, "")
    record.evidence = str(context.run_folder(run.id))
    record.requested_by, record.approved_by = batch.terms.actor, batch.terms.approved_by
    record.site, record.dry_run = context.site, batch.terms.dry_run
    record.answered_by = run.answered_by or Questions.answered_by(connection, batch.id, run.login, run.id)
    # Who waits for what another has met holds nobody up itself.
    keep_end(connection, run, record, may_block=not unknown)
    return record


def keep_end(connection: sa.Connection, run: Run, record: RunRecord, *, may_block: bool = True) -> None:
    """Keep how an attempt at a run, or the run itself, has ended, and what all its attempts have sent."""
    record.writes = max(record.writes, run.writes, sent_in(connection, run.id))
    run.record, run.outcome, run.waiting_for = record, record.outcome, record.waiting_for
    run.ended = record.outcome != "planned"
    run.begun = run.reserved = 0
    values = of_record(record)
    values["blocks"] = values["blocks"] and may_block
    run.writes, run.blocks, run.topics = values["writes"], values["blocks"], topics_in(values["topic"])
    set_run(connection, run.id, ended=run.ended, begun=0, reserved=0, ended_at=now(), **values)


def leave_run(
    connection: sa.Connection,
    context: Context,
    batch: Batch,
    run: Run,
    outcome: Outcome,
    why: str,
    *,
    in_doubt: bool,
) -> RunRecord:
    """End a run that nothing more is done for: what may have been sent is unknown, all else was not sent."""
    if not in_doubt:
        return end_run(connection, context, batch, run, outcome, f"{why}; nothing was sent")
    settle = f"look on the site, then: bcflow settle {run.id} --happened or --did-not-happen"
    said = f"{why}; a write may have been sent"
    return end_run(connection, context, batch, run, "unknown", said, next_action=settle)


def ended_record(
    run: Run, batch: str, outcome: Outcome, message: str, *, next_action: str = "", waiting_for: str | None = None
) -> RunRecord:
    """Return the record of a run that ended without its browser saying so; keeps what a look found."""
    moment = datetime.now(UTC).isoformat(timespec="seconds")
    looked = run.record.model_dump() if run.record else {}
    known = {
        "id": run.id,
        "job": run.name,
        "client": run.job.get("client"),
        "note": run.job.get("note"),
        "flow": run.flow,
        "login": run.login,
        "batch": batch,
        "source": run.source,
        "business_center": run.business_center or "",
        "inputs": run.job,
        "started": moment,
    }
    ended = {
        "outcome": outcome,
        "message": message,
        "next_action": next_action,
        "waiting_for": waiting_for,
        "finished": moment,
    }
    return RunRecord.model_validate(known | looked | ended)


def exit_code(batch: Batch, records: Sequence[RunRecord]) -> int:
    """Return the exit code of a batch whose runs have ended."""
    if batch.held_back == STALE:
        return summary.STALE_PLAN
    if batch.held_back == UNPROVEN:
        return summary.BAD_INPUT
    code = summary.exit_code(records)
    return summary.NOT_DONE if code == summary.OK and batch.held_back == UNSEEN else code


def _values(run: Run) -> dict[str, Any]:
    if run.record is None or run.record.outcome not in _THERE:
        return {}
    return run.record.result

"""What a batch would write, in words, before somebody agrees to it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from bcflow.runner.batches.results import NOT_LOOKED_AT, ended_record
from bcflow.runner.policy.pace import DAY, about
from bcflow.runner.reports import summary
from bcflow.runner.storage.proofs import Proofs
from bcflow.runner.storage.runs import writes_since

if TYPE_CHECKING:
    import sqlalchemy as sa

    from bcflow.models.outcomes import RunRecord
    from bcflow.runner.batches.context import Context
    from bcflow.runner.storage.batch_rows import Batch, Run

SECONDS_A_JOB: Final = 10.0
LONG_BATCH: Final = 10
"""A batch of so many writes is told how long it will take before it is agreed to."""


def lines(context: Context, batch: Batch) -> list[str]:
    """Return the proposal as a question tells it: without a line for every job."""
    each = f"bcflow report {batch.id} shows each job with all that it asks for"
    return [each, _found(batch), may_it(context, batch), *_forever(batch)]


def looks(context: Context, batch: Batch) -> list[RunRecord]:
    """Return what the looks of a batch found, also of jobs that can be looked at only later; read `whole`."""
    return [run.record or _later(context, batch, run) for run in batch.runs]


def notes(connection: sa.Connection, context: Context, batch: Batch) -> list[str]:
    """Return what else is to be known before the question: new flows, and how long it will take."""
    return [*_never_seen(connection, context, batch), *_estimate(connection, context, batch)]


def may_it(context: Context, batch: Batch) -> str:
    """Return the question itself."""
    to_do = len(batch.to_do)
    return f"Write {to_do} {'job' if to_do == 1 else 'jobs'} on {context.site}?"


def _later(context: Context, batch: Batch, run: Run) -> RunRecord:
    record = ended_record(run, batch.id, "planned", NOT_LOOKED_AT)
    record.site = context.site
    return record


def _found(batch: Batch) -> str:
    return summary.look_counts(run.outcome or "planned" for run in batch.runs)


def _never_seen(connection: sa.Connection, context: Context, batch: Batch) -> list[str]:
    """Say which flows neither worked here before nor were rehearsed."""
    known = Proofs(connection)
    new = [
        flow
        for flow, login in dict.fromkeys((run.flow, run.login) for run in batch.to_do)
        if not known.is_proven(flow, site=context.site, login=login) and not known.rehearsed(flow, site=context.site)
    ]
    named = ", ".join(dict.fromkeys(new))
    return [f"Never seen to work here: {named}; bcflow rehearse shows first what would be sent"] if new else []


def _estimate(connection: sa.Connection, context: Context, batch: Batch) -> list[str]:
    """Say how long so many writes will take, for a batch long enough to ask; logins work side by side."""
    counts = {login: sum(run.login == login for run in batch.to_do) for login in batch.record.logins}
    if context.pace is None or len(batch.to_do) < LONG_BATCH:
        return []
    now = datetime.now(UTC)
    longest = max(
        context.pace.estimate(jobs, SECONDS_A_JOB, now=now, writes=writes_since(connection, login, now - DAY))
        for login, jobs in counts.items()
    )
    return [f"This will take {about(longest)}."]


def _forever(batch: Batch) -> list[str]:
    never = summary.forever((run.flow, run.job) for run in batch.to_do)
    return ["Can never be changed later:", *(f"  {line}" for line in never)] if never else []

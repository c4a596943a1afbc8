"""What is kept of one attempt at a job, as a record: what it was asked to do, and how its effects ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bcflow.models import effect_words
from bcflow.models.outcomes import Outcome, RunRecord
from bcflow.runner.config.versions import versions

if TYPE_CHECKING:
    from bcflow.flows.run import Conclusion, Settled
    from bcflow.models.jobs import JobBase
    from bcflow.runner.browser.slot_state import SlotState

WORST_FIRST: Final[tuple[Outcome, ...]] = (
    "unknown",
    "screen-changed",
    "failed",
    "refused",
    "differs",
    "expired",
    "cancelled",
    "skipped",
    "planned",
    "waiting",
    "done",
    "already",
)


def blank(slot: SlotState, request: dict[str, Any], job: JobBase) -> RunRecord:
    """Return the record of an attempt that has only begun."""
    return RunRecord(
        id=request["run"],
        job=request.get("name") or job.id or job.flow,
        client=job.client,
        note=job.note,
        flow=job.flow,
        outcome="failed",
        message="",
        batch=request.get("batch", ""),
        login=slot.credentials.name,
        site=slot.settings.business_center_url,
        business_center=job.business_center or "",
        inputs=job.model_dump(mode="json", exclude_none=True),
        source=request.get("source", ""),
        requested_by=request.get("requested_by") or slot.settings.actor,
        approved_by=request.get("approved_by", ""),
        answered_by=request.get("answered_by", ""),
        dry_run=request.get("dry_run", request.get("mode") == "look"),
        evidence=request["folder"],
        versions=versions(),
    )


def ended(record: RunRecord, job: JobBase, conclusion: Conclusion) -> RunRecord:
    """Put into `record` how the attempt ended, and return it."""
    worst = min(conclusion.settled, key=lambda one: (WORST_FIRST.index(one.outcome), not one.needs))
    record.outcome = worst.outcome
    record.message = _message(conclusion, worst)
    record.next_action = worst.next_action
    record.waiting_for, record.needs = worst.waiting_for, worst.needs
    record.result = conclusion.result
    if not record.business_center and job.flow == "create-business-center":
        record.business_center = conclusion.result.get("business_center_id") or ""
    return record


def _message(conclusion: Conclusion, worst: Settled) -> str:
    """Return one sentence for one effect; for several, the worst in full and the others in brief."""
    others = [one for one in conclusion.settled if one is not worst]
    brief = (f"{effect_words.subject(one.effect)} {one.outcome}" for one in others)
    return "; ".join([worst.message, *brief])

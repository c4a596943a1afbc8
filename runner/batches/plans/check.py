"""A batch that carries out a plan has looked again: what the plan rests on must be as it was, or nothing is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bcflow.runner.batches.plans.plan import Agreed, Change, changes
from bcflow.runner.batches.results import STALE, UNSEEN

if TYPE_CHECKING:
    from bcflow.runner.storage.batch_rows import Batch, Run


@dataclass
class Check:
    """What comes of the comparison: runs that are left out and why, why all is (if it is), and what is to be told."""

    held_back: str = ""
    left_out: list[tuple[Run, str]] = field(default_factory=list)
    cancelled: str = ""
    told: list[str] = field(default_factory=list)


def check(batch: Batch, plan: dict[str, Any]) -> Check:
    """Compare what a plan rests on with what was just seen. What could not be looked at keeps its own result."""
    agreed, found = Agreed.model_validate(plan), Check()
    changed: set[str | None] = set()
    moved = False
    for run, was in zip(batch.runs, agreed.facts, strict=True):
        these: list[Change] = changes(was, run.record) if was is not None and run.record is not None else []
        moved = moved or bool(these)
        # What changed is told by how its run ends.
        unseen = [change for change in these if not change.seen]
        found.told += [f"could not be looked at again: {run.name}: {change}" for change in unseen]
        if any(change.seen for change in these):
            said = "; ".join(str(one) for one in these)
            found.left_out.append((run, f"not started: since the plan was made, {said}"))
            changed.add(run.job.get("id"))
    if not moved:
        return found
    seen = bool(found.left_out)
    found.held_back = UNSEEN if not seen else "" if agreed.partial else STALE
    if agreed.partial:
        _add_dependents(batch, found, changed)
    else:
        found.cancelled = "the plan is out of date" if seen else "not all that the plan rests on could be seen again"
    return found


def _add_dependents(batch: Batch, found: Check, left_out: set[str | None]) -> None:
    """Leave out what refers to a job that is left out; a job only ever refers to one above it."""
    out = {run.id for run, _ in found.left_out}
    for run in batch.to_do:
        needed = next((name for name in sorted(run.needs) if name in left_out), None)
        if needed is not None and run.id not in out:
            why = f"not started: it needs job '{needed}', of which a fact changed since the plan was made"
            found.left_out.append((run, why))
            left_out.add(run.job.get("id"))

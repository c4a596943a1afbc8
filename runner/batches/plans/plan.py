"""A plan: what a look found and what is to be written, for another person to review and to apply."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import BaseModel, ConfigDict

from bcflow.models.errors import BadInput
from bcflow.models.fields import ALLOW_UNUSUAL, KEPT
from bcflow.models.jobs import JobBase, job_adapter
from bcflow.models.outcomes import EffectRecord, Outcome, RunRecord
from bcflow.runner.batches.results import NOT_LOOKED_AT, resolved
from bcflow.runner.jobfiles.task import Task
from bcflow.runner.reports.wording import shown
from bcflow.runner.storage.batch_rows import Run

if TYPE_CHECKING:
    from bcflow.runner.storage.batch_record import BatchRecord

FORMAT: Final = 1


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class EffectFact(_Frozen):
    """One wanted fact as a look found it; `stands` says that it was seen there as wanted."""

    kind: str
    identity: str
    business_center: str
    want: dict[str, Any]
    have: dict[str, Any]
    outcome: Outcome
    stands: bool
    message: str = ""


class Facts(_Frozen):
    """What a decision about one job rests on."""

    outcome: Outcome
    message: str
    business_center_name: str
    result: dict[str, Any]
    effects: tuple[EffectFact, ...]


class PlannedJob(_Frozen):
    """A job with what was found; `facts` is None if it can be looked at only when another job is done."""

    name: str
    source: str
    job: dict[str, Any]
    facts: Facts | None


class Plan(_Frozen):
    """All that `apply` needs. Times are ISO 8601 UTC; `business_centers` are names by id."""

    format: Literal[1] = FORMAT
    made_at: str
    made_by: str
    site: str
    logins: tuple[str, ...]
    business_centers: dict[str, str]
    source: str
    sha256: str
    allow_unusual: bool
    jobs: tuple[PlannedJob, ...]

    def tasks(self) -> tuple[Task, ...]:
        """Return the jobs, in the order of their file."""
        context = {ALLOW_UNUSUAL: self.allow_unusual, KEPT: True}
        return tuple(
            Task(job_adapter().validate_python(one.job, context=context), one.name, one.source) for one in self.jobs
        )

    def looks(self) -> list[RunRecord]:
        """Return what was found as the looks that found it, for all who tell what a plan comes to."""
        return [_look(one) for one in self.jobs]

    def agreed(self, *, partial: bool) -> dict[str, Any]:
        """Return what a batch keeps of its plan, see `Agreed`, as plain JSON."""
        return Agreed(partial=partial, facts=tuple(one.facts for one in self.jobs)).model_dump(mode="json")


class Agreed(_Frozen):
    """What was agreed to: the facts of each job, in file order; `partial` lets the unmoved jobs go on."""

    partial: bool
    facts: tuple[Facts | None, ...]


class Change(_Frozen):
    """A fact that is not as it was when the plan was made; not `seen` if it could not be looked at now."""

    what: str
    was: str
    now: str
    seen: bool

    def __str__(self) -> str:
        """Say it in one line."""
        about = f"{self.what}: " if self.what else ""
        return f"{about}was {self.was}, now {self.now}"


def make_plan(
    batch: BatchRecord, runs: Sequence[Run], *, made_by: str, allow_unusual: bool = False, at: datetime
) -> Plan:
    """Return the plan of a batch that has only looked. Every run has its record."""
    records = [run.record for run in runs if run.record is not None]
    return Plan(
        made_at=at.astimezone(UTC).isoformat(timespec="seconds"),
        made_by=made_by,
        site=batch.site,
        logins=tuple(batch.logins),
        business_centers={one.business_center: one.business_center_name for one in records if one.business_center_name},
        source=batch.source,
        sha256=batch.sha256,
        allow_unusual=allow_unusual,
        jobs=tuple(
            PlannedJob(
                name=run.name,
                source=run.source,
                job=run.job,
                facts=facts_of(run.record)
                if run.record and _was_looked_at(run, runs, allow_unusual=allow_unusual)
                else None,
            )
            for run in runs
        ),
    )


def facts_of(record: RunRecord) -> Facts:
    """Return what a decision uses of a look's record."""
    return Facts(
        outcome=record.outcome,
        message=record.message,
        business_center_name=record.business_center_name,
        result=record.result,
        effects=tuple(
            EffectFact(
                kind=one.kind,
                identity=one.identity,
                business_center=one.business_center,
                want=one.want,
                have=one.have,
                outcome=one.outcome,
                stands=_stands(one),
                message=one.message,
            )
            for one in record.effects
        ),
    )


def changes(was: Facts, now: RunRecord) -> list[Change]:
    """Return what moved between a plan's look and one now.

    No change is: what is there as wanted now, whoever did it; what this batch itself sent; and an earlier write
    that may have been sent and is not to be seen (it is not sent again). What cannot be looked at is a change.
    """
    if now.outcome == "cancelled":
        return []
    if not was.effects or not now.effects:
        return _changed_whole(was, now)
    by_key = {(one.business_center, one.kind, one.identity): one for one in now.effects}
    pairs = [(old, by_key.get((old.business_center, old.kind, old.identity))) for old in was.effects]
    found = [_change(old, new) for old, new in pairs if new is not None and not _same(old, new)]
    if not found:
        found = [_no_more(old) for old, new in pairs if new is None]
    if not found and now.outcome == "planned" and was.business_center_name != now.business_center_name:
        name = Change(what="Business Center", was=was.business_center_name, now=now.business_center_name, seen=True)
        return [name]
    return found


def _look(one: PlannedJob) -> RunRecord:
    facts = one.facts
    look = RunRecord(
        id=one.name,
        job=one.name,
        client=one.job.get("client"),
        flow=one.job["flow"],
        outcome=facts.outcome if facts else "planned",
        message=facts.message if facts else NOT_LOOKED_AT,
        login=one.job.get("login", "default"),
        source=one.source,
        business_center=one.job.get("business_center", ""),
        inputs=one.job,
        dry_run=True,
    )
    if facts is not None:
        look.business_center_name, look.result = facts.business_center_name, facts.result
        look.effects = [EffectRecord.model_validate(each.model_dump(exclude={"stands"})) for each in facts.effects]
    return look


def _was_looked_at(run: Run, runs: Sequence[Run], *, allow_unusual: bool) -> bool:
    try:
        return isinstance(resolved(run, runs, allow_unusual=allow_unusual), JobBase)
    except BadInput:
        return False


def _stands(one: EffectRecord) -> bool:
    """Whether it was seen as wanted; who waits for a person without having seen it has seen nothing."""
    return one.outcome in ("already", "done") or (one.outcome == "waiting" and one.seen_at is not None)


def _was_seen(one: EffectRecord) -> bool:
    """Whether the look came to a fact: an absence is one, if it has its proof."""
    return one.outcome not in ("failed", "screen-changed", "skipped", "waiting") or bool(one.proof)


def _same(old: EffectFact, new: EffectRecord) -> bool:
    if _stands(new) or new.armed_at is not None:
        return True
    if new.outcome == "unknown":
        return old.outcome in ("planned", "unknown")
    if old.stands or old.outcome != new.outcome or old.want != new.want:
        return False
    return new.outcome != "differs" or all(old.have.get(name) == new.have.get(name) for name in new.want)


def _changed_whole(was: Facts, now: RunRecord) -> list[Change]:
    """Compare looks of which one came to no single effect, by how they ended."""
    as_wanted = now.outcome in ("already", "done") or (bool(now.effects) and all(_stands(one) for one in now.effects))
    pending = now.outcome == "unknown" and was.outcome == "planned"
    if as_wanted or pending or was.outcome == now.outcome:
        return []
    seen = now.outcome in ("planned", "differs", "refused", "unknown")
    return [Change(what="", was=_told(was.outcome, was.message), now=_told(now.outcome, now.message), seen=seen)]


def _change(old: EffectFact, new: EffectRecord) -> Change:
    was, now = _told(old.outcome, old.message), _told(new.outcome, new.message)
    if old.outcome == new.outcome == "planned":
        was, now = f"to do with {_words(old.want)}", f"to do with {_words(new.want)}"
    return Change(what=f"{old.kind} {old.identity}", was=was, now=now, seen=_was_seen(new))


def _no_more(old: EffectFact) -> Change:
    gone = "no longer what the job comes to: it refers to a job whose result is another now"
    return Change(what=f"{old.kind} {old.identity}", was=_told(old.outcome, old.message), now=gone, seen=True)


def _told(outcome: str, message: str) -> str:
    if outcome == "planned":
        return "to do"
    return f"{outcome} ({message})" if message else outcome


def _words(want: dict[str, Any]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {shown(want[name])}" for name in sorted(want))

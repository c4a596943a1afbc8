"""References `${id.field}` from one job of a file to the result of an earlier one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bcflow.models.identity import trim
from bcflow.models.resolving import mentions
from bcflow.models.results import RESULTS, referable
from bcflow.models.suggestions import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_FITTING: Final = {
    "aadvid": ("aadvid",),
    "business_center": ("business_center_id", "partner_id"),
    "partner_id": ("business_center_id", "partner_id"),
    "email": ("email",),
}


@dataclass(frozen=True)
class RawJob:
    """One job as the file has it, readable or not: `values` are its fields."""

    index: int
    line: int
    values: Mapping[str, Any]

    @property
    def id(self) -> str | None:
        """The job's id, if it has one."""
        text = self.values.get("id")
        return trim(text) if isinstance(text, str) else None

    def needs(self) -> list[str]:
        """Return the ids of the jobs it refers to."""
        return [job_id for _, job_id, _ in mentions(self.values)]


@dataclass(frozen=True)
class BadReference:
    """A reference that can never be resolved: whose, at which path of it, and why."""

    job: RawJob
    path: tuple[str | int, ...]
    why: str


def check(jobs: Sequence[RawJob]) -> list[BadReference]:
    """Return every reference to an unknown job or field, to a later job, or in a circle.

    Jobs run in the order of the file, so a job can only refer to one above it.
    """
    owners: dict[str, RawJob] = {}
    for job in jobs:
        if job.id is not None:
            owners.setdefault(job.id, job)
    wrong = []
    for job in jobs:
        for path, job_id, name in mentions(job.values):
            text = f"${{{job_id}.{name}}}"
            why = _wrong_job(job, job_id, owners) or _wrong_field(path, owners[job_id], name)
            if why:
                wrong.append(BadReference(job, path, f"{text}: {why}"))
    return wrong


def _wrong_job(job: RawJob, job_id: str, owners: dict[str, RawJob]) -> str:
    owner = owners.get(job_id)
    if owner is None:
        return f"no job has the id '{job_id}'{nearest(job_id, owners)}"
    if owner.index < job.index:
        return ""
    circle = _circle(job, job_id, owners)
    if circle:
        return f"goes round in a circle: {' → '.join(circle)}"
    return f"the job '{job_id}' stands below, in line {owner.line}; move it above"


def _wrong_field(path: tuple[str | int, ...], owner: RawJob, name: str) -> str:
    flow = owner.values.get("flow")
    if not isinstance(flow, str) or flow not in RESULTS:
        return ""
    possible = referable(flow)
    if name not in possible:
        hint = nearest(name, possible)
        return f"{flow} gives no '{name}'{hint}; it gives {', '.join(possible)}"
    slot = str(path[-1])
    if name not in _FITTING.get(slot, possible):
        return f"a {name} does not fit here; {slot} needs {' or '.join(_FITTING[slot])}"
    return ""


def _circle(job: RawJob, first: str, owners: dict[str, RawJob]) -> list[str]:
    """The ids on the way from `job` over `first` back to `job`, or nothing."""
    start = job.id
    if start is None:
        return []
    ways: list[list[str]] = [[start, first]]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        if way[-1] == start:
            return way
        if way[-1] in seen or way[-1] not in owners:
            continue
        seen.add(way[-1])
        ways += [[*way, job_id] for job_id in owners[way[-1]].needs()]
    return []

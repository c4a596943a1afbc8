"""A job and where it stands in its file; the same thing asked for twice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from bcflow.models.effects import canonical
from bcflow.models.resolving import renamed

if TYPE_CHECKING:
    from collections.abc import Callable

    from bcflow.models.jobs import JobBase
    from bcflow.models.looks import Effect

_NOT_COMPARED: Final = {"id", "note"}
_KIND: Final = {
    "business-center": "Business Center",
    "ad-account": "ad account",
    "ad-account-access": "access to ad account",
    "member": "member",
    "partner": "partner",
    "share": "share",
}


@dataclass(frozen=True)
class LocatedJob:
    """One job of a file: its line (a spreadsheet's row) and its index from 0.

    `also` are the lines of later jobs that ask for exactly the same.
    """

    job: JobBase
    line: int
    index: int
    also: tuple[int, ...] = ()


def without_duplicates(
    located: list[LocatedJob], where: Callable[[LocatedJob], str]
) -> tuple[list[LocatedJob], list[tuple[LocatedJob, str]]]:
    """Return the jobs with equal ones made one, and each job that contradicts another, with why.

    `where(located)` names a job in messages, such as "jobs[0] in line 4". Jobs are equal
    when everything but id and note is; references to a later equal job are moved to the
    first. Jobs that want the same effect with other properties contradict each other.
    """
    kept: list[LocatedJob] = []
    same: dict[str, int] = {}
    wanted: dict[tuple[str, str, str], tuple[Effect, LocatedJob]] = {}
    new_ids: dict[str, str] = {}
    problems: list[tuple[LocatedJob, str]] = []
    for item in located:
        job = renamed(item.job, new_ids)
        fingerprint = job.model_dump_json(exclude=_NOT_COMPARED)
        if fingerprint in same:
            position = same[fingerprint]
            kept[position] = _joined(kept[position], item, new_ids)
            continue
        problems += _contradictions(replace(item, job=job), wanted, where)
        same[fingerprint] = len(kept)
        kept.append(replace(item, job=job))
    return kept, problems


def _joined(first: LocatedJob, later: LocatedJob, new_ids: dict[str, str]) -> LocatedJob:
    job, later_id = first.job, later.job.id
    if later_id and job.id:
        new_ids[later_id] = job.id
    elif later_id:
        job = job.model_copy(update={"id": later_id})
    return replace(first, job=job, also=(*first.also, later.line))


def _contradictions(
    item: LocatedJob,
    wanted: dict[tuple[str, str, str], tuple[Effect, LocatedJob]],
    where: Callable[[LocatedJob], str],
) -> list[tuple[LocatedJob, str]]:
    problems = []
    for effect in canonical(item.job):
        key = (effect.business_center, effect.kind, effect.identity)
        first, owner = wanted.setdefault(key, (effect, item))
        if first.want != effect.want:
            what = f"{_KIND[effect.kind]} '{effect.identity}'"
            apart = _difference(first.want, effect.want)
            text = f"wants the {what} otherwise than {where(owner)}: {apart}"
            problems.append((item, text))
    return problems


def _difference(there: dict[str, Any], here: dict[str, Any]) -> str:
    names = [name for name in {**there, **here} if there.get(name) != here.get(name)]
    return "; ".join(f"{name} {_said(here.get(name))} here, {_said(there.get(name))} there" for name in names)


def _said(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {inner}" for name, inner in value.items()) or "none"
    return "not given" if value is None else str(value).lower() if isinstance(value, bool) else str(value)

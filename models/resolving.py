"""Putting what other jobs gave in the place of `${id.field}`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pydantic import ValidationError

from bcflow.models import fields
from bcflow.models.errors import BadInput
from bcflow.models.explain import dotted, explain
from bcflow.models.identity import trim

if TYPE_CHECKING:
    from bcflow.models.jobs import JobBase

    AnyJob = TypeVar("AnyJob", bound=JobBase)

_NEVER_REFERENCES: Final = {"flow", "id", "client", "note", "login"}


def references(job: JobBase) -> list[tuple[str, str, str]]:
    """Return (where, job id, field) of every reference in `job`, in the order of its fields."""
    return [(dotted(path), job_id, name) for path, job_id, name in mentions(job.model_dump())]


def mentions(values: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Yield (path, job id, field) of every reference in a job's values, read or raw."""
    for name, value in values.items():
        if name not in _NEVER_REFERENCES:
            for path, text in _texts((name,), value):
                match = fields.REFERENCE.fullmatch(trim(text))
                if match:
                    yield path, match[1], match[2]


def resolve(
    job: AnyJob,
    values: Mapping[str, Mapping[str, Any]],
    *,
    allow_unusual: bool = False,
) -> AnyJob:
    """Return `job` with its references replaced by `values[job id][field]` and checked again.

    Raises BadInput naming every reference without a value and every value that does not fit.
    """
    missing = [
        f"{where}: ${{{job_id}.{name}}} is not known"
        for where, job_id, name in references(job)
        if not values.get(job_id, {}).get(name)
    ]
    if missing:
        raise BadInput(missing)
    kept = job.model_dump(include=_NEVER_REFERENCES)
    filled = _filled(job.model_dump(exclude=_NEVER_REFERENCES), values)
    context = {fields.RESOLVED: True, fields.ALLOW_UNUSUAL: allow_unusual, fields.KEPT: True}
    try:
        return type(job).model_validate({**kept, **filled}, context=context)
    except ValidationError as error:
        raise BadInput([str(problem) for problem in explain(error)]) from None


def renamed(job: AnyJob, new_ids: Mapping[str, str]) -> AnyJob:
    """Return `job` with references to the ids in `new_ids` pointing to the new ones."""
    moved = [found for found in references(job) if found[1] in new_ids]
    if not moved:
        return job
    values: dict[str, dict[str, str]] = {}
    for _, job_id, name in references(job):
        target = new_ids.get(job_id, job_id)
        values.setdefault(job_id, {})[name] = f"${{{target}.{name}}}"
    filled = _filled(job.model_dump(exclude=_NEVER_REFERENCES), values)
    kept = job.model_dump(include=_NEVER_REFERENCES)
    # Ids were checked when the job was read; unusual ones stay allowed here.
    return type(job).model_validate({**kept, **filled}, context={fields.ALLOW_UNUSUAL: True, fields.KEPT: True})


def _texts(path: tuple[str | int, ...], value: object) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _texts((*path, name), inner)
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _texts((*path, index), inner)


def _filled(value: Any, values: Mapping[str, Mapping[str, Any]]) -> Any:  # noqa: ANN401 - plain JSON
    if isinstance(value, str):
        match = fields.REFERENCE.fullmatch(value)
        return values[match[1]][match[2]] if match else value
    if isinstance(value, dict):
        return {name: _filled(inner, values) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_filled(inner, values) for inner in value]
    return value

"""One clear line for each thing pydantic found wrong with a job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bcflow.models.identity import quoted
from bcflow.models.jobs import FLOWS, AssetRole
from bcflow.models.suggestions import nearest

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails


@dataclass(frozen=True)
class Problem:
    """What is wrong with the value at `path`, a tuple of keys and list indexes."""

    path: tuple[str | int, ...]
    message: str

    def __str__(self) -> str:
        """Return "ad_accounts[0].role: message"."""
        where = dotted(self.path)
        return f"{where}: {self.message}" if where else self.message


def dotted(path: tuple[str | int, ...]) -> str:
    """Return ("jobs", 3, "email") as "jobs[3].email"."""
    text = ""
    for part in path:
        word = f"[{part}]" if isinstance(part, int) else quoted(part)[1:-1]
        text += f".{word}" if text and not isinstance(part, int) else word
    return text


def explain(error: ValidationError) -> list[Problem]:
    """Return one problem per error of a job's model, in plain words.

    A tag that pydantic puts in front of a path (the flow's name) is left out.
    """
    problems = []
    for detail in error.errors(include_url=False, include_context=True):
        path = detail["loc"]
        flow = str(path[0]) if path and path[0] in FLOWS else error.title
        path = path[1:] if path and path[0] in FLOWS else path
        path = (*path, "flow") if detail["type"].startswith("union_tag") else path
        problems.append(Problem(path, _words(detail, path, flow)))
    return problems


def _words(detail: ErrorDetails, path: tuple[str | int, ...], flow: str) -> str:
    kind, value = detail["type"], detail["input"]
    context: dict[str, Any] = detail.get("ctx", {})
    if kind == "extra_forbidden":
        known = _keys(flow, path)
        return f"unknown key{nearest(str(path[-1]), known)}; known: {', '.join(known)}"
    if kind == "value_error":
        return str(context.get("error", detail["msg"]))
    if kind.startswith("union_tag"):
        return _which_flow(value)
    if kind.startswith("bool_"):
        return f"{quoted(value)} is not true or false"
    return _plain_words(kind, value, context) or str(detail["msg"])


def _plain_words(kind: str, value: object, context: dict[str, Any]) -> str:
    if kind == "literal_error":
        return f"{quoted(value)} is not possible; choose {str(context['expected']).replace('True', 'true')}"
    if kind in {"string_too_long", "too_long"}:
        return f"is {len(str(value))} characters long, {context['max_length']} at most"
    if kind in {"model_type", "dict_type", "model_attributes_type"}:
        return f"must be a mapping of keys to values, not {quoted(value)}"
    return {
        "missing": "is missing",
        "too_short": "needs at least one",
        "tuple_type": "must be a list",
        "list_type": "must be a list",
    }.get(kind, "")


def _which_flow(job: object) -> str:
    known = f"choose one of {', '.join(FLOWS)}"
    flow = job.get("flow") if isinstance(job, Mapping) else None
    if flow is None:
        return f"is missing; {known}"
    hint = nearest(flow, FLOWS) if isinstance(flow, str) else ""
    return f"{quoted(flow)} is not a flow{hint}; {known}"


def _keys(flow: str, path: tuple[str | int, ...]) -> list[str]:
    """The keys that are allowed where `path` ends."""
    if len(path) > 1:
        return list(AssetRole.model_fields)
    by_title = {model.__name__: model for model in FLOWS.values()}
    model = FLOWS.get(flow) or by_title.get(flow)
    if model is None:
        return []
    hidden = {"business_center"} if model is FLOWS["create-business-center"] else set()
    return [name for name in model.model_fields if name not in hidden]

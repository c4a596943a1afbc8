"""`bcflow flows` and `bcflow flows FLOW`."""

from __future__ import annotations

import shlex
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args, get_origin

import typer

from bcflow.runner.cli.frame import columns, document, say
from bcflow.runner.cli.wording import completion, layout
from bcflow.runner.cli.wording.options import Json

if TYPE_CHECKING:
    from bcflow.models.jobs import JobBase
    from bcflow.runner.config.settings import Settings
    from bcflow.runner.storage.proofs import Proof

# The model has the field, like every job, and refuses it: the job makes its own place.
_NOT_AN_INPUT = ("create-business-center", "business_center")
_EVERYWHERE = ("id", "client", "note", "login")


def flows(
    flow: Annotated[
        str | None, typer.Argument(help="Show this flow's inputs.", metavar="FLOW", autocompletion=completion.flows)
    ] = None,
    as_json: Json = False,
) -> None:
    """Say what can be run, or the inputs of one flow. With when each was last seen to work here.

    \b
    Examples:
      bcflow flows
      bcflow flows invite-member
    """
    from bcflow.models.jobs import FLOWS

    if flow is None:
        _all(as_json)
        return
    described = describe(flow, FLOWS[known_flow(flow)])
    if as_json:
        document(described)
    else:
        say(*_page(described))


def known_flow(name: str) -> str:
    """Return `name` if it is a flow's. Raises BadInput with the nearest one otherwise."""
    from bcflow.models.errors import BadInput
    from bcflow.models.jobs import FLOWS
    from bcflow.models.suggestions import nearest

    if name not in FLOWS:
        raise BadInput([f"'{name}' is not a flow{nearest(name, FLOWS)}; there are: {', '.join(FLOWS)}"])
    return name


def describe(flow: str, model: type[JobBase]) -> dict[str, Any]:
    """Return a flow's description, inputs, result and example as plain JSON."""
    from bcflow.models.results import RESULTS
    from bcflow.runner.jobfiles.source import option_of

    inputs = [
        {
            "name": name,
            "option": option_of(name),
            "required": field.is_required(),
            "choices": choices(field.annotation),
            "description": field.description or "",
            "example": next(iter(field.examples or ()), None),
        }
        for name, field in model.model_fields.items()
        if name != "flow" and (flow, name) != _NOT_AN_INPUT
    ]
    inputs.sort(key=lambda one: (one["name"] in _EVERYWHERE, not one["required"]))
    return {
        "flow": flow,
        "description": (model.__doc__ or "").strip(),
        "inputs": inputs,
        "result": list(RESULTS[flow].model_fields),
        "example": _example(flow, inputs),
    }


def choices(annotation: object) -> list[str]:
    """Return the words an input is one of, or nothing if it is free."""
    if get_origin(annotation) is Literal:
        return [word for word in get_args(annotation) if isinstance(word, str)]
    return [word for part in get_args(annotation) for word in choices(part)]


def _all(as_json: bool) -> None:
    from bcflow.models.jobs import FLOWS
    from bcflow.runner.config.settings import Settings

    settings = Settings.load()
    site = settings.business_center_url
    seen = _seen_to_work(settings)
    rows: list[dict[str, Any]] = [
        {"flow": flow, "description": (model.__doc__ or "").strip(), "seen_to_work": seen.get(flow, [])}
        for flow, model in FLOWS.items()
    ]
    if as_json:
        document({"site": site, "flows": rows})
        return
    table = [(row["flow"], _last_seen(row["seen_to_work"]), row["description"]) for row in rows]
    say(*columns(table, heads=("flow", "last seen to work", "does")))
    say("", f"Seen to work on {site}. Inputs of one: bcflow flows FLOW")


def _seen_to_work(settings: Settings) -> dict[str, list[dict[str, str]]]:
    """Return the proofs of each flow on this site, the newest first."""
    from bcflow.models.jobs import FLOWS
    from bcflow.runner.storage.database import Database
    from bcflow.runner.storage.proofs import Proofs, take_in_proofs

    with closing(Database(settings.database_to_look_into())) as database:
        take_in_proofs(database, settings.home)
        with database.transaction() as connection:
            proofs = Proofs(connection)
            return {
                flow: [_plain(proof) for proof in proofs.of(flow) if proof.site == settings.business_center_url]
                for flow in FLOWS
            }


def _plain(proof: Proof) -> dict[str, str]:
    return {name: value for name, value in vars(proof).items() if name != "first_run"}


def _last_seen(proofs: list[dict[str, str]]) -> str:
    return f"{proofs[0]['last'][:10]} ({proofs[0]['language']})" if proofs else "never"


def _page(described: dict[str, Any]) -> list[str]:
    rows = [
        (one["option"], "needed" if one["required"] else "", _what(one))
        for one in described["inputs"]
        if one["name"] != "id"
    ]
    return [
        f"{described['flow']}: {described['description']}",
        "",
        *columns(rows, heads=("input", "", "what")),
        "",
        f"Gives: {', '.join(described['result'])}",
        "",
        "Example:",
        *layout.folded_command(described["example"], layout.room_on(sys.stdout)),
        "",
        "In a job file an input is written with its name in snake case: see bcflow schema.",
    ]


def _what(one: dict[str, Any]) -> str:
    words = one["choices"] if one["name"] != "ad_accounts" else []
    return f"{one['description']} ({' or '.join(words)})" if words else str(one["description"])


def _example(flow: str, inputs: list[dict[str, Any]]) -> str:
    words = ["bcflow", "run", flow]
    for one in inputs:
        if one["name"] in _EVERYWHERE or (not one["example"] and not one["required"]):
            continue
        words += [one["option"], _example_value(one)]
    if any(one["name"] == "accept_terms" for one in inputs):
        words.append("--accept-terms")
    return shlex.join(words)


def _example_value(one: dict[str, Any]) -> str:
    if one["name"] == "ad_accounts":
        return "7012345678901234567:operator"
    return str(one["example"] or next(iter(one["choices"]), one["name"]))

"""`bcflow run` and `bcflow rehearse`: their options, with those of the flow that is named on the command line."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, get_args

import typer

from bcflow.runner.cli import frame
from bcflow.runner.cli.frame import load_settings
from bcflow.runner.cli.wording import completion
from bcflow.runner.cli.wording.options import (
    INPUTS,
    DryRun,
    Json,
    LoginOrFile,
    MaxWrites,
    NoWait,
    Trust,
    UnusualId,
    Yes,
)

if TYPE_CHECKING:
    from bcflow.models.jobs import JobBase
    from bcflow.runner.batches.submit import How
    from bcflow.runner.config.settings import Settings

_HELP: Final = """Look, show what would happen, ask once, then write. One flow, a spreadsheet, or a job file.

    A flow that was never seen to work here writes one job first and asks again. Exit codes: 0 all is well
    or others must act, 1 something did not happen, 2 bad input and nothing was started, 3 you must act,
    4 a screen changed, 5 a plan is out of date (`apply`), 130 interrupted.

    \b
    Examples:
      bcflow run onboarding.yaml --dry-run
      bcflow run invite-member --from people.xlsx --business-center 7123456789012345678
      bcflow run invite-member --business-center 7123456789012345678 --email ana@acme.example --role standard
      bcflow run invite-member --help    # with the flow's own options
    """

_REHEARSE_HELP: Final = """Do all but send, and show what would be sent. Every form is filled and its button
    pressed, with every write refused in the browser.

    Use it before the first run of a flow on a site, and where screens have changed: words that nobody knows are asked
    about together. What a rehearsal saw leave is the only kind of write that a later run of the flow may begin with
    there. Of a write that takes several requests only the first is seen. Exit codes as of `bcflow run --dry-run`.

    \b
    Examples:
      bcflow rehearse onboarding.yaml
      bcflow rehearse invite-member --business-center 7123456789012345678 --email ana@acme.example --role standard
    """

_From = Annotated[
    Path | None, typer.Option("--from", help="A spreadsheet, .csv or .xlsx: one job a row.", metavar="FILE")
]
_BusinessCenter = Annotated[
    str | None, typer.Option("--business-center", help="Business Center of the jobs: id, or only name.", metavar="ID")
]
_Target = Annotated[
    str,
    typer.Argument(
        help="A flow, or a job file.", metavar="FLOW|FILE", show_default=False, autocompletion=completion.targets
    ),
]

_COMMON: Final[dict[str, tuple[Any, Any]]] = {
    "target": (_Target, inspect.Parameter.empty),
    "sheet": (_From, None),
    "business_center": (_BusinessCenter, None),
    "login": (LoginOrFile, None),
    "dry_run": (DryRun, False),
    "yes": (Yes, False),
    "trust_first_write": (Trust, False),
    "max_writes": (MaxWrites, None),
    "allow_unusual_id": (UnusualId, False),
    "no_wait": (NoWait, False),
    "as_json": (Json, False),
}

_WITHOUT_VALUE: Final = frozenset(
    {"--allow-unusual-id", "--dry-run", "--yes", "-y", "--trust-first-write", "--no-wait", "--json", "--help"}
)

_OF_A_LOOK: Final = {
    name: option
    for name, option in _COMMON.items()
    if name not in {"dry_run", "yes", "trust_first_write", "max_writes"}
}


def run_command(flow: str | None) -> Callable[..., None]:
    """Return `run` as typer reads it, with the options of `flow`."""
    return _command(flow, _COMMON, _HELP, _run)


def rehearse_command(flow: str | None) -> Callable[..., None]:
    """Return `rehearse` as typer reads it, with the options of `flow`."""
    return _command(flow, _OF_A_LOOK, _REHEARSE_HELP, _rehearse)


def flow_in(argv: Sequence[str], *, half: bool = False) -> str | None:
    """Return the flow named on the command line, if it runs one; loads the models only then.

    Raises BadInput if what it names is no flow and no job file: the options of a flow that is not known are not either,
    and to be told of those says nothing. Of a line that is `half` typed nothing is required.
    """
    words = [word for word in argv if not word.startswith("-")]
    if not words or words[0] not in {"run", "rehearse"}:
        return None
    from bcflow.models.jobs import FLOWS
    from bcflow.runner.jobfiles.source import require_target

    flow = next((word for word in words[1:] if word in FLOWS), None)
    if flow is None and not half and (target := _target(argv[argv.index(words[0]) + 1 :])):
        require_target(target)
    return flow


def _target(argv: Sequence[str]) -> str:
    """Return the first word that is no option and no option's value, or an empty text."""
    before = ""
    for word in argv:
        is_value = before.startswith("-") and "=" not in before and before not in _WITHOUT_VALUE
        if not word.startswith("-") and not is_value:
            return word
        before = word
    return ""


def _command(
    flow: str | None,
    common: dict[str, tuple[Any, Any]],
    text: str,
    do: Callable[[dict[str, Any], dict[str, Any]], None],
) -> Callable[..., None]:
    """Return a command as typer reads it: a function whose signature lists every option."""
    options = _flow_options(flow) if flow else {}
    target = {name: common[name] for name in ("target",)}
    everything = {**target, **options, **common}

    def run(**values: Any) -> None:  # noqa: ANN401 - whatever the signature below says
        do({name: values.pop(name) for name in common}, values)

    run.__doc__ = text
    run.__annotations__ = {name: kind for name, (kind, _) in everything.items()}
    parameters = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
        for name, (kind, default) in everything.items()
    ]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return run


def _flow_options(flow: str) -> dict[str, tuple[Any, Any]]:
    from bcflow.models.jobs import FLOWS

    model = FLOWS[flow]
    return {name: _option(name, model) for name in model.model_fields if name not in {*_COMMON, "flow", "id"}}


def _option(name: str, model: type[JobBase]) -> tuple[Any, Any]:
    """Return the typer option of one input; everything is text here, and checked by the model."""
    from bcflow.runner.cli.flows import choices
    from bcflow.runner.jobfiles.source import option_of

    field = model.model_fields[name]
    option, words = option_of(name), "|".join(choices(field.annotation))
    text = f"{field.description or ''}{' (needed)' if field.is_required() else ''}"
    if name == "ad_accounts":
        text += " May be given several times."
        return Annotated[
            list[str] | None, typer.Option(option, help=text, metavar="AADVID:ROLE", rich_help_panel=INPUTS)
        ], None
    if bool in get_args(field.annotation):
        return Annotated[
            bool | None, typer.Option(f"{option}/--no-{option[2:]}", help=text, rich_help_panel=INPUTS)
        ], None
    if name == "accept_terms":
        return Annotated[bool | None, typer.Option(option, help=text, rich_help_panel=INPUTS)], None
    return Annotated[str | None, typer.Option(option, help=text, metavar=words or "TEXT", rich_help_panel=INPUTS)], None


def _run(common: dict[str, Any], given: dict[str, Any]) -> None:
    from bcflow.runner.batches.submit import How

    _work(
        common,
        given,
        lambda settings: How(
            dry_run=common["dry_run"],
            yes=common["yes"],
            trust_first_write=common["trust_first_write"],
            max_writes=common["max_writes"] or settings.max_writes,
            allow_unusual=common["allow_unusual_id"],
            wait=not common["no_wait"],
            as_json=common["as_json"],
        ),
    )


def _rehearse(common: dict[str, Any], given: dict[str, Any]) -> None:
    from bcflow.runner.batches.submit import How

    _work(
        common,
        given,
        lambda _settings: How(
            dry_run=True,
            rehearse=True,
            allow_unusual=common["allow_unusual_id"],
            wait=not common["no_wait"],
            as_json=common["as_json"],
        ),
    )


def _work(common: dict[str, Any], given: dict[str, Any], how: Callable[[Settings], How]) -> None:
    from bcflow.runner.cli.running.ordering import named_order
    from bcflow.runner.cli.running.work import work
    from bcflow.runner.jobfiles.source import Wanted

    settings = load_settings(make_home=False)
    wanted = Wanted(
        target=common["target"],
        sheet=common["sheet"],
        business_center=common["business_center"],
        login=common["login"],
        allow_unusual=common["allow_unusual_id"],
        given=given,
    )
    kind = how(settings)
    to_do = frame.typed_without("--dry-run", "--json") if kind.dry_run else ""
    order = named_order(wanted, settings, wait=not common["no_wait"])
    raise typer.Exit(work(order, settings, kind, to_do=to_do))

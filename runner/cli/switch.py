"""`bcflow stop` and `start`: the switches that every bcflow of one database obeys."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from bcflow.runner.cli.frame import complain, document, load_settings, say
from bcflow.runner.cli.wording import completion, messages
from bcflow.runner.cli.wording.options import Json

if TYPE_CHECKING:
    from bcflow.runner.config.settings import Settings
    from bcflow.runner.storage.database import Database
    from bcflow.runner.storage.switches import Switches

EVERYTHING = "everything"
WRITES = "writes"
"""What the log names when no single run or login is meant."""


def stop(
    why: Annotated[str, typer.Option("--why", help="For those who wonder why nothing moves.", metavar="TEXT")] = "",
    read_only: Annotated[bool, typer.Option("--read-only", help="Stop writing only; looking goes on.")] = False,
    as_json: Json = False,
) -> None:
    """Stop everything: nothing starts or writes any more. Until `bcflow start`.

    A job that runs ends before its next write; a write already on its way is still looked after.

    \b
    Examples:
      bcflow stop --why "the client called"
      bcflow stop --read-only
    """
    from bcflow.runner.storage.audit import Audit
    from bcflow.runner.storage.database import Database
    from bcflow.runner.storage.switches import Switches

    settings = load_settings()
    with closing(Database(settings.database())) as database:
        switches = Switches(database)
        if read_only:
            switches.read_only(on=True, actor=settings.actor, why=why)
        else:
            switches.stop(why, settings.actor)
        subject = WRITES if read_only else EVERYTHING
        Audit(database, secrets=settings.secrets()).note(
            "stopped", actor=settings.actor, subject=subject, detail={"why": why} if why else {}
        )
        _tell(switches, settings, as_json=as_json)


def start(
    flow: Annotated[
        str | None,
        typer.Argument(help="Only lift the pause of this flow.", metavar="FLOW", autocompletion=completion.flows),
    ] = None,
    login: Annotated[
        str | None, typer.Option("--login", help="With FLOW: on which login (default: default).", metavar="NAME")
    ] = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="Lift `stop --read-only`: write again.")] = False,
    as_json: Json = False,
) -> None:
    """Lift `bcflow stop`, or the pause of a FLOW. A flow is paused because something went wrong.

    Each switch is lifted by itself; what is still on is told, and how a batch goes on that was not begun meanwhile.

    \b
    Examples:
      bcflow start
      bcflow start --read-only
      bcflow start invite-member --login acme
    """
    from bcflow.models.errors import BadInput
    from bcflow.runner.batches.moves import advance_all
    from bcflow.runner.engine.opening import opened
    from bcflow.runner.storage.switches import Switches

    if flow is not None and read_only:
        raise BadInput(["start: say either a flow or --read-only"])
    if flow is None and login is not None:
        raise BadInput(["start: --login goes with a flow; write bcflow start FLOW --login NAME"])
    settings = load_settings()
    with opened(settings) as context:
        switches = Switches(context.database)
        missed: list[str] = []
        if flow is not None:
            missed = _missed(context.database, switches, flow, login or "default")
            subject, detail = _lift(switches, flow, login or "default", settings.actor)
        elif read_only:
            switches.read_only(on=False, actor=settings.actor)
            subject, detail = WRITES, {}
        else:
            switches.start(settings.actor)
            subject, detail = EVERYTHING, {}
        context.audit.note("started-again", actor=settings.actor, subject=subject, detail=detail)
        advance_all(context)
        _tell(switches, settings, as_json=as_json)
        say(*(f"Next: bcflow resume {batch}" for batch in missed) if not as_json else ())


def _missed(database: Database, switches: Switches, flow: str, login: str) -> list[str]:
    """Return the batches of which something was not begun since a flow rests on a login."""
    from bcflow.runner.storage.runs import not_begun

    since = min((each.at for each in switches.all() if (each.flow, each.login) == (flow, login)), default=None)
    if since is None:
        return []
    with database.transaction() as connection:
        return not_begun(connection, flow, login, since)


def _lift(switches: Switches, flow: str, login: str, actor: str) -> tuple[str, dict[str, str]]:
    """Lift a pause and return what the log tells of it. Raises BadInput if there is none."""
    from bcflow.models.errors import BadInput
    from bcflow.models.fields import login_name
    from bcflow.runner.cli.flows import known_flow

    try:
        name = login_name(login)
    except ValueError as error:
        raise BadInput([f"start: {error}"]) from None
    was = switches.paused(flow, name)
    if not was:
        known_flow(flow)
        known = [f"{each.flow} --login {each.login}" for each in switches.all() if each.kind == "paused"]
        raise BadInput([f"start: {flow} is not paused on login {name}; paused: {', '.join(known) or 'nothing'}"])
    switches.resume(flow, name, actor)
    return name, {"flow": flow, "lifted": was}


def _tell(switches: Switches, settings: Settings, *, as_json: bool) -> None:
    on = switches.all()
    if as_json:
        document({"switches": [asdict(each) for each in on], "read_only_setting": settings.read_only})
        return
    say(*(str(each) for each in on) if on else [messages.NOTHING_STOPPED])
    if settings.read_only:
        complain("read-only all the same: BCFLOW_READ_ONLY is set")

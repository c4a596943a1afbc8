"""`bcflow log`: who asked for, approved, answered and stopped what, and whether that log is sound."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from bcflow.runner.cli.frame import columns, complain, document, load_settings, moment_of, say
from bcflow.runner.cli.wording.messages import NOTHING_LOGGED
from bcflow.runner.cli.wording.options import FILTERS, Client, Json, Since

if TYPE_CHECKING:
    from bcflow.runner.storage.audit import Audit, AuditEntry


_Actor = Annotated[
    str | None, typer.Option("--actor", help="Only what this person did.", metavar="NAME", rich_help_panel=FILTERS)
]
_Action = Annotated[
    str | None,
    typer.Option(
        "--action", help="Only this: submitted, approved, answered …", metavar="WORD", rich_help_panel=FILTERS
    ),
]
_Subject = Annotated[
    str | None,
    typer.Option(
        "--subject", help="Only about this run, batch, question or login.", metavar="ID", rich_help_panel=FILTERS
    ),
]


def log(  # noqa: PLR0913 - one option each
    *,
    actor: _Actor = None,
    action: _Action = None,
    subject: _Subject = None,
    client: Client = None,
    since: Since = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, help="So many at most, the newest.", metavar="N", rich_help_panel=FILTERS)
    ] = 50,
    verify: Annotated[
        bool, typer.Option("--verify", help="Check the whole log instead; exit code 1 if it was tampered with.")
    ] = False,
    noted: Annotated[
        str, typer.Option("--noted", help="With --verify: a hash you noted, which must be in the log.", metavar="HASH")
    ] = "",
    as_json: Json = False,
) -> None:
    """Tell who did what and when, the oldest first. Times are UTC.

    --verify checks the chain and compares it with the batches and the writes of this database. It prints the newest
    hash: note it somewhere else, then a later --verify --noted HASH also tells whether the end was cut off.

    \b
    Examples:
      bcflow log --since 7d
      bcflow log --subject 2twq9c4k --json
      bcflow log --verify
    """
    from bcflow.models.errors import BadInput
    from bcflow.runner.storage.audit import Audit, plain
    from bcflow.runner.storage.audit_check import missing_entries
    from bcflow.runner.storage.database import Database

    if noted and not verify:
        raise BadInput(["log: --noted goes with --verify"])
    _check_action(action)
    start = moment_of(since) if since else None
    settings = load_settings(only_looks=True)
    with closing(Database(settings.database_to_look_into())) as database:
        audit = Audit(database)
        if verify:
            _verify(audit, missing_entries(database), noted, as_json=as_json)
            return
        found = audit.entries(actor=actor, action=action, subject=subject, since=start, client=client, limit=limit)
    if as_json:
        document([plain(entry) for entry in found])
    elif found:
        say(*columns(map(_row, found), heads=("when", "actor", "action", "subject", "detail")))
    else:
        say(NOTHING_LOGGED)


def _verify(audit: Audit, missing: list[str], noted: str, *, as_json: bool) -> None:
    from bcflow.runner.storage.audit_check import NOT_KNOWN

    wrong = [*audit.verify(noted=noted.strip().lower()), *missing]
    open_questions = () if noted else NOT_KNOWN
    newest = audit.newest()
    count, mark = (newest.id, newest.hash) if newest else (0, "")
    if as_json:
        told = {"sound": not wrong, "wrong": wrong, "entries": count, "newest_hash": mark}
        document(told | {"not_known": list(open_questions)})
    else:
        say(*wrong)
        end = f"; newest hash: {mark}" if mark else ""
        say(f"the log is {'NOT sound' if wrong else 'sound'}, entries: {count}{end}")
        say(*(f"not known: {question}" for question in open_questions))
    if wrong:
        if as_json:
            complain(f"the log is not sound: {len(wrong)} findings")
        raise typer.Exit(1)


def _row(entry: AuditEntry) -> tuple[str, ...]:
    known = {name: value for name, value in entry.detail.items() if value not in ("", None, [], {})}
    detail = ", ".join(f"{name.replace('_', ' ')}: {_said(value)}" for name, value in known.items())
    return entry.at[:19].replace("T", " "), entry.actor, entry.action, entry.subject, detail


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return "; ".join(f"{name} {_said(each)}" for name, each in value.items())
    if isinstance(value, list):
        return "; ".join(map(_said, value))
    return str(value)


def _check_action(action: str | None) -> None:
    from bcflow.models.errors import BadInput
    from bcflow.models.suggestions import nearest
    from bcflow.runner.storage.audit import ACTIONS

    if action is not None and action not in ACTIONS:
        raise BadInput([f"--action: '{action}' is none{nearest(action, ACTIONS)}; known: {', '.join(ACTIONS)}"])

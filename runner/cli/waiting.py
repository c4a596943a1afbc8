"""`bcflow waiting` and `remind`: who must act, and the text to send them."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bcflow.runner.cli.frame import document, load_settings, say, say_as_it_is
from bcflow.runner.cli.wording import layout, messages
from bcflow.runner.cli.wording.options import Client, Json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bcflow.models.outcomes import RunRecord
    from bcflow.runner.config.settings import Settings
    from bcflow.runner.policy.follow_up import Patience
    from bcflow.runner.policy.waits import Wait


def waiting(
    client: Client = None,
    as_json: Json = False,
) -> None:
    """List who must act before runs are whole. You first, then the others, each the oldest first.

    For each thing only the newest run counts that could see it. Nothing is looked at on the site by this.

    \b
    Examples:
      bcflow waiting
      bcflow waiting --client acme --json
    """
    from bcflow.runner.config.limits import patience_of
    from bcflow.runner.policy.waits import OTHER_SIDE, waits

    settings, now = load_settings(only_looks=True), datetime.now(UTC)
    runs, patience = every_run(settings), patience_of(settings)
    found = [one for one in waits(runs) if client in (None, one.client)]
    if client is not None and not found:
        _check_client(client, runs)
    if as_json:
        document([_plain(one, now, patience) for one in found])
        return
    say(*(_table(found, now, patience) if found else [messages.NOBODY_MUST_ACT]))
    clients = sorted({one.client for one in found if one.client and one.who in OTHER_SIDE})
    if clients:
        say("", f"The text to send: bcflow remind {clients[0] if len(clients) == 1 else 'CLIENT'}")


def remind(
    client: Annotated[str, typer.Argument(help="Whom it is for, as the jobs name the client.", metavar="CLIENT")],
    as_json: Json = False,
) -> None:
    """Print the text to send to a client who must act. What waits for their side, and what they have to click.

    Nothing is sent by this; what waits for you or for TikTok is left out.

    \b
    Example:
      bcflow remind acme
    """
    from bcflow.runner.config.limits import patience_of
    from bcflow.runner.notify.reminder import Sites, reminder
    from bcflow.runner.policy.waits import OTHER_SIDE, waits

    now = datetime.now(UTC)
    settings = load_settings(only_looks=True)
    runs = every_run(settings)
    _check_client(client, runs)
    found = [one for one in waits(runs) if one.client == client and one.who in OTHER_SIDE]
    text = reminder(found, Sites(settings.business_center_url, settings.ads_manager_url))
    if as_json:
        plain = [_plain(one, now, patience_of(settings)) for one in found]
        document({"client": client, "text": text, "waiting": plain})
    else:
        say_as_it_is(text or f"nothing waits for {client}")


def every_run(settings: Settings) -> list[RunRecord]:
    """Return every run of the settings' site: a stand-in's have no place beside those of the real one."""
    from bcflow.runner.storage.shared_history import open_history

    with open_history(settings) as history:
        runs = [run for batch in history.batches() for run in history.runs_of(batch)]
    return [run for run in runs if run.site in ("", settings.business_center_url)]


def _check_client(client: str, runs: Sequence[RunRecord]) -> None:
    from bcflow.models.errors import BadInput
    from bcflow.models.suggestions import nearest

    known = {run.client for run in runs if run.client}
    if client not in known:
        raise BadInput([f"no run is for a client '{client}'{nearest(client, known)}; `bcflow waiting` names them"])


def _table(found: Sequence[Wait], now: datetime, patience: Patience) -> list[str]:
    names = ("", "waiting", "since", "run", "client", "what", "next")
    rows = [_row(one, now, patience) for one in found]
    table, *blocks = layout.blocks(rows, heads=names, room=layout.room_on(sys.stdout))
    for who, each in groupby(zip(found, blocks, strict=True), key=lambda one: one[0].who):
        group = [lines for _, lines in each]
        table += ["", f"{who} ({len(group)})", *(line for lines in group for line in lines)]
    return table


def _row(wait: Wait, now: datetime, patience: Patience) -> tuple[str, ...]:
    since = messages.minute(wait.since.astimezone(UTC).isoformat()) if wait.since else ""
    mark = "overdue" if wait.overdue(now, patience) else ""
    return mark, _age(wait, now), since, wait.run.id, wait.client or "", wait.what, wait.run.next_action


def _age(wait: Wait, now: datetime) -> str:
    """Return how long it has waited, in the largest unit that fits."""
    if wait.since is None:
        return ""
    seconds = max(0, int((now - wait.since).total_seconds()))
    for unit, size in (("d", 86400), ("h", 3600)):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds // 60} min"


def _plain(wait: Wait, now: datetime, patience: Patience) -> dict[str, Any]:
    age = now - wait.since if wait.since else timedelta()
    return {
        "who": wait.who,
        "what": wait.what,
        "client": wait.client,
        "run": wait.run.id,
        "batch": wait.run.batch,
        "job": wait.run.job,
        "flow": wait.run.flow,
        "business_center": wait.run.business_center,
        "outcome": wait.run.outcome,
        "since": wait.since.astimezone(UTC).isoformat(timespec="seconds") if wait.since else None,
        "age_seconds": max(0, int(age.total_seconds())),
        "overdue": wait.overdue(now, patience),
        "next_action": wait.run.next_action,
        "message": wait.run.message,
    }

"""`bcflow prune`: delete what old runs left, by age or by client, and say what stays and why."""

from __future__ import annotations

import re
from collections import defaultdict
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from bcflow.runner.cli import frame
from bcflow.runner.cli.frame import complain, document, load_settings, say
from bcflow.runner.cli.wording.messages import nobody_to_ask
from bcflow.runner.cli.wording.options import Json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bcflow.runner.batches.prune import Known, Plan, Stay, Wanted
    from bcflow.runner.config.settings import Settings
    from bcflow.runner.storage.database import Database
    from bcflow.runner.storage.history import History

_DAYS = {"d": 1, "w": 7}
_FEW = 5
_KILO = 1024


def prune(
    older_than: Annotated[
        str | None, typer.Option("--older-than", help="What ended longer ago than this: 90d, 12w.", metavar="LENGTH")
    ] = None,
    client: Annotated[
        str | None, typer.Option("--client", help="Only this client's; alone: all of it.", metavar="NAME")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go; delete nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: Json = False,
) -> None:
    """Delete what old runs left, by age, by client or both. That is results, pictures, logs and reports.

    Never deleted: a run whose write may have been sent and is not settled, and a batch that has not ended. By age
    alone, what still waits for others stays too. The ledger and the log of who did what are kept for ever.

    \b
    Examples:
      bcflow prune --older-than 90d --dry-run
      bcflow prune --client acme --yes
    """
    from bcflow.models.errors import BadInput
    from bcflow.runner.batches.prune import Wanted, plan
    from bcflow.runner.storage.database import Database
    from bcflow.runner.storage.history import History

    if older_than is None and client is None:
        raise BadInput(["prune: say --older-than 90d, --client NAME or both"])
    wanted = Wanted(datetime.now(UTC) - _length(older_than) if older_than else None, client)
    settings = load_settings(only_looks=dry_run)
    history, url = History(settings.home), settings.database_to_look_into() if dry_run else settings.database()
    with closing(Database(url)) as database:
        found = plan(history, wanted, _known(database, url))
        if dry_run or found.is_empty or not _agreed(found, yes=yes):
            _tell(found, (), deleted=False, as_json=as_json)
            return
        # Somebody may have resumed a batch while the question stood.
        found = plan(history, wanted, _known(database, url))
        troubles = _carry_out(found, history, database, settings, wanted)
    _tell(found, troubles, deleted=True, as_json=as_json)
    if troubles:
        raise typer.Exit(1)


def _length(text: str) -> timedelta:
    from bcflow.models.errors import BadInput

    found = re.fullmatch(r"([0-9]{1,4})([dw])", text.strip().lower())
    if not found or not int(found[1]):
        raise BadInput([f"--older-than: '{text}' is no length of time; write days or weeks: 90d, 12w"])
    return timedelta(days=int(found[1]) * _DAYS[found[2]])


def _known(database: Database, url: str) -> Known:
    from bcflow.runner.batches.prune import Known, unsettled_runs
    from bcflow.runner.storage.ledger import Ledger
    from bcflow.runner.storage.runs import Store

    store = Store(database)
    with closing(Ledger(url)) as ledger:
        unsettled, touched = unsettled_runs(ledger.history())
    open_batches = {held.record.id for held in store.open_batches()}
    return Known(unsettled, touched, lambda batch: batch in open_batches if store.has(batch) else None)


def _agreed(found: Plan, *, yes: bool) -> bool:
    """Ask; without anybody at the terminal only --yes is a yes. Raises BadInput if nobody can be asked."""
    from bcflow.models.errors import BadInput

    if yes:
        return True
    if not frame.person_is_there():
        raise BadInput([nobody_to_ask("delete")])
    for stay in found.stays:
        complain(f"{stay.name} stays: {stay.why}")
    return frame.ask_yes_no(f"Delete {_counts(found)}? It cannot be brought back.")


def _carry_out(found: Plan, history: History, database: Database, settings: Settings, wanted: Wanted) -> Sequence[Stay]:
    from bcflow.runner.batches.prune import carry_out
    from bcflow.runner.batches.prune_rows import DatabaseRows
    from bcflow.runner.storage.audit import Audit

    detail = {
        "older_than": wanted.before.isoformat(timespec="seconds") if wanted.before else "",
        "client": wanted.client or "",
        "runs": len(found.all_runs),
        "batches": len(found.batches),
    }
    # Noted first: a log that tells of too much is better than one that tells of too little.
    audit = Audit(database, secrets=settings.secrets())
    audit.note("pruned", actor=settings.actor, subject=wanted.client or "runs", detail=detail)
    rows = DatabaseRows(database)
    troubles = carry_out(found, history, rows)
    if wanted.before is not None and wanted.client is None:
        rows.remove_older(wanted.before)
    return troubles


def _tell(found: Plan, troubles: Sequence[Stay], *, deleted: bool, as_json: bool) -> None:
    stays = [*found.stays, *troubles]
    if as_json:
        document(
            {
                "deleted": deleted,
                "runs": found.all_runs,
                "batches": found.batches,
                "reports": [path.name for path in found.reports],
                "bytes": found.size,
                "stays": [asdict(one) for one in stays],
            }
        )
        return
    if found.is_empty:
        say("nothing to delete")
    else:
        say(f"{'deleted' if deleted else 'would delete'}: {_counts(found)}")
    by_reason: defaultdict[str, list[str]] = defaultdict(list)
    for one in stays:
        by_reason[one.why].append(one.name)
    for why, names in by_reason.items():
        more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
        say(f"stays: {', '.join(names[:_FEW])}{more}: {why}")


def _counts(found: Plan) -> str:
    counts = [(len(found.all_runs), "run"), (len(found.batches), "whole batch"), (len(found.reports), "client report")]
    said = [f"{count} {_plural(word, count)}" for count, word in counts if count]
    return f"{', '.join(said)} ({_bytes(found.size)})"


def _plural(word: str, count: int) -> str:
    if count == 1:
        return word
    return f"{word}es" if word.endswith("ch") else f"{word}s"


def _bytes(count: int) -> str:
    """Return a size as people read it; 1 KB is 1024 bytes."""
    size = float(count)
    for unit in ("bytes", "KB", "MB"):
        if size < _KILO:
            return f"{size:.0f} {unit}"
        size /= _KILO
    return f"{size:.1f} GB"

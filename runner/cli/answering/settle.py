"""`bcflow settle`: a person's word on a write whose effect could not be seen."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bcflow.runner.cli.frame import document, load_settings, require_anything, say
from bcflow.runner.cli.wording import completion
from bcflow.runner.cli.wording.options import Json

if TYPE_CHECKING:
    from bcflow.models.outcomes import RunRecord
    from bcflow.runner.config.settings import Settings
    from bcflow.runner.storage.history import History


def settle(
    run: Annotated[
        str, typer.Argument(help="The run whose outcome is unknown.", metavar="RUN", autocompletion=completion.runs)
    ],
    site_id: Annotated[str | None, typer.Argument(help="With --happened: the id the site gave.", metavar="ID")] = None,
    happened: Annotated[bool, typer.Option("--happened", help="You saw on the site that it happened.")] = False,
    did_not_happen: Annotated[
        bool, typer.Option("--did-not-happen", help="You saw on the site that it did not happen.")
    ] = False,
    remember: Annotated[
        bool,
        typer.Option("--remember", help="With --did-not-happen: what the site said then is a no from now on."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Say what you saw on the site of an `unknown`. Nothing is clicked by this.

    \b
    Examples:
      bcflow settle 2twq9c4k-003 --happened 7012345678901234567
      bcflow settle 2twq9c4k-003 --did-not-happen
      bcflow settle 2twq9c4k-003 --did-not-happen --remember
    """
    from bcflow.models.errors import BadInput
    from bcflow.runner.reports.evidence import Evidence
    from bcflow.runner.storage.audit import Audit
    from bcflow.runner.storage.database import Database
    from bcflow.runner.storage.ledger import Ledger
    from bcflow.runner.storage.runs import Store
    from bcflow.runner.storage.shared_history import open_history

    if happened == did_not_happen:
        raise BadInput(["settle: say either --happened or --did-not-happen"])
    if did_not_happen and site_id:
        raise BadInput(["settle: an id goes with --happened only"])
    if remember and not did_not_happen:
        raise BadInput(["settle: --remember goes with --did-not-happen only"])
    settings = load_settings(make_home=False)
    require_anything(settings)
    with open_history(settings) as history:
        record = _one_run(history, run)
    with closing(Ledger(settings.database())) as ledger:
        effects = ledger.settle(record.id, happened=happened, site_id=site_id, by=settings.actor, remember=remember)
    with closing(Database(settings.database())) as database:
        detail = {"happened": happened, "id": site_id, "effects": effects} | ({"remember": True} if remember else {})
        Audit(database, secrets=settings.secrets()).note(
            "settled", actor=settings.actor, subject=record.id, detail=detail
        )
        _note_word(record, happened=happened, by=settings.actor)
        Store(database).keep_record(record)
    if history.is_here(record.id):
        Evidence(history.run_folder(record.id)).write_result(record)
    if as_json:
        document({"run": record.id, "happened": happened, "effects": effects})
    else:
        _tell(settings, record, happened=happened)


def _tell(settings: Settings, record: RunRecord, *, happened: bool) -> None:
    from bcflow.runner.reports.summary import named, next_command
    from bcflow.runner.storage.shared_history import open_history

    what = "it happened; it is not sent again" if happened else "it did not happen; it may be sent again"
    say(f"{record.id} {named(record.report())}: by your word {what}")
    batch = record.id.rpartition("-")[0]
    with open_history(settings) as history:
        runs = history.find(batch).runs
    if command := next_command(batch, [run.report() for run in runs]):
        say(f"Next: {command}")


def _one_run(history: History, name: str) -> RunRecord:
    from bcflow.models.errors import BadInput

    found = history.find(name)
    unknown = [run for run in found.runs if run.outcome == "unknown"]
    if found.batch is None and found.client is None:
        return found.runs[0]
    if len(unknown) == 1:
        return unknown[0]
    ids = ", ".join(run.id for run in unknown)
    has = f"{len(unknown)} runs that ended unknown ({ids}); name the run" if unknown else "no run that ended unknown"
    raise BadInput([f"settle: '{name}' has {has}"])


def _note_word(record: RunRecord, *, happened: bool, by: str) -> None:
    """Put the person's word into the run's record, so that lists and reports tell it too."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    word = "it happened" if happened else "it did not happen"
    record.outcome = "done" if happened else "failed"
    record.message = f"{by or 'a person'} says {word} ({now}); before that: {record.message}"
    record.next_action = "" if happened else "run the same job again"
    for effect in record.effects:
        if effect.outcome == "unknown":
            effect.outcome, effect.message = record.outcome, f"by {by or 'a person'}'s word, not seen"

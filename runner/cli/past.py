"""`bcflow runs`, `show`, `report` and `settle`: what happened, and a person's word on what is open."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from bcflow.runner.cli import frame
from bcflow.runner.cli.frame import Json, columns, document, load_settings, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from bcflow.models.outcomes import RunRecord
    from bcflow.runner.storage.batch_record import BatchRecord
    from bcflow.runner.storage.history import Found, History

_Name = Annotated[str, typer.Argument(help="A run, a batch, `last`, or a client.", metavar="NAME")]

_HEADS: Final = ("run", "line", "outcome", "flow", "client", "message")


def register(app: typer.Typer) -> None:
    """Add the commands of this file to `app`."""
    app.command("runs")(runs)
    app.command("show")(show)
    app.command("report")(report)
    app.command("settle")(settle)


def runs(
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many batches, the newest first.")] = 20,
    as_json: Json = False,
) -> None:
    """List what was run, the newest first, with how it ended.

    \b
    Example:
      bcflow runs --limit 5
    """
    from bcflow.runner.reports.summary import end_counts

    with _history() as history:
        batches = [(batch, history.runs_of(batch)) for batch in history.batches()[:limit]]
    if as_json:
        document([_batch_json(batch, found) for batch, found in batches])
        return
    rows = [
        (batch.id, _when(batch), _ended(batch), end_counts(run.outcome for run in found), batch.source)
        for batch, found in batches
    ]
    heads = ("batch", "started", "exit", "outcomes", "source")
    say(*(columns(rows, heads=heads) if rows else ["nothing was run here yet"]))


def show(name: _Name = "last", as_json: Json = False) -> None:
    """Show a batch's runs, a client's runs, or one run with its steps and what was seen.

    \b
    Examples:
      bcflow show last
      bcflow show 2twq9c4k-003
    """
    from bcflow.runner.reports.summary import place, summary

    with _history() as history:
        found = history.find(name)
        elsewhere = {run.id for run in found.runs if run.machine and not history.is_here(run.id)}
    if as_json:
        document(frame.plain(found.runs[0] if _is_one(found) else found.runs))
    elif _is_one(found):
        say(*_page(found.runs[0], elsewhere=found.runs[0].id in elsewhere))
    else:
        rows = [(run.id, place(run), run.outcome, run.flow, run.client, run.message) for run in found.runs]
        say(*columns(rows, heads=_HEADS), "", *summary(found.runs, listed=False))
        machines = sorted({run.machine for run in found.runs if run.id in elsewhere})
        say(*(f"The evidence of some runs is on {machine}." for machine in machines))


def report(
    name: _Name = "last",
    as_csv: Annotated[bool, typer.Option("--csv", help="Print the input rows with their outcomes.")] = False,
    as_json: Json = False,
) -> None:
    """Write the HTML report and say where it is; `--csv` prints a table with the outcomes instead.

    \b
    Examples:
      bcflow report last
      bcflow report 2twq9c4k --csv > outcomes.csv
    """
    with _history() as history:
        found = history.find(name)
        path = Path() if as_csv else _write(history, found)
    if as_csv:
        from bcflow.runner.reports.csv_report import report_csv

        say(report_csv(found.runs, found.batch).rstrip("\n"))
        return
    if as_json:
        document({"report": str(path), "runs": [run.id for run in found.runs]})
    else:
        say(str(path))


def settle(
    run: Annotated[str, typer.Argument(help="The run whose outcome is unknown.")],
    site_id: Annotated[
        str | None, typer.Argument(help="With --happened: the id the site gave.", metavar="[ID]")
    ] = None,
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
    """Give your word on an `unknown`: look on the site first. Nothing is clicked by this.

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

    if happened == did_not_happen:
        raise BadInput(["settle: say either --happened or --did-not-happen"])
    if did_not_happen and site_id:
        raise BadInput(["settle: an id goes with --happened only"])
    if remember and not did_not_happen:
        raise BadInput(["settle: --remember goes with --did-not-happen only"])
    settings = load_settings()
    with _history() as history:
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
    word = "happened" if happened else "did not happen"
    if as_json:
        document({"run": record.id, "happened": happened, "effects": effects})
    else:
        say(*(f"{effect}: {word}" for effect in effects))


def _history() -> AbstractContextManager[History]:
    from bcflow.runner.storage.shared_history import open_history

    return open_history(load_settings())


def _is_one(found: Found) -> bool:
    return found.batch is None and found.client is None


def _one_run(history: History, name: str) -> RunRecord:
    from bcflow.models.errors import BadInput

    found = history.find(name)
    unknown = [run for run in found.runs if run.outcome == "unknown"]
    if _is_one(found):
        return found.runs[0]
    if len(unknown) == 1:
        return unknown[0]
    ids = ", ".join(run.id for run in unknown) or "none"
    raise BadInput([f"settle: '{name}' has {len(unknown)} runs that ended unknown ({ids}); name the run"])


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


def _write(history: History, found: Found) -> Path:
    from bcflow.runner.reports.report_files import write_reports, write_run_report

    if found.batch is not None:
        from bcflow.runner.batches.telling import batch_report

        return batch_report(history, found.batch, found.runs)
    if found.client is None and history.is_here(found.runs[0].id):
        return write_run_report(found.runs[0], history.run_folder(found.runs[0].id))
    if found.client is None:
        folder = history.home / "reports" / found.runs[0].id
        return write_reports(folder, found.runs, runs_folder=history.run_folder(""), title=f"Run {found.runs[0].id}")
    folder = history.client_folder(found.client)
    title = f"Client {found.client}"
    return write_reports(folder, found.runs, runs_folder=history.run_folder(""), title=title)


def _batch_json(batch: BatchRecord, runs: Sequence[RunRecord]) -> dict[str, Any]:
    outcomes = [{"id": run.id, "outcome": run.outcome} for run in runs]
    kept = batch.model_dump(mode="json", exclude={"lines", "columns", "schema_version"})
    return {**kept, "runs": outcomes}


def _when(batch: BatchRecord) -> str:
    return batch.started[:16].replace("T", " ")


def _ended(batch: BatchRecord) -> str:
    return "not ended" if batch.exit_code is None else str(batch.exit_code)


def _page(run: RunRecord, *, elsewhere: bool) -> list[str]:
    facts = [
        ("run", run.id),
        ("job", run.job),
        ("client", run.client or ""),
        ("outcome", f"{run.outcome} · writes: {run.writes}"),
        ("message", run.message),
        ("next", run.next_action),
        ("waiting for", run.waiting_for or ""),
        ("where", f"{run.business_center_name} {run.business_center}".strip()),
        ("result", ", ".join(f"{name}: {value}" for name, value in run.result.items())),
        ("when", f"{run.started} to {run.finished} ({run.seconds:.1f} s)"),
        ("evidence", f"{run.evidence} on {run.machine}" if elsewhere else run.evidence),
    ]
    lines = columns([fact for fact in facts if fact[1]])
    for effect in run.effects:
        lines += ["", f"{effect.kind} {effect.identity}: {effect.outcome} {effect.message}".rstrip()]
        lines += [f"  wanted {effect.want}", f"  seen   {effect.have}"] if effect.want or effect.have else []
        lines += [f"  proof  {effect.proof}"] if effect.proof else []
    lines += [f"learnt  {concept}: {', '.join(texts)}" for concept, texts in run.learnt.items()]
    lines += [f"warning  {warning}" for warning in run.warnings]
    for word in (word for each in run.unknown for word in each.words):
        lines += ["", f"{word.what} ({word.concept}) is not known; it may be:"]
        lines += [f"  {one.n}  {one.text}  ({one.strength}: {one.why})" for one in word.candidates]
    steps = [f"  {step.at}  {step.name}{'' if step.ok else '  (broke off)'}" for step in run.steps]
    return [*lines, *(["", "Steps:", *steps] if steps else [])]

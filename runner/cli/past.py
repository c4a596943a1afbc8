"""`bcflow runs`, `show` and `report`: what happened, and how it stands."""

from __future__ import annotations

import webbrowser
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from bcflow.models.errors import BadInput
from bcflow.runner.cli import frame
from bcflow.runner.cli.frame import columns, document, load_settings, say, table
from bcflow.runner.cli.wording import messages
from bcflow.runner.cli.wording.options import FILTERS, AnyName, Client, Csv, Json, Key, Outcome, Since

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from bcflow.models.outcomes import RunRecord
    from bcflow.runner.policy.present import Present
    from bcflow.runner.reports.filters import Filters
    from bcflow.runner.storage.batch_record import BatchRecord
    from bcflow.runner.storage.history import Found, History

_HEADS: Final = ("run", "line", "outcome", "flow", "client", "message")


def runs(
    *,
    outcome: Outcome = None,
    client: Client = None,
    key: Key = None,
    since: Since = None,
    now: Annotated[
        bool,
        typer.Option("--now", help="How each thing stands, by the newest run that saw it.", rich_help_panel=FILTERS),
    ] = False,
    limit: Annotated[
        int, typer.Option("--limit", min=1, help="So many batches at most.", metavar="N", rich_help_panel=FILTERS)
    ] = 20,
    as_json: Json = False,
) -> None:
    """List what was run and how it ended, the newest first. With --now: how everything stands.

    \b
    Examples:
      bcflow runs --limit 5
      bcflow runs --client acme --since 7d
      bcflow runs --now --client acme
      bcflow runs --now --outcome refused,differs,unknown
    """
    from bcflow.runner.reports.summary import end_counts

    wanted = _filters(outcome, client, key, since)
    if now:
        _now(wanted, as_json=as_json)
        return
    with _history() as history:
        batches = list(islice(wanted.batches(history), limit))
    if as_json:
        document([_batch_json(batch, found) for batch, found in batches])
        return
    rows = [
        (batch.id, _when(batch), _ended(batch), end_counts(run.outcome for run in found), batch.source)
        for batch, found in batches
    ]
    heads = ("batch", "started", "exit", "outcomes", "source")
    say(*(columns(rows, heads=heads) if rows else [wanted.nothing or history.nothing()]))


def show(
    name: AnyName = "last",
    *,
    outcome: Outcome = None,
    client: Client = None,
    key: Key = None,
    since: Since = None,
    as_json: Json = False,
) -> None:
    """Show the runs of a batch or a client, or one run. With its steps and what was seen.

    With --key it is the batch of that key, with --since all runs from then on.

    \b
    Examples:
      bcflow show last
      bcflow show 2twq9c4k-003
      bcflow show --key night-2026-11-24 --outcome refused,differs
    """
    from bcflow.runner.reports.summary import place, summary
    from bcflow.runner.storage.history import Found

    wanted = _filters(outcome, client, key, since)
    with _history() as history:
        if key or since:
            if name != "last":
                raise BadInput(["show: --key and --since stand for a NAME; give one or the other"])
            found = Found([run for _, each in wanted.batches(history) for run in each], client="")
        else:
            found = history.find(name)
        elsewhere = {run.id for run in found.runs if run.machine and not history.is_here(run.id)}
    is_one, chosen = _is_one(found), [run for run in found.runs if wanted.keeps(run)]
    if as_json:
        document(frame.plain(chosen[0] if is_one and chosen else chosen))
    elif not chosen:
        say(wanted.nothing or history.nothing())
    elif is_one:
        say(*_page(chosen[0], elsewhere=chosen[0].id in elsewhere))
    else:
        rows = [(run.id, place(run), run.outcome, run.flow, run.client, run.message) for run in chosen]
        say(*columns(rows, heads=_HEADS), "", *summary(chosen, listed=False))
        machines = sorted({run.machine for run in chosen if run.id in elsewhere})
        say(*(f"The evidence of some runs is on {machine}." for machine in machines))


def _now(wanted: Filters, *, as_json: bool) -> None:
    from bcflow.runner.cli.waiting import every_run
    from bcflow.runner.policy.present import present

    if wanted.key:
        raise BadInput(["runs: --now tells of all batches together; leave out --key"])
    settings = load_settings(only_looks=True)
    found = [one for one in present(every_run(settings)) if _is_meant(one, wanted)]
    if as_json:
        document([_present_json(one) for one in found])
        return
    rows = [
        (
            one.effect.outcome,
            one.effect.waiting_for,
            messages.minute(one.run.finished),
            one.run.id,
            one.run.client,
            one.what,
            one.message,
        )
        for one in found
    ]
    heads = ("outcome", "waits for", "seen", "run", "client", "what", "message")
    say(*(columns(rows, heads=heads) if rows else [wanted.nothing or messages.nothing_run(settings.home)]))


def _is_meant(one: Present, wanted: Filters) -> bool:
    return wanted.keeps(one.run, outcome=one.effect.outcome) and wanted.is_new(one.run.finished)


def _filters(outcome: list[str] | None, client: str | None, key: str | None, since: str | None) -> Filters:
    from bcflow.runner.reports.filters import Filters, outcomes_of

    return Filters(outcomes_of(outcome or ()), client, key, frame.moment_of(since) if since else None)


def _present_json(one: Present) -> dict[str, Any]:
    run, effect = one.run, one.effect
    return {
        "what": one.what,
        "outcome": effect.outcome,
        "message": one.message,
        "next_action": run.next_action,
        "waiting_for": effect.waiting_for,
        "business_center": effect.business_center,
        "seen": run.finished,
        "run": run.id,
        "batch": run.batch,
        "job": run.job,
        "lines": run.lines,
        "flow": run.flow,
        "client": run.client,
    }


def report(
    name: AnyName = "last",
    as_csv: Csv = False,
    open_it: Annotated[bool, typer.Option("--open", help="Open it in your web browser, too.")] = False,
    as_json: Json = False,
) -> None:
    """Write the HTML report and say where it is. With --csv: your input rows and their outcomes instead.

    \b
    Examples:
      bcflow report last --open
      bcflow report 2twq9c4k --csv > outcomes.csv
    """
    if as_csv and open_it:
        raise BadInput(["report: --open goes with the HTML report, not with --csv"])
    with _history() as history:
        found = history.find(name)
        path = Path() if as_csv else _write(history, found)
    if as_csv:
        from bcflow.runner.reports.csv_report import report_csv

        table(report_csv(found.runs, found.batch))
        return
    if as_json:
        document({"report": str(path), "runs": [run.id for run in found.runs]})
    else:
        say(str(path))
    if open_it and not webbrowser.open(path.resolve().as_uri()):
        frame.complain("no web browser could be opened here; open the file yourself")


def _history() -> AbstractContextManager[History]:
    from bcflow.runner.storage.shared_history import open_history

    return open_history(load_settings(only_looks=True))


def _is_one(found: Found) -> bool:
    return found.batch is None and found.client is None


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
    return messages.minute(batch.started)


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
        ("when", run.started and f"{run.started} to {run.finished} ({run.seconds:.1f} s)"),
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

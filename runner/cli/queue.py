"""`bcflow submit`, `worker`, `resume`, `cancel`: batches that outlive the command that asked for them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bcflow.models.errors import BadInput
from bcflow.runner.cli import frame
from bcflow.runner.cli.frame import complain, document, load_settings, say
from bcflow.runner.cli.wording.options import BatchName, DryRun, JobFile, Json, MaxWrites, Trust, Yes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bcflow.runner.batches.context import Context
    from bcflow.runner.config.settings import Settings


def submit(
    file: JobFile,
    key: Annotated[str, typer.Option("--key", help="Submit once under this name: a second time changes nothing.")] = "",
    yes: Yes = False,
    dry_run: DryRun = False,
    trust_first_write: Trust = False,
    max_writes: MaxWrites = None,
    as_json: Json = False,
) -> None:
    """Queue a job file for the worker. Prints the batch's id; nothing is started here.

    \b
    Example:
      bcflow submit night.yaml --key night-2026-11-24 --yes
    """
    from bcflow.runner.batches.submit import How, may_start
    from bcflow.runner.batches.submit import submit as keep
    from bcflow.runner.engine.opening import opened
    from bcflow.runner.jobfiles.source import Wanted, read_order

    settings = load_settings(make_home=False)
    with frame.busy(f"reading {file}"):
        order = read_order(Wanted(target=str(file)), settings)
    most = max_writes or settings.max_writes
    how = How(
        dry_run=dry_run,
        yes=yes,
        trust_first_write=trust_first_write,
        max_writes=most,
        attended=frame.person_is_there(),
    )
    with opened(settings) as context:
        may_start(context, order, how)
        # Whoever submits goes away: what is asked waits in the inbox.
        batch, new = keep(context, order, replace(how, attended=False), key=key)
    if as_json:
        document({"batch": batch, "new": new})
    else:
        say(f"{batch}  {'submitted' if new else 'was submitted before under this key'}: {len(order.tasks)} jobs")


def worker(
    drain: Annotated[bool, typer.Option("--drain", help="End when nothing is queued any more.")] = False,
    slots: Annotated[
        int, typer.Option("--slots", min=1, help="How many browsers at once, each another login.", metavar="N")
    ] = 1,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say only what is left to somebody here.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="With --drain: print the batches and how their jobs ended as JSON.")
    ] = False,
) -> None:
    """Work the queue. Until it is stopped or, with --drain, until nothing is left to do now.

    \b
    Examples:
      bcflow worker
      bcflow worker --drain
      bcflow worker --drain --quiet --json
    """
    from bcflow.runner.cli.running.worker_loop import Log, work_the_queue

    if as_json and not drain:
        raise BadInput(["worker: --json goes with --drain only; a worker that stays has no end to tell of"])
    settings, log = load_settings(), Log(quiet=quiet)
    code = work_the_queue(settings, drain=drain, slots=slots, log=log)
    if as_json:
        document({"batches": _worked(settings, sorted(log.batches))})
    raise typer.Exit(code)


def _worked(settings: Settings, batches: Sequence[str]) -> list[dict[str, Any]]:
    """Return how batches stand: the document of `run --json` for each, with its key, phase and exit code."""
    from bcflow.runner.batches.telling import reports_of
    from bcflow.runner.engine.opening import opened
    from bcflow.runner.storage.runs import Store

    with opened(settings) as context:
        store = Store(context.database)
        found = [store.load(batch) for batch in batches if store.has(batch)]
        return [
            {
                "batch": one.id,
                "key": one.key,
                "phase": one.phase,
                "exit_code": one.record.exit_code,
                "runs": frame.plain(reports_of(context, one)),
            }
            for one in found
        ]


def resume(
    name: BatchName = "last",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Agree to the writes of a batch that waits for it.")] = False,
    as_json: Json = False,
) -> None:
    """Go on with a batch: what was interrupted or failed. What was skipped or is unknown, too. It looks again first.

    \b
    Examples:
      bcflow resume last
      bcflow resume 2twq9c4k
    """
    from bcflow.runner.cli.running.work import go_on
    from bcflow.runner.engine.opening import opened

    settings = _with_batches()
    with opened(settings) as context:
        batch = _batch_named(context, name)
    raise typer.Exit(go_on(settings, batch, yes=yes, as_json=as_json))


def cancel(name: BatchName = "last", as_json: Json = False) -> None:
    """End a batch before its next job. Whoever works on it stops there; nothing is taken back.

    \b
    Example:
      bcflow cancel last
    """
    from bcflow.runner.batches.moves import cancel as end
    from bcflow.runner.batches.telling import tell_news
    from bcflow.runner.engine.opening import opened
    from bcflow.runner.storage.runs import Store

    settings = _with_batches()
    with opened(settings) as context:
        batch = _batch_named(context, name)
        store = Store(context.database)
        was = store.load(batch).phase
        with context.database.transaction() as connection:
            context.audit.note_within(connection, "cancelled", actor=settings.actor, subject=batch)
            news = end(connection, context, batch, f"cancelled by {settings.actor}")
        tell_news(context, news, say=complain)
        ended = store.load(batch).phase == "ended"
    what = "had ended already" if was == "ended" else "is cancelled" if ended else "ends before its next job"
    if as_json:
        document({"batch": batch, "was": was})
    else:
        say(f"batch {batch} {what}")


def _with_batches() -> Settings:
    settings = load_settings(make_home=False)
    frame.require_anything(settings)
    return settings


def _batch_named(context: Context, name: str) -> str:
    """Return the batch `name` means. Raises BadInput if it means none that the database knows."""
    from bcflow.runner.storage.runs import Store
    from bcflow.runner.storage.shared_history import open_history

    if Store(context.database).has(name):
        return name
    with open_history(context.settings) as history:
        found = history.find(name)
    if found.batch is None:
        raise BadInput([f"'{name}' is no batch"])
    return found.batch.id

"""`bcflow submit`, `worker`, `resume`, `cancel`: batches that outlive the command that asked for them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bcflow.runner.cli.frame import Json, document, load_settings, say
from bcflow.runner.cli.status import status

if TYPE_CHECKING:
    from bcflow.runner.config.settings import Settings
    from bcflow.runner.storage.runs import Store

_Name = Annotated[str, typer.Argument(help="A batch, the start of its id, `last`, or a client.", metavar="NAME")]
AGAIN = ("failed", "screen-changed", "skipped", "cancelled", "unknown", "expired")
"""What `resume` tries again in a batch that has ended: never what the site refused or what differs."""


def register(app: typer.Typer) -> None:
    """Add the commands of this file to `app`."""
    app.command("submit")(submit)
    app.command("worker")(worker)
    app.command("resume")(resume)
    app.command("cancel")(cancel)
    app.command("status")(status)


def submit(
    file: Annotated[Path, typer.Argument(help="The job file.", metavar="FILE")],
    key: Annotated[str, typer.Option("--key", help="Submit once under this name: a second time changes nothing.")] = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before it may write.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only look; write nothing.")] = False,
    trust_first_write: Annotated[
        bool, typer.Option("--trust-first-write", help="Let flows write that were never seen to work here.")
    ] = False,
    max_writes: Annotated[int | None, typer.Option("--max-writes", min=1, help="Send at most so many writes.")] = None,
    as_json: Json = False,
) -> None:
    """Queue a job file for the worker, and print the batch's id. Nothing is started here.

    \b
    Example:
      bcflow submit night.yaml --key night-2026-11-24 --yes
    """
    from bcflow.runner.cli.work import How, may_start
    from bcflow.runner.cli.work import submit as keep
    from bcflow.runner.jobfiles.source import Wanted, read_order
    from bcflow.runner.storage.proofs import ProvenFlows

    settings = load_settings(make_home=False)
    order = read_order(Wanted(target=str(file)), settings)
    most = max_writes or settings.max_writes
    how = How(dry_run=dry_run, yes=yes, trust_first_write=trust_first_write, max_writes=most)
    proven = ProvenFlows(settings.home)
    may_start(order, settings, how, proven)
    with _store(settings) as store:
        known = bool(key) and store.of_key(key) is not None
        batch = keep(order, settings, how, store, proven, key=key)
        if not known:
            store.queue(batch)
    if as_json:
        document({"batch": batch, "new": not known})
    else:
        say(f"{batch}  {'was submitted before under this key' if known else 'submitted'}: {len(order.tasks)} jobs")


def worker(
    drain: Annotated[bool, typer.Option("--drain", help="End when nothing is queued any more.")] = False,
    slots: Annotated[int, typer.Option("--slots", min=1, help="How many browsers at once, each another login.")] = 1,
) -> None:
    """Work the queue, until it is stopped or, with --drain, until nothing is left to do now.

    \b
    Examples:
      bcflow worker
      bcflow worker --drain
    """
    from bcflow.runner.cli.shift import shift

    raise typer.Exit(shift(load_settings(), drain=drain, slots=slots))


def resume(
    name: _Name = "last",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Agree to the writes of a batch that waits for it.")] = False,
    as_json: Json = False,
) -> None:
    """Go on with a batch: what was interrupted, or what failed, was skipped or is unknown. It looks again first.

    \b
    Examples:
      bcflow resume last
      bcflow resume 2twq9c4k
    """
    from bcflow.runner.batches.answers import begins_again
    from bcflow.runner.cli.work import go_on
    from bcflow.runner.storage.audit import Audit

    settings = load_settings()
    with _store(settings) as store:
        batch = _batch(settings, store, name)
        held = store.load(batch)
        again = store.reopen(batch, AGAIN) if held.phase == "ended" else 0
        # A batch that was cancelled while it rested has jobs that never began.
        if not again and all(entry.ended for entry in held.entries):
            say(f"batch {batch} has nothing that could be tried again")
            raise typer.Exit(0)
        if held.phase == "ended":
            store.move(batch, begins_again(held.terms))
        store.start_afresh(batch)
        audit = Audit(store.database, secrets=settings.secrets())
        audit.note("resumed", actor=settings.actor, subject=batch)
        if yes:
            store.approve(batch, settings.actor)
            audit.note("approved", actor=settings.actor, subject=batch)
    raise typer.Exit(go_on(settings, batch, as_json=as_json))


def cancel(name: _Name = "last", as_json: Json = False) -> None:
    """End a batch: whoever works on it stops before its next job; nothing is taken back.

    \b
    Example:
      bcflow cancel last
    """
    from bcflow.runner.batches.cancel import cancel_resting
    from bcflow.runner.storage.audit import Audit
    from bcflow.runner.storage.history import History
    from bcflow.runner.storage.questions import Questions

    settings = load_settings()
    with _store(settings) as store:
        batch = _batch(settings, store, name)
        held = store.load(batch)
        Audit(store.database).note("cancelled", actor=settings.actor, subject=batch)
        Questions(store.database).withdraw(batch)
        by = f"cancelled by {settings.actor}"
        idle = cancel_resting(store, History(settings.home), settings, batch, by)
    what = "had ended already" if held.phase == "ended" else "is cancelled" if idle else "ends before its next job"
    if as_json:
        document({"batch": batch, "was": held.phase})
    else:
        say(f"batch {batch} {what}")


def _batch(settings: Settings, store: Store, name: str) -> str:
    """Return the batch `name` means. Raises BadInput if it means none that the database knows."""
    from bcflow.models.errors import BadInput
    from bcflow.runner.storage.shared_history import open_history

    if store.has(name):
        return name
    with open_history(settings) as history:
        found = history.find(name)
    if found.batch is None:
        raise BadInput([f"'{name}' is no batch"])
    return found.batch.id


@contextmanager
def _store(settings: Settings) -> Iterator[Store]:
    """Give the store of these settings, for one command."""
    from bcflow.runner.storage.database import Database
    from bcflow.runner.storage.runs import Store

    settings.make_home()
    with closing(Database(settings.database())) as database:
        yield Store(database)

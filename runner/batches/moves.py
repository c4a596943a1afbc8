"""What people do with a batch: try again, cancel, agree; each is one transaction with what follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa
from loguru import logger

from bcflow.runner.batches.advance import advance
from bcflow.runner.batches.context import News
from bcflow.runner.batches.telling import tell_news
from bcflow.runner.storage.asked_words import withdraw_idle
from bcflow.runner.storage.batch_rows import Batch, Terms, of_record, read_batch, set_batch
from bcflow.runner.storage.database import Database, now
from bcflow.runner.storage.questions import withdraw
from bcflow.runner.storage.tables import batches, runs, sessions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from bcflow.runner.batches.context import Context
    from bcflow.runner.storage.batch_rows import Run
    from bcflow.runner.storage.tables import Phase

AGAIN: Final = ("failed", "screen-changed", "skipped", "cancelled", "unknown", "expired")
"""What `resume` tries again in a batch that has ended: never what the site refused or what differs."""


def resume(context: Context, batch: str, *, yes: bool, attended: bool, owner: str = "") -> bool:
    """Go on with a batch; false if there is nothing in it that could be tried again."""
    with context.database.transaction() as connection:
        held = read_batch(connection, batch)
        if held.phase == "ended":
            reopen(connection, held, outcomes=AGAIN)
            held = read_batch(connection, batch)
        if not held.to_do:
            return False
        again(connection, held, owner=owner, attended=attended)
        actor = context.settings.actor
        context.audit.note_within(connection, "resumed", actor=actor, subject=batch)
        if yes:
            approve(connection, context, batch, by=actor)
        news = advance(connection, context, batch)
    tell_news(context, news, say=logger.warning)
    return True


def reopen(
    connection: sa.Connection, batch: Batch, *, outcomes: Collection[str] = (), which: Collection[str] = ()
) -> int:
    """Let runs that ended so, that wait for you, or that are named be attempted again; return how many.

    Without `outcomes` those that wait for a word are not among them: nobody has said it yet.
    """
    waits_for_you = sa.and_(runs.c.outcome == "waiting", runs.c.waiting_for == "you")
    if not outcomes:
        waits_for_you = sa.and_(waits_for_you, runs.c.topic == "")
    meant = runs.c.id.in_(which) if which else sa.or_(runs.c.outcome.in_(outcomes), waits_for_you)
    these = runs.update().where(runs.c.batch == batch.id, runs.c.ended, meant)
    return connection.execute(these.values(ended=False, begun=0, reserved=0, mode="", **of_record(None))).rowcount


def dependents(runs: Sequence[Run], meant: Sequence[Run]) -> Iterator[str]:
    """Yield the runs that were skipped because they refer to these; a job only ever refers to one above it."""
    names = {run.job.get("id") for run in meant} - {None}
    for other in runs:
        if names & other.needs and other.outcome == "skipped":
            names.add(other.job.get("id"))
            yield other.id


def again(connection: sa.Connection, batch: Batch, *, owner: str = "", attended: bool | None = None) -> None:
    """Let a batch go on: a worker takes it from where it stands, or, if it had ended, from its beginning."""
    terms = batch.terms if attended is None else Terms(**{**vars(batch.terms), "attended": attended})
    phase = begins_again(terms) if batch.phase == "ended" else batch.phase
    withdraw(connection, batch.id)
    # Whoever says so means now, and here: no turn is waited for that was put off, or that only another would take.
    not_now = sa.or_(sessions.c.due > now(), sessions.c.owner != owner)
    connection.execute(sessions.update().where(sessions.c.batch == batch.id, not_now).values(live=False))
    # A person has looked at it: what its workers died of before does not count.
    fresh = runs.update().where(runs.c.batch == batch.id, runs.c.begun > 0)
    connection.execute(fresh.values(begun=0, reserved=0))
    values = {"phase": phase, "queued": True, "cancelled": "", "held_back": "", "owner": owner}
    set_batch(connection, batch.id, terms=vars(terms), **values)


def begins_again(terms: Terms) -> Phase:
    """Return where a batch whose runs are tried again begins; what a plan rests on is looked at and compared first."""
    may_write = terms.approved_by and not terms.dry_run and terms.plan is None
    return "write" if may_write else "look"


def approve(connection: sa.Connection, context: Context, batch: str, *, by: str) -> None:
    """Note who agreed to the writes of a batch."""
    held = read_batch(connection, batch)
    set_batch(connection, batch, terms={**vars(held.terms), "approved_by": by})
    jobs = len(held.to_do)
    context.audit.note_within(connection, "approved", actor=by, subject=batch, detail={"jobs": jobs})


def cancel(connection: sa.Connection, context: Context, batch: str, why: str) -> News:
    """End a batch: what is under way ends by itself, all else at once. One that had ended stays as it is."""
    held = read_batch(connection, batch)
    withdraw(connection, batch)
    withdraw_idle(connection, but=batch)
    if held.phase == "ended":
        return News(batch)
    set_batch(connection, batch, cancelled=why)
    return advance(connection, context, batch)


def advance_all(context: Context) -> None:
    """Move every open batch on: something that held all of them back is gone."""
    for batch in _open(context.database):
        with context.database.transaction() as connection:
            news = advance(connection, context, batch)
        tell_news(context, news, say=logger.warning)


def rest_orphans(context: Context, living: Collection[str]) -> None:
    """Let the batches rest that one process alone was to work and that is gone: a person says how they go on."""
    told = []
    with context.database.transaction() as connection:
        mine = sa.and_(batches.c.owner != "", batches.c.owner.not_in(living), batches.c.queued)
        for batch, cancelled in connection.execute(sa.select(batches.c.id, batches.c.cancelled).where(mine)).all():
            connection.execute(sessions.update().where(sessions.c.batch == batch).values(live=False))
            set_batch(connection, batch, queued=False, owner="")
            if cancelled:
                told.append(advance(connection, context, batch))
    for news in told:
        tell_news(context, news, say=logger.warning)


def _open(database: Database) -> list[str]:
    with database.transaction() as connection:
        query = sa.select(batches.c.id).where(batches.c.phase != "ended", batches.c.queued).order_by(batches.c.id)
        return list(connection.scalars(query))

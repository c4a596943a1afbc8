"""What a session does next, read anew from the rows before every run, and what is kept of how it went."""

from __future__ import annotations

import socket
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

import sqlalchemy as sa

from bcflow.models.effects import canonical
from bcflow.models.outcomes import RunRecord
from bcflow.runner.batches.advance import Advance
from bcflow.runner.batches.context import News, call_login, close_turn, is_current
from bcflow.runner.batches.results import end_run, keep_end, leave_run
from bcflow.runner.batches.rules import MOST_DEATHS, SUSPECT
from bcflow.runner.batches.words.asking import ask_words
from bcflow.runner.batches.words.trust import trust
from bcflow.runner.policy.pace import NOT_TRIED, Breaker
from bcflow.runner.reports.summary import start_again
from bcflow.runner.storage.asked_words import KIND, lock_words
from bcflow.runner.storage.batch_rows import read_batch, set_batch, set_run
from bcflow.runner.storage.proofs import Proofs
from bcflow.runner.storage.questions import Questions
from bcflow.runner.storage.runs import in_doubt
from bcflow.runner.storage.switches import pause, read_switches
from bcflow.runner.storage.tables import runs

if TYPE_CHECKING:
    from bcflow.models.jobs import JobBase
    from bcflow.runner.batches.context import Context, Turn
    from bcflow.runner.storage.batch_rows import Run

Mode = Literal["look", "run"]
_LATEST: Final = 20
"""So many runs of one flow and login are looked back at to see whether it must rest."""


@dataclass(frozen=True)
class Step:
    """One attempt to make: which run, whether it may write, and what the browser is asked."""

    run: str
    name: str
    title: str
    mode: Mode
    request: dict[str, Any]


@dataclass(frozen=True)
class Wait:
    """Nothing yet: the login's pace lets it write in so many seconds."""

    seconds: float


@dataclass(frozen=True)
class Idle:
    """Nothing now, but a person at the terminal is being asked what comes next."""


@dataclass(frozen=True)
class Suspect:
    """A run that may be what its workers died of: it is taken by whoever is alone."""


Next = Step | Wait | Idle | Suspect | None


def take(
    connection: sa.Connection, context: Context, turn: Turn, visit: str, *, first: bool, lingers: bool, alone: bool
) -> tuple[Next, News]:
    """Return what a session does next and note that it begins. None: its turn is over, and kept as that.

    The `first` step of a turn is noted in the log. With `lingers` a session stays while a person is being asked, so
    that its browser need not start again. `alone`: nothing else is attempted in this process.
    """
    if not is_current(connection, turn):
        return None, News(turn.batch)
    move = Advance(connection, context, turn.batch)
    move.move()
    found = _next(connection, context, turn, move, visit, alone=alone)
    if first and isinstance(found, Step):
        detail = {"phase": move.batch.phase, "login": turn.login}
        actor = context.settings.actor
        context.audit.note_within(connection, "started", actor=actor, subject=turn.batch, detail=detail)
    if found is None and lingers and _is_asked(move):
        found = Idle()
    if found is None:
        close_turn(connection, turn)
        move.over(turn.login)
    move.call_logins()
    return found, move.news


def _next(connection: sa.Connection, context: Context, turn: Turn, move: Advance, visit: str, *, alone: bool) -> Next:
    while (found := next(move.ready(turn.login), None)) is not None:
        run, job = found
        writes = move.batch.phase != "look"
        if run.begun >= MOST_DEATHS:
            why = f"its workers died {run.begun} times while it was attempted"
            doubt = run.id in in_doubt(connection, turn.batch)
            move.news.ended.append(leave_run(connection, context, move.batch, run, "failed", why, in_doubt=doubt))
        elif writes and (verdict := move.rules.over_budget(run, job)):
            move.end(run, verdict.outcome, verdict.message, next_action=verdict.next_action)
        elif writes and (seconds := move.rules.pause_seconds(turn.login)) > 0:
            return Wait(seconds)
        elif run.begun >= SUSPECT and not alone:
            return Suspect()
        elif not writes:
            more = {"rehearse": True} if move.batch.terms.rehearse else _visit(move, run, visit) | _to_come(move, run)
            return _step(connection, context, move, run, job, "look", more)
        else:
            sends = Proofs(connection).rehearsed(run.flow, site=context.site)
            return _step(connection, context, move, run, job, "run", {"sends": sends})
        move.move()
    return None


def _is_asked(move: Advance) -> bool:
    """Whether all that is left to do waits for a person to agree."""
    batch = move.batch
    if not batch.terms.attended or batch.cancelled or not batch.queued or batch.phase == "ended":
        return False
    return not any(True for _ in move.ready()) and not any(run.begun for run in batch.to_do)


def _visit(move: Advance, run: Run, visit: str) -> dict[str, Any]:
    """Return what a look shares with those that come after it: its session's name, and how many read the same list."""
    lists = Counter((one.flow, one.business_center) for one, _ in move.ready(run.login))
    return {"visit": {"id": visit, "looks": lists[run.flow, run.business_center]}}


def _to_come(move: Advance, run: Run) -> dict[str, Any]:
    """Return the ad accounts that other runs of the batch are to bring: a look must not call them missing."""
    found = (
        one.job["aadvid"]
        for one in move.batch.runs
        if one.flow == "add-ad-account" and one.business_center == run.business_center
    )
    return {"to_come": sorted(found)}


def _step(
    connection: sa.Connection,
    context: Context,
    move: Advance,
    run: Run,
    job: JobBase,
    mode: Mode,
    more: dict[str, Any],
) -> Step:
    batch = move.batch
    run.begun, run.mode, run.attempts = run.begun + 1, mode, run.attempts + 1
    run.reserved = len(canonical(job)) if mode == "run" else 0
    set_run(connection, run.id, begun=run.begun, mode=mode, attempts=run.attempts, reserved=run.reserved)
    request = {
        "run": run.id,
        "attempt": run.attempts,
        "batch": batch.id,
        "job": job.model_dump(mode="json", exclude_none=True),
        "name": run.name,
        "source": run.source,
        "requested_by": batch.terms.actor,
        "approved_by": batch.terms.approved_by,
        "answered_by": run.answered_by or Questions.answered_by(connection, batch.id, run.login, run.id),
        "mode": mode,
        "dry_run": batch.terms.dry_run,
        "allow_unusual": batch.terms.allow_unusual,
        "folder": str(context.run_folder(run.id)),
    }
    return Step(run.id, run.name, run.task.title, mode, request | more)


def finish(connection: sa.Connection, context: Context, turn: Turn, step: Step, record: RunRecord) -> News:
    """Keep how an attempt ended, with all that follows from it."""
    if record.needs == KIND:
        lock_words(connection)
    batch = read_batch(connection, turn.batch)
    run = next(one for one in batch.runs if one.id == step.run)
    record.job = step.name
    record.answered_by = record.answered_by or step.request["answered_by"]
    record.evidence = record.evidence or step.request["folder"]
    record.machine = "" if context.database.is_sqlite else socket.gethostname()
    record.site, record.batch = record.site or context.site, record.batch or turn.batch
    # What the attempt itself sent says whether its flow and its words worked; what is kept and told is the whole run's.
    told, own = _learn(connection, context, record), record.writes
    trust(connection, context, record)
    if step.mode == "run" and record.outcome == "planned":
        end_run(connection, context, batch, run, "failed", "the attempt ended without an outcome")
    else:
        keep_end(connection, run, record)
    asked = ask_words(connection, context, batch, run, record) if run.topics else []
    move = Advance(connection, context, turn.batch)
    move.news.told += told
    move.news.ended += [record] if record.writes != own else []
    move.news.asked += asked
    return move.go()


def _learn(connection: sa.Connection, context: Context, record: RunRecord) -> list[str]:
    """Note what a run proved, and whether its flow must rest on its login from now on."""
    moment = datetime.now(UTC)
    known = Proofs(connection)
    known.learn(record, site=context.site, at=moment.isoformat(timespec="seconds"))
    known.learn_rehearsed(record, site=context.site, at=moment.isoformat(timespec="seconds"))
    return let_rest(connection, record)


def let_rest(connection: sa.Connection, record: RunRecord) -> list[str]:
    """Pause the flow of a run on its login if that must rest now, and say so."""
    switches = read_switches(connection)
    if switches.paused(record.flow, record.login):
        return []
    query = (
        sa.select(runs.c.record)
        .where(runs.c.login == record.login, runs.c.job["flow"].as_string() == record.flow, runs.c.ended)
        .where(runs.c.ended_at > switches.lifted_at(record.flow, record.login), runs.c.id != record.id)
        .where(runs.c.outcome.not_in(NOT_TRIED))
        .order_by(runs.c.ended_at.desc())
        .limit(_LATEST)
    )
    latest = [RunRecord.model_validate(kept) for kept in connection.scalars(query) if kept]
    why = Breaker().trips([*reversed(latest), record])
    if not why:
        return []
    pause(connection, record.flow, record.login, why)
    return [f"{record.flow} rests on login '{record.login}': {why}; {start_again(record.flow, record.login)} lifts it"]


def broke_off(connection: sa.Connection, context: Context, turn: Turn, step: Step, why: str) -> News:
    """Keep of an attempt that broke off by itself how it is left: what may have been sent is unknown."""
    batch = read_batch(connection, turn.batch)
    run = next(one for one in batch.runs if one.id == step.run)
    doubt = run.id in in_doubt(connection, turn.batch)
    record = leave_run(connection, context, batch, run, "failed", why, in_doubt=doubt)
    move = Advance(connection, context, turn.batch)
    move.news.ended.append(record)
    return move.go()


def put_back(connection: sa.Connection, step: Step) -> None:
    """Note that an attempt was broken off before anything was sent: its run is still to do."""
    set_run(connection, step.run, begun=0, reserved=0)


def hand_over(connection: sa.Connection, context: Context, turn: Turn, *, delay: float = 0.0) -> News:
    """End a turn before its work is done: whoever is free takes the login's next one, in `delay` seconds."""
    if not is_current(connection, turn):
        return News(turn.batch)
    close_turn(connection, turn)
    if delay:
        at = datetime.now(UTC) + timedelta(seconds=delay)
        call_login(connection, context.enqueue, batch=turn.batch, login=turn.login, owner=turn.owner, at=at)
    return Advance(connection, context, turn.batch).go()


def rest(connection: sa.Connection, batch: str) -> None:
    """Let a batch rest: nothing more is started of it until somebody resumes it."""
    set_batch(connection, batch, queued=False, owner="")

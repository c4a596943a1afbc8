"""Whose turn it is, and when: rows that say so, whoever moves a batch on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
import sqlalchemy as sa

from bcflow.runner.batches.advance import advance
from bcflow.runner.batches.context import Context, Turn, call_login
from bcflow.runner.batches.moves import cancel, rest_orphans, resume
from bcflow.runner.batches.rules import SUSPECT
from bcflow.runner.batches.steps import Next, Step, Suspect, hand_over, put_back, take
from bcflow.runner.config.settings import Settings
from bcflow.runner.storage.database import Database
from bcflow.runner.storage.runs import Store
from tests.storage.test_postgres import wait_for_a_lock
from tests.support.waiting import SOON
from tests.support.workshop import submit_one

LINES = [("login_0", "ana@acme.example"), ("login_0", "bo@acme.example"), ("login_1", "cleo@acme.example")]
LONG = 3600.0


class Calls:
    """A queue that keeps whom it calls, and in how many seconds."""

    def __init__(self) -> None:
        self.made: list[tuple[Turn, float]] = []

    def enqueue(self, _connection: sa.Connection, turn: Turn, delay: float) -> None:
        self.made.append((turn, delay))

    @property
    def latest(self) -> Turn:
        return self.made[-1][0]


@pytest.fixture
def calls() -> Calls:
    return Calls()


@pytest.fixture
def context(tmp_path: Path, calls: Calls) -> Iterator[Context]:
    settings = Settings.load({"BCFLOW_HOME": str(tmp_path / "home")}, tmp_path)
    settings.make_home()
    with closing(Database(settings.database())) as database:
        yield Context(settings, database, calls.enqueue)


def begin(context: Context, turn: Turn) -> Step:
    found = take_next(context, turn)
    assert isinstance(found, Step)
    return found


def take_next(context: Context, turn: Turn, *, alone: bool = False) -> Next:
    with context.database.transaction() as connection:
        return take(connection, context, turn, "visit", first=False, lingers=False, alone=alone)[0]


def test_each_login_of_a_file_gets_its_turn_once(context: Context, calls: Calls) -> None:
    batch = submit_one(context, LINES)
    assert calls.made == [(Turn(batch, "login_0", 1), 0.0), (Turn(batch, "login_1", 1), 0.0)]
    with context.database.transaction() as connection:
        advance(connection, context, batch)
    assert len(calls.made) == 2


def test_a_turn_that_waits_for_its_pace_is_not_called_before_it(context: Context, calls: Calls) -> None:
    batch = submit_one(context, LINES)
    first, other = (turn for turn, _ in calls.made)
    with context.database.transaction() as connection:
        hand_over(connection, context, first, delay=LONG)
    ((turn, delay),) = calls.made[2:]
    assert (turn, LONG - 60 < delay <= LONG) == (Turn(batch, "login_0", 2), True)
    begin(context, other)
    with context.database.transaction() as connection:
        advance(connection, context, batch)
    assert len(calls.made) == 3, "what another login does is no reason to try again"
    assert resume(context, batch, yes=True, attended=False)
    assert calls.made[3:] == [(Turn(batch, "login_0", 3), 0.0)], "a person does not wait for it"


def test_of_runs_whose_workers_died_twice_each_is_taken_alone(context: Context, calls: Calls) -> None:
    """One of them kills its workers; the other was only attempted beside it."""
    submit_one(context, LINES)
    turns = [turn for turn, _ in calls.made]
    for _ in range(SUSPECT):
        for turn in turns:
            begin(context, turn)
    for turn in turns:
        assert take_next(context, turn) == Suspect()
        assert take_next(context, turn) == Suspect(), "what is not begun is no death"
        assert isinstance(take_next(context, turn, alone=True), Step)


def test_a_turn_handed_over_without_a_reason_to_wait_is_called_at_once(context: Context, calls: Calls) -> None:
    batch = submit_one(context, LINES)
    first = calls.made[0][0]
    step = begin(context, first)
    with context.database.transaction() as connection:
        put_back(connection, step)
        hand_over(connection, context, first)
    assert calls.made[2:] == [(Turn(batch, "login_0", 2), 0.0)]


def test_a_turn_that_another_took_the_place_of_does_nothing(context: Context, calls: Calls) -> None:
    submit_one(context, LINES)
    first = calls.made[0][0]
    with context.database.transaction() as connection:
        hand_over(connection, context, first)
        assert take(connection, context, first, "visit", first=False, lingers=False, alone=False)[0] is None
        hand_over(connection, context, first, delay=LONG)
    assert len(calls.made) == 3
    assert begin(context, calls.latest).run.endswith("-001")


def test_a_batch_that_one_process_takes_up_is_called_for_it_alone(context: Context, calls: Calls) -> None:
    """What waits in the queue of all workers would wait there for ever while none is alive."""
    batch = submit_one(context, LINES)
    assert resume(context, batch, yes=True, attended=False, owner="me")
    assert calls.made[2:] == [(Turn(batch, "login_0", 2, "me"), 0.0), (Turn(batch, "login_1", 2, "me"), 0.0)]


def test_what_was_under_way_where_nobody_is_any_more_can_be_cancelled(context: Context, calls: Calls) -> None:
    batch = submit_one(context, LINES)
    assert resume(context, batch, yes=True, attended=False, owner="gone")
    begin(context, calls.latest)
    rest_orphans(context, ["gone", "another"])
    assert Store(context.database).load(batch).queued, "it is alive"
    rest_orphans(context, ["another"])
    assert not Store(context.database).load(batch).queued
    with context.database.transaction() as connection:
        cancel(connection, context, batch, "cancelled by ben")
    held = Store(context.database).load(batch)
    assert (held.phase, [run.outcome for run in held.runs]) == ("ended", ["cancelled"] * 3)


def test_two_that_call_a_login_for_the_first_time_call_it_once(postgres: str, calls: Calls) -> None:
    """Two batches of a login end at once: both call it to look again, and neither loses its end for it."""
    kept: list[str] = []
    later = datetime.now(UTC) + timedelta(seconds=LONG)
    with closing(Database(postgres)) as here, closing(Database(postgres)) as there:

        def call(database: Database) -> None:
            with database.transaction() as connection:
                call_login(connection, calls.enqueue, batch="", login="login_0", at=later)
            kept.append("there")

        second = Thread(target=call, args=(there,))
        with here.transaction() as connection:
            call_login(connection, calls.enqueue, batch="", login="login_0", at=later)
            second.start()
            wait_for_a_lock(postgres)
        second.join(SOON)
    assert (kept, [turn.number for turn, _ in calls.made]) == (["there"], [1])

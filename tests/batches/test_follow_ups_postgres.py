"""What is due to be looked at again, where several workers share one database."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bcflow.models.outcomes import RunRecord
from bcflow.runner.batches.context import Context, Turn, close_turn
from bcflow.runner.batches.follow_ups import NO_BATCH, FollowUps
from bcflow.runner.config.settings import Settings
from bcflow.runner.storage.database import Database, as_text
from bcflow.runner.storage.tables import follow_ups

RUNS = (("a-001", "default"), ("a-002", "acme"), ("a-003", "default"))
TEN_MINUTES = 600.0


class Machine:
    """One machine of several, whose queue keeps whom it calls and in how many seconds."""

    def __init__(self, url: str, home: Path, database: Database) -> None:
        settings = Settings.load({"BCFLOW_HOME": str(home), "BCFLOW_DATABASE_URL": url}, home.parent)
        self.context = Context(settings, database, self._enqueue)
        self.called: list[tuple[Turn, float]] = []

    def note(self, run: str, login: str) -> None:
        with self.context.database.transaction() as connection:
            FollowUps(connection, self.context).note(make_run(run, login))

    def call(self, login: str) -> None:
        with self.context.database.transaction() as connection:
            FollowUps(connection, self.context).call(login)

    def due(self, login: str) -> list[str]:
        with self.context.database.transaction() as connection:
            return FollowUps(connection, self.context).due(login)

    def _enqueue(self, _connection: sa.Connection, turn: Turn, delay: float) -> None:
        self.called.append((turn, delay))


@pytest.fixture
def here(postgres: str, tmp_path: Path) -> Iterator[Machine]:
    with closing(Database(postgres)) as database:
        yield Machine(postgres, tmp_path / "here", database)


@pytest.fixture
def there(postgres: str, tmp_path: Path) -> Iterator[Machine]:
    with closing(Database(postgres)) as database:
        yield Machine(postgres, tmp_path / "there", database)


def make_run(run: str, login: str) -> RunRecord:
    return RunRecord(
        id=run, job="ana", flow="invite-member", outcome="waiting", waiting_for="invitee", message="", login=login
    )


def make_all_due(machine: Machine) -> None:
    due = as_text(datetime.now(UTC) - timedelta(hours=1))
    with machine.context.database.transaction() as connection:
        connection.execute(follow_ups.update().values(due=due))


def test_a_login_gets_one_turn_for_all_that_it_waits_for_whoever_noted_it(here: Machine, there: Machine) -> None:
    for machine, (run, login) in zip((here, there, there), RUNS, strict=True):
        machine.note(run, login)
    assert [turn for turn, _ in here.called + there.called] == [
        Turn(NO_BATCH, "default", 1),
        Turn(NO_BATCH, "acme", 1),
    ]
    delays = [delay for _, delay in here.called + there.called]
    assert all(TEN_MINUTES - 60 < delay <= TEN_MINUTES for delay in delays)
    assert (here.due("default"), here.due("acme")) == ([], []), "nothing is due yet"


def test_all_that_is_due_of_a_login_is_in_its_turn_and_nothing_of_another(here: Machine, there: Machine) -> None:
    for run, login in RUNS:
        here.note(run, login)
    make_all_due(here)
    assert there.due("default") == ["a-001", "a-003"]
    assert there.due("acme") == ["a-002"]


def test_what_is_due_now_goes_before_a_turn_that_was_to_come_later_and_is_called_once(
    here: Machine, there: Machine
) -> None:
    here.note("a-001", "default")
    make_all_due(here)
    there.call("default")
    here.call("default")
    assert there.called == [(Turn(NO_BATCH, "default", 2), 0.0)]
    assert len(here.called) == 1
    with here.context.database.transaction() as connection:
        close_turn(connection, Turn(NO_BATCH, "default", 2))
        FollowUps(connection, here.context).forget("a-001")
    here.call("default")
    assert len(here.called) == 1, "nothing is due: nobody is called"

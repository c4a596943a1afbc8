"""The queue on both databases: what goes in comes out once, in the transaction that put it there, login by login."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from loguru import logger

from bcflow.models.errors import LedgerBroken
from bcflow.runner.batches.context import Turn
from bcflow.runner.engine import queue as queue_module
from bcflow.runner.engine.queue import Engine, Queue, id_of
from bcflow.runner.storage.database import Database
from tests.support.waiting import until

MANY = 25


class Work:
    """Works turns: notes them, and holds those of a login whose gate is closed."""

    def __init__(self) -> None:
        self.done: list[Turn] = []
        self.begun: list[Turn] = []
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self, turn: Turn) -> None:
        self.begun.append(turn)
        self.gate.wait()
        self.done.append(turn)


@pytest.fixture(params=["a file", "PostgreSQL"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    is_file = request.param == "a file"
    found = f"sqlite:///{tmp_path / 'bcflow.sqlite3'}" if is_file else request.getfixturevalue("postgres")
    with closing(Database(found)) as opened:
        yield opened


@pytest.fixture
def url(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


@pytest.fixture
def queue(url: str) -> Iterator[Queue]:
    with closing(Queue(url)) as made:
        made.prepare()
        yield made


@pytest.fixture
def work() -> Iterator[Work]:
    made = Work()
    yield made
    made.gate.set()


@pytest.fixture
def engine(url: str, queue: Queue, work: Work) -> Iterator[Engine]:
    made = Engine(url, queue, executor="test", owner="", slots=2, work=work)
    yield made
    work.gate.set()
    made.stop()


def put(database: Database, queue: Queue, *turns: Turn, delay: float = 0.0) -> None:
    with database.transaction() as connection:
        for turn in turns:
            queue.enqueue(connection, turn, delay)


def in_the_tables(database: Database) -> int:
    """Return how many turns are in the engine's tables."""
    name = "workflow_status" if database.is_sqlite else "dbos.workflow_status"
    with database.transaction() as connection:
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar() or 0)  # noqa: S608 - a constant


def threads_of_the_engine() -> list[str]:
    return [thread.name for thread in threading.enumerate() if "queue-worker" in thread.name]


def test_it_takes_turns_from_its_start_to_its_stop(
    database: Database, queue: Queue, engine: Engine, work: Work
) -> None:
    put(database, queue, Turn("b1", "anna", 1))
    assert (threads_of_the_engine(), engine.is_running) == ([], False)
    engine.start()
    until(lambda: work.done, "the turn is worked")
    engine.stop()
    assert (threads_of_the_engine(), engine.is_running) == ([], False)
    put(database, queue, Turn("b1", "anna", 2))
    engine.start()
    until(lambda: len(work.done) > 1, "it goes on after a rest")
    assert work.done == [Turn("b1", "anna", 1), Turn("b1", "anna", 2)]


def test_the_turns_of_a_login_come_one_at_a_time_and_those_of_others_beside_them(
    database: Database, queue: Queue, engine: Engine, work: Work
) -> None:
    work.gate.clear()
    put(database, queue, Turn("b1", "anna", 1), Turn("b2", "anna", 1), Turn("b1", "ben", 1), Turn("b1", "cleo", 1))
    engine.start()
    until(lambda: len(work.begun) > 1, "two begin")
    put(database, queue, Turn("b3", "anna", 1))
    assert len({turn.login for turn in work.begun}) == len(work.begun) == 2, "as many logins as there are slots"
    work.gate.set()
    until(lambda: len(work.done) == 5, "all are worked")
    assert [turn.batch for turn in work.done if turn.login == "anna"] == ["b1", "b2", "b3"]


def test_what_was_rolled_back_is_not_in_the_queue(database: Database, queue: Queue, engine: Engine, work: Work) -> None:
    with database.engine.connect() as connection, connection.begin() as transaction:
        queue.enqueue(connection, Turn("b1", "anna", 1), 0.0)
        transaction.rollback()
    assert in_the_tables(database) == 0
    put(database, queue, Turn("b2", "anna", 1))
    engine.start()
    until(lambda: work.done, "the other is worked")
    assert work.begun == [Turn("b2", "anna", 1)]


def test_the_same_turn_put_twice_is_worked_once(database: Database, queue: Queue, engine: Engine, work: Work) -> None:
    turn = Turn("b1", "anna", 1)
    put(database, queue, turn)
    put(database, queue, turn)
    engine.start()
    until(lambda: work.done, "it is worked")
    put(database, queue, turn, Turn("b1", "anna", 2))
    until(lambda: len(work.done) > 1, "the next is worked")
    assert work.begun == [turn, Turn("b1", "anna", 2)]


def test_a_delayed_turn_begins_later_and_keeps_to_its_login(
    database: Database, queue: Queue, engine: Engine, work: Work
) -> None:
    put(database, queue, Turn("b1", "anna", 1), delay=1.0)
    put(database, queue, Turn("b1", "ben", 1), delay=3600.0)
    work.gate.clear()
    put(database, queue, Turn("b2", "anna", 1))
    engine.start()
    until(lambda: work.begun, "what is not delayed begins")
    assert work.begun == [Turn("b2", "anna", 1)]
    work.gate.set()
    until(lambda: len(work.done) > 1, "the delayed one begins")
    assert work.done == [Turn("b2", "anna", 1), Turn("b1", "anna", 1)]
    assert queue.lost([Turn("b1", "ben", 1)]) == [], "what is to begin later is not lost"


def test_what_one_worker_works_alone_no_other_takes(
    database: Database, queue: Queue, engine: Engine, work: Work
) -> None:
    put(database, queue, Turn("b1", "anna", 1, "another"), Turn("b2", "anna", 1))
    engine.start()
    until(lambda: work.done, "the shared one is worked")
    engine.stop()
    assert work.begun == [Turn("b2", "anna", 1)]
    assert queue.lost([Turn("b1", "anna", 1, "another")]) == []


def test_what_has_ended_is_deleted(
    database: Database, queue: Queue, engine: Engine, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = [Turn(f"b{number}", "anna" if number % 2 else "ben", 1) for number in range(MANY)]
    put(database, queue, *turns)
    engine.start()
    until(lambda: len(work.done) == MANY, "all are worked")
    until(lambda: len(queue.lost(turns)) == MANY, "all have ended")
    monkeypatch.setattr(queue_module, "MOST_ENDED", 10)
    engine.stop()
    assert in_the_tables(database) == MANY - 10, "never so many that it takes long"
    monkeypatch.undo()
    engine.start()
    engine.stop()
    assert in_the_tables(database) == 0


def test_a_turn_that_the_engine_ended_or_never_knew_is_lost(
    database: Database, queue: Queue, engine: Engine, work: Work
) -> None:
    worked, waiting, unknown = Turn("b1", "anna", 1), Turn("b1", "ben", 1), Turn("b9", "cleo", 4)
    put(database, queue, worked)
    engine.start()
    until(lambda: work.done, "it is worked")
    engine.stop()
    put(database, queue, waiting)
    assert queue.lost([worked, waiting, unknown]) == [worked, unknown]
    assert queue.lost([]) == []


def test_a_turn_that_raises_is_over_and_the_next_is_worked(database: Database, url: str, queue: Queue) -> None:
    seen: list[str] = []

    def fail(turn: Turn) -> None:
        seen.append(id_of(turn))
        raise ZeroDivisionError

    engine = Engine(url, queue, executor="test", owner="", slots=1, work=fail)
    put(database, queue, Turn("b1", "anna", 1), Turn("b1", "anna", 2))
    engine.start()
    try:
        until(lambda: len(seen) > 1, "the next begins")
        until(lambda: len(queue.lost([Turn("b1", "anna", 1), Turn("b1", "anna", 2)])) > 1, "both are over")
    finally:
        engine.stop()
    assert seen == ["b1/anna/1", "b1/anna/2"]


def test_tables_that_cannot_be_used_are_told_as_that(tmp_path: Path) -> None:
    (tmp_path / "engine.sqlite3").write_text("this is no database, and long enough to be seen as none" * 20)
    with (
        closing(Queue(f"sqlite:///{tmp_path / 'engine.sqlite3'}")) as broken,
        pytest.raises(LedgerBroken, match=r"engine\.sqlite3 cannot be used: it is not a database"),
    ):
        broken.prepare()


def test_what_a_driver_says_in_the_engines_log_is_for_developers(tmp_path: Path) -> None:
    said: list[str] = []
    with closing(Queue(f"sqlite:///{tmp_path / 'engine.sqlite3'}")) as queue:
        queue.prepare()
    sink = logger.add(said.append, level="WARNING", format="{message}")
    try:
        engine = logging.getLogger("dbos")
        engine.warning("Database connection failed: (psycopg.OperationalError) planted-password. Retrying")
        engine.warning("a queue is full")
    finally:
        logger.remove(sink)
    told = "".join(said)
    assert "engine: the database did not answer as it should; it is asked again" in told
    assert "engine: a queue is full" in told
    assert "planted" not in told


def test_nothing_is_put_into_a_queue_without_tables(database: Database, url: str) -> None:
    with closing(Queue(url)) as fresh, database.transaction() as connection:
        with pytest.raises(RuntimeError, match="not prepared"):
            fresh.enqueue(connection, Turn("b1", "anna", 1), 0.0)
        assert not sa.inspect(connection).has_table("workflow_status")

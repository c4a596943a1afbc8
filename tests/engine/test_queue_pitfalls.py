"""What the engine does on PostgreSQL that one would not think: where it changes, what we build on it must."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bcflow.runner.batches.context import Turn
from bcflow.runner.browser import login_browser
from bcflow.runner.browser.login_browser import LoginBrowsers, SlotLike
from bcflow.runner.browser.shutdown import Shutdown
from bcflow.runner.engine.queue import APPLICATION_VERSION, SHARED, Queue, id_of
from bcflow.runner.storage.database import Database
from tests.support.nightly import nightly_except
from tests.support.postgres import PostgresServer
from tests.support.waiting import until
from tests.support.worker_process import AT_GATE, GATE
from tests.support.workshop import Workshop, broken_rules

OLD, NEW = Turn("b1", "anna", 1), Turn("b2", "anna", 1)


class Office:
    """The queue, and workers that take turns from it one call at a time."""

    def __init__(self, url: str, database: Database, queue: Queue) -> None:
        self.url, self.database, self.queue = url, database, queue
        queue.register("", slots=5)

    def put(self, *turns: Turn, delay: float = 0.0) -> None:
        with self.database.transaction() as connection:
            for turn in turns:
                self.queue.enqueue(connection, turn, delay)

    def claim(self, worker: str) -> list[str]:
        """Let a worker take what it may begin now, as its engine does every moment."""
        known: Any = self.queue._known
        shared = known.retrieve_queue(SHARED)
        claimed: list[str] = known._sys_db.start_queued_partitioned_workflows(
            shared, worker, APPLICATION_VERSION, 5, owner_xid=worker, is_latest_version=True
        )
        return claimed

    def pass_time(self) -> None:
        """Let the engine see which delays are over."""
        known: Any = self.queue._known
        known._sys_db.transition_delayed_workflows()

    def how(self, turn: Turn) -> tuple[str, str | None]:
        """Return how a turn stands, and of which login the engine takes it to be."""
        (found,) = self.queue._known.list_workflows(workflow_ids=[id_of(turn)])
        return found.status, found.queue_partition_key


@pytest.fixture
def office(postgres: str) -> Iterator[Office]:
    with closing(Database(postgres)) as database, closing(Queue(postgres)) as queue:
        queue.prepare()
        yield Office(postgres, database, queue)


def _deaf(_text: str) -> None:
    """Nobody is told."""


def _no_slot(login: str, *_: object) -> SlotLike:
    raise AssertionError(f"nothing is to be started for {login}")


def test_two_turns_of_a_login_may_be_under_way_and_the_lease_lets_one_of_them_work(
    office: Office, postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One worker has claimed a turn, not kept yet, when an older one comes back: the next worker sees only that."""
    office.put(NEW)
    with psycopg.connect(postgres) as claiming:
        claiming.execute(
            "UPDATE dbos.workflow_status SET status = 'PENDING', executor_id = 'one' WHERE workflow_uuid = %s",
            (id_of(NEW),),
        )
        office.put(OLD)
        with psycopg.connect(postgres, autocommit=True) as ages:
            ages.execute(
                "UPDATE dbos.workflow_status SET created_at = created_at - 60000 WHERE workflow_uuid = %s",
                (id_of(OLD),),
            )
        assert office.claim("another") == [id_of(OLD)]
    assert [office.how(turn)[0] for turn in (OLD, NEW)] == ["PENDING", "PENDING"], "the queue is no mutex"

    monkeypatch.setattr(login_browser, "_BUSY_SECONDS", 0.0)
    with Workshop(postgres, postgres, tmp_path) as workshop:
        here, there = (
            LoginBrowsers(workshop.settings(name), _no_slot, doing="worker", tell=_deaf, shutdown=Shutdown())
            for name in ("here", "there")
        )
        opened = here.open("login_0", may_write=lambda: True)
        assert opened is not None
        try:
            assert there.open("login_0", may_write=lambda: True) is None
        finally:
            opened.close()
        second = there.open("login_0", may_write=lambda: True)
        assert second is not None, "what waited gets it when it is free"
        second.close()


def test_the_turn_of_a_dead_worker_holds_up_its_login_until_it_is_given_on_and_then_goes_first(office: Office) -> None:
    office.put(OLD)
    assert office.claim("dead") == [id_of(OLD)]
    office.put(NEW, Turn("b2", "ben", 1))
    assert office.claim("alive") == ["b2/ben/1"]
    assert office.queue.at_work("") == {"dead", "alive"}
    assert office.queue.take_over("dead", "") == 1
    assert office.queue.at_work("") == {"alive"}
    assert office.how(OLD) == ("ENQUEUED", "anna"), "it is still of its login"
    assert office.claim("alive") == [id_of(OLD)]
    assert office.claim("alive") == [], "one at a time"


def test_what_is_given_on_twice_begins_once(office: Office) -> None:
    """Two workers find the same dead one; the second comes when the first has begun already."""
    office.put(OLD)
    office.claim("dead")
    assert office.queue.take_over("dead", "") == 1
    assert office.queue.take_over("dead", "") == 0, "it waits to be claimed"
    assert office.claim("alive") == [id_of(OLD)]
    assert office.queue.take_over("dead", "") == 0, "it is another's now"
    assert office.claim("third") == []


def test_a_delayed_turn_is_taken_by_any_worker_when_it_is_time(office: Office) -> None:
    office.put(OLD, delay=0.3)
    assert office.how(OLD) == ("DELAYED", "anna")
    assert office.claim("anybody") == []
    office.put(NEW)
    assert office.claim("anybody") == [id_of(NEW)], "its login is free until then"

    def is_time() -> bool:
        office.pass_time()
        return office.how(OLD)[0] == "ENQUEUED"

    until(is_time, "its delay is over")
    assert office.claim("anybody") == [], "its login is at work"


@pytest.fixture
def workshop(postgres: str, postgres_server: PostgresServer, tmp_path: Path) -> Iterator[Workshop]:
    with postgres_server.database() as notes, Workshop(postgres, notes, tmp_path) as made:
        yield made


@pytest.mark.parametrize(
    "is_alive",
    nightly_except([pytest.param(False, id="worker dead"), pytest.param(True, id="worker alive")], "worker dead"),
)
def test_the_engines_tables_lost_in_the_middle_cost_nothing(
    workshop: Workshop,
    postgres: str,
    postgres_server: PostgresServer,
    is_alive: bool,
) -> None:
    gate = f"{GATE}@acme.example"
    workshop.start("anna")
    lines = [(f"login_{at % 2}", f"{at}@acme.example") for at in range(8)]
    batch = workshop.submit_file([("login_0", gate), *lines])
    until(lambda: workshop.notes(AT_GATE, gate), "the job is at its gate")
    workshop.until_written(2)
    if not is_alive:
        workshop.kill("anna")
    with postgres_server.connected(postgres) as connection:
        connection.execute("DROP SCHEMA dbos CASCADE")
    workshop.open_gate(gate)
    if not is_alive:
        workshop.start("anna")
    until(workshop.all_ended, "the batch ends")
    assert workshop.outcomes(batch).total() == 9
    assert workshop.outcomes(batch).keys() <= {"done", "already"}
    assert workshop.written() == dict.fromkeys([gate, *(job for _, job in lines)], 1)
    assert list(broken_rules(workshop.notes())) == []

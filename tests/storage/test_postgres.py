"""The ledger and the database on a real PostgreSQL: what SQLite's one lock does, rows and sessions must do there."""

import threading
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest
import sqlalchemy as sa

from bcflow.models.errors import LedgerBroken
from bcflow.models.looks import Effect
from bcflow.models.outcomes import RunRecord
from bcflow.runner.storage.database import Database
from bcflow.runner.storage.ledger import Ledger
from bcflow.runner.storage.proofs import Proofs
from bcflow.runner.storage.tables import schema
from tests.faults.ledger_race import ORIGIN, race
from tests.support.nightly import nightly_except
from tests.support.postgres import PostgresServer
from tests.support.waiting import SOON, until

BC = "7100000000000000017"
ZOE = Effect(business_center=BC, kind="member", identity="zoe@acme.example", want={"role": "standard"})
PARTNER = Effect(business_center=BC, kind="partner", identity="6900000000000000074")
SHARE = Effect(business_center=BC, kind="share", identity="6900000000000000074:7200000000000000011")
TWO, MANY = 2, 6
LOST = "LedgerBroken: member zoe@acme.example: another run armed it in the meantime; nothing was sent"


@pytest.fixture
def ledger(postgres: str) -> Iterator[Ledger]:
    with closing(Ledger(postgres)) as made:
        yield made


@pytest.mark.parametrize("many", nightly_except([TWO, MANY], TWO))
def test_of_processes_that_come_together_one_arms(ledger: Ledger, postgres: str, many: int) -> None:
    """All of them want the effect's row first, and none of them gets a second one."""
    assert race(postgres, ZOE, many) == [LOST] * (many - 1) + ["armed"]
    assert [event["event"] for event in ledger.history()] == ["prepared", "armed"]
    assert ledger.peek(ORIGIN, ZOE).armed


def test_two_that_open_an_empty_database_together_make_it_once(postgres: str) -> None:
    """The second comes while the first one's tables are there but not yet kept."""
    said: list[str] = []

    def open_it() -> None:
        try:
            Database(postgres).close()
            said.append("opened")
        except LedgerBroken as error:
            said.append(str(error))

    second = threading.Thread(target=open_it)

    def linger(*_: object, **__: object) -> None:
        if second.ident is None:
            second.start()
            wait_for_a_lock(postgres)

    sa.event.listen(schema, "after_create", linger)
    try:
        open_it()
        second.join(SOON)
    finally:
        sa.event.remove(schema, "after_create", linger)
    assert said == ["opened", "opened"]


def test_who_prepares_while_another_does_waits_and_gets_the_same_row(ledger: Ledger, postgres: str) -> None:
    """The other's row is there but not yet kept: it cannot be seen, and it may not be made twice."""
    theirs = Database(postgres)
    found: list[int] = []
    with theirs.transaction() as connection:
        row = Ledger._make(ledger, connection, ORIGIN, ZOE, "theirs")
        ours = threading.Thread(target=lambda: found.append(ledger.prepare(ORIGIN, ZOE, run="ours").key))
        ours.start()
        wait_for_a_lock(postgres)
    ours.join(SOON)
    theirs.close()
    assert found == [row.id]
    assert [event["run"] for event in ledger.history()] == ["theirs"]


def test_who_arms_while_another_does_waits_and_does_not_get_through(ledger: Ledger, postgres: str) -> None:
    entry = ledger.prepare(ORIGIN, ZOE, run="a")
    theirs = Database(postgres)
    said: list[str] = []

    def arm() -> None:
        try:
            ledger.arm([(entry, ZOE)], run="ours", before=())
        except LedgerBroken as error:
            said.append(str(error))

    with theirs.transaction() as connection:
        Ledger._arm_one(ledger, connection, entry, "theirs", ZOE, [])
        ours = threading.Thread(target=arm)
        ours.start()
        wait_for_a_lock(postgres)
        assert said == []
    ours.join(SOON)
    theirs.close()
    assert said == [LOST.removeprefix("LedgerBroken: ")]


def wait_for_a_lock(url: str) -> None:
    """Return when some session of this database waits for a lock that another one has."""
    waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with psycopg.connect(url, autocommit=True) as connection:
        until(lambda: connection.execute(waiting).fetchone(), "somebody waits for a lock")


def test_two_that_arm_the_same_effects_in_another_order_do_not_both_get_through(ledger: Ledger, postgres: str) -> None:
    pair = [(ledger.prepare(ORIGIN, each, run="a"), each) for each in (PARTNER, SHARE)]
    said: list[str] = []
    together = threading.Barrier(2)

    def arm(entries: list[tuple[object, Effect]], run: str) -> None:
        with closing(Ledger(postgres)) as own:
            together.wait(SOON)
            try:
                own.arm(entries, run=run, before=())  # type: ignore[arg-type]
                said.append("armed")
            except LedgerBroken:
                said.append("not armed")

    threads = [threading.Thread(target=arm, args=(order, str(at))) for at, order in enumerate((pair, pair[::-1]))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SOON)
    assert sorted(said) == ["armed", "not armed"]


def test_server_that_is_lost_stops_the_act_before_anything_is_armed(
    ledger: Ledger, postgres: str, postgres_server: PostgresServer
) -> None:
    entry = ledger.prepare(ORIGIN, ZOE, run="a")
    postgres_server.stop()
    with pytest.raises(LedgerBroken, match="cannot be used"):
        ledger.arm([(entry, ZOE)], run="a", before=())
    with pytest.raises(LedgerBroken, match="cannot be used") as told:
        Ledger(postgres)
    assert postgres.rpartition("@")[0].rpartition(":")[2] not in str(told.value)


def test_connections_that_were_cut_stop_one_act_and_not_the_next(
    ledger: Ledger, postgres: str, postgres_server: PostgresServer
) -> None:
    entry = ledger.prepare(ORIGIN, ZOE, run="a")
    assert postgres_server.cut(postgres) == 1
    try:
        ledger.arm([(entry, ZOE)], run="a", before=())
    except LedgerBroken:
        ledger.arm([(entry, ZOE)], run="a", before=())
    assert [event["event"] for event in ledger.history()] == ["prepared", "armed"]


def test_history_is_in_order_whoever_wrote_it(ledger: Ledger, postgres: str) -> None:
    with closing(Ledger(postgres)) as other:
        for run, one in (("a", ledger), ("b", other), ("c", ledger)):
            entry = one.prepare(ORIGIN, ZOE, run=run)
            one.arm([(entry, ZOE)], run=run, before=())
            one.refused(entry, run=run, words="Too many requests")
        told = [(event["run"], event["event"]) for event in other.history()]
    assert told == [
        ("a", "prepared"),
        *[(run, event) for run in "abc" for event in ("armed", "settled")],
    ]
    times = [event["at"] for event in ledger.history()]
    assert times == sorted(times)


def test_two_that_are_the_first_to_see_a_flow_work_both_keep_it(postgres: str) -> None:
    """The first one's proof is there but not yet kept: the second one's run must not be lost for it."""
    with closing(Database(postgres)) as here, closing(Database(postgres)) as there:
        said: list[str] = []

        def learn(connection: sa.Connection, run: str) -> None:
            values = {"flow": "invite-member", "outcome": "done", "writes": 1, "language": "en", "message": ""}
            record = RunRecord.model_validate(values | {"id": run, "job": run, "login": "default"})
            assert Proofs(connection).learn(record, site=ORIGIN, at=f"2026-11-28T00:00:0{run[-1]}+00:00")

        def learn_there() -> None:
            with there.transaction() as connection:
                learn(connection, "b-002")
            said.append("kept")

        second = threading.Thread(target=learn_there)
        with here.transaction() as connection:
            learn(connection, "a-001")
            second.start()
            wait_for_a_lock(postgres)
        second.join(SOON)
        with here.transaction() as connection:
            (proof,) = Proofs(connection).of("invite-member")
    assert (said, proof.first_run, proof.run) == (["kept"], "a-001", "b-002")

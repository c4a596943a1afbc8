"""Several workers on one PostgreSQL, each with a home of its own: nothing twice, nothing lost, whoever dies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from bcflow.runner.batches.rules import MOST_DEATHS
from tests.support.postgres import PostgresServer
from tests.support.signed_in_home import processes
from tests.support.waiting import SOON, until
from tests.support.worker_process import AT_GATE, BEGAN, FAULT, GATE, HELD_BACK, KILLED, OPENED, POISON, SLOTS
from tests.support.workshop import LOGINS, Note, Workshop, broken_rules, strange_writes, submit_and_tell

TWO = 2
MANY_LOGINS = 4


@pytest.fixture
def workshop(postgres: str, postgres_server: PostgresServer, tmp_path: Path) -> Iterator[Workshop]:
    with postgres_server.database() as notes, Workshop(postgres, notes, tmp_path) as made:
        yield made


def jobs(batch: int, many: int) -> list[str]:
    return [f"{chr(ord('a') + number)}-of-{batch}@acme.example" for number in range(many)]


@pytest.mark.nightly
@pytest.mark.slow
def test_three_workers_do_sixty_jobs_of_six_logins_once_each(workshop: Workshop) -> None:
    workshop.start("anna", "ben", "cleo")
    wanted = [job for batch in range(2 * LOGINS) for job in jobs(batch, 5)]
    for batch in range(2 * LOGINS):
        workshop.submit(f"login_{batch % LOGINS}", jobs(batch, 5))
    until(workshop.all_ended, "all batches end")
    assert workshop.outcomes() == {"done": 60}
    assert workshop.written() == dict.fromkeys(wanted, 1)
    assert list(broken_rules(workshop.notes())) == []
    assert {note.worker for note in workshop.notes(OPENED)} == {"anna", "ben", "cleo"}


@pytest.mark.nightly
def test_what_a_killed_worker_had_goes_on_elsewhere_and_nothing_is_written_twice(workshop: Workshop) -> None:
    gate = f"{GATE}@acme.example"
    workshop.start("anna", "ben")
    for batch in range(1, LOGINS):
        workshop.submit(f"login_{batch}", jobs(batch, 5))
    workshop.submit("login_0", [*jobs(0, 2), gate, "last@acme.example"])
    victim = until_at_gate(workshop, gate).worker
    workshop.kill(victim)
    workshop.open_gate(gate)
    until(lambda: anew(workshop, "login_0"), "another goes on")
    until(workshop.all_ended, "all batches end")
    assert set(workshop.written().values()) == {1}
    assert len(workshop.written()) == 5 * 5 + 4 == workshop.outcomes().total()
    assert set(workshop.outcomes()) <= {"done", "already"}
    assert list(broken_rules(workshop.notes())) == []

    # It comes back under its name, and is hindered by nothing that it left.
    (other,) = {"anna", "ben"} - {victim}
    workshop.stop(other)
    more = workshop.submit("login_0", jobs(9, 2))
    workshop.drain(victim)
    assert workshop.outcomes(more) == {"done": 2}


def until_at_gate(workshop: Workshop, gate: str) -> Note:
    until(lambda: workshop.notes(AT_GATE, gate), "the job is at its gate")
    return workshop.notes(AT_GATE, gate)[0]


def anew(workshop: Workshop, login: str) -> bool:
    """Whether `login` began an attempt since a worker was killed."""
    notes = workshop.notes()
    killed = next(at for at, note in enumerate(notes) if note.what == KILLED)
    return any(note.what == BEGAN and note.login == login for note in notes[killed:])


def test_a_worker_that_died_takes_up_all_it_had(workshop: Workshop) -> None:
    gates = [f"{GATE}-{number}@acme.example" for number in range(TWO)]
    workshop.start("anna")
    for number, gate in enumerate(gates):
        workshop.submit(f"login_{number}", [gate, *jobs(number, 1)])
    for gate in gates:
        until_at_gate(workshop, gate)
    workshop.kill("anna")
    for gate in gates:
        workshop.open_gate(gate)
    workshop.drain("anna")
    assert workshop.all_ended()
    assert workshop.outcomes() == {"done": 4}
    assert list(broken_rules(workshop.notes())) == []


@pytest.mark.nightly
@pytest.mark.slow
def test_lost_connections_leave_one_writer_and_the_work_goes_on(
    workshop: Workshop, postgres: str, postgres_server: PostgresServer
) -> None:
    """They are lost more often than a run may kill its workers: a worker that lives did not die of it."""
    gate = f"{GATE}@acme.example"
    workshop.start("anna", "ben")
    for batch in range(1, LOGINS):
        workshop.submit(f"login_{batch}", jobs(batch, 3))
    workshop.submit("login_0", [*jobs(0, 1), gate, "last@acme.example"])
    at_gate = until_at_gate(workshop, gate)
    assert postgres_server.cut(postgres) > TWO
    workshop.open_gate(gate)
    for many in range(6, 18, 2):
        workshop.until_written(many)
        postgres_server.cut(postgres)
    until(workshop.all_ended, "all batches end")
    assert workshop.notes(HELD_BACK, gate)[0] == (at_gate.worker, HELD_BACK, "login_0", gate)
    assert set(workshop.written().values()) == {1}
    assert len(workshop.written()) == 5 * 3 + 3 == workshop.outcomes().total()
    assert set(workshop.outcomes()) <= {"done", "already"}
    assert list(strange_writes(workshop.notes())) == []


@pytest.mark.nightly
@pytest.mark.slow
def test_a_run_that_kills_its_workers_is_given_up_and_the_others_end(workshop: Workshop) -> None:
    poisonous = workshop.submit("login_0", [*jobs(7, 1), f"{POISON}@acme.example", *jobs(8, 1)])
    faulty = workshop.submit("login_1", [f"{FAULT}@acme.example"])
    others = [workshop.submit(f"login_{number}", jobs(number, 3)) for number in (0, 1, 2)]
    workshop.begin("anna", "ben")
    deaths = 0
    while deaths < MOST_DEATHS:
        dead = workshop.bury()
        deaths += len(dead)
        workshop.begin(*dead)
    until(lambda: open_batches(workshop) == {faulty}, "the others end")
    assert not workshop.store.load(faulty).queued
    assert "broke and rests: bcflow made a mistake of its own" in workshop.log("anna") + workshop.log("ben")
    workshop.until_ready("anna", "ben")
    workshop.stop("anna")
    workshop.stop("ben")
    assert len(workshop.notes(KILLED)) == deaths == MOST_DEATHS
    given_up = workshop.store.load(poisonous).records[1]
    assert (given_up.outcome, "its workers died 5 times" in given_up.message) == ("failed", True)
    assert workshop.outcomes(poisonous) == {"done": 2, "failed": 1}
    assert workshop.outcomes(*others).keys() <= {"done", "already"}
    assert set(workshop.written().values()) == {1}
    assert list(broken_rules(workshop.notes())) == []


def open_batches(workshop: Workshop) -> set[str]:
    return {held.record.id for held in workshop.store.open_batches()}


def test_a_key_given_by_two_processes_at_once_is_one_batch(
    workshop: Workshop, postgres: str, postgres_server: PostgresServer
) -> None:
    """Both find that the key is unknown before either adds its batch."""
    with postgres_server.connected(postgres) as connection, connection.transaction():
        connection.execute("LOCK TABLE batches IN SHARE ROW EXCLUSIVE MODE")
        lines = []
        for name in ("anna", "ben"):
            ours, theirs = processes.Pipe()
            settings = workshop.settings(name)
            process = processes.Process(target=submit_and_tell, args=(settings, jobs(0, 3), "night", theirs))
            process.start()
            lines.append((process, ours))
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        until(lambda: connection.execute(waiting).fetchone() == (TWO,), "both are about to add it")
    said = []
    for process, ours in lines:
        assert ours.poll(SOON)
        said.append(ours.recv())
        process.join()
    assert said[0] == said[1]
    assert open_batches(workshop) == {said[0]}
    assert len(workshop.store.load(said[0]).runs) == 3


@pytest.mark.nightly
def test_one_file_of_four_logins_is_worked_by_all_and_survives_a_killed_worker(workshop: Workshop) -> None:
    gates = [f"{GATE}-{number}@acme.example" for number in range(MANY_LOGINS)]
    lines = [(f"login_{at % MANY_LOGINS}", job) for at, job in enumerate([*gates, *jobs(0, 20)])]
    workshop.start("anna", "ben", "cleo")
    batch = workshop.submit_file(lines)
    for gate in gates:
        until_at_gate(workshop, gate)
    at_gates = {note.login: note.worker for note in workshop.notes(AT_GATE)}
    assert len(at_gates) == MANY_LOGINS, "every login has its turn at once"
    assert len(set(at_gates.values())) > 1, "no worker has the file for itself"
    victim = at_gates["login_0"]
    workshop.kill(victim)
    for gate in gates:
        workshop.open_gate(gate)
    until(lambda: anew(workshop, "login_0"), "another goes on")
    until(workshop.all_ended, "it ends")
    assert workshop.written() == dict.fromkeys((job for _, job in lines), 1)
    assert workshop.outcomes(batch) == {"done": 24}
    assert list(broken_rules(workshop.notes())) == []
    assert {note.worker for note in workshop.notes(BEGAN)} == {"anna", "ben", "cleo"}


@pytest.mark.nightly
def test_one_file_of_six_logins_takes_all_workers_and_no_more_than_their_slots(workshop: Workshop) -> None:
    """So many logins as there are slots: each worker has two browsers, and no worker a third."""
    workshop.start("anna", "ben", "cleo")
    gates = [f"{GATE}-{number}@acme.example" for number in range(LOGINS)]
    batch = workshop.submit_file([(f"login_{at % LOGINS}", job) for at, job in enumerate([*gates, *jobs(0, 6)])])
    for gate in gates:
        until_at_gate(workshop, gate)
    assert Counter(note.worker for note in workshop.notes(AT_GATE)) == {"anna": SLOTS, "ben": SLOTS, "cleo": SLOTS}
    for gate in gates:
        workshop.open_gate(gate)
    until(workshop.all_ended, "it ends")
    assert workshop.outcomes(batch) == {"done": 12}
    assert set(workshop.written().values()) == {1}
    assert list(broken_rules(workshop.notes())) == []


def test_a_login_whose_browser_waits_does_not_hold_up_the_others_of_its_file(workshop: Workshop) -> None:
    gate = f"{GATE}@acme.example"
    workshop.start("anna")
    batch = workshop.submit_file(
        [("login_0", gate), *((f"login_{1 + at % 2}", job) for at, job in enumerate(jobs(0, 6)))]
    )
    until_at_gate(workshop, gate)
    workshop.until_written(6)
    assert workshop.outcomes(batch) == {"done": 6, "open": 1}
    workshop.open_gate(gate)
    until(workshop.all_ended, "it ends")
    assert workshop.outcomes(batch) == {"done": 7}

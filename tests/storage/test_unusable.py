"""A database that cannot be used says which it is, why, and what to do; another program's is not touched."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from bcflow.models.errors import LedgerBroken
from bcflow.runner.engine.queue import Queue
from bcflow.runner.storage.advisory_lock import LoginLock
from bcflow.runner.storage.database import Database
from bcflow.runner.storage.unusable import unusable
from tests.support.postgres import PostgresServer

HIDDEN = "planted-password"


def refusal(url: str) -> str:
    with pytest.raises(LedgerBroken) as caught, closing(Database(url)):
        pass
    told = str(caught.value)
    assert "\n" not in told
    assert "Error" not in told
    return told


def made(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as other, other:
        for statement in statements:
            other.execute(statement)


def theirs(path: Path) -> None:
    made(path, "CREATE TABLE invoices (i)")


def theirs_with_our_names(path: Path) -> None:
    made(path, "CREATE TABLE runs (id)")


def garbage(path: Path) -> None:
    path.write_bytes(b"no database, and long enough to be looked at" * 40)


def damaged(path: Path) -> None:
    Database(f"sqlite:///{path}").close()
    whole = path.read_bytes()
    path.write_bytes(whole[:200] + b"\xff" * 9000 + whole[9200:])


@pytest.mark.parametrize(
    ("make", "why", "do"),
    [
        (garbage, "it is not a database (SQLite: file is not a database)", "put back a copy"),
        (Path.mkdir, "it cannot be opened (SQLite: unable to open database file)", "a file of yours"),
        (damaged, "it is damaged (SQLite: database disk image is malformed)", "put back a copy"),
        (theirs, "it belongs to another program", "BCFLOW_HOME"),
        (theirs_with_our_names, "it belongs to another program", "BCFLOW_HOME"),
    ],
)
def test_a_file_that_is_no_ledger_is_told_with_its_path(
    make: Callable[[Path], object], why: str, do: str, tmp_path: Path
) -> None:
    make(tmp_path / "ledger.sqlite3")
    told = refusal(f"sqlite:///{tmp_path / 'ledger.sqlite3'}")
    assert told.startswith(f"the database {tmp_path / 'ledger.sqlite3'} cannot be used: {why}")
    assert do in told


def test_a_file_of_another_program_is_left_as_it_was(tmp_path: Path) -> None:
    made(tmp_path / "theirs", "CREATE TABLE runs (id)")
    refusal(f"sqlite:///{tmp_path / 'theirs'}")
    with closing(sqlite3.connect(tmp_path / "theirs")) as theirs:
        assert theirs.execute("SELECT sql FROM sqlite_master").fetchall() == [("CREATE TABLE runs (id)",)]


def test_a_ledger_that_is_locked_is_told_as_that(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.sqlite3'}"
    with closing(Database(url)) as ours, closing(sqlite3.connect(tmp_path / "ledger.sqlite3")) as theirs:
        with ours.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout=1")
            connection.rollback()
        theirs.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerBroken, match=r"another program has locked it \(SQLite: database is locked\); end"):
            ours.transaction().__enter__()


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("SQLITE_FULL", "the disk is full"),
        ("SQLITE_READONLY_DIRECTORY", "it cannot be written"),
        ("SQLITE_CANTOPEN_ISDIR", "it cannot be opened"),
        ("SQLITE_IOERR_WRITE", "the disk cannot be read or written"),
        ("SQLITE_SOMETHING_NEW", "it cannot do what bcflow asks of it"),
    ],
)
def test_what_sqlite_calls_an_error_is_said_in_words(name: str, why: str) -> None:
    class Named(sqlite3.OperationalError):
        sqlite_errorname = name

    told = str(unusable(sa.exc.OperationalError("SELECT 1", {}, Named("its own reason")), "sqlite:////srv/x"))
    assert told.startswith(f"the database /srv/x cannot be used: {why} (SQLite: its own reason); ")


def test_a_queue_of_the_engine_alone_is_ours(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'engine.sqlite3'}"
    with closing(Queue(url)) as queue:
        queue.prepare()
    with closing(Database(url)) as database, database.transaction() as connection:
        tables = sa.inspect(connection).get_table_names()
    assert {"batches", "workflow_status"} <= set(tables), "ours stand beside the engine's"


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("@127", "x@127", "it does not know this user with this password"),
        ("/test_", "/gone_", "there is no database of this name"),
        ("PORT", "1", "nobody answers at its address"),
        ("@127.0.0.1:PORT/", "@/", "nobody answers at its address"),
    ],
)
def test_a_server_that_lets_us_not_in_is_told_without_its_address(
    before: str, after: str, why: str, postgres: str, postgres_server: PostgresServer
) -> None:
    url = postgres.replace(before.replace("PORT", str(postgres_server.port)), after) + "?host=/gone" * (after == "@/")
    told = refusal(url)
    assert told.startswith(f"the database of BCFLOW_DATABASE_URL cannot be used: {why}")
    with pytest.raises(LedgerBroken) as caught:
        LoginLock(url, "default").open()
    assert str(caught.value).startswith(f"the database that holds login 'default' does not answer: {why}")
    for text in (told, str(caught.value)):
        assert "127.0.0.1" not in text
        assert postgres.rpartition("@")[0].rpartition(":")[2] not in text


def test_a_user_without_rights_is_told_what_to_grant(postgres: str, postgres_server: PostgresServer) -> None:
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE poor LOGIN PASSWORD '{HIDDEN}'")
        try:
            name = postgres.rpartition("/")[2]
            told = refusal(f"postgresql://poor:{HIDDEN}@127.0.0.1:{postgres_server.port}/{name}")
        finally:
            connection.execute("DROP ROLE poor")
    assert "this user may not make tables and schemas in it; grant it CREATE" in told


def test_tables_of_other_programs_may_stand_beside_ours_but_not_in_their_place(postgres: str) -> None:
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("CREATE TABLE invoices (i int)")
        Database(postgres).close()
        connection.execute("DROP TABLE runs; CREATE TABLE runs (i int)")
    assert "it belongs to another program" in refusal(postgres)


def test_a_server_that_is_too_old_is_told_as_that(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bcflow.runner.storage.unusable.OLDEST_POSTGRES", (99,))
    assert "it is PostgreSQL 18" in (told := refusal(postgres))
    assert told.endswith("version 99 or newer is needed")


def test_a_file_of_another_user_is_told_as_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def not_ours(_path: Path, _mode: int) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", not_ours)
    assert "cannot be used: it is not yours (Operation not permitted); see whose it is" in refusal(
        f"sqlite:///{tmp_path / 'ledger.sqlite3'}"
    )

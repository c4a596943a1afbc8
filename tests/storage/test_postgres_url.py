"""A PostgreSQL elsewhere must prove who it is, and nobody is told the password in clear text."""

import queue
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from bcflow.models.errors import BadInput, LedgerBroken
from bcflow.runner.config.postgres_url import connectable
from bcflow.runner.config.settings import Settings
from bcflow.runner.engine.queue import Queue
from bcflow.runner.storage.advisory_lock import LoginLock
from bcflow.runner.storage.database import Database

PASSWORD = "Planted-PG-Password"
ELSEWHERE = ("db.internal", "10.0.0.7", "[2001:db8::1]:5433", "localhost.evil.example", "127.0.0.1.evil.example")


def query(url: str) -> dict[str, object]:
    return dict(sa.make_url(connectable(url)).query)


@pytest.fixture(autouse=True)
def no_roots_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("PGHOST", "PGHOSTADDR", "PGSSLMODE", "PGSERVICE", "PGSSLROOTCERT"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("host", ELSEWHERE)
def test_a_server_elsewhere_must_prove_who_it_is(host: str) -> None:
    asked = query(f"postgresql://u:p@{host}/d")
    assert asked == {"sslmode": "verify-full", "sslrootcert": "system"}
    asked = query(f"postgres://u:p@{host}/d?sslrootcert=/etc/ca.pem&sslmode=verify-full")
    assert asked == {"sslmode": "verify-full", "sslrootcert": "/etc/ca.pem"}


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer", "require", "verify-ca", ""])
@pytest.mark.parametrize("where", ["u:s3cret@db.internal/d?", "/d?host=db.internal&", "/d?host=/tmp,db.internal&"])
def test_a_weaker_connection_elsewhere_is_refused_with_what_to_say_instead(
    tmp_path: Path, where: str, mode: str
) -> None:
    url = f"postgresql://{where}sslmode={mode or 'prefer'}"
    with pytest.raises(BadInput, match=r"BCFLOW_DATABASE_URL: .*sslmode=verify-full.*sslrootcert=") as caught:
        Settings.load({"BCFLOW_HOME": str(tmp_path / "home"), "BCFLOW_DATABASE_URL": url}, tmp_path)
    assert "s3cret" not in str(caught.value)
    with pytest.raises(LedgerBroken, match="sslrootcert="):
        Database(url)


@pytest.mark.parametrize(
    "where",
    [
        "u:p@127.0.0.1:5432/d",
        "u:p@localhost/d",
        "u:p@[::1]:1/d",
        "/d",
        "/d?host=/var/run/postgresql",
        "/d?host=localhost:1&host=127.0.0.2:2",
        "u:p@name/d?hostaddr=127.0.0.1",
    ],
)
def test_this_machine_needs_no_certificate_and_is_told_no_password_in_clear(where: str) -> None:
    asked = query(f"postgresql://{where}")
    assert asked["require_auth"] == "!password,!md5"
    assert not {"sslmode", "sslrootcert"} & asked.keys()
    joint = "&" if "?" in where else "?"
    assert query(f"postgresql://{where}{joint}require_auth=password")["require_auth"] == "password"


@pytest.mark.parametrize(
    ("name", "value"), [("PGHOST", "db.internal"), ("PGHOSTADDR", "10.1.1.1"), ("PGSERVICE", "far")]
)
def test_what_the_driver_takes_from_the_environment_counts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str
) -> None:
    (tmp_path / "services").write_text("[far]\nhost=db.internal\n", encoding="utf-8")
    monkeypatch.setenv("PGSERVICEFILE", str(tmp_path / "services"))
    monkeypatch.setenv(name, value)
    monkeypatch.setenv("PGSSLMODE", "disable")
    assert query("postgresql:///d")["sslmode"] == "verify-full"


def test_a_service_file_is_elsewhere() -> None:
    assert query("postgresql:///d?service=far")["sslmode"] == "verify-full"


def test_twice_is_as_good_as_once_and_sqlite_is_left_alone() -> None:
    for url in ("postgresql://u:p%40x@db.internal/d", "postgresql://u:p%2Fx@127.0.0.1/d"):
        assert connectable(connectable(url)) == connectable(url)
        assert sa.make_url(connectable(url)).password == sa.make_url(url).password
    assert connectable("sqlite:////x/y.sqlite3") == "sqlite:////x/y.sqlite3"


@pytest.mark.parametrize("driver", ["asyncpg", "psycopg2", "pg8000", "nonsense"])
def test_another_driver_is_refused_before_it_is_looked_for(driver: str) -> None:
    with pytest.raises(ValueError, match="is not an address such as"):
        connectable(f"postgresql+{driver}://u:p@127.0.0.1/d")


@pytest.fixture
def stranger() -> Iterator[tuple[int, queue.Queue[bytes]]]:
    """Listen where a PostgreSQL should be, and ask for the password in clear text."""
    got: queue.Queue[bytes] = queue.Queue()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    client, _ = listening.accept()
                except OSError:
                    return
                with client:
                    got.put(_ask_for_password(client))

        threading.Thread(target=serve, daemon=True).start()
        yield listening.getsockname()[1], got
        listening.shutdown(socket.SHUT_RDWR)


def _ask_for_password(client: socket.socket) -> bytes:
    client.settimeout(5)
    first = client.recv(4096)
    if struct.unpack("!I", first[4:8])[0] in {80877103, 80877104}:  # wants TLS or GSS
        client.sendall(b"N")
        client.recv(4096)
    client.sendall(b"R" + struct.pack("!II", 8, 3))
    try:
        return client.recv(4096)
    except OSError:
        return b""


def _with_queue(url: str) -> None:
    with closing(Queue(url)) as made:
        made.prepare()


@pytest.mark.parametrize(
    "connect",
    [Database, lambda url: LoginLock(url, "default").open(), _with_queue],
    ids=["database", "lock", "queue"],
)
def test_a_stranger_in_its_place_gets_no_password(
    stranger: tuple[int, queue.Queue[bytes]], connect: Callable[[str], object]
) -> None:
    port, got = stranger
    with pytest.raises(LedgerBroken) as caught:
        connect(f"postgresql://bcflow:{PASSWORD}@127.0.0.1:{port}/bcflow")
    assert PASSWORD.encode() not in got.get(timeout=100)
    assert PASSWORD not in str(caught.value)


def test_it_is_said_why_a_connection_is_refused(stranger: tuple[int, queue.Queue[bytes]]) -> None:
    port, _ = stranger
    url = f"postgresql://bcflow:{PASSWORD}@127.0.0.1:{port}/bcflow"
    with pytest.raises(LedgerBroken, match=r"clear text .* scram-sha-256, or say require_auth="):
        Database(url)
    with pytest.raises(LedgerBroken, match="scram-sha-256"):
        LoginLock(url, "default").open()


def test_a_server_that_asks_for_it_properly_is_used(postgres: str) -> None:
    with closing(Database(postgres)) as database, database.transaction() as connection:
        assert connection.scalar(sa.text("SELECT 1")) == 1
        assert "require_auth" in str(database.engine.url)

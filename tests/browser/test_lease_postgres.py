"""A login's lease among machines: each has a home of its own, and they share one PostgreSQL."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Self

import pytest

from bcflow.models.errors import BadInput, LedgerBroken
from bcflow.runner.browser.lease import Lease
from bcflow.runner.storage import advisory_lock
from bcflow.runner.storage.advisory_lock import LoginLock, key_of
from bcflow.runner.storage.holder import Holder
from tests.support.postgres import PostgresServer
from tests.support.waiting import SOON, until

HOLD = """
import sys
from pathlib import Path
from bcflow.runner.browser.lease import Lease
lease = Lease(Path(sys.argv[1]), "default", doing="run jobs.yaml", database_url=sys.argv[2])
lease.acquire()
print("held", flush=True)
sys.stdin.read()
lease.release()
"""


@contextmanager
def other_machine(home: Path, url: str) -> Iterator[subprocess.Popen[str]]:
    """Hold the lease in another process with its own `home`, until its stdin closes."""
    command = [sys.executable, "-c", HOLD, str(home), url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


@pytest.fixture
def lease(tmp_path: Path, postgres: str) -> Iterator[Lease]:
    made = Lease(tmp_path / "ours", "default", doing="login", database_url=postgres)
    yield made
    made.release()


def theirs(tmp_path: Path, url: str, login: str = "default") -> Lease:
    return Lease(tmp_path / "theirs", login, database_url=url)


def test_another_machine_is_refused_by_name_without_waiting(tmp_path: Path, postgres: str, lease: Lease) -> None:
    with other_machine(tmp_path / "theirs", postgres) as process:
        host = socket.gethostname()
        with pytest.raises(BadInput, match=rf"in use by pid {process.pid} on {host} since .*run jobs\.yaml"):
            lease.acquire(wait=False)
        assert not lease.held()
        holder = lease.holder()
        assert holder is not None
        assert holder.pid == process.pid


def test_another_machine_waits_until_it_is_free(tmp_path: Path, postgres: str, lease: Lease) -> None:
    told: list[Holder | None] = []
    with other_machine(tmp_path / "theirs", postgres) as process:
        closer = threading.Thread(target=process.communicate)

        def on_wait(holder: Holder | None) -> None:
            told.append(holder)
            closer.start()

        lease.acquire(on_wait=on_wait)
        closer.join()
        assert process.returncode == 0
    assert [holder.pid for holder in told if holder] == [process.pid]
    assert lease.held()


def test_a_killed_machine_leaves_nothing_in_the_way(tmp_path: Path, postgres: str, lease: Lease) -> None:
    with other_machine(tmp_path / "theirs", postgres) as process:
        started = threading.Event()
        waiting = threading.Thread(target=lambda: lease.acquire(on_wait=lambda _holder: started.set()))
        waiting.start()
        assert started.wait(SOON)
        process.kill()
        killed = monotonic()
        waiting.join(SOON)
    assert monotonic() - killed < 5
    assert lease.held()


def test_when_it_is_given_back_it_is_free_at_once(tmp_path: Path, postgres: str) -> None:
    with Lease(tmp_path, "default", database_url=postgres) as lease:
        assert lease.held()
    assert not lease.held()
    with theirs(tmp_path, postgres) as other:
        other_holder = other.holder()
        assert other_holder is not None
        assert lease.holder() == other_holder
        lease.release()
        assert other.held()
    assert lease.holder() is None


def test_two_logins_and_two_databases_do_not_hinder_each_other(
    tmp_path: Path, postgres: str, postgres_server: PostgresServer, lease: Lease
) -> None:
    lease.acquire()
    with (
        postgres_server.database() as elsewhere,
        theirs(tmp_path, postgres, "acme") as other,
        theirs(tmp_path, elsewhere) as same_name,
    ):
        assert lease.held()
        assert other.held()
        assert same_name.held()


def test_a_connection_that_was_cut_is_a_lease_that_is_lost_for_good(
    tmp_path: Path, postgres: str, postgres_server: PostgresServer, lease: Lease
) -> None:
    lease.acquire()
    postgres_server.cut(postgres)
    assert not lease.held()
    with theirs(tmp_path, postgres) as other:
        assert other.held()
    assert not lease.held()


def test_a_server_that_is_gone_is_told_quickly(
    tmp_path: Path, postgres: str, postgres_server: PostgresServer, lease: Lease
) -> None:
    lease.acquire()
    postgres_server.stop()
    began = monotonic()
    assert not lease.held()
    assert monotonic() - began < advisory_lock.ANSWER_SECONDS + 2
    with pytest.raises(LedgerBroken, match="does not answer") as told:
        theirs(tmp_path, postgres).acquire()
    assert postgres not in str(told.value)


def test_a_server_that_takes_all_and_says_nothing_is_given_up_in_time(
    tmp_path: Path, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(advisory_lock, "ANSWER_SECONDS", 1.0)
    with SilentLine(postgres) as line, closing(LoginLock(line.url, "default")) as lock:
        lock.open()
        assert lock.take(wait=False, on_wait=lambda: None)
        lock.sign(Holder(1, "h", "s", "d", "token"))
        assert lock.is_ours("token")
        line.silent.set()
        began = monotonic()
        assert not lock.is_ours("token")
        assert 0.9 < monotonic() - began < 4
        line.silent.clear()
        assert not lock.is_ours("token")
    until(lambda: Lease(tmp_path, "default", database_url=postgres).holder() is None, "the server frees it")


def test_who_watches_hears_of_the_loss_once(
    tmp_path: Path, postgres: str, postgres_server: PostgresServer, lease: Lease, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(advisory_lock, "WATCH_SECONDS", 0.1)
    lost: list[str] = []
    with theirs(tmp_path, postgres, "acme") as other:
        other.watch(lambda: lost.append("acme"))
    lease.acquire()
    lease.watch(lambda: lost.append("default"))
    postgres_server.cut(postgres)
    until(lambda: lost, "it is told")
    until(lambda: not watchers(), "nobody watches any more")
    assert lost == ["default"]


def watchers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("lease of ")]


def test_the_server_misses_a_machine_only_after_that_machine_knows(lease: Lease) -> None:
    lease.acquire()
    assert lease._shared is not None
    asked = "SELECT current_setting('tcp_keepalives_idle')::int * 1000, current_setting('tcp_user_timeout')::int"
    ((idle, user_timeout),) = lease._shared._say(asked)
    knows = (advisory_lock.WATCH_SECONDS + advisory_lock.ANSWER_SECONDS) * 1000
    assert knows <= int(idle or 0) < int(user_timeout or 0) <= 10_000


def test_a_lease_that_another_signed_is_no_longer_held(
    postgres: str, lease: Lease, postgres_server: PostgresServer
) -> None:
    lease.acquire()
    with postgres_server.connected(postgres) as connection:
        connection.execute("UPDATE leases SET token = 'another'")
    assert not lease.held()


def test_an_interrupt_while_waiting_leaves_nothing_behind(tmp_path: Path, postgres: str, lease: Lease) -> None:
    def interrupt(_holder: Holder | None) -> None:
        raise KeyboardInterrupt

    with other_machine(tmp_path / "theirs", postgres), pytest.raises(KeyboardInterrupt):
        lease.acquire(on_wait=interrupt)
    with Lease(tmp_path / "ours", "default", database_url=postgres) as again:
        assert again.held()


def test_the_number_of_a_lock_never_changes() -> None:
    """Machines of two versions must exclude each other."""
    assert key_of("default") == KEY_OF_DEFAULT
    assert key_of("acme") != key_of("default")


KEY_OF_DEFAULT = 2862304637790330916


class SilentLine:
    """A line to the server that can fall silent: what is sent is still taken, nothing comes back."""

    def __init__(self, url: str) -> None:
        before, _, self._database = url.rpartition("/")
        self._login, _, address = before.rpartition("@")
        host, _, port = address.partition(":")
        self._server = (host, int(port))
        self.silent = threading.Event()
        self._door = socket.create_server(("127.0.0.1", 0))
        self._ends: list[socket.socket] = []

    @property
    def url(self) -> str:
        return f"{self._login}@127.0.0.1:{self._door.getsockname()[1]}/{self._database}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._let_in, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._door.close()
        for end in self._ends:
            with suppress(OSError):  # it has ended already
                # A thread that reads from it would keep it open beyond its close.
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _let_in(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            far = socket.create_connection(self._server)
            self._ends += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        try:
            while data := one.recv(65536):
                if not self.silent.is_set():
                    other.sendall(data)
            other.shutdown(socket.SHUT_WR)
        except OSError:
            return

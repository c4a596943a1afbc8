"""A login's lease among machines that share one PostgreSQL: an advisory lock on a connection of its own.

The lock lasts as long as that connection, so a process that dies frees it at once. A machine that is cut off
frees it when the server misses it (8 to 10 seconds) and knows before that it lost it (4 seconds, if watched):
whether the lock is still ours is asked of the server over the very connection that holds it, with a deadline,
and a connection that failed once is never made again.
"""

from __future__ import annotations

import selectors
import threading
from contextlib import closing
from hashlib import sha256
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

import psycopg
import sqlalchemy as sa
from loguru import logger
from psycopg.pq import ExecStatus

from bcflow.models.errors import LedgerBroken
from bcflow.models.failures import causes
from bcflow.runner.config.postgres_url import connectable
from bcflow.runner.storage.database import Database
from bcflow.runner.storage.holder import Holder
from bcflow.runner.storage.tables import leases as _leases

if TYPE_CHECKING:
    from collections.abc import Callable

POLL_SECONDS: Final = 0.2
WATCH_SECONDS: Final = 1.0
ANSWER_SECONDS: Final = 3.0
"""The longest wait for any answer on this connection; after that it counts as lost."""
_CONNECT: Final[dict[str, Any]] = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 3,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 5000,  # milliseconds
}
# The same from the server's side, so that it misses a machine that is gone; and it must not end us for being idle.
_SESSION: Final = """
    SELECT set_config(name, wanted, false) FROM pg_settings JOIN (VALUES ('tcp_keepalives_idle', '4'),
    ('tcp_keepalives_interval', '2'), ('tcp_keepalives_count', '3'), ('tcp_user_timeout', '8000'),
    ('idle_session_timeout', '0')) AS ours (known, wanted) ON name = known
"""
# Who signed last is the holder only while the connection that signed has the lock.
_HOLDER: Final = """
    SELECT pid, host, since, doing, token, backend = pg_backend_pid() FROM leases WHERE login = $1 AND EXISTS (
        SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND classid = ($2::bigint >> 32 & 4294967295)::oid AND objid = ($2::bigint & 4294967295)::oid
        AND pg_locks.pid = leases.backend
    )
"""
_HOLDERS: Final = """
    SELECT login, leases.pid, host, since, doing, token, classid::bigint AS high, objid::bigint AS low
    FROM leases JOIN pg_locks ON pg_locks.pid = leases.backend WHERE login LIKE :names
    AND locktype = 'advisory' AND granted AND objsubid = 1
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_SIGN: Final = """
    INSERT INTO leases (login, host, pid, since, doing, token, backend)
    VALUES ($1, $2, $3, $4, $5, $6, pg_backend_pid())
    ON CONFLICT (login) DO UPDATE SET host = excluded.host, pid = excluded.pid, since = excluded.since,
    doing = excluded.doing, token = excluded.token, backend = excluded.backend
"""


class LoginLock:
    """The lock of one login in the PostgreSQL at `url`. Any thread may ask it; one asks at a time."""

    def __init__(self, url: str, login: str) -> None:
        """Prepare the lock of `login`; nothing is connected yet."""
        self._url = url
        self._login = login
        self._key = key_of(login)
        self._connection: psycopg.Connection[Any] | None = None
        self._one_at_a_time = threading.Lock()
        self._given_back = threading.Event()

    @property
    def is_open(self) -> bool:
        """Whether its connection was made and has not failed since."""
        return self._connection is not None

    def open(self) -> None:
        """Make the connection. Raises LedgerBroken if the database cannot be reached."""
        if self.is_open:
            return
        try:
            address = sa.make_url(connectable(self._url)).set(drivername="postgresql")
            # Closed below or by `close`; it lives as long as the lease.
            self._connection = psycopg.connect(
                address.render_as_string(hide_password=False),
                autocommit=True,
                application_name=f"bcflow login {self._login}",
                **_CONNECT,
            )
        except (psycopg.Error, ValueError) as error:
            raise LedgerBroken(self._broken(error)) from error
        self._given_back = threading.Event()
        self._say(_SESSION)
        if self._say("SELECT to_regclass('leases')") == [(None,)]:
            with closing(Database(self._url)):
                logger.debug("the table of leases was made")

    def take(self, *, wait: bool, on_wait: Callable[[], None], give_up: Callable[[], bool] = lambda: False) -> bool:
        """Take the lock; False if somebody has it and `wait` is false, or `give_up` ended the wait.

        Calls `on_wait` once before it waits. Raises LedgerBroken if the connection fails meanwhile.
        """
        told, tick = False, threading.Event()
        while self._say("SELECT pg_try_advisory_lock($1)", self._key) != [("t",)]:
            if not wait or give_up():
                return False
            if not told:
                on_wait()
                told = True
            tick.wait(POLL_SECONDS)
        return True

    def sign(self, holder: Holder) -> None:
        """Write down who has it. Raises LedgerBroken if the connection fails."""
        self._say(_SIGN, self._login, holder.host, holder.pid, holder.since, holder.doing, holder.token)

    def is_ours(self, token: str) -> bool:
        """Ask the server, on the lock's own connection, whether it is still held as signed with `token`."""
        try:
            return any(row[-2:] == (token, "t") for row in self._say(_HOLDER, self._login, self._key))
        except LedgerBroken as error:
            logger.warning("the lease of '{}' is lost: {}", self._login, error)
            return False

    def watch(self, token: str, on_lost: Callable[[], None]) -> None:
        """Ask every WATCH_SECONDS, in a thread of its own, and call `on_lost` there if it is lost.

        Ends with `close`.
        """
        given_back = self._given_back

        def ask() -> None:
            while not given_back.wait(WATCH_SECONDS):
                if not self.is_ours(token):
                    if not given_back.is_set():
                        on_lost()
                    return

        threading.Thread(target=ask, name=f"lease of {self._login}", daemon=True).start()

    def holder(self) -> Holder | None:
        """Return who has it now, or None. Raises LedgerBroken if the connection fails."""
        for pid, host, since, doing, token, _ in self._say(_HOLDER, self._login, self._key):
            return Holder(int(pid or 0), host or "", since or "", doing or "", token or "")
        return None

    def close(self, token: str | None = None) -> None:
        """Give the lock back if it is signed with `token`, and end the connection."""
        self._given_back.set()
        try:
            if token is not None and self._connection is not None:
                self._say("DELETE FROM leases WHERE login = $1 AND token = $2", self._login, token)
                self._say("SELECT pg_advisory_unlock($1)", self._key)
        except LedgerBroken as error:
            logger.debug("the lease of '{}' ended with its connection: {}", self._login, error)
        finally:
            with self._one_at_a_time:
                self._drop()

    def _say(self, statement: str, *values: str | int) -> list[tuple[str | None, ...]]:
        """Run one statement within ANSWER_SECONDS and return its rows as text; any failure drops the connection."""
        with self._one_at_a_time:
            if self._connection is None:
                raise LedgerBroken(self._broken(None))
            try:
                return _answer(self._connection, statement, values)
            except (psycopg.Error, OSError) as error:
                self._drop()
                raise LedgerBroken(self._broken(error)) from error

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _broken(self, error: Exception | None) -> str:
        # What the driver says may show parts of the address, and with it a password.
        why = str(error) if type(error) is ValueError else str(causes.of_postgres(str(error or "connection lost")))
        return f"the database that holds login '{self._login}' does not answer: {why}"


def holders(database: Database, prefix: str) -> dict[str, Holder]:
    """Return who holds the locks whose names begin with `prefix`, by name. Raises LedgerBroken."""
    with database.transaction() as connection:
        if not sa.inspect(connection).has_table(_leases.name):
            return {}
        rows = connection.execute(sa.text(_HOLDERS), {"names": f"{prefix}%"}).all()
    return {
        row.login: Holder(row.pid, row.host, row.since, row.doing, row.token)
        for row in rows
        if (row.high << 32 | row.low) == key_of(row.login) & 0xFFFF_FFFF_FFFF_FFFF
    }


def key_of(login: str) -> int:
    """Return the number of the advisory lock of `login`: the same on every machine, 64 bits with sign."""
    return int.from_bytes(sha256(f"login:{login}".encode()).digest()[:8], "big", signed=True)


def _answer(
    connection: psycopg.Connection[Any], statement: str, values: tuple[str | int, ...]
) -> list[tuple[str | None, ...]]:
    """Run `statement` by libpq's own asynchronous calls, which are the ones that a deadline can be put on.

    A peer that still acknowledges packets but never answers is not noticed by any setting of the socket.
    """
    end, pg, result = monotonic() + ANSWER_SECONDS, connection.pgconn, None
    pg.send_query_params(statement.encode(), [str(value).encode() for value in values])
    while pg.flush():
        _wait(pg.socket, selectors.EVENT_WRITE, end)
    while True:
        while pg.is_busy():
            _wait(pg.socket, selectors.EVENT_READ, end)
            pg.consume_input()
        more = pg.get_result()
        if more is None:
            break
        result = more
    if result is None or result.status not in {ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK}:
        raise psycopg.OperationalError("the statement failed")
    rows = range(result.ntuples)
    return [tuple(_text(result.get_value(row, at)) for at in range(result.nfields)) for row in rows]


def _wait(handle: int, event: int, end: float) -> None:
    with selectors.DefaultSelector() as selector:
        selector.register(handle, event)
        if not selector.select(max(0.0, end - monotonic())):
            raise TimeoutError("no answer in time")


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode()

"""The switches that every process of one database obeys: stop everything, only look, let one flow rest.

A switch is read where it counts: before a job starts, and before a write is armed. Nothing is interrupted in the
middle of a write.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import sqlalchemy as sa

from bcflow.runner.storage.database import Database, now
from bcflow.runner.storage.tables import switches as _switches

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["stopped", "read-only", "paused"]

BREAKER: Final = "bcflow"
"""Who pauses a flow: nobody but the program itself."""

_STOPPED: Final = "stopped"
_READ_ONLY: Final = "read-only"


@dataclass(frozen=True)
class Switch:
    """One switch that is on: who put it on, when (ISO 8601 UTC) and why; `flow` and `login` for a pause."""

    kind: Kind
    actor: str
    at: str
    why: str
    flow: str = ""
    login: str = ""

    def __str__(self) -> str:
        what = f"{self.flow} on login {self.login} is paused" if self.kind == "paused" else self.kind
        why = f": {self.why}" if self.why else ""
        return f"{what} by {self.actor} at {self.at[:19].replace('T', ' ')} UTC{why}"


class Switches:
    """Reads and moves the switches; every method is one durable transaction and raises `LedgerBroken`.

    A method that asks returns a sentence (who, when, why) when the switch is on, else an empty text.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def stop(self, why: str, actor: str) -> None:
        """From now on nothing starts and nothing is written; what runs ends before its next write."""
        self._set(_STOPPED, {"kind": "stopped", "on": True}, actor, why)

    def start(self, actor: str) -> None:
        """Lift `stop`; read-only and pauses stay."""
        self._set(_STOPPED, {"kind": "stopped", "on": False}, actor)

    def stopped(self) -> str:
        """Say who stopped everything, when and why."""
        return self._said(_STOPPED)

    def read_only(self, on: bool, actor: str, why: str = "") -> None:  # noqa: FBT001 - a switch is on or off
        """From now on jobs only look (`on`), or may write again."""
        self._set(_READ_ONLY, {"kind": "read-only", "on": on}, actor, why)

    def is_read_only(self) -> str:
        """Say who forbade writing, when and why. The setting BCFLOW_READ_ONLY is another matter."""
        return self._said(_READ_ONLY)

    def pause(self, flow: str, login: str, why: str) -> None:
        """Start `flow` on `login` no more until a person lifts it; the first reason counts."""
        with self._database.transaction() as connection:
            pause(connection, flow, login, why)

    def paused(self, flow: str, login: str) -> str:
        """Say why `flow` on `login` rests."""
        return self._said(_pause(flow, login))

    def resume(self, flow: str, login: str, actor: str) -> None:
        """Lift the pause of `flow` on `login`."""
        with self._database.transaction() as connection:
            lift(connection, flow, login, actor)

    def forget_lifted(self, *, before: str) -> None:
        """Forget the pauses of flows that were lifted before a moment (ISO 8601 UTC)."""
        with self._database.transaction() as connection:
            rows = connection.execute(sa.select(_switches).where(_switches.c.at < before)).all()
            lifted = [row.name for row in rows if row.value["kind"] == "paused" and not row.value["on"]]
            connection.execute(_switches.delete().where(_switches.c.name.in_(lifted)))

    def all(self) -> list[Switch]:
        """Return every switch that is on, the gravest first."""
        order = [_STOPPED, _READ_ONLY]
        with self._database.transaction() as connection:
            on = read_switches(connection).on
        ranks = {name: rank for rank, name in enumerate(order)}
        return [on[name] for name in sorted(on, key=lambda name: (ranks.get(name, len(order)), name))]

    def _said(self, name: str) -> str:
        with self._database.transaction() as connection:
            row = _row(connection, name)
        return str(_switch(row)) if row is not None and row.value["on"] else ""

    def _set(self, name: str, value: Mapping[str, Any], actor: str, why: str = "") -> None:
        with self._database.transaction() as connection:
            _set(connection, name, value, actor, why)


@dataclass(frozen=True)
class Positions:
    """How the switches stand in one transaction: by name those that are on, and when the others were put off."""

    on: Mapping[str, Switch]
    lifted: Mapping[str, str]

    @property
    def stopped(self) -> str:
        """Who stopped everything, when and why; empty if nobody did."""
        return str(self.on.get(_STOPPED, ""))

    @property
    def read_only(self) -> str:
        """Who forbade writing, when and why; empty if nobody did."""
        return str(self.on.get(_READ_ONLY, ""))

    def paused(self, flow: str, login: str) -> str:
        """Why `flow` on `login` rests; empty if it does not."""
        return str(self.on.get(_pause(flow, login), ""))

    def lifted_at(self, flow: str, login: str) -> str:
        """When the last pause of `flow` on `login` was lifted (ISO 8601 UTC); empty if none was."""
        return self.lifted.get(_pause(flow, login), "")


def read_switches(connection: sa.Connection) -> Positions:
    """Read how all switches stand, in a transaction that is open."""
    rows = connection.execute(sa.select(_switches)).all()
    on = {row.name: _switch(row) for row in rows if row.value["on"]}
    return Positions(on, {row.name: row.at for row in rows if not row.value["on"]})


def pause(connection: sa.Connection, flow: str, login: str, why: str) -> None:
    """Let `flow` on `login` rest, in a transaction that is open; the first reason counts."""
    value = {"kind": "paused", "on": True, "flow": flow, "login": login}
    _set(connection, _pause(flow, login), value, BREAKER, why)


def lift(connection: sa.Connection, flow: str, login: str, actor: str) -> None:
    """Lift the pause of `flow` on `login`, in a transaction that is open."""
    _set(connection, _pause(flow, login), {"kind": "paused", "on": False, "flow": flow, "login": login}, actor, "")


def _set(connection: sa.Connection, name: str, value: Mapping[str, Any], actor: str, why: str) -> None:
    new = {"value": dict(value), "actor": actor, "at": now(), "why": " ".join(why.split())}
    row = _row(connection, name) or _made(connection, name, new)
    if row is None or (value["on"] and value["kind"] == "paused" and row.value["on"]):
        return
    connection.execute(_switches.update().where(_switches.c.name == name).values(**new))


def _made(connection: sa.Connection, name: str, new: Mapping[str, Any]) -> sa.Row[Any] | None:
    """Make the switch; return the row of another process that made it in the meantime."""
    try:
        with connection.begin_nested():
            connection.execute(_switches.insert().values(name=name, **new))
    except sa.exc.IntegrityError:
        return _row(connection, name)
    return None


def _row(connection: sa.Connection, name: str) -> sa.Row[Any] | None:
    return connection.execute(sa.select(_switches).where(_switches.c.name == name)).one_or_none()


def _pause(flow: str, login: str) -> str:
    return f"paused {flow} {login}"


def _switch(row: sa.Row[Any]) -> Switch:
    value = row.value
    return Switch(value["kind"], row.actor, row.at, row.why, value.get("flow", ""), value.get("login", ""))

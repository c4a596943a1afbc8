"""The switches that every process of one database obeys: stop everything, only look, let one flow rest.

A switch is read where it counts: before a job starts, and before a write is armed. Nothing is interrupted in the
middle of a write.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import sqlalchemy as sa

from bcflow.runner.storage.database import Database, now, tables

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["stopped", "read-only", "paused"]

BREAKER: Final = "bcflow"
"""Who pauses a flow: nobody but the program itself."""

_STOPPED: Final = "stopped"
_READ_ONLY: Final = "read-only"

_switches = sa.Table(
    "switches",
    tables,
    sa.Column("name", sa.String, primary_key=True),
    # {"kind", "on", "flow", "login"}; a switch that is off keeps who put it off, and when.
    sa.Column("value", sa.JSON, nullable=False),
    sa.Column("actor", sa.String, nullable=False),
    sa.Column("at", sa.String, nullable=False),
    sa.Column("why", sa.String, nullable=False),
)


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
        self._set(_pause(flow, login), {"kind": "paused", "on": True, "flow": flow, "login": login}, BREAKER, why)

    def paused(self, flow: str, login: str) -> str:
        """Say why `flow` on `login` rests."""
        return self._said(_pause(flow, login))

    def resume(self, flow: str, login: str, actor: str) -> None:
        """Lift the pause of `flow` on `login`."""
        self._set(_pause(flow, login), {"kind": "paused", "on": False, "flow": flow, "login": login}, actor)

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
            rows = connection.execute(sa.select(_switches).order_by(_switches.c.name)).all()
        rows = sorted(rows, key=lambda row: order.index(row.name) if row.name in order else len(order))
        return [_switch(row) for row in rows if row.value["on"]]

    def _said(self, name: str) -> str:
        with self._database.transaction() as connection:
            row = _row(connection, name)
        return str(_switch(row)) if row is not None and row.value["on"] else ""

    def _set(self, name: str, value: Mapping[str, Any], actor: str, why: str = "") -> None:
        new = {"value": dict(value), "actor": actor, "at": now(), "why": " ".join(why.split())}
        with self._database.transaction() as connection:
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

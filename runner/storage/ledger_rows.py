"""The ledger's tables, and what one row of them says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bcflow.models.looks import Memory
from bcflow.runner.storage.database import tables

if TYPE_CHECKING:
    from collections.abc import Iterable

effects = sa.Table(
    "effects",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("origin", sa.String, nullable=False),
    sa.Column("business_center", sa.String, nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("identity", sa.String, nullable=False),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("happened", sa.Boolean),
    sa.Column("want", sa.JSON, nullable=False),
    sa.Column("before", sa.JSON, nullable=False),
    sa.Column("site_id", sa.String),
    sa.Column("run", sa.String, nullable=False),
    sa.Column("words", sa.String, nullable=False, server_default=""),
    sa.UniqueConstraint("origin", "business_center", "kind", "identity"),
)
events = sa.Table(
    "events",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("effect", sa.ForeignKey("effects.id"), nullable=False, index=True),
    sa.Column("at", sa.String, nullable=False),
    sa.Column("run", sa.String, nullable=False),
    sa.Column("event", sa.String, nullable=False),
    sa.Column("detail", sa.JSON, nullable=False),
)
MAY_HAVE_BEEN_SENT = frozenset({"armed", "answered", "unknown"})


@dataclass(frozen=True)
class Entry:
    """One effect's row, as it was when it was read."""

    key: int
    state: str
    memory: Memory


def entry_of(row: sa.Row[Any]) -> Entry:
    """Return a row as it was read."""
    memory = Memory(
        id=row.site_id,
        armed=row.state in MAY_HAVE_BEEN_SENT,
        before=tuple(row.before),
        seen=row.state == "seen",
    )
    return Entry(key=row.id, state=row.state, memory=memory)


def count_sent(key: int, noted: Iterable[tuple[str, dict[str, Any]]]) -> int:
    """Return how many requests the events of one run say were sent for effect `key`, oldest event first.

    A write that was armed and whose attempt died before it could count is taken for sent.
    """
    total, is_open = 0, False
    for event, detail in noted:
        if event == "armed":
            # Of effects that one request brings about, the first one counts it.
            is_open = detail.get("together", [key])[0] == key
        elif event == "sent":
            total, is_open = total + int(detail["writes"]), False
    return total + is_open

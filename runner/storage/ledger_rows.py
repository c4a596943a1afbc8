"""The ledger's tables, and what one row of them says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bcflow.models.looks import Memory
from bcflow.runner.storage.tables import events

if TYPE_CHECKING:
    from collections.abc import Iterable

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


def sent_in(connection: sa.Connection, run: str) -> int:
    """Return how many requests `run` sent for all its effects, in all its attempts."""
    query = sa.select(events.c.effect, events.c.event, events.c.detail).where(events.c.run == run)
    noted: dict[int, list[tuple[str, dict[str, Any]]]] = {}
    for effect, event, detail in connection.execute(query.order_by(events.c.id)).all():
        noted.setdefault(effect, []).append((event, detail))
    return sum(count_sent(key, each) for key, each in noted.items())


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

"""The effect ledger: the only durable truth about what may have been sent.

One row per effect (site origin, Business Center, kind, canonical identity), in a SQLite file of
`BCFLOW_HOME` or any database SQLAlchemy opens. Its scope is that one database: two machines with a
SQLite file each do not protect each other.

    prepared ──arm──▶ armed ──answered──▶ answered ──▶ seen
                        │                     │
                        ├──unsent──▶ prepared ├──▶ unknown ──▶ seen | settled
                        └──refused─▶ settled ◀┘

`arm` is a compare-and-set: of two processes only one gets through. `events` only grows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bcflow.models.errors import BadInput, LedgerBroken
from bcflow.models.looks import Effect, Memory
from bcflow.runner.database import Database, now, tables

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_effects = sa.Table(
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


class Ledger:
    """Reads and moves effects; every method is one durable transaction."""

    def __init__(self, url: str) -> None:
        """Open (and on first use create) the ledger at an SQLAlchemy `url`.

        Raises `LedgerBroken` when it cannot be opened.
        """
        self._database = Database(url)

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def prepare(self, origin: str, effect: Effect, *, run: str) -> Entry:
        """Return the effect's row, made as `prepared` if this is the first time it is wanted."""
        with self._database.transaction() as connection:
            row = self._find(connection, origin, effect)
            if row is None:
                row = self._make(connection, origin, effect, run)
            return _entry(row)

    def find(self, origin: str, effect: Effect) -> Entry | None:
        """Return the effect's row if it was ever wanted; writes nothing."""
        with self._database.transaction() as connection:
            row = self._find(connection, origin, effect)
        return None if row is None else _entry(row)

    def peek(self, origin: str, effect: Effect) -> Memory:
        """Return what is known of an effect; writes nothing."""
        entry = self.find(origin, effect)
        return Memory() if entry is None else entry.memory

    def looked(self, origin: str, effect: Effect, *, run: str, found: str) -> None:
        """Note that `run` looked and could not end this effect, so that a person may settle it by that run's name."""
        with self._database.transaction() as connection:
            row = self._find(connection, origin, effect)
            if row is not None:
                self._note(connection, row.id, run, "looked", {"found": found})

    def arm(self, entries: Sequence[tuple[Entry, Effect]], *, run: str, before: tuple[str, ...]) -> None:
        """Record that from now on one write may have been sent that brings about all of `entries`.

        `before` are the ids that had the first one's name already. All are armed or none is: raises `LedgerBroken`
        if it cannot be recorded, or if another process moved one of the rows since it was read.
        """
        together = [entry.key for entry, _ in entries]
        with self._database.transaction() as connection:
            for index, (entry, effect) in enumerate(entries):
                known = [] if index else list(before)
                self._arm_one(connection, entry, run, effect, known)
                self._note(connection, entry.key, run, "armed", {"before": known, "together": together})

    def _arm_one(self, connection: sa.Connection, entry: Entry, run: str, effect: Effect, before: list[str]) -> None:
        free = sa.or_(
            _effects.c.state == "prepared", sa.and_(_effects.c.state == "settled", _effects.c.happened.is_(False))
        )
        moved = connection.execute(
            _effects.update()
            .where(_effects.c.id == entry.key, free)
            .values(state="armed", happened=None, run=run, want=effect.want, before=before, words="")
        )
        if moved.rowcount != 1:
            raise LedgerBroken(
                f"{effect.kind} {effect.identity}: another run armed it in the meantime; nothing was sent"
            )

    def answered(self, entry: Entry, *, run: str, detail: dict[str, Any]) -> None:
        """Record that the site answered the write, whatever it said."""
        self._move(entry, run, "answered", {}, detail)

    def seen(self, entry: Entry, *, run: str, site_id: str | None, have: dict[str, Any]) -> None:
        """Record that the effect was observed on the site, under `site_id` if it has one."""
        values: dict[str, Any] = {"happened": True}
        if site_id is not None:
            values["site_id"] = site_id
        self._move(entry, run, "seen", values, {"have": have, "id": site_id})

    def unsent(self, entry: Entry, *, run: str) -> None:
        """Record that no request left the browser and the list has no trace: it may be tried again."""
        self._move(entry, run, "prepared", {}, {"why": "no request left the browser"})

    def refused(self, entry: Entry, *, run: str, words: str) -> None:
        """Record that the site said no, in its own `words`."""
        self._move(entry, run, "settled", {"happened": False, "words": words}, {"words": words})

    def unknown(self, entry: Entry, *, run: str, why: str) -> None:
        """Record that the write may have happened and could not be seen."""
        self._move(entry, run, "unknown", {"words": why}, {"why": why})

    def settle(self, run: str, *, happened: bool, site_id: str | None = None, by: str = "") -> list[str]:
        """Take a person's word for the unsettled effects of `run`; return them as "kind identity".

        Effects that one write brings about are settled together. If none is open, those that are `seen` may be
        settled too, because they are gone (`happened=False` lets them be done again).
        Raises `BadInput` if the run has no such effect.
        """
        with self._database.transaction() as connection:
            touched = self._touched(connection, run)
            rows = self._in_states(connection, touched, MAY_HAVE_BEEN_SENT)
            if not rows and not happened:
                rows = self._in_states(connection, touched, {"seen"})
            if not rows:
                raise BadInput([f"run {run} has nothing to settle"])
            if site_id is not None and len(rows) > 1:
                raise BadInput([f"run {run} has {len(rows)} effects to settle: an id fits only one"])
            for row in rows:
                values: dict[str, Any] = {"state": "seen" if happened else "settled", "happened": happened}
                if happened and site_id:
                    values["site_id"] = site_id
                connection.execute(_effects.update().where(_effects.c.id == row.id).values(**values))
                self._note(connection, row.id, run, "settled", {"happened": happened, "id": site_id, "by": by})
            return [f"{row.kind} {row.identity}" for row in rows]

    def choose(self, origin: str, effect: Effect, *, run: str, site_id: str, by: str) -> None:
        """Take a person's word that `effect` is there under `site_id`: of several that look alike, this one is it.

        Raises `BadInput` if a write of it may be on its way, or was seen: then there is nothing to choose.
        """
        with self._database.transaction() as connection:
            row = self._find(connection, origin, effect) or self._make(connection, origin, effect, run)
            if row.state not in {"prepared", "settled"}:
                raise BadInput([f"{effect.kind} {effect.identity} is {row.state}: nothing is to be chosen any more"])
            values = {"state": "seen", "happened": True, "site_id": site_id}
            connection.execute(_effects.update().where(_effects.c.id == row.id).values(**values))
            self._note(connection, row.id, run, "settled", {"happened": True, "id": site_id, "by": by})

    def history(self) -> list[dict[str, Any]]:
        """Return every event, oldest first, with its effect's key."""
        query = sa.select(
            events, _effects.c.origin, _effects.c.business_center, _effects.c.kind, _effects.c.identity
        ).join(_effects, _effects.c.id == events.c.effect)
        with self._database.transaction() as connection:
            return [dict(row) for row in connection.execute(query.order_by(events.c.id)).mappings()]

    def _touched(self, connection: sa.Connection, run: str) -> set[int]:
        """Return the effects that `run` had to do with, and those that were armed in one write with them."""
        touched = set(connection.scalars(sa.select(events.c.effect).where(events.c.run == run)))
        armed = connection.scalars(
            sa.select(events.c.detail).where(events.c.effect.in_(touched), events.c.event == "armed")
        )
        return touched.union(*(detail.get("together", []) for detail in armed))

    def _in_states(self, connection: sa.Connection, keys: set[int], states: Collection[str]) -> Sequence[sa.Row[Any]]:
        return connection.execute(
            sa.select(_effects).where(_effects.c.id.in_(keys), _effects.c.state.in_(states)).order_by(_effects.c.id)
        ).all()

    def _move(self, entry: Entry, run: str, state: str, values: dict[str, Any], detail: dict[str, Any]) -> None:
        with self._database.transaction() as connection:
            connection.execute(
                _effects.update().where(_effects.c.id == entry.key).values(state=state, run=run, **values)
            )
            self._note(connection, entry.key, run, state, detail)

    def _make(self, connection: sa.Connection, origin: str, effect: Effect, run: str) -> sa.Row[Any]:
        new = _effects.insert().values(
            origin=origin,
            business_center=effect.business_center,
            kind=effect.kind,
            identity=effect.identity,
            state="prepared",
            want=effect.want,
            before=[],
            run=run,
        )
        try:
            with connection.begin_nested():
                connection.execute(new)
        except sa.exc.IntegrityError:
            # Another process made it in the meantime, and wrote it down.
            return self._row(connection, origin, effect)
        row = self._row(connection, origin, effect)
        self._note(connection, row.id, run, "prepared", {"want": effect.want})
        return row

    def _find(self, connection: sa.Connection, origin: str, effect: Effect) -> sa.Row[Any] | None:
        return self._select(connection, origin, effect).one_or_none()

    def _row(self, connection: sa.Connection, origin: str, effect: Effect) -> sa.Row[Any]:
        return self._select(connection, origin, effect).one()

    def _select(self, connection: sa.Connection, origin: str, effect: Effect) -> sa.CursorResult[Any]:
        return connection.execute(
            sa.select(_effects).where(
                _effects.c.origin == origin,
                _effects.c.business_center == effect.business_center,
                _effects.c.kind == effect.kind,
                _effects.c.identity == effect.identity,
            )
        )

    def _note(self, connection: sa.Connection, key: int, run: str, event: str, detail: dict[str, Any]) -> None:
        plain = json.loads(json.dumps(detail))
        connection.execute(events.insert().values(effect=key, at=now(), run=run, event=event, detail=plain))


def _entry(row: sa.Row[Any]) -> Entry:
    memory = Memory(
        id=row.site_id,
        armed=row.state in MAY_HAVE_BEEN_SENT,
        before=tuple(row.before),
        seen=row.state == "seen",
    )
    return Entry(key=row.id, state=row.state, memory=memory)

"""The effect ledger: the only durable truth about what may have been sent.

One row per effect (site origin, Business Center, kind, canonical identity), in a SQLite file of
`BCFLOW_HOME` or any database SQLAlchemy opens. Its scope is that one database: two machines with a
SQLite file each do not protect each other.

    prepared ──arm──▶ armed ──answered─────────▶ answered ──▶ seen
                        │                            │
                        ├─unsent, put off─▶ prepared ├──▶ unknown ──▶ seen | settled
                        └──refused─▶ settled ◀───────┘

`arm` is a compare-and-set: of two processes only one gets through. `events` only grows.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bcflow.models.errors import BadInput, LedgerBroken
from bcflow.models.looks import Memory
from bcflow.runner.storage.database import Database, now
from bcflow.runner.storage.ledger_rows import MAY_HAVE_BEEN_SENT, Entry, count_sent, entry_of
from bcflow.runner.storage.tables import effects, events

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bcflow.models.looks import Effect


class Ledger:
    """Reads and moves effects; every method is one durable transaction."""

    def __init__(self, url: str) -> None:
        """Open (and on first use create) the ledger at an SQLAlchemy `url`.

        Raises `LedgerBroken` when it cannot be opened.
        """
        self.database = Database(url)

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    def prepare(self, origin: str, effect: Effect, *, run: str) -> Entry:
        """Return the effect's row, made as `prepared` if this is the first time it is wanted."""
        with self.database.transaction() as connection:
            row = self._find(connection, origin, effect)
            if row is None:
                row = self._make(connection, origin, effect, run)
            return entry_of(row)

    def find(self, origin: str, effect: Effect) -> Entry | None:
        """Return the effect's row if it was ever wanted; writes nothing."""
        with self.database.transaction() as connection:
            row = self._find(connection, origin, effect)
        return None if row is None else entry_of(row)

    def peek(self, origin: str, effect: Effect) -> Memory:
        """Return what is known of an effect; writes nothing."""
        entry = self.find(origin, effect)
        return Memory() if entry is None else entry.memory

    def looked(self, origin: str, effect: Effect, *, run: str, found: str) -> None:
        """Note that `run` looked and could not end this effect, so that a person may settle it by that run's name."""
        with self.database.transaction() as connection:
            row = self._find(connection, origin, effect)
            if row is not None:
                self._note(connection, row.id, run, "looked", {"found": found})

    def arm(self, entries: Sequence[tuple[Entry, Effect]], *, run: str, before: tuple[str, ...]) -> None:
        """Record that from now on one write may have been sent that brings about all of `entries`.

        `before` are the ids that had the first one's name already. All are armed or none is: raises `LedgerBroken`
        if it cannot be recorded, or if another process moved one of the rows since it was read.
        """
        together = [entry.key for entry, _ in entries]
        with self.database.transaction() as connection:
            for index, (entry, effect) in enumerate(entries):
                known = [] if index else list(before)
                self._arm_one(connection, entry, run, effect, known)
                self._note(connection, entry.key, run, "armed", {"before": known, "together": together})

    def _arm_one(self, connection: sa.Connection, entry: Entry, run: str, effect: Effect, before: list[str]) -> None:
        free = sa.or_(
            effects.c.state == "prepared", sa.and_(effects.c.state == "settled", effects.c.happened.is_(False))
        )
        moved = connection.execute(
            effects.update()
            .where(effects.c.id == entry.key, free)
            .values(state="armed", happened=None, run=run, want=effect.want, before=before, words="")
        )
        if moved.rowcount != 1:
            raise LedgerBroken(
                f"{effect.kind} {effect.identity}: another run armed it in the meantime; nothing was sent"
            )

    def sent(self, entry: Entry, *, run: str, writes: int) -> None:
        """Record how many requests left the browser for the write that was armed last."""
        with self.database.transaction() as connection:
            self._note(connection, entry.key, run, "sent", {"writes": writes})

    def sent_by(self, origin: str, effect: Effect, *, run: str) -> int:
        """Return how many requests `run` sent for `effect`, in all its attempts.

        A write that was armed and whose attempt died before it could count is taken for sent.
        """
        with self.database.transaction() as connection:
            row = self._find(connection, origin, effect)
            if row is None:
                return 0
            query = sa.select(events.c.event, events.c.detail).where(events.c.effect == row.id, events.c.run == run)
            noted = connection.execute(query.order_by(events.c.id)).all()
        return count_sent(row.id, [(event, detail) for event, detail in noted])

    def answered(self, entry: Entry, *, run: str, detail: dict[str, Any]) -> None:
        """Record that the site answered the write, whatever it said."""
        self._move(entry, run, "answered", {}, detail, among={"armed"})

    def seen(self, entry: Entry, *, run: str, site_id: str | None, have: dict[str, Any]) -> None:
        """Record that the effect was observed on the site, under `site_id` if it has one."""
        values: dict[str, Any] = {"happened": True}
        if site_id is not None:
            values["site_id"] = site_id
        self._move(entry, run, "seen", values, {"have": have, "id": site_id}, among=None)

    def unsent(self, entry: Entry, *, run: str) -> None:
        """Record that no request left the browser and the list has no trace: it may be tried again.

        Raises `LedgerBroken` if another process moved the row in the meantime.
        """
        self._back(entry, run, "prepared", {}, {"why": "no request left the browser"})

    def put_off(self, entry: Entry, *, run: str, why: str) -> None:
        """Record that the site wanted a code or a captcha first, and the list has no trace: it may be tried again.

        Raises `LedgerBroken` if another process moved the row in the meantime.
        """
        self._back(entry, run, "prepared", {}, {"put_off": why})

    def refused(self, entry: Entry, *, run: str, words: str) -> None:
        """Record that the site said no, in its own `words`."""
        self._back(entry, run, "settled", {"happened": False, "words": words}, {"words": words})

    def unknown(self, entry: Entry, *, run: str, why: str, words: str = "") -> None:
        """Record that the write may have happened and could not be seen; `words` is what the site said of it."""
        self._move(entry, run, "unknown", {"words": words}, {"why": why}, among=MAY_HAVE_BEEN_SENT)

    def settle(
        self, run: str, *, happened: bool, site_id: str | None = None, by: str = "", remember: bool = False
    ) -> list[str]:
        """Take a person's word for the unsettled effects of `run`; return them as "kind identity".

        Effects that one write brings about are settled together. If none is open, those that are `seen` may be
        settled too, because they are gone (`happened=False` lets them be done again). With `remember` the words
        that the site said then count as a no from now on (`noes`).
        Raises `BadInput` if the run has no such effect.
        """
        with self.database.transaction() as connection:
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
                connection.execute(effects.update().where(effects.c.id == row.id).values(**values))
                detail = {"happened": happened, "id": site_id, "by": by}
                noes = {"no": row.words} if remember and not happened and row.words else {}
                self._note(connection, row.id, run, "settled", detail | noes)
            return [f"{row.kind} {row.identity}" for row in rows]

    def noes(self) -> list[str]:
        """Return the words of the site that a person said are a no, each once."""
        with self.database.transaction() as connection:
            details = connection.scalars(sa.select(events.c.detail).where(events.c.event == "settled"))
            return list(dict.fromkeys(detail["no"] for detail in details if detail.get("no")))

    def choose(self, origin: str, effect: Effect, *, run: str, site_id: str, by: str) -> None:
        """Take a person's word that `effect` is there under `site_id`: of several that look alike, this one is it.

        Raises `BadInput` if a write of it may be on its way, or was seen: then there is nothing to choose.
        """
        with self.database.transaction() as connection:
            row = self._find(connection, origin, effect) or self._make(connection, origin, effect, run)
            if row.state not in {"prepared", "settled"}:
                raise BadInput([f"{effect.kind} {effect.identity} is {row.state}: nothing is to be chosen any more"])
            values = {"state": "seen", "happened": True, "site_id": site_id}
            connection.execute(effects.update().where(effects.c.id == row.id).values(**values))
            self._note(connection, row.id, run, "settled", {"happened": True, "id": site_id, "by": by})

    def history(self) -> list[dict[str, Any]]:
        """Return every event, oldest first, with its effect's key."""
        query = sa.select(events, effects.c.origin, effects.c.business_center, effects.c.kind, effects.c.identity).join(
            effects, effects.c.id == events.c.effect
        )
        with self.database.transaction() as connection:
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
            sa.select(effects).where(effects.c.id.in_(keys), effects.c.state.in_(states)).order_by(effects.c.id)
        ).all()

    def _move(
        self,
        entry: Entry,
        run: str,
        state: str,
        values: dict[str, Any],
        detail: dict[str, Any],
        *,
        among: Collection[str] | None,
    ) -> bool:
        """Move a row to `state` if it is in one of the states `among` (None: any); say whether it was moved."""
        with self.database.transaction() as connection:
            here = effects.c.id == entry.key
            if among is not None:
                here = sa.and_(here, effects.c.state.in_(among))
            moved = connection.execute(effects.update().where(here).values(state=state, run=run, **values))
            if moved.rowcount:
                self._note(connection, entry.key, run, state, detail)
            return bool(moved.rowcount)

    def _back(self, entry: Entry, run: str, state: str, values: dict[str, Any], detail: dict[str, Any]) -> None:
        """Take a write back that `run` itself armed: whoever saw it happen in the meantime knows better."""
        with self.database.transaction() as connection:
            own = sa.and_(effects.c.id == entry.key, effects.c.run == run, effects.c.state.in_(MAY_HAVE_BEEN_SENT))
            moved = connection.execute(effects.update().where(own).values(state=state, run=run, **values))
            if moved.rowcount != 1:
                raise LedgerBroken("another run moved this write in the meantime; look again")
            self._note(connection, entry.key, run, state, detail)

    def _make(self, connection: sa.Connection, origin: str, effect: Effect, run: str) -> sa.Row[Any]:
        new = effects.insert().values(
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
            sa.select(effects).where(
                effects.c.origin == origin,
                effects.c.business_center == effect.business_center,
                effects.c.kind == effect.kind,
                effects.c.identity == effect.identity,
            )
        )

    def _note(self, connection: sa.Connection, key: int, run: str, event: str, detail: dict[str, Any]) -> None:
        plain = json.loads(json.dumps(detail))
        connection.execute(events.insert().values(effect=key, at=now(), run=run, event=event, detail=plain))

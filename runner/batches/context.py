"""What moving a batch needs around it, and what came of a move that is to be told when it is kept."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bcflow.runner.config.limits import pace_of, patience_of
from bcflow.runner.storage.audit import Audit
from bcflow.runner.storage.database import as_text
from bcflow.runner.storage.history import History
from bcflow.runner.storage.tables import sessions

if TYPE_CHECKING:
    from pathlib import Path

    from bcflow.models.outcomes import RunRecord
    from bcflow.runner.config.settings import Settings
    from bcflow.runner.policy.follow_up import Patience
    from bcflow.runner.policy.pace import Pace
    from bcflow.runner.storage.database import Database
    from bcflow.runner.storage.questions import Question


@dataclass(frozen=True)
class Turn:
    """One session: a login's turn at a batch, or, of no batch, at what waits for others. `owner` works it alone."""

    batch: str
    login: str
    number: int
    owner: str = ""


Enqueue = Callable[[sa.Connection, Turn, float], None]
"""Puts a turn into the engine's queue, to begin in so many seconds, in the transaction that is open."""


@dataclass(frozen=True)
class Context:
    """The settings, the database and the engine's queue."""

    settings: Settings
    database: Database
    enqueue: Enqueue

    @property
    def site(self) -> str:
        """The origin of the Business Center site."""
        return self.settings.business_center_url

    @cached_property
    def history(self) -> History:
        """The folders of this home."""
        return History(self.settings.home)

    @cached_property
    def audit(self) -> Audit:
        """The log of who did what."""
        return Audit(self.database, secrets=self.settings.secrets())

    @cached_property
    def pace(self) -> Pace | None:
        """How fast a login may write; a stand-in on this machine has no pace unless one was asked for."""
        asked = {"pace_seconds", "writes_per_ten_minutes", "writes_per_day", "quiet_hours"}
        is_paced = self.settings.is_real_site() or asked & self.settings.model_fields_set
        return pace_of(self.settings) if is_paced else None

    @cached_property
    def patience(self) -> Patience:
        """How long others are waited for."""
        return patience_of(self.settings)

    def run_folder(self, run: str) -> Path:
        """Return the evidence folder of a run."""
        return self.history.run_folder(run)


@dataclass
class News:
    """What a move of a batch brought: to be told, and written to files, once the transaction is kept."""

    batch: str = ""
    ended: list[RunRecord] = field(default_factory=list)
    asked: list[Question] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    batch_ended: bool = False


def call_login(
    connection: sa.Connection, enqueue: Enqueue, *, batch: str, login: str, owner: str = "", at: datetime | None = None
) -> None:
    """Have a login take its turn at a batch now or at a moment, unless one that is as early is on its way."""
    this = (sessions.c.batch == batch, sessions.c.login == login)
    row = _turn_of(connection, batch, login)
    moment = datetime.now(UTC)
    due = as_text(at or moment)
    if row.live and row.owner == owner and row.due <= due:
        return
    number = int(row.number) + 1
    connection.execute(sessions.update().where(*this).values(number=number, live=True, due=due, owner=owner))
    delay = (at - moment).total_seconds() if at else 0.0
    enqueue(connection, Turn(batch, login, number, owner), max(0.0, delay))


def _turn_of(connection: sa.Connection, batch: str, login: str) -> sa.Row[Any]:
    """Return the latest turn, locked: two that call a login at once do so one after the other."""
    query = sa.select(sessions).where(sessions.c.batch == batch, sessions.c.login == login).with_for_update()
    row = connection.execute(query).one_or_none()
    if row is None:
        # Another process may make it in the meantime: at what waits for others a login has one turn for all batches.
        with suppress(sa.exc.IntegrityError), connection.begin_nested():
            connection.execute(sessions.insert().values(batch=batch, login=login, number=0, live=False, due=""))
        row = connection.execute(query).one()
    return row


def is_current(connection: sa.Connection, turn: Turn) -> bool:
    """Whether a turn is the one that its login is to take now: a later one takes its place."""
    query = sa.select(sessions.c.number).where(
        sessions.c.batch == turn.batch, sessions.c.login == turn.login, sessions.c.live
    )
    return connection.scalar(query) == turn.number


def close_turn(connection: sa.Connection, turn: Turn) -> None:
    """Note that a turn is over."""
    connection.execute(
        sessions.update()
        .where(sessions.c.batch == turn.batch, sessions.c.login == turn.login, sessions.c.number == turn.number)
        .values(live=False)
    )


def live_logins(connection: sa.Connection, batch: str) -> set[str]:
    """Return the logins whose turn at a batch is on its way or under way."""
    return set(connection.scalars(sa.select(sessions.c.login).where(sessions.c.batch == batch, sessions.c.live)))

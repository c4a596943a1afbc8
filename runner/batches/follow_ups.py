"""When each run that waits for others is looked at again: rows, and a turn of its login at the earliest of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from bcflow.runner.batches.context import call_login
from bcflow.runner.policy.follow_up import next_due
from bcflow.runner.storage.database import as_text
from bcflow.runner.storage.tables import follow_ups

if TYPE_CHECKING:
    from bcflow.models.outcomes import RunRecord
    from bcflow.runner.batches.context import Context

NO_BATCH: Final = ""


class FollowUps:
    """The rows, in one open transaction."""

    def __init__(self, connection: sa.Connection, context: Context) -> None:
        """Read and write in the transaction of `connection`."""
        self._connection = connection
        self._context = context

    def note(self, record: RunRecord, *, looked: bool = False) -> None:
        """Set when `record` is due, or forget it if nobody else must act; `looked` counts a follow-up look."""
        this = follow_ups.c.run == record.id
        moment = datetime.now(UTC)
        looks = int(self._connection.scalar(sa.select(follow_ups.c.looks).where(this)) or 0) + looked
        self._connection.execute(follow_ups.delete().where(this))
        due = next_due(record, looks, moment, self._context.patience)
        if due is not None:
            new = {"run": record.id, "login": record.login, "due": as_text(due), "looks": looks}
            self._connection.execute(follow_ups.insert().values(new))
            self.call(record.login)

    def call(self, login: str) -> None:
        """Have a login take its turn when the first of its runs is due."""
        query = sa.select(sa.func.min(follow_ups.c.due)).where(follow_ups.c.login == login)
        due = self._connection.scalar(query)
        if due is not None:
            at = datetime.fromisoformat(due)
            call_login(self._connection, self._context.enqueue, batch=NO_BATCH, login=login, at=at)

    def look_now(self, run: str, login: str) -> None:
        """Have a run that waits for others looked at again as soon as its login is free."""
        change = follow_ups.update().where(follow_ups.c.run == run).values(due=as_text(datetime.now(UTC)))
        if self._connection.execute(change).rowcount:
            self.call(login)

    def due(self, login: str) -> list[str]:
        """Return the runs of a login that are due, the longest due first."""
        is_due = follow_ups.c.due <= as_text(datetime.now(UTC))
        query = sa.select(follow_ups.c.run).where(is_due, follow_ups.c.login == login)
        return list(self._connection.scalars(query.order_by(follow_ups.c.due, follow_ups.c.run)))

    def forget(self, run: str) -> None:
        """Do not look at `run` again."""
        self._connection.execute(follow_ups.delete().where(follow_ups.c.run == run))

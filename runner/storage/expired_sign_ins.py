"""Logins whose sign-in was found expired by a follow-up, so that it is told once and not at every look."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from bcflow.runner.storage.database import Database, now
from bcflow.runner.storage.tables import expired_sign_ins as _expired

if TYPE_CHECKING:
    from bcflow.models.outcomes import RunRecord


class ExpiredSignIns:
    """Which logins could not look any more since they last could."""

    def __init__(self, database: Database) -> None:
        """Keep it in `database`."""
        self._database = database

    def note(self, login: str) -> bool:
        """Note that `login` could not look; whether that is new since it last could."""
        with self._database.transaction() as connection:
            known = connection.scalar(sa.select(_expired.c.login).where(_expired.c.login == login))
            if known is None:
                connection.execute(_expired.insert().values(login=login, at=now()))
        return known is None

    def forget(self, login: str) -> None:
        """Note that `login` can look."""
        with self._database.transaction() as connection:
            connection.execute(_expired.delete().where(_expired.c.login == login))


def is_expired(look: RunRecord) -> bool:
    """Whether a follow-up saw nothing because it would have had to sign in."""
    return look.outcome == "waiting" and look.waiting_for == "you" and not look.effects

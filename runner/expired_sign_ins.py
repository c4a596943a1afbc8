"""Logins whose sign-in was found expired by a follow-up, so that it is told once and not at every look."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import sqlalchemy as sa

from bcflow.runner.database import Database, now, tables
from bcflow.runner.notices import Notice

if TYPE_CHECKING:
    from bcflow.models.outcomes import RunRecord

_expired = sa.Table(
    "expired_sign_ins",
    tables,
    sa.Column("login", sa.String, primary_key=True),
    sa.Column("at", sa.String, nullable=False),
)


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


def sign_in_command(login: str) -> str:
    """Return what a person types to sign in again."""
    return shlex.join(["bcflow", "login", "--headed", *([] if login == "default" else ["--login", login])])


def expired_notice(login: str, runs: int) -> Notice:
    """Return the message for a login whose sign-in has expired, so that `runs` runs cannot be looked at again."""
    command = sign_in_command(login)
    lines = [
        f"Login: {login}",
        f"Not looked at: {runs} {'run that waits' if runs == 1 else 'runs that wait'} for others",
        "",
        f"At a screen: {command}",
        f"On a laptop, for a server: {command} --export FILE",
        "",
        "No code was asked for. It is tried again by itself, and you are told again only after it has worked.",
    ]
    return Notice(f"bcflow needs you to sign in again ({login})", "\n".join(lines))

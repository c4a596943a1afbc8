"""Looking again at what waits for others: when each run is due, and what comes of it.

A follow-up is a look only. It writes nothing, asks for no code, and between two of them nothing is held: no
browser, no login, only a row here.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from loguru import logger

from bcflow.models.errors import BcflowError
from bcflow.models.outcomes import RunRecord
from bcflow.runner.database import Database, as_text, tables
from bcflow.runner.evidence import Evidence
from bcflow.runner.follow_up import judged, next_due

if TYPE_CHECKING:
    from bcflow.runner.dispatch import Dispatcher
    from bcflow.runner.history import History
    from bcflow.runner.settings import Settings
    from bcflow.runner.store import Store

FOLDER: Final = "follow-up"
_due = sa.Table(
    "follow_ups",
    tables,
    sa.Column("run", sa.String, primary_key=True),
    sa.Column("login", sa.String, nullable=False),
    sa.Column("due", sa.String, nullable=False, index=True),
    sa.Column("looks", sa.Integer, nullable=False),
)


class FollowUps:
    """When each run that waits for others is looked at again."""

    def __init__(self, database: Database) -> None:
        """Keep it in `database`."""
        self._database = database

    def note(self, record: RunRecord, *, looked: bool = False) -> None:
        """Set when `record` is due, or forget it if nobody else must act; `looked` counts a follow-up look."""
        now = datetime.now(UTC)
        with self._database.transaction() as connection:
            looks = int(connection.scalar(sa.select(_due.c.looks).where(_due.c.run == record.id)) or 0) + looked
            connection.execute(_due.delete().where(_due.c.run == record.id))
            due = next_due(record, looks, now)
            if due is not None:
                new = {"run": record.id, "login": record.login, "due": as_text(due), "looks": looks}
                connection.execute(_due.insert().values(new))

    def take(self, *, but: set[str]) -> str | None:
        """Return the run that is due longest, of a login that is not among `but`; it is not due again for now."""
        now = datetime.now(UTC)
        with self._database.transaction() as connection:
            query = sa.select(_due).where(_due.c.due <= as_text(now), _due.c.login.not_in(but)).order_by(_due.c.due)
            row = connection.execute(query.limit(1).with_for_update(skip_locked=True)).one_or_none()
            if row is None:
                return None
            # Should this worker die during the look, the run is due again in an hour.
            later = as_text(datetime.fromtimestamp(now.timestamp() + 3600, UTC))
            connection.execute(_due.update().where(_due.c.run == row.run).values(due=later))
        return str(row.run)

    def forget(self, run: str) -> None:
        """Do not look at `run` again."""
        with self._database.transaction() as connection:
            connection.execute(_due.delete().where(_due.c.run == run))


def look_again(run: str, settings: Settings, *, store: Store, history: History, dispatcher: Dispatcher) -> RunRecord:
    """Look at what `run` waits for, keep what it has become, and return that."""
    before = store.record(run)
    follow_ups = FollowUps(store.database)
    try:
        look = RunRecord.model_validate(dispatcher.attempt(before.login, _request(before, store, history), _deaf))
        after = judged(before, look, datetime.now(UTC))
    except (BcflowError, TimeoutError, OSError, RuntimeError) as error:
        logger.warning("run {} could not be looked at again: {}", run, error)
        after = before
    if after is not before:
        store.keep_record(after)
        Evidence(history.run_folder(run), secrets=settings.secrets()).write_result(after)
    follow_ups.note(after, looked=True)
    return after


def _request(before: RunRecord, store: Store, history: History) -> dict[str, Any]:
    return {
        "run": before.id,
        "attempt": store.begin(before.id),
        "batch": before.batch,
        "job": before.inputs,
        "name": before.job,
        "source": before.source,
        "requested_by": before.requested_by,
        "mode": "look",
        "dry_run": True,
        "may_write": False,
        "may_sign_in": False,
        "allow_unusual": True,
        "folder": str(history.run_folder(before.id) / FOLDER),
    }


def _deaf(_event: dict[str, Any]) -> None:
    """Nobody follows the steps of a follow-up."""

"""Looking again at what waits for others: when each run is due, and what comes of it.

A follow-up is a look only. It writes nothing, asks for no code, and between two of them nothing is held: no
browser, no login, only a row here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from loguru import logger

from bcflow.models.errors import BadInput, BcflowError, LedgerBroken
from bcflow.models.outcomes import RunRecord
from bcflow.runner.batches.batch import Halted
from bcflow.runner.batches.shared_looks import Visits
from bcflow.runner.config.limits import patience_of
from bcflow.runner.notify import events
from bcflow.runner.notify.events import expired_notice, sign_in_command
from bcflow.runner.policy.follow_up import PATIENCE, Patience, judged, next_due
from bcflow.runner.reports.evidence import REPORT, Evidence
from bcflow.runner.storage.database import Database, as_text, tables
from bcflow.runner.storage.expired_sign_ins import ExpiredSignIns, is_expired

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bcflow.runner.config.settings import Settings
    from bcflow.runner.engine.dispatch import Dispatcher
    from bcflow.runner.storage.history import History
    from bcflow.runner.storage.runs import Store

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

    def __init__(self, database: Database, patience: Patience = PATIENCE) -> None:
        """Keep it in `database`."""
        self._database = database
        self._patience = patience

    def note(self, record: RunRecord, *, looked: bool = False) -> None:
        """Set when `record` is due, or forget it if nobody else must act; `looked` counts a follow-up look."""
        now = datetime.now(UTC)
        with self._database.transaction() as connection:
            looks = int(connection.scalar(sa.select(_due.c.looks).where(_due.c.run == record.id)) or 0) + looked
            connection.execute(_due.delete().where(_due.c.run == record.id))
            due = next_due(record, looks, now, self._patience)
            if due is not None:
                new = {"run": record.id, "login": record.login, "due": as_text(due), "looks": looks}
                connection.execute(_due.insert().values(new))

    def take(self, *, but: set[str]) -> Due | None:
        """Return all due runs of the login that has the one due longest, of those not among `but`.

        They are not due again for now.
        """
        now = datetime.now(UTC)
        is_due = _due.c.due <= as_text(now)
        with self._database.transaction() as connection:
            query = sa.select(_due.c.login).where(is_due, _due.c.login.not_in(but)).order_by(_due.c.due)
            login = connection.scalar(query.limit(1).with_for_update(skip_locked=True))
            if login is None:
                return None
            query = sa.select(_due.c.run).where(is_due, _due.c.login == login).order_by(_due.c.due, _due.c.run)
            runs = list(connection.scalars(query.with_for_update(skip_locked=True)))
            # Should this worker die during the looks, they are due again in an hour, or more for many.
            later = as_text(now + timedelta(hours=1, minutes=len(runs)))
            connection.execute(_due.update().where(_due.c.run.in_(runs)).values(due=later))
        return Due(login, runs)

    def put_back(self, runs: Sequence[str]) -> None:
        """Let `runs` be due at once: they were taken and not looked at."""
        with self._database.transaction() as connection:
            now = as_text(datetime.now(UTC))
            connection.execute(_due.update().where(_due.c.run.in_(runs)).values(due=now))

    def forget(self, run: str) -> None:
        """Do not look at `run` again."""
        with self._database.transaction() as connection:
            connection.execute(_due.delete().where(_due.c.run == run))


@dataclass(frozen=True)
class Due:
    """What is to be looked at with one login."""

    login: str
    runs: list[str]


def look_again(
    runs: Sequence[str],
    settings: Settings,
    *,
    store: Store,
    history: History,
    dispatcher: Dispatcher,
    stop: Callable[[], str] = lambda: "",
    tell: Callable[[str], None] = logger.info,
) -> list[RunRecord]:
    """Look at what `runs`, all of one login, wait for; keep and return what has changed.

    It is one visit: a list that several of them need is read once. Between two looks `stop` says why no more is to
    be looked at; those left are due at once then. `tell` is told of each look.
    """
    return _Round(settings, store, history, dispatcher, tell).look(runs, stop)


class _Round:
    """The looks of one login, one after another."""

    def __init__(
        self, settings: Settings, store: Store, history: History, dispatcher: Dispatcher, tell: Callable[[str], None]
    ) -> None:
        self._settings = settings
        self._store = store
        self._history = history
        self._dispatcher = dispatcher
        self._tell = tell
        self._patience = patience_of(settings)
        self._follow_ups = FollowUps(store.database, self._patience)
        self._expired = ExpiredSignIns(store.database)
        self._signed_in = False

    def look(self, runs: Sequence[str], stop: Callable[[], str]) -> list[RunRecord]:
        records = sorted(filter(None, map(self._record, runs)), key=lambda one: (one.business_center, one.flow))
        visits, changed = Visits(records), []
        for at, known in enumerate(records):
            visit = visits.next(known)
            before = self._record(known.id)
            if before is None:
                continue
            try:
                look = self._look(before, visit, stop())
            except Halted:
                self._follow_ups.put_back([one.id for one in records[at:]])
                break
            if look is not None and is_expired(look):
                self._rest(records[at:], look.message)
                break
            after = before if look is None else self._judged(before, look)
            if after.report() != before.report():
                changed.append(after)
        self._write_batch_reports({one.batch for one in changed})
        return changed

    def _record(self, run: str) -> RunRecord | None:
        """Return how a run stands; one that was pruned or is tried anew meanwhile is not looked at."""
        try:
            return self._store.record(run)
        except BadInput:
            self._follow_ups.forget(run)
            return None

    def _look(self, before: RunRecord, visit: dict[str, Any], why_not: str) -> RunRecord | None:
        """Return what a look at the run says; None, and it is due later, if it could not be made.

        Raises `Halted` if nothing is to be started any more.
        """
        if why_not:
            raise Halted(why_not)
        try:
            request = self._request(before) | {"visit": visit}
            return RunRecord.model_validate(self._dispatcher.attempt(before.login, request, _deaf))
        except LedgerBroken:
            raise
        except (BcflowError, TimeoutError, OSError, RuntimeError) as error:
            self._tell(f"run {before.id} could not be looked at again: {error}")
            self._follow_ups.note(before, looked=True)
            return None

    def _judged(self, before: RunRecord, look: RunRecord) -> RunRecord:
        """Keep, tell and return what the run has become."""
        if look.effects and not self._signed_in:
            self._signed_in = True
            self._expired.forget(before.login)
        after = judged(before, look, datetime.now(UTC), self._patience)
        if after is not before:
            self._store.keep_record(after)
            evidence = Evidence(self._history.run_folder(after.id), secrets=self._settings.secrets())
            evidence.write_result(after)
            evidence.write_report(after)
        self._follow_ups.note(after, looked=True)
        said = f", {after.message}" if after.message != before.message else ""
        self._tell(f"looked again at {after.id}: {after.outcome}{said}")
        return after

    def _rest(self, left: Sequence[RunRecord], why: str) -> None:
        """Say once that the login must sign in again, and look at what is left later."""
        for record in left:
            self._follow_ups.note(record, looked=True)
        login = left[0].login
        self._tell(f"login '{login}': {why}; looked at later: {len(left)}. Sign in: {sign_in_command(login)}")
        if self._expired.note(login):
            events.tell(self._settings, expired_notice(login, len(left)))

    def _write_batch_reports(self, batches: set[str]) -> None:
        """Write the reports of `batches` again, where there is one on this machine."""
        from bcflow.runner.batches.course import batch_report

        for batch in sorted(batches):
            if not (self._history.batch_folder(batch) / REPORT).is_file():
                continue
            try:
                record = self._history.load_batch(batch)
                batch_report(self._history, record, self._history.runs_of(record))
            except (BadInput, OSError) as error:
                self._tell(f"the report of batch {batch} could not be written again: {error}")

    def _request(self, before: RunRecord) -> dict[str, Any]:
        return {
            "run": before.id,
            "attempt": self._store.begin(before.id),
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
            "folder": str(self._history.run_folder(before.id) / FOLDER),
        }


def _deaf(_event: dict[str, Any]) -> None:
    """Nobody follows the steps of a follow-up."""

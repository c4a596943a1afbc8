"""Looking again at what waits for others: a login's turn at all of it that is due.

A follow-up is a look only. It writes nothing, asks for no code, and between two of them nothing is held: no browser,
no login, only a row.
"""

from __future__ import annotations

import secrets
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from bcflow.models.errors import BadInput, BcflowError, LedgerBroken
from bcflow.models.failures.causes import in_words, of_attempt
from bcflow.models.outcomes import RunRecord
from bcflow.runner.batches.context import News, call_login, close_turn, is_current
from bcflow.runner.batches.follow_ups import NO_BATCH, FollowUps
from bcflow.runner.batches.rules import why_stopped
from bcflow.runner.batches.telling import batch_report, tell_news
from bcflow.runner.batches.words.asking import ask_in_follow_up
from bcflow.runner.notify import events
from bcflow.runner.notify.events import expired_notice, sign_in_command
from bcflow.runner.policy.follow_up import judged
from bcflow.runner.reports.evidence import REPORT, Evidence
from bcflow.runner.reports.report_files import write_report_beside
from bcflow.runner.storage.asked_words import KIND, lock_words
from bcflow.runner.storage.batch_rows import of_record, read_batch, set_run
from bcflow.runner.storage.expired_sign_ins import ExpiredSignIns, is_expired
from bcflow.runner.storage.switches import read_switches
from bcflow.runner.storage.tables import runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bcflow.runner.batches.context import Turn
    from bcflow.runner.batches.session import Browser, Services

FOLDER: Final = "follow-up"
LATER_SECONDS: Final = 60.0
"""When a login that is in use elsewhere is tried again."""


class FollowUpSession:
    """One login's turn: its due runs, one after another, in one browser."""

    def __init__(self, services: Services, turn: Turn) -> None:
        """Prepare it; nothing is taken or opened yet."""
        self._services = services
        self._context = services.context
        self._turn = turn
        self._expired = ExpiredSignIns(services.context.database)
        self._visit = secrets.token_hex(4)
        self._browser: Browser | None = None
        self._signed_in = False

    def work(self) -> None:
        """Take the turn, to its end."""
        delay = 0.0
        try:
            with self._context.database.transaction() as connection:
                if not is_current(connection, self._turn):
                    return
            delay = self._look()
        finally:
            if self._browser is not None:
                self._browser.close()
            self._hand_over(delay)

    def _look(self) -> float:
        """Look at what is due; return in how many seconds to try again what could not be looked at."""
        due = self._due()
        to_come = Counter((one.flow, one.business_center) for one in due)
        changed = []
        for at, known in enumerate(due):
            if self._why_not():
                return LATER_SECONDS
            before = self._record(known.id)
            if before is None:
                continue
            if self._browser is None:
                self._browser = self._services.browsers.open(self._turn.login, may_write=lambda: False)
            if self._browser is None:
                return LATER_SECONDS
            lists = (known.flow, known.business_center)
            look = self._attempt(self._browser, before, {"id": self._visit, "looks": max(1, to_come[lists])})
            to_come[lists] -= 1
            if look is not None and is_expired(look):
                self._rest(due[at:], look.message)
                break
            after = before if look is None else self._judged(before, look)
            if after.report() != before.report():
                changed.append(after.batch)
        self._write_batch_reports(set(changed))
        return 0.0

    def _due(self) -> list[RunRecord]:
        with self._context.database.transaction() as connection:
            due = FollowUps(connection, self._context).due(self._turn.login)
        return sorted(filter(None, map(self._record, due)), key=lambda one: (one.business_center, one.flow))

    def _record(self, run: str) -> RunRecord | None:
        """Return how a run stands; one that was pruned or is tried anew meanwhile is not looked at."""
        with self._context.database.transaction() as connection:
            kept = connection.scalar(sa.select(runs.c.record).where(runs.c.id == run))
            if not kept:
                FollowUps(connection, self._context).forget(run)
        return RunRecord.model_validate(kept) if kept else None

    def _why_not(self) -> str:
        """Return why no more is looked at now."""
        if self._services.shutdown.is_set():
            return "the worker was stopped"
        with self._context.database.transaction() as connection:
            return self._services.cut_off() or why_stopped(read_switches(connection))

    def _attempt(self, browser: Browser, before: RunRecord, visit: dict[str, Any]) -> RunRecord | None:
        """Return what a look at the run says; None, and it is due later, if it could not be made."""
        try:
            with self._services.company.beside():
                return RunRecord.model_validate(browser.attempt(self._request(before) | {"visit": visit}, _deaf))
        except LedgerBroken:
            raise
        except (BcflowError, TimeoutError, OSError, RuntimeError) as error:
            self._services.watcher.tell(f"run {before.id} could not be looked at again: {of_attempt(error)}")
            self._note(before)
            return None

    def _note(self, record: RunRecord) -> None:
        with self._context.database.transaction() as connection:
            FollowUps(connection, self._context).note(record, looked=True)

    def _judged(self, before: RunRecord, look: RunRecord) -> RunRecord:
        """Keep, tell and return what the run has become."""
        if look.effects and not self._signed_in:
            self._signed_in = True
            self._expired.forget(before.login)
        after = judged(before, look, datetime.now(UTC), self._context.patience)
        look.site = look.site or self._context.site
        with self._context.database.transaction() as connection:
            if look.needs == KIND:
                lock_words(connection)
            if after is not before:
                set_run(connection, after.id, **of_record(after))
            FollowUps(connection, self._context).note(after, looked=True)
            asked = ask_in_follow_up(connection, self._context, look)
        tell_news(self._context, News(before.batch, asked=asked), say=self._services.watcher.tell)
        if after is not before:
            evidence = Evidence(self._context.run_folder(after.id), secrets=self._context.settings.secrets())
            evidence.write_result(after)
            write_report_beside(evidence, after)
        if after.report() != before.report():
            said = f", {after.message}" if after.message != before.message else ""
            self._services.watcher.tell(f"looked again at {after.id}: {after.outcome}{said}")
        return after

    def _rest(self, left: Sequence[RunRecord], why: str) -> None:
        """Say once that the login must sign in again, and look at what is left later."""
        for record in left:
            self._note(record)
        login = self._turn.login
        sign_in = sign_in_command(login)
        self._services.watcher.tell(f"login '{login}': {why}; looked at later: {len(left)}. Sign in: {sign_in}")
        if self._expired.note(login):
            events.tell(self._context.settings, expired_notice(login, len(left)))

    def _write_batch_reports(self, batches: set[str]) -> None:
        """Write the reports of `batches` again, where there is one on this machine."""
        for name in sorted(batches):
            if not (self._context.history.batch_folder(name) / REPORT).is_file():
                continue
            try:
                with self._context.database.transaction() as connection:
                    batch = read_batch(connection, name, whole=True)
                batch_report(self._context.history, batch.record, batch.records)
            except (BadInput, OSError) as error:
                self._services.watcher.tell(f"the report of batch {name} could not be written again: {in_words(error)}")

    def _hand_over(self, delay: float) -> None:
        with self._context.database.transaction() as connection:
            close_turn(connection, self._turn)
            if delay:
                login, enqueue = self._turn.login, self._context.enqueue
                at = datetime.now(UTC) + timedelta(seconds=delay)
                call_login(connection, enqueue, batch=NO_BATCH, login=login, at=at)
            else:
                FollowUps(connection, self._context).call(self._turn.login)

    def _request(self, before: RunRecord) -> dict[str, Any]:
        with self._context.database.transaction() as connection:
            attempts = int(connection.scalar(sa.select(runs.c.attempts).where(runs.c.id == before.id)) or 0) + 1
            set_run(connection, before.id, attempts=attempts)
        return {
            "run": before.id,
            "attempt": attempts,
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
            "folder": str(self._context.run_folder(before.id) / FOLDER),
        }


def _deaf(_event: dict[str, Any]) -> None:
    """Nobody follows the steps of a follow-up."""

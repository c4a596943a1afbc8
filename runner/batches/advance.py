"""Moving a batch on: one transaction, made by whoever changed something.

It reads the batch and its runs, ends what can never run, moves the phase, asks what must be asked, and enqueues a turn
for each login that has something to do. It waits for nothing and remembers nothing: called again, it does the same.

look ─▶ ask ─▶ write ─▶ ended
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bcflow.models.errors import BadInput
from bcflow.models.jobs import JobBase
from bcflow.runner.batches import needs, proposal
from bcflow.runner.batches.context import News, call_login, live_logins
from bcflow.runner.batches.follow_ups import FollowUps
from bcflow.runner.batches.plans.check import check
from bcflow.runner.batches.results import (
    NOT_LOOKED_AT,
    UNPROVEN,
    Never,
    NotYet,
    end_run,
    exit_code,
    leave_run,
    read_needed,
    resolved,
)
from bcflow.runner.batches.rules import Rules, Verdict, go_on_question
from bcflow.runner.reports import summary
from bcflow.runner.storage.asked_words import asked_at_terminal, withdraw_idle
from bcflow.runner.storage.batch_rows import Batch, read_batch, read_records, set_batch, set_run
from bcflow.runner.storage.questions import About
from bcflow.runner.storage.runs import in_doubt

if TYPE_CHECKING:
    import sqlalchemy as sa

    from bcflow.models.outcomes import Outcome, RunRecord
    from bcflow.runner.batches.context import Context
    from bcflow.runner.storage.batch_rows import Run
    from bcflow.runner.storage.tables import Phase


def advance(connection: sa.Connection, context: Context, batch: str) -> News:
    """Move a batch on as far as it goes now. Raises `BadInput` if there is none of that id."""
    return Advance(connection, context, batch).go()


class Advance:
    """One move of one batch, in one transaction that has its row locked."""

    def __init__(self, connection: sa.Connection, context: Context, batch: str) -> None:
        """Read the batch."""
        self._connection = connection
        self._context = context
        self.batch: Batch = read_batch(connection, batch)
        self.rules = Rules(connection, context, self.batch)
        self.news = News(batch)
        self._live = live_logins(connection, batch)

    def go(self) -> News:
        """Move the batch, and call the logins that have something to do."""
        self.move()
        self.call_logins()
        return self.news

    def move(self) -> None:
        """Move the batch without calling anybody."""
        if self.batch.phase == "ended":
            return
        read_needed(self._connection, self.batch)
        while self._moved():
            pass

    def ready(self, login: str | None = None) -> Iterator[tuple[Run, JobBase]]:
        """Yield what may be attempted now, in file order: the runs, of one login or all, with their jobs."""
        batch = self.batch
        if batch.phase not in {"look", "write"} or batch.cancelled or not batch.queued:
            return
        if self.rules.halted(writing=batch.phase == "write"):
            return
        rooms: dict[str, int] = {}
        for run in batch.to_do:
            if (login and run.login != login) or (batch.phase == "look" and run.outcome is not None):
                continue
            job = self._job(run)
            if not isinstance(job, JobBase):
                continue
            if batch.phase == "write" and not run.is_writing:
                room = self.rules.room(run.flow, run.login)
                if room is not None and rooms.setdefault(run.flow, room) <= 0:
                    continue
                if room is not None:
                    rooms[run.flow] -= 1
            yield run, job

    def is_under_way(self, run: Run) -> bool:
        """Whether an attempt at a run is under way, or will be made again because its worker died."""
        return bool(run.begun) and run.login in self._live

    def over(self, login: str) -> None:
        """Go on after a login's turn: an attempt that is not kept broke off with its machine, and ends if cancelled."""
        self._live.discard(login)
        if self.batch.cancelled:
            self.move()

    def end(self, run: Run, outcome: Outcome, message: str, **more: Any) -> None:  # noqa: ANN401 - as end_run takes it
        """End a run here, without a browser."""
        self.news.ended.append(end_run(self._connection, self._context, self.batch, run, outcome, message, **more))

    def _job(self, run: Run) -> JobBase | NotYet | Never:
        return resolved(run, self.batch.runs, allow_unusual=self.batch.terms.allow_unusual)

    def _moved(self) -> bool:
        """Do one thing that is to be done; say whether there was one."""
        # Anew each time: a run that has ended since may have stopped the batch.
        self.rules = Rules(self._connection, self._context, self.batch)
        if self.batch.cancelled and self._cancelled():
            return True
        if self._dropped():
            return True
        if self.batch.phase == "look":
            return self._has_looked() and self._after_look()
        if self.batch.phase == "ask":
            return self._after_ask()
        if self.batch.phase == "write" and not self.batch.to_do and not self._waits_for_person():
            return self._end()
        return False

    def _waits_for_person(self) -> bool:
        """Whether the person at the terminal is to say a word, or which of several equal things is meant."""
        terms = self.batch.terms
        if not terms.attended or self.batch.cancelled:
            return False
        if asked_at_terminal(self._connection, self.batch.id):
            return True
        choices = [] if terms.dry_run else needs.choices(self._context, self.batch, self._whole())
        return self._ask(choices, once=True)

    def _cancelled(self) -> bool:
        """End what nothing more is done for; an attempt under way ends by itself."""
        idle = [run for run in self.batch.to_do if not self.is_under_way(run)]
        doubt = in_doubt(self._connection, self.batch.id) if idle else set()
        for run in idle:
            self._leave(run, "cancelled", self.batch.cancelled, in_doubt=run.id in doubt)
        if not self.batch.to_do and self.batch.phase != "write":
            self._to("write")
        return bool(idle)

    def _dropped(self) -> bool:
        """End the runs that can never start."""
        dropped = False
        for run in self.batch.to_do:
            if (self.batch.phase == "look" and run.outcome is not None) or self.is_under_way(run):
                continue
            try:
                job = self._job(run)
            except BadInput as error:
                self.end(run, "failed", "; ".join(error.problems))
                dropped = True
                continue
            if isinstance(job, Never):
                self.end(run, "skipped", job.why)
                dropped = True
            elif isinstance(job, JobBase) and self.batch.phase != "ask" and (verdict := self.rules.verdict(run)):
                self._refuse(run, verdict)
                dropped = True
        return dropped or self._circle()

    def _refuse(self, run: Run, verdict: Verdict) -> None:
        """End a run that must not start; of one whose worker died in the middle of a write nobody knows."""
        if run.attempts and run.id in in_doubt(self._connection, self.batch.id):
            self._leave(run, verdict.outcome, verdict.message.removeprefix("not started: "), in_doubt=True)
        else:
            self.end(run, verdict.outcome, verdict.message, **verdict.more)

    def _leave(self, run: Run, outcome: Outcome, why: str, *, in_doubt: bool) -> None:
        connection, context = self._connection, self._context
        self.news.ended.append(leave_run(connection, context, self.batch, run, outcome, why, in_doubt=in_doubt))

    def _circle(self) -> bool:
        """End a job that waits for one that waits for it."""
        to_do = self.batch.to_do
        if self.batch.phase != "write" or any(not isinstance(self._job(run), NotYet) for run in to_do):
            return False
        for run in to_do[:1]:
            self.end(run, "skipped", "it needs the result of a job that waits for it")
        return bool(to_do)

    def _has_looked(self) -> bool:
        """Whether everything was looked at that can be before anything is written."""
        return not any(
            run.outcome is None and (run.begun or not isinstance(self._job(run), NotYet)) for run in self.batch.to_do
        )

    def _after_look(self) -> bool:
        batch, terms = self.batch, self.batch.terms
        if self._waits_for_person():
            return False
        if terms.dry_run:
            for run in batch.to_do:
                self._keep_as_planned(run)
            return self._to("write")
        if terms.plan is not None:
            self._compare(terms.plan)
        return self._to("ask")

    def _compare(self, plan: dict[str, Any]) -> None:
        """Leave out what is not as it was when the plan was made."""
        self._whole()
        found = check(self.batch, plan)
        for run, why in found.left_out:
            self.end(run, "skipped", why, next_action=summary.NEW_PLAN)
        self.news.told += found.told
        self._set(held_back=found.held_back, cancelled=found.cancelled)

    def _after_ask(self) -> bool:
        batch, terms = self.batch, self.batch.terms
        if not batch.to_do:
            return self._to("write")
        unproven = self.rules.unproven()
        if unproven and not terms.trust_first_write and not terms.attended:
            why = f"{', '.join(unproven)}: never seen to work on this site in this language"
            self.news.told.append(f"{why}; run one by hand first, or give --trust-first-write")
            self._set(held_back=UNPROVEN, cancelled=why)
            return True
        if terms.approved_by:
            return self._to("write")
        plan = "\n".join(proposal.lines(self._context, batch))
        self._ask([About(kind="approval", text=plan, batch=batch.id)])
        if not terms.attended and batch.queued:
            self._set(queued=False)
        return False

    def _keep_as_planned(self, run: Run) -> None:
        if run.outcome is None:
            self.end(run, "planned", NOT_LOOKED_AT)
        run.ended = True
        set_run(self._connection, run.id, ended=True)

    def _end(self) -> bool:
        """End the batch: its exit code, what is looked at again, what is asked of a person, all at once."""
        batch, records = self.batch, self._whole()
        batch.record.ended = datetime.now(UTC).isoformat(timespec="seconds")
        batch.record.exit_code = exit_code(batch, records)
        self._set(queued=False, owner="", record=batch.record.model_dump(mode="json"))
        for record in records:
            FollowUps(self._connection, self._context).note(record)
        if not batch.terms.dry_run and not batch.cancelled:
            self._ask([*needs.of_people(self._context, batch, records), *needs.choices(self._context, batch, records)])
        withdraw_idle(self._connection)
        self.news.batch_ended = True
        return self._to("ended") and False

    def _whole(self) -> list[RunRecord]:
        """Return how all runs stand."""
        read_records(self._connection, self.batch.runs)
        return self.batch.records

    def _ask(self, about: list[About], *, once: bool = False) -> bool:
        """Ask what was not asked yet; say whether anything of it is open."""
        asked, is_open = needs.ask(self._connection, self._context, self.batch, about, once=once)
        self.news.asked += asked
        return is_open

    def _to(self, phase: Phase) -> bool:
        self.batch.phase = phase
        self._set(phase=phase)
        return True

    def _set(self, **values: object) -> None:
        for name in values.keys() & {"queued", "cancelled", "held_back"}:
            setattr(self.batch, name, values[name])
        set_batch(self._connection, self.batch.id, **values)

    def call_logins(self) -> None:
        """Give each login that has something to do its turn; ask whether a new flow may go on, where it is time to.

        A turn that is on its way is waited for, also one that was put off: it was for a reason.
        """
        batch, called = self.batch, live_logins(self._connection, self.batch.id)
        for login in dict.fromkeys(run.login for run, _ in self.ready() if run.login not in called):
            call_login(self._connection, self._context.enqueue, batch=batch.id, login=login, owner=batch.owner)
        self._ask_to_go_on()

    def _ask_to_go_on(self) -> None:
        """Ask whether a flow that was never seen to work here may go on, when the writes agreed to have ended."""
        batch = self.batch
        if batch.phase != "write" or batch.cancelled or not batch.queued:
            return
        for flow, login in dict.fromkeys((run.flow, run.login) for run in batch.to_do):
            room = self.rules.room(flow, login)
            writing = any(run.is_writing and run.flow == flow for run in batch.runs)
            if room is not None and room <= 0 and not writing:
                read_records(self._connection, [run for run in batch.runs if run.flow == flow and run.writes])
                self._ask([About(kind="approval", text=go_on_question(batch, flow), batch=batch.id, flow=flow)])

"""A batch: look at every job, then write those that are to do, in file order, each with its own run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from bcflow.models.effects import canonical
from bcflow.models.errors import BadInput, BcflowError, LedgerBroken
from bcflow.models.jobs import JobBase
from bcflow.models.outcomes import Outcome, RunRecord, StepRecord
from bcflow.runner.batches.gate import Gate
from bcflow.runner.batches.shared_looks import Visits
from bcflow.runner.batches.tasks import Never, NotYet, ended_record, resolved
from bcflow.runner.engine.dispatch import Dispatcher, Event
from bcflow.runner.reports.progress import Progress
from bcflow.runner.storage.entry import Entry, Terms


class Halted(Exception):
    """Nothing more is started now; what is to do stays to do."""


@dataclass(frozen=True)
class Tools:
    """What a batch works with.

    `keep` writes a run's result; `left` reads what an attempt left of it, even one that broke off. `begin` gives
    an attempt its number, `note` keeps how a run stands, `cancelled` and `halted` say why no further job is started:
    because the batch is to end, or because nothing is to be done for now. `paused` says why a flow rests on a login,
    `turn` waits until a login may write again, `learn` is told how every attempt ended.
    """

    dispatcher: Dispatcher
    progress: Progress
    gate: Gate
    folder: Callable[[str], Path]
    keep: Callable[[RunRecord], None]
    left: Callable[[str], RunRecord | None]
    begin: Callable[[str], int] = lambda _run: 1
    note: Callable[[Entry], None] = lambda _entry: None
    cancelled: Callable[[], str] = lambda: ""
    halted: Callable[[], str] = lambda: ""
    paused: Callable[[str, str], str] = lambda _flow, _login: ""
    turn: Callable[[str], None] = lambda _login: None
    learn: Callable[[RunRecord], None] = lambda _record: None


class Batch:
    """The runs of one command."""

    def __init__(self, batch: str, entries: Sequence[Entry], *, terms: Terms, tools: Tools) -> None:
        self.id = batch
        self.entries = list(entries)
        self.terms = terms
        self._tools = tools
        self._cancelled = ""
        self._broken = ""
        self._blocked: dict[str, str] = {}
        self._interrupted = False

    @property
    def records(self) -> list[RunRecord]:
        """The records of the runs so far, in file order."""
        return [entry.record for entry in self.entries if entry.record is not None]

    @property
    def to_do(self) -> list[Entry]:
        """The jobs that have not ended."""
        return [entry for entry in self.entries if not entry.ended]

    def unproven(self) -> list[str]:
        """Return the flows among `to_do` that were never seen to work on this site and language."""
        gate = self._tools.gate
        return sorted({entry.flow for entry in self.to_do if not gate.is_proven(entry.flow, entry.login)})

    def look(self) -> None:
        """Look at every job that can be looked at now; what is not `planned` has ended."""
        self._tools.progress.begin("Looking", len(self.entries))
        to_look = [entry for entry in self.entries if entry.record is None]  # others an earlier worker looked at
        visits = Visits(entry.task.job for entry in to_look)
        for entry in to_look:
            visit = visits.next(entry.task.job)
            job = self._resolve(entry)
            if isinstance(job, JobBase) and not self._held_back(entry):
                self._attempt(entry, job, "look", visit=visit)
        self._tools.progress.end()

    def write(self) -> None:
        """Write what is to do, always the first job of the file whose references are known."""
        self._tools.progress.begin("Writing", len(self.to_do))
        while self.to_do:
            resolutions = [(entry, self._resolve(entry)) for entry in self.to_do]
            ready = [(entry, job) for entry, job in resolutions if isinstance(job, JobBase)]
            if not ready:
                self._end_circle()
                continue
            entry, job = ready[0]
            if not self._held_back(entry) and self._may_write(entry, job) and self._in_turn(entry):
                self._attempt(entry, job, "run")
        self._tools.progress.end()

    def keep_as_planned(self) -> None:
        """End what is to do as `planned`: for a dry run."""
        for entry in self.to_do:
            if entry.record is None:
                self._end(entry, "planned", "not looked at yet: it needs another job's result first")
            entry.ended = True
            self._tools.note(entry)

    def skip(self, entry: Entry, why: str, *, next_action: str) -> None:
        """End one job that was looked at and is not to be done."""
        self._end(entry, "skipped", why, next_action=next_action)

    def cancel(self, why: str) -> None:
        """End everything that is to do: nothing more is written for it."""
        for entry in self.to_do:
            self._leave(entry, "cancelled", why)

    def interrupt(self, why: str) -> None:
        """Say of everything that is to do that it was not done; kept is that it is still to do."""
        self._interrupted = True
        for entry in self.to_do:
            sent = "a write may have been sent before that" if entry.armed else "nothing was sent"
            self._end(entry, "cancelled", f"{why}; {sent}", next_action=f"bcflow resume {self.id}")

    def _attempt(self, entry: Entry, job: JobBase, mode: Literal["look", "run"], **more: object) -> None:
        """Have one attempt made; whatever goes wrong, the run ends with a true record."""
        self._tools.progress.job(entry.task.title)
        entry.before = self._tools.left(entry.run)
        try:
            answer = self._tools.dispatcher.attempt(
                entry.login, self._request(entry, job, mode) | more, lambda event: self._hear(entry, event)
            )
            self._take(entry, RunRecord.model_validate(answer), mode)
        except KeyboardInterrupt:
            self._interrupted = True
            self._cut(entry, "cancelled", "interrupted")
            raise
        except BadInput as error:
            if not self.records:
                raise
            self._cut(entry, "failed", "; ".join(error.problems))
        except LedgerBroken as error:
            self._broken = f"the ledger cannot be written: {error}"
            self._cut(entry, "failed", self._broken)
        except (BcflowError, TimeoutError, OSError, RuntimeError) as error:
            self._cut(entry, "failed", str(error) or type(error).__name__)

    def _request(self, entry: Entry, job: JobBase, mode: str) -> dict[str, object]:
        return {
            "run": entry.run,
            "attempt": self._tools.begin(entry.run),
            "batch": self.id,
            "job": job.model_dump(mode="json", exclude_none=True),
            "name": entry.task.name,
            "source": entry.task.source,
            "requested_by": self.terms.actor,
            "approved_by": self.terms.approved_by,
            "mode": mode,
            "dry_run": self.terms.dry_run,
            "allow_unusual": self.terms.allow_unusual,
            "folder": str(self._tools.folder(entry.run)),
        }

    def _take(self, entry: Entry, record: RunRecord, mode: str) -> None:
        """Note how an attempt ended, and what that means for the jobs after it."""
        record.job = entry.task.name
        record.evidence = record.evidence or str(self._tools.folder(entry.run))
        entry.record = record
        entry.ended = record.outcome != "planned"
        if record.dry_run != self.terms.dry_run:
            record.dry_run = self.terms.dry_run
            self._tools.keep(record)
        self._tools.gate.learn(record, entry.login, wrote=mode == "run")
        self._tools.learn(record)
        if record.outcome == "waiting" and record.waiting_for == "you" and not record.effects:
            self._blocked[entry.login] = record.message
        if mode == "run" and record.outcome == "planned":
            self._end(entry, "failed", "the attempt ended without an outcome")
        else:
            self._tools.note(entry)
            self._tools.progress.ended(record)

    def _hear(self, entry: Entry, event: Event) -> None:
        name = str(event.get("name") or "")
        if event.get("event") == "armed":
            entry.armed = True
        if event.get("event") == "step":
            at = str(event.get("at") or datetime.now(UTC).isoformat(timespec="milliseconds"))
            entry.steps.append(StepRecord(name=name, at=at, seconds=0.0))
        if name:
            self._tools.progress.step(name)

    def _cut(self, entry: Entry, outcome: Outcome, why: str) -> None:
        """End a job whose attempt broke off; its browser is gone before anything is recorded."""
        self._tools.dispatcher.stop(entry.login)
        left = self._tools.left(entry.run)
        # An attempt that failed because it was interrupted, before anything was sent, is still to do.
        nothing = ("planned", "failed") if self._interrupted and not entry.armed else ("planned",)
        if left is not None and left != entry.before and left.outcome not in nothing:
            # It came to its own end on the way out, and what it saw is truer than what we can say.
            self._take(entry, left, "run")
        else:
            self._leave(entry, outcome, why)

    def _leave(self, entry: Entry, outcome: Outcome, why: str) -> None:
        """End a job that nothing more is done for: what was armed is unknown, all else was not sent."""
        if entry.armed:
            settle = f"look on the site, then: bcflow settle {entry.run} --happened or --did-not-happen"
            self._end(entry, "unknown", f"{why}; a write may have been sent", next_action=settle)
        else:
            self._end(entry, outcome, f"{why}; nothing was sent")

    def _resolve(self, entry: Entry) -> JobBase | NotYet | None:
        """Return the job ready to run; ends it if its references can never be known."""
        try:
            job = resolved(entry, self.entries, allow_unusual=self.terms.allow_unusual)
        except BadInput as error:
            self._end(entry, "failed", "; ".join(error.problems))
            return None
        if isinstance(job, Never):
            self._end(entry, "skipped", job.why)
            return None
        return job

    def _end_circle(self) -> None:
        """End a job that waits for one that waits for it."""
        for entry in self.to_do[:1]:
            self._end(entry, "skipped", "it needs the result of a job that waits for it")

    def _held_back(self, entry: Entry) -> bool:
        """End a job that must not start: the batch has stopped, or its login waits for a person.

        Raises `Halted` if nothing is to be started for now.
        """
        stopped = self._broken or self._tools.gate.stopped
        self._cancelled = self._cancelled or self._tools.cancelled()
        if not self._cancelled and (why := self._tools.halted()):
            raise Halted(why)
        if self._cancelled:
            self._end(entry, "cancelled", f"{self._cancelled}; nothing was sent")
        elif stopped:
            self._end(entry, "skipped", f"not started: {stopped}")
        elif rests := self._tools.paused(entry.flow, entry.login):
            self._end(entry, "skipped", f"not started: {rests}")
        elif entry.login in self._blocked:
            self._end(entry, "waiting", f"not started: {self._blocked[entry.login]}", waiting_for="you")
        return entry.ended

    def _in_turn(self, entry: Entry) -> bool:
        """Wait for the login's turn to write; whether it still may when it has come."""
        self._tools.turn(entry.login)
        return not self._held_back(entry)

    def _may_write(self, entry: Entry, job: JobBase) -> bool:
        """Whether the limit of writes and the rule for unproven flows let this job write."""
        most, needs = self.terms.max_writes, len(canonical(job))
        sent = sum(record.writes for record in self.records)
        if most is not None and sent + needs > most:
            said = f"not started: it may need {needs} of at most {most} writes, and {sent} were sent"
            self._end(entry, "skipped", said, next_action="run the same again for the rest")
            return False
        left = sum(one.flow == entry.flow for one in self.to_do)
        if self._tools.gate.lets_on(entry.flow, entry.login, records=self.records, left=left):
            return True
        self._cancelled = f"you stopped after the first writes of {entry.flow}"
        return not self._held_back(entry)

    def _end(
        self,
        entry: Entry,
        outcome: Outcome,
        message: str,
        *,
        next_action: str = "",
        waiting_for: str | None = None,
    ) -> None:
        """End a job here, without a browser, and keep its result."""
        entry.record = ended_record(entry, self.id, outcome, message, next_action=next_action, waiting_for=waiting_for)
        entry.record.evidence = str(self._tools.folder(entry.run))
        entry.record.requested_by = self.terms.actor
        entry.ended = True
        self._tools.keep(entry.record)
        if not (self._interrupted and outcome == "cancelled"):
            self._tools.note(entry)
        self._tools.progress.ended(entry.record)

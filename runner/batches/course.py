"""The course of one batch, from wherever it stands: look, be agreed to, write, keep the results."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bcflow.runner.batches.answers import Parked
from bcflow.runner.batches.batch import Batch, Halted, Tools
from bcflow.runner.batches.follow_up_looks import FollowUps
from bcflow.runner.batches.gate import Gate
from bcflow.runner.batches.oversight import Oversight
from bcflow.runner.config.limits import patience_of
from bcflow.runner.notify import events
from bcflow.runner.redaction.records import clean_record
from bcflow.runner.redaction.redact import Redactor
from bcflow.runner.reports import summary
from bcflow.runner.reports.evidence import Evidence
from bcflow.runner.storage.audit import Action, Audit

if TYPE_CHECKING:
    from bcflow.models.outcomes import RunRecord, RunReport
    from bcflow.runner.config.settings import Settings
    from bcflow.runner.engine.dispatch import Dispatcher
    from bcflow.runner.reports.progress import Progress
    from bcflow.runner.storage.entry import Entry
    from bcflow.runner.storage.history import BatchRecord, History
    from bcflow.runner.storage.proofs import ProvenFlows
    from bcflow.runner.storage.questions import Question
    from bcflow.runner.storage.runs import Store
    from bcflow.runner.storage.tables import Held, Phase


@dataclass(frozen=True)
class Talk:
    """How a batch speaks.

    `ask` puts a yes-or-no question to a person, `choose` one with choices, and returns the value that was chosen or
    an empty text. They are None where nobody is there.
    """

    progress: Progress
    tell: Callable[[str], None]
    ask: Callable[[str], bool] | None = None
    choose: Callable[[Question], str] | None = None


@dataclass
class Course:
    """One batch on its way. `run` goes on from the phase it is in and may be called again after a crash."""

    held: Held
    settings: Settings
    store: Store
    history: History
    dispatcher: Dispatcher
    proven: ProvenFlows
    talk: Talk
    halted: Callable[[], str] = lambda: ""
    where: str = ""
    _started: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        """Put the batch together from what is kept of it."""
        held = self.held
        self.audit = Audit(self.store.database, secrets=self.settings.secrets())
        self.oversight = Oversight(self.settings, self.store, tell=self.talk.tell)
        self.parked = Parked(self.settings, self.store, self.history)
        gate = Gate(
            self.settings.business_center_url,
            self.proven,
            trust=held.terms.trust_first_write,
            confirm=self._confirm if self.talk.ask is not None else None,
        )
        tools = Tools(
            dispatcher=self.dispatcher,
            progress=self.talk.progress,
            gate=gate,
            folder=self.history.run_folder,
            keep=self._keep,
            left=self._left,
            begin=self.store.begin,
            note=self._keep_entry,
            cancelled=lambda: self.store.cancelled(held.record.id),
            halted=self._why_halt,
            paused=self.oversight.paused,
            turn=lambda login: self.oversight.wait_for_turn(login, must_end=self._must_end),
            learn=self.oversight.learn,
        )
        self.batch = Batch(held.record.id, held.entries, terms=held.terms, tools=tools)

    def run(self) -> int:
        """Do what is to do, keep the results and return the exit code; KeyboardInterrupt leaves it resumable."""
        self._note("started", phase=self.held.phase)
        # What was asked before is asked again at the end, if it is still a question then.
        self.parked.questions.withdraw(self.held.record.id)
        has_ended = False
        try:
            code = self._passes()
            has_ended = True
            self._ask_later()
        except Halted as halt:
            self.batch.interrupt(str(halt))
            code = summary.YOU_MUST_ACT
        except KeyboardInterrupt:
            self.dispatcher.close()
            self.talk.progress.end()
            self.batch.interrupt("interrupted")
            code = summary.INTERRUPTED
        finally:
            self.talk.progress.end()
        if has_ended:
            self.store.move(self.held.record.id, "ended")
        ended = summary.exit_code(self.batch.records) if code is None else code
        self._finish(ended)
        return ended

    def report(self) -> list[RunReport]:
        """Return how every run stands, without a secret, in file order."""
        redactor = Redactor(self.settings.secrets())
        return [clean_record(record, redactor).report() for record in self.batch.records]

    def _passes(self) -> int | None:
        """Look, ask, write; return an exit code only if the records alone would not say it."""
        batch, terms = self.batch, self.held.terms
        if self.held.phase == "look":
            batch.look()
            while self._chosen():
                batch.look()
            if terms.dry_run:
                batch.keep_as_planned()
                return None
            self._move("ask")
        if not batch.to_do:
            return None
        if self.held.phase == "ask":
            refusal = self._go()
            if refusal is not None:
                return refusal or None
            self._move("write")
        batch.write()
        while self._chosen():
            batch.write()
        return None

    def _chosen(self) -> bool:
        """Let the person at the terminal say which of several equal things is meant; whether runs go on by that."""
        runs: set[str] = set()
        if self.talk.choose is None:
            return False
        for question in self.parked.ask_which(self.held, self.batch.records):
            with self.talk.progress.paused():
                answer = self.talk.choose(question)
            if answer:
                runs |= self.parked.choose(self.held, question, answer, by=self.settings.actor)
        for entry in (one for one in self.batch.entries if one.run in runs):
            entry.record, entry.ended = None, False
            self.store.keep(entry)
        return bool(runs)

    def _ask_later(self, *, plan: Sequence[str] = ()) -> None:
        """Put into the inbox what only a person can give, and send word of it if nobody is at a terminal."""
        for question in self.parked.ask(self.held, self.batch.records, plan=plan):
            if self.talk.ask is None:
                events.tell(self.settings, events.question_asked(events.asked(question)))
            self.talk.tell(f"question {question.id} waits for an answer: bcflow answer {question.id}")

    def _note(self, action: Action, **detail: object) -> None:
        self.audit.note(action, actor=self.settings.actor, subject=self.held.record.id, detail=detail)

    def _why_halt(self) -> str:
        writing = self.held.phase == "write"
        return self.halted() or self.oversight.stopped() or (self.oversight.read_only() if writing else "")

    def _must_end(self) -> str:
        return self.store.cancelled(self.held.record.id) or self._why_halt()

    def _go(self) -> int | None:
        """Ask whether to write; None means yes, 0 and others end the batch with that exit code."""
        batch, terms = self.batch, self.held.terms
        unproven = batch.unproven()
        if unproven and not terms.trust_first_write and self.talk.ask is None:
            why = f"{', '.join(unproven)}: never seen to work on this site in this language"
            self.talk.tell(f"{why}; run one by hand first, or give --trust-first-write")
            batch.cancel(why)
            return summary.BAD_INPUT
        if terms.approved_by:
            return None
        if self.talk.ask is None:
            self._ask_later(plan=self._proposal())
            raise Halted("it waits for somebody to agree to its writes")
        if self._agreed(self.talk.ask):
            self.store.approve(self.held.record.id, self.settings.actor)
            self.held.terms = batch.terms = replace(terms, approved_by=self.settings.actor)
            self._note("approved", jobs=len(batch.to_do))
            return None
        batch.cancel("you said no")
        return summary.OK

    def _agreed(self, ask: Callable[[str], bool]) -> bool:
        for line in self._plan():
            self.talk.tell(line)
        return ask(self._may_it())

    def _may_it(self) -> str:
        to_do = len(self.batch.to_do)
        jobs = f"{to_do} job" if to_do == 1 else f"{to_do} jobs"
        return f"Write {jobs} on {self.settings.business_center_url}?"

    def _proposal(self) -> list[str]:
        """Return the plan as a question tells it: without a line for every job."""
        return [self._found(), self._may_it(), *self._forever()]

    def _plan(self) -> list[str]:
        """Return what the look found and what can never be taken back, before the question."""
        lines = [self._found()]
        later = sum(entry.record is None for entry in self.batch.to_do)
        if later:
            lines.append(f"  {later} of them can be looked at only when another job is done")
        for entry in self.batch.to_do:
            where = entry.record and (entry.record.business_center_name or entry.record.business_center)
            lines.append(f"  + {entry.task.title}{f' in {where}' if where else ''}")
        estimate = self.oversight.estimate(len(self.batch.to_do), self.held.record.logins[0])
        lines += [estimate] if estimate else []
        return lines + self._forever()

    def _found(self) -> str:
        return summary.look_counts(e.record.outcome if e.record else "planned" for e in self.batch.entries)

    def _forever(self) -> list[str]:
        never = summary.forever((e.flow, e.task.job.model_dump(mode="json")) for e in self.batch.to_do)
        return ["Can never be changed later:", *(f"  {line}" for line in never)] if never else []

    def _move(self, phase: Phase) -> None:
        """Come to `phase`, durably."""
        self.held.phase = phase
        self.store.move(self.held.record.id, phase)

    def _confirm(self, question: str) -> bool:
        with self.talk.progress.paused():
            return self.talk.ask is not None and self.talk.ask(question)

    def _keep(self, record: RunRecord) -> None:
        folder = self.history.run_folder(record.id)
        record.site, record.dry_run = self.settings.business_center_url, self.held.terms.dry_run
        record.approved_by = self.held.terms.approved_by
        Evidence(folder, secrets=self.settings.secrets()).write_result(record)

    def _keep_entry(self, entry: Entry) -> None:
        """Keep how a run stands, with who answered for it."""
        record = entry.record
        if record is not None:
            record.answered_by = self.parked.questions.answered_by(self.held.record.id, record.login, record.id)
            if record.answered_by:
                self._keep(record)
        self.store.keep(entry)

    def _left(self, run: str) -> RunRecord | None:
        return self.history.load_run(run) if self.history.has_run(run) else None

    def _finish(self, code: int) -> None:
        """Keep the batch in its file, and write its report."""
        record = self.held.record
        record.ended = datetime.now(UTC).isoformat(timespec="seconds")
        record.exit_code = code
        follow_ups = FollowUps(self.store.database, patience_of(self.settings))
        for run in self.batch.records:
            follow_ups.note(run)
        self.history.save_batch(record)
        self.where = self._write_report()

    def _write_report(self) -> str:
        seconds = round(time.monotonic() - self._started, 1)
        try:
            return str(batch_report(self.history, self.held.record, self.batch.records, seconds))
        except OSError as error:
            self.talk.tell(f"warning: the report could not be written: {error}")
            return ""


def batch_report(
    history: History, batch: BatchRecord, records: Sequence[RunRecord], seconds: float | None = None
) -> Path:
    """Write the report of `batch` and of its runs; return its path. Raises OSError."""
    from bcflow.runner.reports.report import write_reports

    return write_reports(
        history.batch_folder(batch.id),
        records,
        runs_folder=history.run_folder(""),
        title=f"Batch {batch.id}",
        source=batch.source,
        sha256=batch.sha256,
        seconds=seconds,
    )

"""The course of `bcflow run`: leases, the look, the question, the writes, the results on disk."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bcflow.models.errors import BadInput
from bcflow.runner import summary
from bcflow.runner.batch import Batch, Terms, Tools
from bcflow.runner.canary import ProvenFlows
from bcflow.runner.cli import frame
from bcflow.runner.cli.slots import attempt_seconds, leased, slot_factory
from bcflow.runner.dispatch import InProcess
from bcflow.runner.evidence import Evidence, clean_record
from bcflow.runner.gate import Gate
from bcflow.runner.history import BatchLine, BatchRecord, History, run_id
from bcflow.runner.progress import Progress, progress_on
from bcflow.runner.redact import Redactor
from bcflow.runner.tasks import Entry

if TYPE_CHECKING:
    from bcflow.models.outcomes import RunRecord
    from bcflow.runner.cli.intake import Order
    from bcflow.runner.lease import Lease
    from bcflow.runner.settings import Settings


@dataclass(frozen=True)
class How:
    """How a batch is to run, as the options say."""

    dry_run: bool = False
    yes: bool = False
    trust_first_write: bool = False
    max_writes: int | None = None
    allow_unusual: bool = False
    wait: bool = True
    as_json: bool = False


def work(order: Order, settings: Settings, how: How) -> int:
    """Run what was asked for and return the exit code. Raises BadInput if it may not start."""
    proven = ProvenFlows(settings.home)
    _may_start(order, settings, how, proven)
    settings.make_home()
    logins = sorted({task.job.login for task in order.tasks})
    with ExitStack() as stack, _stoppable():
        leases = {
            login: stack.enter_context(leased(settings, login, doing=f"run {order.source}", wait=how.wait))
            for login in logins
        }
        return _Work(order, settings, how, proven, leases).run()


class _Work:
    """One batch from its id to its report."""

    def __init__(
        self, order: Order, settings: Settings, how: How, proven: ProvenFlows, leases: Mapping[str, Lease]
    ) -> None:
        self._order, self._settings, self._how = order, settings, how
        self._started = time.monotonic()
        self._history = History(settings.home)
        self._progress: Progress = progress_on(sys.stderr, moving=frame.can_move())
        self._dispatcher = InProcess(
            slot_factory(
                settings,
                trust_unusual_ids=how.allow_unusual,
                paused=self._progress.paused,
                holds=lambda login: leases[login].held(),
            ),
            timeout=attempt_seconds(settings),
        )
        self._gate = Gate(
            settings.business_center_url,
            proven,
            trust=how.trust_first_write,
            confirm=self._confirm if frame.person_is_there() else None,
        )
        self._batch, self._kept = self._begin()

    def run(self) -> int:
        """Do the passes, then keep and print the results, whatever happened."""
        try:
            code = self._passes()
        except KeyboardInterrupt:
            self._dispatcher.close()
            self._progress.end()
            self._batch.cancel("interrupted")
            code = summary.INTERRUPTED
        finally:
            self._progress.end()
            self._dispatcher.close()
            if not self._batch.records:
                self._history.drop_batch(self._batch.id)
        ended = summary.exit_code(self._batch.records) if code is None else code
        self._finish(ended)
        return ended

    def _passes(self) -> int | None:
        """Look, ask, write; return an exit code only if the records alone would not say it."""
        how, batch = self._how, self._batch
        if self._must_look():
            batch.look()
        if how.dry_run:
            batch.keep_as_planned()
            return None
        if not batch.to_do:
            return None
        unproven = batch.unproven()
        if unproven and not how.trust_first_write and not frame.person_is_there():
            why = f"{', '.join(unproven)}: never seen to work on this site in this language"
            frame.complain(f"{why}; run one by hand first, or give --trust-first-write")
            batch.cancel(why)
            return summary.BAD_INPUT
        if not self._agreed():
            batch.cancel("you said no")
            return None
        batch.write()
        return None

    def _must_look(self) -> bool:
        """Whether to look first: one proven job that needs no question looks in its own run."""
        one_job = len(self._batch.entries) == 1
        return not (one_job and self._how.yes and not self._how.dry_run and not self._batch.unproven())

    def _agreed(self) -> bool:
        if self._how.yes:
            return True
        for line in self._plan():
            frame.complain(line)
        to_do = len(self._batch.to_do)
        jobs = f"{to_do} job" if to_do == 1 else f"{to_do} jobs"
        return frame.ask_yes_no(f"Write {jobs} on {self._settings.business_center_url}?")

    def _plan(self) -> list[str]:
        """Return what the look found and what can never be taken back, before the question."""
        entries = self._batch.entries
        lines = [summary.look_counts(e.record.outcome if e.record else "planned" for e in entries)]
        later = sum(entry.record is None for entry in self._batch.to_do)
        if later:
            lines.append(f"  {later} of them can be looked at only when another job is done")
        for entry in self._batch.to_do:
            where = entry.record and (entry.record.business_center_name or entry.record.business_center)
            lines.append(f"  + {entry.task.title}{f' in {where}' if where else ''}")
        never = summary.forever((e.flow, e.task.job.model_dump(mode="json")) for e in self._batch.to_do)
        if never:
            lines += ["Can never be changed later:", *(f"  {line}" for line in never)]
        return lines

    def _confirm(self, question: str) -> bool:
        with self._progress.paused():
            return frame.ask_yes_no(question)

    def _begin(self) -> tuple[Batch, BatchRecord]:
        number = self._history.new_batch()
        tasks = self._order.tasks
        entries = [Entry(task, run_id(number, count)) for count, task in enumerate(tasks, start=1)]
        kept = BatchRecord(
            id=number,
            source=self._order.source,
            sha256=self._order.sha256,
            site=self._settings.business_center_url,
            logins=sorted({task.job.login for task in tasks}),
            requested_by=self._settings.actor,
            dry_run=self._how.dry_run,
            started=datetime.now(UTC).isoformat(timespec="seconds"),
            lines=_lines(entries),
            columns=list(self._order.columns),
        )
        self._history.save_batch(kept)
        terms = Terms(
            actor=self._settings.actor,
            max_writes=self._how.max_writes,
            allow_unusual=self._how.allow_unusual,
            dry_run=self._how.dry_run,
        )
        tools = Tools(
            dispatcher=self._dispatcher,
            progress=self._progress,
            gate=self._gate,
            folder=self._history.run_folder,
            keep=self._keep,
            left=self._left,
        )
        return Batch(number, entries, terms=terms, tools=tools), kept

    def _keep(self, record: RunRecord) -> None:
        folder = self._history.run_folder(record.id)
        record.site, record.dry_run = self._settings.business_center_url, self._how.dry_run
        Evidence(folder, secrets=self._settings.secrets()).write_result(record)

    def _left(self, run: str) -> RunRecord | None:
        return self._history.load_run(run) if self._history.has_run(run) else None

    def _finish(self, code: int) -> None:
        """Keep the batch, write its report, print the results."""
        records = self._batch.records
        self._kept.ended = datetime.now(UTC).isoformat(timespec="seconds")
        self._kept.exit_code = code
        self._history.save_batch(self._kept)
        report = self._report(records)
        redactor = Redactor(self._settings.secrets())
        clean = [clean_record(record, redactor).report() for record in records]
        if self._how.as_json:
            frame.document({"batch": self._batch.id, "runs": frame.plain(clean)})
            return
        frame.say(*summary.summary(clean), "", f"Batch {self._batch.id}{f' · {report}' if report else ''}")

    def _report(self, records: list[RunRecord]) -> str:
        from bcflow.runner.cli.past import write_batch_report

        try:
            return str(write_batch_report(self._history, self._kept, records, self._seconds()))
        except OSError as error:
            frame.complain(f"warning: the report could not be written: {error}")
            return ""

    def _seconds(self) -> float:
        return round(time.monotonic() - self._started, 1)


def _lines(entries: Sequence[Entry]) -> list[BatchLine]:
    """Return a line for each job, or for each spreadsheet row in the sheet's own order."""
    numbered = [
        (number, entry, row) for place, entry in enumerate(entries) for number, row in entry.task.rows or ((place, {}),)
    ]
    numbered.sort(key=lambda one: one[0])
    return [
        BatchLine(
            job=entry.task.name,
            run=entry.run,
            flow=entry.flow,
            client=entry.task.job.client,
            login=entry.login,
            source=entry.task.source,
            row=dict(row),
        )
        for _, entry, row in numbered
    ]


def _may_start(order: Order, settings: Settings, how: How, proven: ProvenFlows) -> None:
    """Refuse what nobody could agree to, before any browser starts. Raises BadInput."""
    if how.dry_run or frame.person_is_there():
        return
    if not how.yes:
        raise BadInput(["nobody is at a terminal to be asked; give --yes to write or --dry-run to look"])
    if how.trust_first_write:
        return
    site = settings.business_center_url
    never = []
    for task in order.tasks:
        language = proven.language(site=site, login=task.job.login)
        proofs = [proof for proof in proven.proofs(task.job.flow) if proof.site == site]
        if not any(language in ("", proof.language) for proof in proofs):
            never.append(task.job.flow)
    if never:
        flows = ", ".join(sorted(set(never)))
        said = "was never seen to work on this site; run one job at a terminal, or give --trust-first-write"
        raise BadInput([f"{flows}: {said}"])


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let a polite end (SIGTERM, as systemd and cron send it) be what Ctrl-C is."""

    def interrupt(_number: int, _frame: Any) -> None:  # noqa: ANN401 - a frame of the interpreter
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)

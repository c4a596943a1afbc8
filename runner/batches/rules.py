"""What keeps a run from starting, as the rows say now: switches, pauses, a login that waits, the rule for new flows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bcflow.models.effects import canonical
from bcflow.models.outcomes import RunRecord
from bcflow.runner.policy.canary import STOPPING, most_writes
from bcflow.runner.policy.pace import DAY
from bcflow.runner.reports.summary import resting
from bcflow.runner.storage.batch_rows import read_records
from bcflow.runner.storage.proofs import Proofs
from bcflow.runner.storage.questions import questions_of
from bcflow.runner.storage.runs import writes_since
from bcflow.runner.storage.switches import Positions, read_switches

if TYPE_CHECKING:
    import sqlalchemy as sa

    from bcflow.models.jobs import JobBase
    from bcflow.models.outcomes import Outcome
    from bcflow.models.unknown import UnknownWords
    from bcflow.runner.batches.context import Context
    from bcflow.runner.config.settings import Settings
    from bcflow.runner.storage.batch_rows import Batch, Run

MOST_DEATHS: Final = 5
"""A run whose workers died so often is not begun again: it may be what kills them."""
SUSPECT: Final = 2
"""A run whose workers died so often is attempted alone from then on, so that none beside it is blamed for it."""


@dataclass(frozen=True)
class Verdict:
    """Why a run ends before it starts, and how."""

    outcome: Outcome
    message: str
    next_action: str = ""
    waiting_for: str | None = None
    unknown: tuple[UnknownWords, ...] = ()

    @property
    def more(self) -> dict[str, Any]:
        """What `end_run` is told besides."""
        return {name: getattr(self, name) for name in ("next_action", "waiting_for", "unknown")}


class Rules:
    """The rules for one batch, in one transaction."""

    def __init__(self, connection: sa.Connection, context: Context, batch: Batch) -> None:
        """Read them as they are now."""
        self._connection = connection
        self._context = context
        self._batch = batch
        self._proven: dict[tuple[str, str], bool] = {}

    @cached_property
    def positions(self) -> Positions:
        """How the switches stand."""
        return read_switches(self._connection)

    @cached_property
    def _agreed(self) -> dict[str, int]:
        agreed: dict[str, int] = {}
        for question in questions_of(self._connection, self._batch.id):
            if question.flow and question.state == "answered":
                agreed[question.flow] = agreed.get(question.flow, 0) + 1
        return agreed

    def halted(self, *, writing: bool) -> str:
        """Return why nothing is started for now, on any machine; empty if it may."""
        return why_stopped(self.positions) or (why_read_only(self.positions) if writing else "")

    def is_proven(self, flow: str, login: str) -> bool:
        """Whether `flow` was seen to work before this batch, in the language `login` has its pages in."""
        key = (flow, login)
        if key not in self._proven:
            proofs = Proofs(self._connection)
            self._proven[key] = proofs.is_proven(flow, site=self._context.site, login=login, but=self._batch.id)
        return self._proven[key]

    def unproven(self) -> list[str]:
        """Return the flows still to do that were never seen to work on this site and language."""
        return sorted({run.flow for run in self._batch.to_do if not self.is_proven(run.flow, run.login)})

    @cached_property
    def stopped(self) -> str:
        """Why the batch stopped: a flow that was never seen to work here ended in a way that nobody understands."""
        for run in self._batch.runs:
            if run.mode == "run" and run.outcome in STOPPING and run.ended and not self.is_proven(run.flow, run.login):
                ended = f"job {run.name} ended {run.outcome}"
                return f"{run.flow} was never seen to work here before, and {ended}"
        return ""

    def verdict(self, run: Run) -> Verdict | None:
        """Return why a run that is ready must not start, ever, if that is so."""
        if self.stopped:
            return Verdict("skipped", f"not started: {self.stopped}")
        if why := self.positions.paused(run.flow, run.login):
            return Verdict("skipped", f"not started: {why}", next_action=resting(run.flow, run.login))
        blocking = next((one for one in self._batch.runs if one.ended and _holds_up(one, run)), None)
        if blocking is None:
            return None
        read_records(self._connection, [blocking])
        said = f"not started: {blocking.record.message.removeprefix('not started: ')}" if blocking.record else ""
        if blocking.topics and blocking.record:
            unknown, then = blocking.record.unknown, blocking.record.next_action
            return Verdict("waiting", said, next_action=then, waiting_for="you", unknown=tuple(unknown))
        return Verdict("waiting", said, waiting_for="you")

    def over_budget(self, run: Run, job: JobBase) -> Verdict | None:
        """Return why a run may not write any more by the limit of writes, if that is so."""
        most, needs = self._batch.terms.max_writes, len(canonical(job))
        if most is None:
            return None
        sent = sum(one.writes + one.reserved for one in self._batch.runs if one is not run)
        if sent + needs <= most:
            return None
        said = f"not started: it may need {needs} of at most {most} writes, and {sent} were sent"
        return Verdict("skipped", said, next_action="run the same again for the rest")

    def room(self, flow: str, login: str) -> int | None:
        """Return how many more jobs of `flow` may write before a person is asked; None: all."""
        if self._batch.terms.trust_first_write or self.is_proven(flow, login):
            return None
        most = most_writes(self._agreed.get(flow, 0))
        if most is None:
            return None
        return most - sum(one.flow == flow and (one.writes > 0 or one.is_writing) for one in self._batch.runs)

    def pause_seconds(self, login: str) -> float:
        """Return how long `login` must wait by its pace before it may write again."""
        pace, now = self._context.pace, datetime.now(UTC)
        if pace is None:
            return 0.0
        written = writes_since(self._connection, login, now - DAY)
        return max(0.0, (pace.next_write(now, written) - now).total_seconds())


def _holds_up(blocking: Run, run: Run) -> bool:
    """Whether a run is not begun because of what another waits for: its login, or words that its flow needs, too."""
    return blocking.login == run.login and (blocking.blocks or (bool(blocking.topics) and blocking.flow == run.flow))


def why_stopped(positions: Positions) -> str:
    """Return why nothing may be started now, or an empty text."""
    return f"everything is stopped: {positions.stopped}; bcflow start lifts it" if positions.stopped else ""


def why_read_only(positions: Positions) -> str:
    """Return why nothing may be written now, or an empty text."""
    why = positions.read_only
    return f"only looking is allowed: {why}; bcflow start --read-only lifts it" if why else ""


def why_not_here(settings: Settings) -> str:
    """Return why this machine writes nothing, or an empty text."""
    return "BCFLOW_READ_ONLY is set: nothing is written" if settings.read_only else ""


def go_on_question(batch: Batch, flow: str) -> str:
    """Return the question whether a flow that was never seen to work here may go on."""
    written: list[RunRecord] = [record for record in batch.records if record.flow == flow and record.writes]
    folders = {record.evidence: [one.file for one in record.pictures if one.kind == "before"] for record in written}
    last = [(folder, files) for folder, files in folders.items() if files][-1:]
    shown = [f"\n  before the click: {Path(folder) / file}" for folder, files in last for file in files]
    counted = f"{flow}: {len(written)} written, the last ended {written[-1].outcome}" if written else flow
    left = sum(run.flow == flow for run in batch.to_do)
    return f"{counted}{''.join(shown)}\nGo on with {left} more?"

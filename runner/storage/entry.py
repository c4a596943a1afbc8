"""What is kept of a batch's terms and of each of its runs, as a worker holds it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bcflow.models.outcomes import RunRecord, StepRecord
from bcflow.runner.jobfiles.task import Task


@dataclass(frozen=True)
class Terms:
    """What a batch may do, as it is kept with it.

    `max_writes` is the most write requests it may send; `approved_by` is who said yes to the writes, if anybody;
    `plan` is what was agreed to, if it carries out a plan.
    """

    actor: str = ""
    approved_by: str = ""
    max_writes: int | None = None
    allow_unusual: bool = False
    dry_run: bool = False
    trust_first_write: bool = False
    plan: dict[str, Any] | None = None


@dataclass
class Entry:
    """A task and its run. `ended` means that this batch does nothing more for it.

    `before` is what lay on disk of the run when its latest attempt began.
    """

    task: Task
    run: str
    record: RunRecord | None = None
    before: RunRecord | None = None
    ended: bool = False
    armed: bool = False
    steps: list[StepRecord] = field(default_factory=list)

    @property
    def flow(self) -> str:
        """The name of the flow."""
        return self.task.job.flow

    @property
    def login(self) -> str:
        """The name of the login that runs it."""
        return self.task.job.login

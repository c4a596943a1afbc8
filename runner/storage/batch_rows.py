"""A batch and its runs, as their rows say."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bcflow.models.errors import BadInput
from bcflow.models.fields import ALLOW_UNUSUAL, KEPT
from bcflow.models.jobs import JobBase, job_adapter
from bcflow.models.outcomes import RunRecord
from bcflow.models.resolving import references
from bcflow.runner.jobfiles.task import Task
from bcflow.runner.storage.asked_words import topics_in, topics_of
from bcflow.runner.storage.batch_record import BatchRecord
from bcflow.runner.storage.tables import Phase, batches, runs

if TYPE_CHECKING:
    from collections.abc import Sequence

_LIGHT = [column for column in runs.c if column.name not in {"record", "rows", "client"}]


@dataclass(frozen=True)
class Terms:
    """What a batch may do, as it is kept with it.

    `max_writes` is the most write requests it may send; `approved_by` is who said yes to the writes, if anybody; `plan`
    is what was agreed to, if it carries out a plan. `rehearse`: its looks do all but send. `attended`: somebody at a
    terminal asked for it.
    """

    actor: str = ""
    approved_by: str = ""
    max_writes: int | None = None
    allow_unusual: bool = False
    dry_run: bool = False
    rehearse: bool = False
    trust_first_write: bool = False
    plan: dict[str, Any] | None = None
    attended: bool = False


@dataclass
class Run:
    """One run of a batch; `job` is the job as JSON, `record` how the run stands, if that was read."""

    id: str
    login: str
    job: dict[str, Any]
    name: str
    source: str = ""
    rows: tuple[tuple[int, dict[str, str]], ...] = ()
    ended: bool = False
    attempts: int = 0
    outcome: str | None = None
    waiting_for: str | None = None
    record: RunRecord | None = None
    mode: str = ""
    begun: int = 0
    writes: int = 0
    reserved: int = 0
    blocks: bool = False
    topics: frozenset[str] = frozenset()
    answered_by: str = ""
    allow_unusual: bool = False

    @property
    def flow(self) -> str:
        """The name of the flow."""
        return str(self.job["flow"])

    @property
    def business_center(self) -> str | None:
        """The Business Center that the job names."""
        return self.job.get("business_center")

    @property
    def is_writing(self) -> bool:
        """Whether an attempt that may write is under way, or was when its worker died."""
        return bool(self.begun) and self.mode == "run"

    @cached_property
    def task(self) -> Task:
        """The job, validated."""
        context = {ALLOW_UNUSUAL: self.allow_unusual, KEPT: True}
        job: JobBase = job_adapter().validate_python(self.job, context=context)
        return Task(job, self.name, self.source, tuple((number, row) for number, row in self.rows))

    @cached_property
    def needs(self) -> frozenset[str]:
        """The names of the jobs whose results it refers to."""
        if "${" not in str(self.job):
            return frozenset()
        return frozenset(name for _, name, _ in references(self.task.job))


@dataclass
class Batch:
    """One batch: where it stands, what it may do, its runs in file order."""

    record: BatchRecord
    phase: Phase
    terms: Terms
    runs: list[Run] = field(default_factory=list)
    queued: bool = False
    cancelled: str = ""
    key: str | None = None
    owner: str = ""
    held_back: str = ""

    @property
    def id(self) -> str:
        """The batch's id."""
        return self.record.id

    @property
    def to_do(self) -> list[Run]:
        """The runs that have not ended."""
        return [run for run in self.runs if not run.ended]

    @property
    def records(self) -> list[RunRecord]:
        """How the runs stand that have left something, in file order, as far as that was read."""
        return [run.record for run in self.runs if run.record is not None]


def new_run(task: Task, run: str) -> Run:
    """Return the run of a job that is new."""
    job = task.job.model_dump(mode="json", exclude_none=True)
    rows = tuple((number, dict(row)) for number, row in task.rows)
    made = Run(run, task.job.login, job, task.name, task.source, rows)
    made.task = task
    return made


def values_of(batch: str, number: int, run: Run) -> dict[str, Any]:
    """Return the row of a run that is new."""
    return {
        "id": run.id,
        "batch": batch,
        "number": number,
        "client": run.job.get("client"),
        "login": run.login,
        "job": run.job,
        "name": run.name,
        "source": run.source,
        "rows": [[row, values] for row, values in run.rows],
        "ended": run.ended,
    }


def read_batch(connection: sa.Connection, batch: str, *, whole: bool = False) -> Batch:
    """Return a batch with its runs, locked until the transaction ends; raises `BadInput` if there is none of that id.

    Unless `whole`, the runs come without their records and spreadsheet rows: those of a long file take a while.
    """
    row = connection.execute(sa.select(batches).where(batches.c.id == batch).with_for_update()).one_or_none()
    if row is None:
        raise BadInput([f"{batch} is no batch of this database"])
    found = batch_of(row)
    columns = runs.c if whole else _LIGHT
    query = sa.select(*columns).where(runs.c.batch == batch).order_by(runs.c.number)
    found.runs = [_run(each, found.terms) for each in connection.execute(query).all()]
    return found


def batch_of(row: sa.Row[Any]) -> Batch:
    """Return a batch without its runs."""
    return Batch(
        record=BatchRecord.model_validate(row.record),
        phase=row.phase,
        terms=Terms(**row.terms),
        queued=row.queued,
        cancelled=row.cancelled,
        key=row.key,
        owner=row.owner,
        held_back=row.held_back,
    )


def read_records(connection: sa.Connection, which: Sequence[Run]) -> None:
    """Read how these runs stand, as far as that was not read yet."""
    missing = {run.id: run for run in which if run.record is None and run.outcome is not None}
    query = sa.select(runs.c.id, runs.c.record).where(runs.c.id.in_(missing))
    for row in connection.execute(query).all() if missing else ():
        missing[row.id].record = RunRecord.model_validate(row.record) if row.record else None


def set_batch(connection: sa.Connection, batch: str, **values: object) -> None:
    """Change what is kept of a batch."""
    connection.execute(batches.update().where(batches.c.id == batch).values(**values))


def set_run(connection: sa.Connection, run: str, **values: object) -> None:
    """Change what is kept of a run."""
    connection.execute(runs.update().where(runs.c.id == run).values(**values))


def of_record(record: RunRecord | None) -> dict[str, Any]:
    """Return what is kept of a run's record; of none, that there is none yet."""
    if record is None:
        return {"outcome": None, "waiting_for": None, "record": None, "blocks": False, "topic": ""}
    blocks = record.outcome == "waiting" and record.waiting_for == "you" and not record.effects
    kept = record.model_dump(mode="json")
    return {
        "outcome": record.outcome,
        "waiting_for": record.waiting_for,
        "record": kept,
        "writes": record.writes,
        "blocks": blocks,
        "topic": "\n".join(topics_of(record)),
    }


def _run(row: sa.Row[Any], terms: Terms) -> Run:
    values = row._asdict()
    record, rows = values.get("record"), values.get("rows") or ()
    return Run(
        id=row.id,
        login=row.login,
        job=row.job,
        name=row.name,
        source=row.source,
        rows=tuple((number, dict(each)) for number, each in rows),
        ended=row.ended,
        attempts=row.attempts,
        outcome=row.outcome,
        waiting_for=row.waiting_for,
        record=RunRecord.model_validate(record) if record else None,
        mode=row.mode,
        begun=row.begun,
        writes=row.writes,
        reserved=row.reserved,
        blocks=row.blocks,
        topics=topics_in(row.topic),
        answered_by=row.answered_by,
        allow_unusual=terms.allow_unusual,
    )

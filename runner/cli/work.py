"""The course of `bcflow run`: submit, then work the batch here, or follow the worker that does."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bcflow.models.errors import BadInput
from bcflow.runner.batches.course import Talk
from bcflow.runner.cli import frame
from bcflow.runner.cli.follow import follow
from bcflow.runner.cli.inbox import choose
from bcflow.runner.cli.slots import attempt_seconds, leased, slot_factory
from bcflow.runner.engine.worker import Worker, WorkerLock
from bcflow.runner.reports import summary
from bcflow.runner.reports.progress import Progress, progress_on
from bcflow.runner.storage.audit import Action, Audit
from bcflow.runner.storage.entry import Entry, Terms
from bcflow.runner.storage.history import BatchLine, BatchRecord, History, run_id
from bcflow.runner.storage.proofs import ProvenFlows
from bcflow.runner.storage.tables import Held, Phase

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bcflow.models.outcomes import RunReport
    from bcflow.runner.browser.lease import Lease
    from bcflow.runner.config.settings import Settings
    from bcflow.runner.engine.dispatch import SlotFactory
    from bcflow.runner.jobfiles.source import Order
    from bcflow.runner.storage.runs import Store

FOLLOW_SECONDS = 0.5
WORKER = "(worker)"
"""How the note of who works with a database ends, if it is a worker that takes what is queued."""


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
    plan: dict[str, Any] | None = None


def work(order: Order, settings: Settings, how: How, *, on_batch: Callable[[str], None] = lambda _batch: None) -> int:
    """Run what was asked for; return the exit code, tell `on_batch` its id. Raises BadInput if it may not start."""
    proven = ProvenFlows(settings.home)
    may_start(order, settings, how, proven)
    settings.make_home()
    if how.wait and WorkerLock(settings, doing="").holder().endswith(WORKER):
        return follow(order, settings, how, proven, on_batch=on_batch)
    logins = sorted({task.job.login for task in order.tasks})
    with stoppable(), at_work(settings, logins, doing=f"run {order.source}", wait=how.wait) as (worker, progress):
        batch = submit(order, settings, how, worker.store, proven)
        on_batch(batch)
        return drive(worker, batch, progress, as_json=how.as_json)


@contextmanager
def at_work(settings: Settings, logins: Sequence[str], *, doing: str, wait: bool) -> Iterator[tuple[Worker, Progress]]:
    """Be the worker for `logins`: waits for another one, saying who it is, or raises BadInput without `wait`."""
    progress: Progress = progress_on(sys.stderr, moving=frame.can_move())
    with ExitStack() as stack:
        stack.enter_context(_locked(settings, doing=doing, wait=wait))
        leases: dict[str, Lease] = {
            login: stack.enter_context(leased(settings, login, doing=doing, wait=wait)) for login in logins
        }

        def make_slot(may_write: Callable[[], bool]) -> SlotFactory:
            return slot_factory(settings, paused=progress.paused, holds=lambda _login: may_write())

        def take(login: str) -> Lease:
            lease = leases[login]
            if not lease.held():
                lease.acquire(wait=wait)
            return lease

        worker = Worker(settings, slots=1, make_slot=make_slot, lease=take, timeout=attempt_seconds(settings))
        stack.callback(worker.close)
        yield worker, progress


@contextmanager
def _locked(settings: Settings, *, doing: str, wait: bool) -> Iterator[None]:
    lock = WorkerLock(settings, doing=doing)
    if not lock.take():
        who = lock.holder()
        if not wait:
            raise BadInput([f"this database is in use by {who}"])
        frame.complain(f"this database is in use by {who}; waiting for it")
        tick = threading.Event()
        while not lock.take():
            tick.wait(FOLLOW_SECONDS)
    try:
        yield
    finally:
        lock.release()


def go_on(settings: Settings, batch: str, *, as_json: bool) -> int:
    """Go on with a batch that is kept; return the exit code."""
    from bcflow.runner.storage.database import Database
    from bcflow.runner.storage.runs import Store

    database = Database(settings.database())
    logins = Store(database).load(batch).record.logins
    database.close()
    with stoppable(), at_work(settings, logins, doing=f"resume {batch}", wait=True) as (worker, progress):
        return drive(worker, batch, progress, as_json=as_json)


def submit(order: Order, settings: Settings, how: How, store: Store, proven: ProvenFlows, *, key: str = "") -> str:
    """Keep a batch as it is to run, and return its id."""
    history = History(settings.home)
    number = history.new_batch()
    entries = [Entry(task, run_id(number, count)) for count, task in enumerate(order.tasks, start=1)]
    record = BatchRecord(
        id=number,
        source=order.source,
        sha256=order.sha256,
        site=settings.business_center_url,
        logins=sorted({task.job.login for task in order.tasks}),
        requested_by=settings.actor,
        dry_run=how.dry_run,
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        lines=_lines(entries),
        columns=list(order.columns),
    )
    terms = Terms(
        actor=settings.actor,
        approved_by=settings.actor if how.yes else "",
        max_writes=how.max_writes,
        allow_unusual=how.allow_unusual,
        dry_run=how.dry_run,
        trust_first_write=how.trust_first_write,
        plan=how.plan,
    )
    phase: Phase = "look" if _must_look(order, settings, how, proven) else "write"
    audit = Audit(store.database, secrets=settings.secrets())
    detail = {"source": record.source, "sha256": record.sha256, "jobs": len(entries), "approved_by": terms.approved_by}
    action: Action = "submitted" if how.plan is None else "applied"

    def noted(connection: Connection) -> None:
        audit.note_within(connection, action, actor=settings.actor, subject=number, detail=detail)

    kept = store.add(Held(record, phase, terms, entries, key=key or None), also=noted)
    if kept != number:
        history.drop_batch(number)
        return kept
    history.save_batch(record)
    return number


def drive(worker: Worker, batch: str, progress: Progress, *, as_json: bool) -> int:
    """Work a batch to its end here, print how it ended and return the exit code."""
    talk = Talk(progress, frame.complain)
    if frame.person_is_there():
        talk = replace(talk, ask=frame.ask_yes_no, choose=choose)
    course = worker.course(batch, talk)
    try:
        code = course.run()
    except BadInput:
        if not course.batch.records:
            worker.store.remove(batch)
            History(worker.settings.home).drop_batch(batch)
        raise
    tell(batch, course.report(), where=course.where, as_json=as_json)
    return code


def tell(batch: str, runs: Sequence[RunReport], *, where: str = "", as_json: bool) -> None:
    """Print how a batch ended."""
    if as_json:
        frame.document({"batch": batch, "runs": frame.plain(runs)})
        return
    frame.say(*summary.summary(runs), "", f"Batch {batch}{f' · {where}' if where else ''}")


def _must_look(order: Order, settings: Settings, how: How, proven: ProvenFlows) -> bool:
    """Whether to look first: one proven job that needs no question looks in its own run."""
    if len(order.tasks) > 1 or not how.yes or how.dry_run or how.plan is not None:
        return True
    job = order.tasks[0].job
    site = settings.business_center_url
    language = proven.language(site=site, login=job.login)
    return not proven.is_proven(job.flow, site=site, language=language)


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


def may_start(order: Order, settings: Settings, how: How, proven: ProvenFlows) -> None:
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
def stoppable() -> Iterator[None]:
    """Let a polite end (SIGTERM, as systemd and cron send it) be what Ctrl-C is."""

    def interrupt(_number: int, _frame: Any) -> None:  # noqa: ANN401 - a frame of the interpreter
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)

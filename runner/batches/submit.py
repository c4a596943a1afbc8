"""Keeping what was asked for as a batch, with the first turns of its logins, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from loguru import logger

from bcflow.models.errors import BadInput
from bcflow.runner.batches.advance import advance
from bcflow.runner.batches.telling import tell_news
from bcflow.runner.storage.batch_record import BatchLine, BatchRecord
from bcflow.runner.storage.batch_rows import Batch, Run, Terms, new_run
from bcflow.runner.storage.history import run_id
from bcflow.runner.storage.proofs import Proofs
from bcflow.runner.storage.runs import Store

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from bcflow.runner.batches.context import Context, News
    from bcflow.runner.jobfiles.source import Order
    from bcflow.runner.storage.audit import Action
    from bcflow.runner.storage.tables import Phase


@dataclass(frozen=True)
class How:
    """How a batch is to run, as the options say. `attended`: somebody is at a terminal to be asked.

    `rehearse`: a dry run that does all but send.
    """

    dry_run: bool = False
    rehearse: bool = False
    yes: bool = False
    trust_first_write: bool = False
    max_writes: int | None = None
    allow_unusual: bool = False
    wait: bool = True
    as_json: bool = False
    plan: dict[str, Any] | None = None
    attended: bool = False


def may_start(context: Context, order: Order, how: How) -> None:
    """Refuse what nobody could agree to, before any browser starts. Raises BadInput."""
    if how.dry_run or how.attended:
        return
    if not how.yes:
        raise BadInput(["nobody is at a terminal to be asked; give --yes to write or --dry-run to look"])
    if how.trust_first_write:
        return
    never = set()
    with context.database.transaction() as connection:
        proofs = Proofs(connection)
        for task in order.tasks:
            language = proofs.language(site=context.site, login=task.job.login)
            seen = [proof for proof in proofs.of(task.job.flow) if proof.site == context.site]
            if not any(language in {"", proof.language} for proof in seen):
                never.add(task.job.flow)
    if never:
        said = "was never seen to work on this site; bcflow rehearse shows what it would send; then run one job at a"
        said += " terminal, or give --trust-first-write"
        raise BadInput([f"{', '.join(sorted(never))}: {said}"])


def submit(context: Context, order: Order, how: How, *, key: str = "", owner: str = "") -> tuple[str, bool]:
    """Keep a batch and call its logins; return its id, and whether it is new under its `key`.

    `owner` is the worker that alone is to work it; empty: any. Raises BadInput if the key was used for another file.
    """
    number = context.history.new_batch()
    made = [new_run(task, run_id(number, count)) for count, task in enumerate(order.tasks, start=1)]
    settings = context.settings
    record = BatchRecord(
        id=number,
        source=order.source,
        sha256=order.sha256,
        site=context.site,
        logins=sorted({run.login for run in made}),
        requested_by=settings.actor,
        dry_run=how.dry_run,
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        lines=_lines(made),
        columns=list(order.columns),
    )
    terms = Terms(
        actor=settings.actor,
        approved_by=settings.actor if how.yes else "",
        max_writes=how.max_writes,
        allow_unusual=how.allow_unusual,
        dry_run=how.dry_run,
        rehearse=how.rehearse,
        trust_first_write=how.trust_first_write,
        plan=how.plan,
        attended=how.attended,
    )
    phase: Phase = "look" if _must_look(context, made, how) else "write"
    batch = Batch(record, phase, terms, made, queued=True, key=key or None, owner=owner)
    detail = {"source": record.source, "sha256": record.sha256, "jobs": len(made), "approved_by": terms.approved_by}
    action: Action = "submitted" if how.plan is None else "applied"
    news: list[News] = []

    def also(connection: sa.Connection) -> None:
        context.audit.note_within(connection, action, actor=settings.actor, subject=number, detail=detail)
        news.append(advance(connection, context, number))

    kept = Store(context.database).add(batch, also=also)
    if kept != number:
        context.history.drop_batch(number)
        return kept, False
    context.history.save_batch(record)
    for each in news:
        tell_news(context, each, say=logger.warning)
    return number, True


def _must_look(context: Context, made: Sequence[Run], how: How) -> bool:
    """Whether to look first: one proven job that needs no question looks in its own run."""
    if len(made) > 1 or not how.yes or how.dry_run or how.plan is not None:
        return True
    with context.database.transaction() as connection:
        return not Proofs(connection).is_proven(made[0].flow, site=context.site, login=made[0].login)


def _lines(made: Sequence[Run]) -> list[BatchLine]:
    """Return a line for each job, or for each spreadsheet row in the sheet's own order."""
    numbered = [(number, run, row) for place, run in enumerate(made) for number, row in run.rows or ((place, {}),)]
    numbered.sort(key=lambda one: one[0])
    return [
        BatchLine(
            job=run.name,
            run=run.id,
            flow=run.flow,
            client=run.job.get("client"),
            login=run.login,
            source=f"{run.source.rpartition(':')[0]}:{number}" if row else run.source,
            row=dict(row),
        )
        for number, run, row in numbered
    ]

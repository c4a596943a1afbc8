"""What follows a move once it is kept: results and reports as files, and word to whoever must act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loguru import logger

from bcflow.models.errors import BadInput
from bcflow.models.failures.causes import in_words
from bcflow.runner.batches.unchanged import unchanged
from bcflow.runner.notify import events
from bcflow.runner.redaction.records import clean_record
from bcflow.runner.redaction.redact import Redactor
from bcflow.runner.reports.evidence import Evidence
from bcflow.runner.reports.report_files import write_report_beside
from bcflow.runner.storage.batch_rows import read_batch
from bcflow.runner.storage.questions import still_open

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from bcflow.models.outcomes import RunRecord, RunReport
    from bcflow.runner.batches.context import Context, News
    from bcflow.runner.storage.batch_record import BatchRecord
    from bcflow.runner.storage.batch_rows import Batch
    from bcflow.runner.storage.history import History


def tell_news(context: Context, news: News, *, say: Callable[[str], None]) -> None:
    """Write what a move brought to files, and tell people what they are to know. What cannot be written only warns."""
    for text in news.told:
        say(text)
    for record in news.ended:
        evidence = Evidence(context.run_folder(record.id), secrets=context.settings.secrets())
        evidence.write_result(record)
        write_report_beside(evidence, record)
    if not (news.asked or news.batch_ended):
        return
    with context.database.transaction() as connection:
        batch = read_batch(connection, news.batch, whole=True)
        known = unchanged(connection, batch) if news.batch_ended else frozenset()
        # Somebody at the terminal may have been faster.
        asked = still_open(connection, news.asked)
    for question in asked:
        if not batch.terms.attended:
            events.tell(context.settings, events.question_asked(events.asked(question)))
        if not batch.terms.attended or batch.phase == "ended":
            say(f"question {question.id} waits for an answer: bcflow answer {question.id}")
    if news.batch_ended:
        context.history.save_batch(batch.record)
        write_report(context, batch, say=say)
        if not batch.terms.attended:
            source = batch.record.source
            ended = events.batch_ended(batch.id, reports_of(context, batch), file=source, unchanged=known)
            events.tell(context.settings, ended)
            events.beat(context.settings)


def reports_of(context: Context, batch: Batch) -> list[RunReport]:
    """Return how the runs of a batch stand, without secrets."""
    return [record.report() for record in clean_records(context, batch)]


def clean_records(context: Context, batch: Batch) -> list[RunRecord]:
    """Return the records of a batch's runs, without secrets."""
    redactor = Redactor(context.settings.secrets())
    return [clean_record(record, redactor) for record in batch.records]


def write_report(context: Context, batch: Batch, *, say: Callable[[str], None] = logger.warning) -> Path | None:
    """Write the report of a batch that has ended, and return its path."""
    try:
        return batch_report(context.history, batch.record, batch.records)
    except (OSError, BadInput) as error:
        say(f"warning: the report could not be written: {in_words(error)}")
        return None


def batch_report(history: History, record: BatchRecord, records: Sequence[RunRecord]) -> Path:
    """Write the report of a batch and of its runs; return its path. Raises OSError."""
    from bcflow.runner.reports.report_files import write_reports

    return write_reports(
        history.batch_folder(record.id),
        records,
        runs_folder=history.run_folder(""),
        title=f"Batch {record.id}",
        source=record.source,
        sha256=record.sha256,
        seconds=_seconds(record),
    )


def _seconds(record: BatchRecord) -> float | None:
    from datetime import datetime

    if not (record.started and record.ended):
        return None
    return (datetime.fromisoformat(record.ended) - datetime.fromisoformat(record.started)).total_seconds()

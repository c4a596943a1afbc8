"""Outcomes as a table: the input's own rows with what became of each, or one row per run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from bcflow.models.outcomes import RunRecord
from bcflow.runner.jobfiles.cells import OUTCOME_COLUMNS, escaped
from bcflow.runner.storage.batch_record import BatchRecord

_RESULT_COLUMNS = ("business_center_id", "aadvid", "email", "partner_id", "status")
_JOB_COLUMNS = ("job", "client", "flow")


def report_csv(records: Sequence[RunRecord], batch: BatchRecord | None = None) -> str:
    """Return the outcomes as CSV text with a header line.

    For a batch from a spreadsheet these are its columns and rows as they were, in order, and then the
    outcome of each (columns of these names that were there already are replaced); a row whose run has left
    no result has an empty outcome. Of rows that asked for the same, the first one has the writes. Otherwise it
    is one row per run. Ids stand as plain digits: have a spreadsheet program import them as text, or it cuts them.
    """
    if batch is not None and batch.columns:
        by_run = {record.id: record for record in records}
        added = [*OUTCOME_COLUMNS, *_result_columns(records)]
        columns = [*(c for c in batch.columns if c not in added), *added]
        rows: list[dict[str, str]] = []
        told: set[str] = set()
        for line in batch.lines:
            own = {"line": line.source.rpartition(":")[2]}
            rows.append(line.row | _outcome(by_run.get(line.run), line.run) | own)
            if line.run in told:
                rows[-1] |= {"writes": "0"}
            told.add(line.run)
        return csv_text(columns, rows)
    columns = [*_JOB_COLUMNS, *OUTCOME_COLUMNS, *_result_columns(records)]
    return csv_text(columns, [_job(record) | _outcome(record, record.id) for record in records])


def _result_columns(records: Sequence[RunRecord]) -> list[str]:
    """Return `result_aadvid`, … for every plain result field that any run has."""
    return [f"result_{name}" for name in _RESULT_COLUMNS if any(record.result.get(name) for record in records)]


def _job(record: RunRecord) -> dict[str, str]:
    return {"job": record.job, "client": record.client or "", "flow": record.flow}


def _outcome(record: RunRecord | None, run: str) -> dict[str, str]:
    if record is None:
        return {"run": run}
    return {
        "line": ", ".join(map(str, record.lines)),
        "outcome": record.outcome,
        "message": record.message,
        "next_action": record.next_action,
        "waiting_for": record.waiting_for or "",
        "writes": str(record.writes),
        "run": run,
        **{f"result_{name}": str(record.result.get(name) or "") for name in _RESULT_COLUMNS},
    }


def csv_text(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Return `rows` as CSV under a header of `columns`: printable, and nothing that a spreadsheet would calculate."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(map(escaped, columns))
    writer.writerows([escaped(row.get(name, "")) for name in columns] for row in rows)
    return out.getvalue()

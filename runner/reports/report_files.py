"""The reports as files: each run's beside its evidence, each batch's with links to those of its runs."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from bcflow.runner.redaction.private_files import make_private_folder, write_private
from bcflow.runner.redaction.records import clean_record
from bcflow.runner.redaction.redact import Redactor
from bcflow.runner.reports.evidence import LOG, REPORT
from bcflow.runner.reports.report import batch_report_html, run_report_html
from bcflow.runner.storage.history import run_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bcflow.models.outcomes import RunRecord
    from bcflow.runner.reports.evidence import Evidence


def write_report_beside(evidence: Evidence, record: RunRecord) -> None:
    """Write `report.html`, the page a person reads, after `write_result`; what cannot be written only warns."""
    with evidence.only_warn("write the report"):
        write_run_report(record, evidence.folder, redactor=evidence.redactor)


def write_run_report(record: RunRecord, folder: Path, *, redactor: Redactor | None = None) -> Path:
    """Write `report.html` into the run's folder and return its path. Raises OSError.

    The record is cleaned first; give the run's own `redactor` if it was not stored yet.
    """
    clean = clean_record(record, redactor or Redactor())
    path = folder / REPORT
    write_private(path, run_report_html(clean, folder, links=_links(record, folder)).encode())
    return path


def _links(record: RunRecord, folder: Path) -> dict[str, str]:
    """Return where a run's page leads: its batch, the runs beside it that left something by now, its log."""
    batch, _, number = record.id.rpartition("-")
    if folder.name != record.id or not number.isdigit():
        return {}
    beside = {"Run before": run_id(batch, int(number) - 1), "Run after": run_id(batch, int(number) + 1)}
    links = {f"Batch {batch}": f"../../batches/{batch}/{REPORT}"} if record.batch == batch else {}
    links |= {name: f"../{run}/{REPORT}" for name, run in beside.items() if (folder.parent / run).is_dir()}
    return links | ({"Log": LOG} if (folder / LOG).is_file() else {})


def write_reports(
    batch_folder: Path,
    records: Sequence[RunRecord],
    *,
    runs_folder: Path,
    title: str,
    source: str = "",
    sha256: str = "",
    seconds: float | None = None,
) -> Path:
    """Write the batch's `report.html`, and that of every run which has none that is up to date.

    Links are relative to `batch_folder`: they hold as long as it and `runs_folder` move together. Of a run that
    another machine did it says which. Returns the path of the batch's report. Raises OSError.
    """
    make_private_folder(batch_folder)
    links: dict[str, str] = {}
    for record in records:
        folder = runs_folder / record.id
        if not folder.is_dir():
            continue
        if _is_stale(folder):
            write_run_report(record, folder)
        links[record.id] = quote(os.path.relpath(folder / REPORT, batch_folder))
    here, redactor = socket.gethostname(), Redactor()
    page = batch_report_html(
        [clean_record(record, redactor) for record in records],
        title=redactor.text(title),
        source=Path(source).name,
        sha256=sha256,
        seconds=seconds,
        links=links,
        elsewhere={record.id: record.machine for record in records if record.machine not in {"", here}},
    )
    write_private(batch_folder / REPORT, page.encode())
    return batch_folder / REPORT


def _is_stale(folder: Path) -> bool:
    report, result = folder / REPORT, folder / "result.json"
    if not report.is_file():
        return True
    return result.is_file() and result.stat().st_mtime_ns > report.stat().st_mtime_ns

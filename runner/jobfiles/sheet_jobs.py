"""Spreadsheets: one row is one job of one flow; and the same rows back with their outcomes."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from bcflow.models import fields
from bcflow.models.errors import BadInput
from bcflow.models.explain import dotted, explain
from bcflow.models.identity import shown
from bcflow.models.jobs import FLOWS
from bcflow.models.suggestions import nearest
from bcflow.runner.jobfiles import cells, references
from bcflow.runner.jobfiles.cells import OUTCOME_COLUMNS
from bcflow.runner.jobfiles.duplicates import Placed, Problem, folded
from bcflow.runner.jobfiles.sheet_file import Row, Sheet, sheet

__all__ = ["OUTCOME_COLUMNS", "Placed", "read", "write_outcomes"]

_MOST_PROBLEMS: Final = 200


def read(
    path: Path | str,
    flow: str,
    *,
    defaults: Mapping[str, Any] | None = None,
    allow_unusual: bool = False,
    logins: Collection[str] | None = None,
) -> list[Placed]:
    """Return the jobs of a .csv or .xlsx file, `line` being the row a person sees.

    `defaults` fill what a row leaves empty (such as business_center). Blank rows are
    skipped, equal rows are one job. Raises BadInput with one line per mistake:
    "people.xlsx:row 7: email: …".
    """
    path = Path(path)
    if flow not in FLOWS:
        raise BadInput([f"'{flow}' is not a flow{nearest(flow, FLOWS)}; known: {', '.join(FLOWS)}"])
    table = sheet(path)
    reading = _Reading(path, flow, defaults or {}, logins)
    context = {fields.ALLOW_UNUSUAL: allow_unusual, fields.FROM_SHEET: True}
    return reading.jobs(table, context)


def write_outcomes(path: Path | str, outcomes: Mapping[int, Mapping[str, object]]) -> str:
    """Return the input's rows as CSV in their order, with outcome columns behind them.

    `outcomes` goes by row number; a row without one keeps empty columns. Columns are
    `OUTCOME_COLUMNS` and whatever else an outcome has. A cell that a spreadsheet would
    take for a formula gets an apostrophe before it.
    """
    table = sheet(Path(path))
    extra = [name for outcome in outcomes.values() for name in outcome]
    added = list(dict.fromkeys([*OUTCOME_COLUMNS, *extra]))
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([cells.safe(text) for text in (*table.header, *added)])
    for number, row in table.rows:
        outcome = outcomes.get(number, {})
        padded = [*row, *[None] * (len(table.header) - len(row))]
        writer.writerow([cells.safe(cell) for cell in (*padded, *(outcome.get(name) for name in added))])
    return out.getvalue()


class _Reading:
    def __init__(self, path: Path, flow: str, defaults: Mapping[str, Any], logins: Collection[str] | None) -> None:
        self._path = path
        self._flow = flow
        self._defaults = dict(defaults)
        self._logins = logins
        self._header_row = 1
        self._named: set[int] = set()
        self._problems: list[Problem] = []

    def jobs(self, sheet: Sheet, context: dict[str, Any]) -> list[Placed]:
        self._header_row = sheet.header_row
        columns = self._columns(sheet.header)
        absent = self._absent(columns)
        placed: list[Placed] = []
        entries: list[references.Entry] = []
        for number, row in sheet.rows:
            given, wrong = self._values(number, row, columns)
            entries.append(references.Entry(len(entries), number, {"flow": self._flow, **given}))
            found = self._job(entries[-1], given, context, wrong | absent)
            placed += [found] if found else []
        if not entries:
            self._say(sheet.header_row, "has no row below the header")
        self._check_ids(entries)
        for bad in references.check(entries):
            self._say(bad.entry.line, f"{dotted(bad.path)}: {bad.why}")
        kept, contradictions = folded(placed, lambda item: f"row {item.line}")
        self._problems += [(item.line, text) for item, text in contradictions]
        self._stop_if_wrong()
        return kept

    def _columns(self, header: list[str]) -> dict[int, str]:
        """The field of each column; a column of a report is none."""
        columns: dict[int, str] = {}
        for place, text in enumerate(header):
            name = cells.column(text, self._flow) if text else None
            if name is None and text and not cells.is_outcome(text):
                self._say(self._header_row, f"{shown(text)}: {cells.unknown_header(text, self._flow)}")
            elif name in columns.values():
                self._say(self._header_row, f"{shown(text)}: a second column for {name}")
            elif name is not None:
                columns[place] = name
        self._named = {place for place, text in enumerate(header) if text}
        if not columns:
            self._stop_if_wrong()
        return columns

    def _absent(self, columns: Mapping[int, str]) -> set[str]:
        """Required fields without a column: said once, not in every row."""
        required = {name for name, field in FLOWS[self._flow].model_fields.items() if field.is_required()}
        absent = required - {*columns.values(), *self._defaults}
        for name in sorted(absent):
            self._say(self._header_row, f"{name}: has no column and must be given")
        return absent

    def _values(self, number: int, row: Row, columns: Mapping[int, str]) -> tuple[dict[str, Any], set[str]]:
        given: dict[str, Any] = dict(self._defaults)
        wrong: set[str] = set()
        for place, raw in enumerate(row):
            cell = cells.clean(raw)
            if cell is None or place not in columns:
                if cell is not None and place not in self._named:
                    self._say(number, f"{shown(cell)} stands in column {place + 1}, which has no header")
                continue
            name = columns[place]
            try:
                given[name] = cells.value(name, cell)
            except ValueError as error:
                self._say(number, f"{name}: {error}")
                wrong.add(name)
        return given, wrong

    def _job(
        self, entry: references.Entry, given: dict[str, Any], context: dict[str, Any], known: set[str]
    ) -> Placed | None:
        """The row's job; problems of the fields in `known` have been named already."""
        try:
            job = FLOWS[self._flow].model_validate(given, context=context)
        except ValidationError as error:
            for problem in explain(error):
                name = problem.path[0] if problem.path else ""
                if name not in known:
                    by_default = name in self._defaults and given[str(name)] == self._defaults[str(name)]
                    self._say(self._header_row if by_default else entry.line, str(problem))
            return None
        if self._logins is not None and job.login not in self._logins:
            hint = nearest(job.login, self._logins)
            self._say(entry.line, f"login: '{job.login}' is not set up{hint}")
        return None if known else Placed(job=job, line=entry.line, index=entry.index)

    def _check_ids(self, entries: Iterable[references.Entry]) -> None:
        first: dict[str, int] = {}
        for entry in entries:
            if entry.id is not None and first.setdefault(entry.id, entry.line) != entry.line:
                self._say(entry.line, f"id: {shown(entry.id)} is also in row {first[entry.id]}")

    def _say(self, number: int, message: str) -> None:
        self._problems.append((number, message))

    def _stop_if_wrong(self) -> None:
        found = sorted(set(self._problems))
        lines = [f"{self._path}:row {number}: {message}" for number, message in found[:_MOST_PROBLEMS]]
        if len(found) > _MOST_PROBLEMS:
            lines.append(f"{self._path}: and {len(found) - _MOST_PROBLEMS} more")
        if lines:
            raise BadInput(lines)

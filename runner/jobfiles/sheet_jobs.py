"""Spreadsheets: one row is one job of one flow."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from bcflow.models import fields
from bcflow.models.identity import quoted
from bcflow.models.jobs import FLOWS, JobBase
from bcflow.runner.jobfiles import cells
from bcflow.runner.jobfiles.duplicates import LocatedJob
from bcflow.runner.jobfiles.job_reader import JobPath, JobReader
from bcflow.runner.jobfiles.references import RawJob
from bcflow.runner.jobfiles.sheet_file import Sheet
from bcflow.runner.jobfiles.table_limits import Row

if TYPE_CHECKING:
    from bcflow.models.named import Names


def read(
    sheet: Sheet,
    flow: str,
    *,
    defaults: Mapping[str, Any] | None = None,
    allow_unusual: bool = False,
    logins: Collection[str] | None = None,
    named: Names | None = None,
) -> list[LocatedJob]:
    """Return the jobs of a sheet, `line` being the row a person sees.

    `defaults` fill what a row leaves empty (such as business_center). Blank rows are
    skipped, equal rows are one job; with `named` a
    Business Center may be named. Raises BadInput with one line per mistake:
    "people.xlsx:row 7: email: …".
    """
    context = {fields.ALLOW_UNUSUAL: allow_unusual, fields.FROM_SHEET: True, fields.NAMED: named}
    return _SheetReader(sheet.path, context, logins).read(sheet, flow, defaults or {})


class _SheetReader(JobReader):
    line_word: ClassVar[str] = "row"
    line_prefix: ClassVar[str] = "row "

    def read(self, sheet: Sheet, flow: str, defaults: Mapping[str, Any]) -> list[LocatedJob]:
        self._sheet, self._flow, self._defaults = sheet, flow, defaults
        columns = self._columns()
        absent = self._absent(columns)
        for index, (number, row) in enumerate(sheet.rows):
            given, wrong = self._values(number, row, columns)
            self._add(RawJob(index, number, {"flow": flow, **defaults, **given}), told=wrong | absent)
        if not sheet.rows:
            self._say_in_header("has no row below the header")
        return self._finished()

    def _job(self, values: dict[str, Any]) -> JobBase:
        return FLOWS[self._flow].model_validate(values, context=self._context)

    def _place(self, job: RawJob | LocatedJob, path: JobPath) -> tuple[int, JobPath]:
        """A default is named once, with the header, and not in every row."""
        name = str(path[0]) if path else ""
        values = job.values if isinstance(job, RawJob) else {}
        by_default = name in self._defaults and values.get(name) == self._defaults[name]
        return self._sheet.header_row if by_default else job.line, path

    def _columns(self) -> dict[int, str]:
        """The field of each column; a column of a report is none."""
        columns: dict[int, str] = {}
        for place, text in enumerate(self._sheet.header):
            name = cells.field_of(text, self._flow) if text else None
            if name is None and text and not cells.is_outcome_column(text):
                self._say_in_header(f"{quoted(text)}: {cells.unknown_header(text, self._flow)}")
            elif name in columns.values():
                self._say_in_header(f"{quoted(text)}: a second column for {name}")
            elif name is not None:
                columns[place] = name
        if not columns:
            self._stop_if_wrong()
        return columns

    def _absent(self, columns: Mapping[int, str]) -> set[str]:
        """Required fields without a column: said once, not in every row."""
        required = {name for name, field in FLOWS[self._flow].model_fields.items() if field.is_required()}
        absent = required - {*columns.values(), *self._defaults}
        for name in absent:
            self._say_in_header(f"{name}: has no column and must be given")
        return absent

    def _values(self, number: int, row: Row, columns: Mapping[int, str]) -> tuple[dict[str, Any], set[str]]:
        """Return what a row gives by its fields' names, and those of its fields that are wrong."""
        given: dict[str, Any] = {}
        wrong: set[str] = set()
        for place, raw in enumerate(row):
            cell = cells.clean(raw)
            name = columns.get(place)
            if cell is None:
                continue
            if name is None:
                if not any(self._sheet.header[place : place + 1]):
                    self._say(number, (), f"{quoted(cell)} stands in column {place + 1}, which has no header")
                continue
            try:
                given[name] = cells.field_value(name, cell)
            except ValueError as error:
                self._say(number, (name,), str(error))
                wrong.add(name)
        return given, wrong

    def _say_in_header(self, message: str) -> None:
        self._say(self._sheet.header_row, (), message)

"""The rows of a workbook (.xlsx), as a person sees them; what a person does not see there is refused."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from bisect import bisect_left, bisect_right
from itertools import groupby
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import ParseError

from bcflow.models.errors import BadInput
from bcflow.runner.jobfiles.cells import clean
from bcflow.runner.jobfiles.table_limits import BoundedRows, Row
from bcflow.runner.jobfiles.xlsx_cells import cell_value
from bcflow.runner.jobfiles.xlsx_parts import Parts, elements

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from xml.etree.ElementTree import Element

_LARGEST_UNPACKED: Final = 100_000_000
_MOST_PARTS: Final = 5_000
_MOST_NAMED: Final = 20
_RANGE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")
_YES: Final = ("1", "true")
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    EOFError,
    OSError,
    NotImplementedError,
    LookupError,
    ValueError,
)


def xlsx_rows(content: bytes, path: Path) -> list[tuple[int, Row]]:
    """Return the rows of the first visible sheet that are not blank, with their numbers.

    A formula is its stored result, a number what its format shows. Raises BadInput if the file is no workbook, is
    larger than anybody's list of jobs, or if something in it is hidden or merged.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_size(archive, path)
            return _SheetReader(Parts(archive, path), path).read()
    except _BROKEN:
        raise BadInput([f"{path}: is a broken .xlsx file; save it again"]) from None


def _check_size(archive: zipfile.ZipFile, path: Path) -> None:
    """Refuse a workbook that unpacks to too much; Python unpacks no more of a part than it says here."""
    parts = archive.infolist()
    if len(parts) > _MOST_PARTS:
        raise BadInput([f"{path}: holds more than {_MOST_PARTS} parts; save it again"])
    if sum(part.file_size for part in parts) > _LARGEST_UNPACKED:
        raise BadInput(
            [f"{path}: unpacks to more than {_LARGEST_UNPACKED // 1_000_000} MB; copy the table into a new one"]
        )


class _SheetReader:
    """Reads a sheet's XML once: its rows, and what of it is hidden or merged."""

    def __init__(self, parts: Parts, path: Path) -> None:
        self._parts = parts
        self._path = path
        self._found = BoundedRows(path)
        self._row: Row = []
        self._number = self._column = 0
        self._row_is_hidden = False
        self._hidden_rows: list[int] = []
        self._hidden_columns: list[range] = []
        self._merged: list[str] = []

    def read(self) -> list[tuple[int, Row]]:
        with self._parts.open_sheet() as part:
            for event, name, element in elements(part, "row", "c", "col", "mergeCell"):
                if name == "row":
                    self._begin_row(element) if event == "start" else self._end_row()
                elif event == "end":
                    self._take(name, element)
        problems = [*self._told_rows(), *self._told_columns(), *self._told_merges()]
        if problems:
            raise BadInput([f"{self._path}:{problem}" for problem in problems])
        return self._found.rows

    def _begin_row(self, element: Element) -> None:
        self._number = int(element.get("r", self._number + 1))
        self._row, self._column = [], 0
        self._row_is_hidden = _is_hidden(element, "ht")

    def _end_row(self) -> None:
        if self._found.add(self._number, self._row) and self._row_is_hidden:
            self._hidden_rows.append(self._number)

    def _take(self, name: str, element: Element) -> None:
        if name == "c":
            self._take_cell(element)
        elif name == "mergeCell":
            self._merged.append(element.attrib["ref"])
        elif _is_hidden(element, "width"):
            self._hidden_columns.append(range(int(element.attrib["min"]), int(element.attrib["max"]) + 1))

    def _take_cell(self, element: Element) -> None:
        place = element.get("r")
        self._column = _column(place.rstrip("0123456789")) if place else self._column + 1
        value = cell_value(self._parts, element) if len(element) else None
        if value is not None:
            self._found.no_column_beyond(self._number, self._column)
            self._row += [None] * (self._column - len(self._row))
            self._row[self._column - 1] = value

    def _told_rows(self) -> Iterator[str]:
        if len(self._hidden_rows) == 1:
            yield f"row {self._hidden_rows[0]}: is hidden or filtered out; show it, or delete it if it is not meant"
        elif self._hidden_rows:
            rows = _listed(_spans(self._hidden_rows))
            yield f"rows {rows}: are hidden or filtered out; show them, or delete those that are not meant"

    def _told_columns(self) -> Iterator[str]:
        used = {place for _, row in self._found.rows for place, cell in enumerate(row, start=1) if _holds(cell)}
        for place in sorted(used):
            if any(place in hidden for hidden in self._hidden_columns):
                yield f"column {_letters(place)}: is hidden and holds values; show it, or delete it if it is not meant"

    def _told_merges(self) -> Iterator[str]:
        if merged := [merge for merge in self._merged if self._holds_something(merge)]:
            yield f"{_listed(merged)}: are merged cells; unmerge them, and fill in each cell"

    def _holds_something(self, merge: str) -> bool:
        match = _RANGE.fullmatch(merge)
        if match is None:
            return False
        rows, (left, top, right, bottom) = self._found.rows, match.groups()
        first = bisect_left(rows, int(top), key=_number_of)
        last = bisect_right(rows, int(bottom), key=_number_of)
        columns = slice(_column(left) - 1, _column(right))
        return any(_holds(cell) for _, row in rows[first:last] for cell in row[columns])


def _is_hidden(element: Element, size: str) -> bool:
    """A row or column that is hidden, or as narrow as nothing."""
    return element.get("hidden") in _YES or float(element.get(size, 1)) == 0


def _holds(cell: object) -> bool:
    return clean(cell) is not None


def _number_of(row: tuple[int, Row]) -> int:
    return row[0]


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + "ABCDEFGHIJKLMNOPQRSTUVWXYZ".index(letter) + 1
    return number


def _letters(column: int) -> str:
    before, last = divmod(column - 1, 26)
    return (_letters(before) if before else "") + chr(ord("A") + last)


def _spans(numbers: Sequence[int]) -> list[str]:
    """Numbers in their order as "2", "4-7"."""
    spans = []
    for _, group in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        found = [number for _, number in group]
        spans.append(str(found[0]) if len(found) == 1 else f"{found[0]}-{found[-1]}")
    return spans


def _listed(words: Sequence[str]) -> str:
    more = len(words) - _MOST_NAMED
    return ", ".join(words[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")

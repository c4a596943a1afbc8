"""The table in a spreadsheet file: a header and numbered rows of raw cells."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from bcflow.models.errors import BadInput
from bcflow.runner.jobfiles import cells
from bcflow.runner.jobfiles.cells import Formula
from bcflow.runner.jobfiles.jobfile import read_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from openpyxl import Workbook

_LARGEST: Final = 20_000_000
_LARGEST_UNPACKED: Final = 100_000_000
_MOST_PARTS: Final = 5_000
_MOST_ROWS: Final = 20_000
_MOST_COLUMNS: Final = 500
_MOST_CELLS: Final = 1_000_000
_LAST_ROW: Final = 1_048_576  # of any spreadsheet program; blank rows count here
_DELIMITERS: Final = (",", ";", "\t")
_SAID: Final = re.compile(r"sep=([,;\t|])", re.IGNORECASE)
Row = list[object]


@dataclass(frozen=True)
class Sheet:
    """A header and the rows below it that are not blank, each with the number a person sees."""

    path: Path
    sha256: str
    header: list[str]
    header_row: int
    rows: list[tuple[int, Row]]

    @property
    def columns(self) -> tuple[str, ...]:
        """The header as a report may have it."""
        return tuple(map(cells.escaped, self.header))

    def row_texts(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield each row's number, and what stands under each of the `columns`."""
        for number, row in self.rows:
            padded = [*map(cells.escaped, row), *[""] * len(self.header)]
            yield number, dict(zip(self.columns, padded, strict=False))


def read_sheet(path: Path) -> Sheet:
    """Return the table in a .csv or .xlsx file; of a workbook, its first sheet.

    Raises BadInput when the file is neither, or larger than anybody's list of jobs.
    """
    content = read_bytes(path, _LARGEST)
    kind = path.suffix.lower()
    if content.startswith(b"PK\x03\x04"):
        rows = _xlsx_rows(content, path)
    elif kind in {".xlsx", ".xls", ".ods", ".numbers", ".xlsm"}:
        raise BadInput([f"{path}: is not an .xlsx file; save it as .xlsx or .csv"])
    elif kind in {".yaml", ".yml", ".json"}:
        raise BadInput([f"{path}: is no spreadsheet; run a job file without --from"])
    else:
        rows = _csv_rows(_decoded(content, path), path)
    numbered = [(number, row) for number, row in rows if any(cells.clean(cell) is not None for cell in row)]
    if not numbered:
        raise BadInput([f"{path}: is empty; its first row must be a header"])
    header_row, first = numbered[0]
    header = ["" if (text := cells.clean(cell)) is None else str(text) for cell in first]
    while header and not header[-1]:
        header.pop()
    return Sheet(path, sha256(content).hexdigest(), header, header_row, numbered[1:])


def _decoded(content: bytes, path: Path) -> str:
    """UTF-8 first; what is not UTF-8 was written by Excel in cp1252."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadInput([f"{path}: is UTF-16; save it as 'CSV UTF-8'"])
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise BadInput([f"{path}: is not a text file; save it as .csv or .xlsx"])


def _csv_rows(text: str, path: Path) -> list[tuple[int, Row]]:
    head = text.lstrip("\r\n").partition("\n")[0].strip("\r")
    said = _SAID.fullmatch(head)
    delimiter = said[1] if said else max(_DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        found: Iterator[tuple[int, Row]] = ((number, [*row]) for number, row in enumerate(reader, start=1))
        rows = _bounded(path, found, is_blank=_is_blank_text)
    except csv.Error as error:
        raise BadInput([f"{path}:line {reader.line_num}: is not CSV: {error}"]) from None
    return rows[1:] if said and rows and rows[0][0] == 1 else rows


def _bounded(path: Path, found: Iterable[tuple[int, Row]], *, is_blank: Callable[[Row], bool]) -> list[tuple[int, Row]]:
    """Return the rows that are not blank; raise BadInput at the first that is more than anybody's list of jobs.

    Counted while they come: a file of a few bytes can hold, or name, millions of them.
    """
    rows: list[tuple[int, Row]] = []
    cells = 0
    for number, row in found:
        if len(row) > _MOST_COLUMNS:
            raise BadInput([f"{path}:row {number}: has more than {_MOST_COLUMNS} columns"])
        if number > _LAST_ROW:
            raise BadInput([f"{path}: has more than {_LAST_ROW} lines; split it"])
        if is_blank(row):
            continue
        rows.append((number, row))
        cells += len(row)
        if len(rows) > _MOST_ROWS + 1:  # the header
            raise BadInput([f"{path}: has more than {_MOST_ROWS} rows; split it"])
        if cells > _MOST_CELLS:
            raise BadInput([f"{path}: has more than {_MOST_CELLS} cells; split it"])
    return rows


def _is_blank_text(row: Row) -> bool:
    return all(cells.clean(cell) is None for cell in row)


def _is_blank(row: Row) -> bool:
    return all(cell is None for cell in row)


def _xlsx_rows(content: bytes, path: Path) -> list[tuple[int, Row]]:
    """The first sheet's cells, formulas as their stored results."""
    from openpyxl import load_workbook

    _check_size(content, path)
    try:
        formulas = _cells(load_workbook, content, path, stored=False)
        if not any(isinstance(cell, Formula) for _, row in formulas for cell in row):
            return formulas
        return _with_results(formulas, dict(_cells(load_workbook, content, path, stored=True)))
    except (MemoryError, BadInput):
        raise
    except Exception as error:  # noqa: BLE001 - openpyxl raises anything on a broken file
        raise BadInput([f"{path}: cannot be read as .xlsx ({type(error).__name__}); save it again"]) from None


def _cells(load: Callable[..., Workbook], content: bytes, path: Path, *, stored: bool) -> list[tuple[int, Row]]:
    """The rows with something in them; a formula as itself or as its stored result."""
    book = load(io.BytesIO(content), read_only=True, data_only=stored, keep_links=False)
    try:
        worksheet: Any = book.worksheets[0]
        worksheet.reset_dimensions()  # some programs write wrong ones, and rows would be lost
        found = ((number, _values(row)) for number, row in enumerate(worksheet.iter_rows(), start=1))
        return _bounded(path, found, is_blank=_is_blank)
    finally:
        book.close()


def _values(row: Iterable[Any]) -> Row:
    return [Formula() if cell.data_type == "f" else cell.value for cell in row]


def _with_results(formulas: list[tuple[int, Row]], results: dict[int, Row]) -> list[tuple[int, Row]]:
    return [
        (number, [_result(cell, results.get(number, []), place) for place, cell in enumerate(row)])
        for number, row in formulas
    ]


def _result(cell: object, results: Row, place: int) -> object:
    if not isinstance(cell, Formula):
        return cell
    result = results[place] if place < len(results) else None
    return cell if result is None else result


def _check_size(content: bytes, path: Path) -> None:
    """Refuse a workbook that unpacks to too much; Python unpacks no more of a part than it says here."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = len(archive.infolist())
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError):
        raise BadInput([f"{path}: is a broken .xlsx file; save it again"]) from None
    if parts > _MOST_PARTS:
        raise BadInput([f"{path}: holds more than {_MOST_PARTS} parts; save it again"])
    if unpacked > _LARGEST_UNPACKED:
        raise BadInput([f"{path}: unpacks to more than {_LARGEST_UNPACKED // 1_000_000} MB"])

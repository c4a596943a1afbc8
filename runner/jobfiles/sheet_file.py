"""The table in a spreadsheet file: a header and numbered rows of raw cells."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from bcflow.models.errors import BadInput
from bcflow.runner.jobfiles import cells
from bcflow.runner.jobfiles.csv_table import csv_rows
from bcflow.runner.jobfiles.file_kind import ZIP, refuse_other_kinds
from bcflow.runner.jobfiles.jobfile import read_bytes
from bcflow.runner.jobfiles.xlsx_table import xlsx_rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bcflow.runner.jobfiles.table_limits import Row

_LARGEST: Final = 20_000_000


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
    """Return the table in a .csv or .xlsx file; of a workbook, its first sheet that is not hidden.

    Raises BadInput when the file is neither, is larger than anybody's list of jobs, or holds what a person who looks
    at it does not see.
    """
    content = read_bytes(path, _LARGEST)
    refuse_other_kinds(content, path)
    rows = xlsx_rows(content, path) if content.startswith(ZIP) else csv_rows(content, path)
    if not rows:
        raise BadInput([f"{path}: is empty; its first row must be a header"])
    header_row, first = rows[0]
    header = ["" if (text := cells.clean(cell)) is None else str(text) for cell in first]
    while header and not header[-1]:
        header.pop()
    return Sheet(path, sha256(content).hexdigest(), header, header_row, rows[1:])

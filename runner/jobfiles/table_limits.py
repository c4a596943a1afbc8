"""How large a table may be: no larger than anybody's list of jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bcflow.models.errors import BadInput
from bcflow.runner.jobfiles import cells

if TYPE_CHECKING:
    from pathlib import Path

MOST_ROWS: Final = 20_000
_MOST_COLUMNS: Final = 500
_MOST_CELLS: Final = 1_000_000
_LAST_ROW: Final = 1_048_576  # of any spreadsheet program; blank rows count here
Row = list[object]


class BoundedRows:
    """The rows of a table that are not blank, each with its number, counted while they come.

    A file of a few bytes can hold, or name, millions of them.
    """

    def __init__(self, path: Path) -> None:
        """Take the file's `path` for messages."""
        self._path = path
        self._cells = 0
        self.rows: list[tuple[int, Row]] = []

    def add(self, number: int, row: Row) -> bool:
        """Take one row, and return whether there is something in it.

        Raises BadInput at the first that is more than anybody's list of jobs.
        """
        if number > _LAST_ROW:
            raise BadInput([f"{self._path}: has more than {_LAST_ROW} lines; split it"])
        if len(row) > _MOST_COLUMNS:
            self.no_column_beyond(number, len(row))
        if all(cells.clean(cell) is None for cell in row):
            return False
        self.rows.append((number, row))
        self._cells += len(row)
        if len(self.rows) > MOST_ROWS + 1:  # the header
            raise BadInput([f"{self._path}: has more than {MOST_ROWS} rows; split it"])
        if self._cells > _MOST_CELLS:
            raise BadInput([f"{self._path}: has more than {_MOST_CELLS} cells; split it"])
        return True

    def no_column_beyond(self, number: int, column: int) -> None:
        """Raise BadInput if something stands in a `column` of row `number` that no table of jobs has."""
        if column > _MOST_COLUMNS:
            raise BadInput([f"{self._path}:row {number}: has more than {_MOST_COLUMNS} columns; delete what is beyond"])

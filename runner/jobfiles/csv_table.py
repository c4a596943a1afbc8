"""The rows of a table that is text: .csv, .tsv."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Final

from bcflow.models.errors import BadInput
from bcflow.runner.jobfiles.table_limits import BoundedRows, Row

if TYPE_CHECKING:
    from pathlib import Path

_DELIMITERS: Final = (",", ";", "\t")
_SAID: Final = re.compile(r"sep=([,;\t|])", re.IGNORECASE)


def csv_rows(content: bytes, path: Path) -> list[tuple[int, Row]]:
    """Return the rows that are not blank, with their numbers. Raises BadInput if it is no table in UTF-8."""
    text = _decoded(content, path)
    head = text.lstrip("\r\n").partition("\n")[0].strip("\r")
    said = _SAID.fullmatch(head)
    delimiter = said[1] if said else max(_DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    found = BoundedRows(path)
    try:
        for number, row in enumerate(reader, start=1):
            found.add(number, [*row])
    except csv.Error as error:
        raise BadInput([f"{path}:line {reader.line_num}: is not CSV: {error}"]) from None
    return found.rows[1:] if said and found.rows and found.rows[0][0] == 1 else found.rows


def _decoded(content: bytes, path: Path) -> str:
    """UTF-8 or nothing: in which of the many code pages a letter was written cannot be told from the file."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadInput([f"{path}: is UTF-16; save it as 'CSV UTF-8'"])
    if b"\0" in content:
        raise BadInput([f"{path}: is not a text file; save it as .csv or .xlsx"])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        why = "holds letters that are not UTF-8, and which ones they were cannot be told; save it as 'CSV UTF-8'"
        raise BadInput([f"{path}:line {line}: {why}"]) from None

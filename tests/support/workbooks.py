"""Workbooks as other programs write them: made by openpyxl, changed in their XML where it cannot write them so."""

import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

SHEET = "xl/worksheets/sheet1.xml"


def make_workbook(folder: Path, *rows: Sequence[object], change: Callable[[Worksheet], object] | None = None) -> Path:
    """Write `rows` as the first sheet of people.xlsx, `change` it, and return its path."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in rows:
        sheet.append([*row])
    if change is not None:
        change(sheet)
    path = folder / "people.xlsx"
    book.save(path)
    return path


def make_raw_workbook(folder: Path, sheet_data: str, *, before: str = "", after: str = "", strings: str = "") -> Path:
    """Write people.xlsx with the XML of its rows, of what stands before and after them, and of its shared strings."""
    path = make_workbook(folder)
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    replace_part(path, SHEET, f"<worksheet {space}>{before}<sheetData>{sheet_data}</sheetData>{after}</worksheet>")
    replace_part(path, "xl/workbook.xml", lambda text: text.replace(' fullCalcOnLoad="1"', ""))
    if strings:
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
        relation = f'<Relationship Id="texts" Type="{kind}" Target="texts.xml"/></Relationships>'
        replace_part(path, "xl/_rels/workbook.xml.rels", lambda text: text.replace("</Relationships>", relation))
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr("xl/texts.xml", f"<sst {space}>{strings}</sst>")
    return path


def replace_part(path: Path, name: str, text: str | Callable[[str], str]) -> None:
    """Give the part `name` of a workbook another text, or what a function makes of its text."""
    old = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(old) as before, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as after:
        for part in before.namelist():
            content = before.read(part)
            if part == name:
                content = (text if isinstance(text, str) else text(content.decode())).encode()
            after.writestr(part, content)

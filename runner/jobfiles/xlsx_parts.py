"""The parts of a workbook (.xlsx): its first visible sheet, the texts and number formats its cells refer to.

Read as XML, in either of the two namespaces: openpyxl in small memory does not tell what is hidden or merged, reads
twice what has formulas, and ends at charts and styles that are no part of a table.
"""

from __future__ import annotations

import posixpath
import re
from functools import cached_property
from typing import IO, TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from bcflow.models.errors import BadInput

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator
    from pathlib import Path

_ESCAPES: Final = re.compile(r"(?:_x[0-9A-Fa-f]{4}_)+")
_GENERAL: Final = "General"


class Parts:
    """The parts of the workbook in `archive`, by their kinds."""

    def __init__(self, archive: zipfile.ZipFile, path: Path) -> None:
        """Take the file's `path` for messages. Raises LookupError if there is no workbook in it."""
        self._archive = archive
        self._path = path
        self._names = {_plain(name): name for name in archive.namelist()}
        books = [target for kind, target in self._related("").values() if kind == "officeDocument"]
        self._book = books[0]
        calculation = self._root(self._book).find("{*}calcPr")
        self.is_to_be_calculated = calculation is not None and calculation.get("fullCalcOnLoad") in {"1", "true"}
        """Whether what formulas gave is still to be found out, by the spreadsheet program that opens the file."""
        self._of_book = self._related(self._book)

    def open_sheet(self) -> IO[bytes]:
        """Open the first sheet of cells that is not hidden. Raises BadInput if there is none."""
        for sheet in self._root(self._book).iterfind("{*}sheets/{*}sheet"):
            number = next((value for name, value in sheet.items() if name.endswith("}id")), "")
            kind, target = self._of_book.get(number, ("", ""))
            if kind == "worksheet" and sheet.get("state", "visible") == "visible":
                return self._open(target)
        raise BadInput([f"{self._path}: has no sheet that is not hidden; show the one with the table"])

    @cached_property
    def texts(self) -> list[str]:
        """The texts that cells share, in their order."""
        found: list[str] = []
        for name in self._of_kind("sharedStrings"):
            with self._open(name) as part:
                found += [text_of(text) for event, _, text in elements(part, "si") if event == "end"]
        return found

    def number_format(self, style: int) -> str:
        """Return the number format of a style of cells. Raises LookupError if there is no such style."""
        return self._number_formats[style] if style else (*self._number_formats[:1], _GENERAL)[0]

    @cached_property
    def _number_formats(self) -> list[str]:
        from openpyxl.styles.numbers import BUILTIN_FORMATS

        codes = {str(number): code for number, code in BUILTIN_FORMATS.items()}
        styles: list[str] = []
        for name in self._of_kind("styles"):
            root = self._root(name)
            codes |= {code.get("numFmtId", ""): code.get("formatCode", "") for code in root.iterfind("{*}numFmts/*")}
            styles += [style.get("numFmtId", "0") for style in root.iterfind("{*}cellXfs/*")]
        return [codes.get(number, f"no. {number}") for number in styles]

    def _of_kind(self, wanted: str) -> list[str]:
        return [target for kind, target in self._of_book.values() if kind == wanted]

    def _related(self, name: str) -> dict[str, tuple[str, str]]:
        """The kind and the name of each part that the part `name` refers to, by their ids."""
        folder, file = posixpath.split(name)
        return {
            relation.attrib["Id"]: (
                relation.attrib["Type"].rpartition("/")[2],
                posixpath.normpath(posixpath.join("/", folder, relation.attrib["Target"])).lstrip("/"),
            )
            for relation in self._root(posixpath.join(folder, "_rels", f"{file}.rels"))
        }

    def _root(self, name: str) -> ET.Element:
        with self._open(name) as part:
            return ET.parse(part).getroot()  # noqa: S314 - expat bounds what entities become

    def _open(self, name: str) -> IO[bytes]:
        return self._archive.open(self._names[_plain(name)])


def elements(part: IO[bytes], *wanted: str) -> Iterator[tuple[str, str, ET.Element]]:
    """Yield the event ("start" or "end") and the name of each element of a part that has one of these names.

    An element is dropped once its end was seen: a part takes no more memory than its largest wanted element. Names
    are those without a namespace. Raises ParseError if it is no XML.
    """
    around: list[ET.Element] = []
    names: dict[str, str | None] = {}
    for event, element in ET.iterparse(part, ("start", "end")):  # noqa: S314 - expat bounds what entities become
        tag = element.tag
        if tag not in names:
            local = tag.rpartition("}")[2]
            names[tag] = local if local in wanted else None
        name = names[tag]
        if event == "start":
            around.append(element)
            if name is not None:
                yield event, name, element
        else:
            around.pop()
            if name is not None:
                yield event, name, element
                around[-1].clear()


def text_of(element: ET.Element) -> str:
    """Return the text in an element of texts, without the letters that only say how it is read aloud."""
    found = [*element.iterfind("{*}t"), *element.iterfind("{*}r/{*}t")]
    return unescaped("".join(part.text or "" for part in found))


def unescaped(text: str) -> str:
    """Return `text` with the letters that a workbook writes by their numbers, such as _x000D_."""
    return _ESCAPES.sub(_letters, text) if "_x" in text else text


def _letters(escapes: re.Match[str]) -> str:
    numbers = bytes.fromhex(escapes[0].replace("_", "").replace("x", ""))
    return numbers.decode("utf-16-be", errors="replace")


def _plain(name: str) -> str:
    return name.replace("\\", "/").casefold()

"""What a file is that is no table we read, told by what is in it: a name says nothing."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Final

from bcflow.models.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path

ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0"
_SAVE: Final = "save it as .xlsx or as CSV UTF-8"
_UNPACK: Final = "unpack it and give the .xlsx or .csv in it"
_PASSWORD: Final = "is protected by a password; save it without one"  # noqa: S105 - a sentence
_OLD_EXCEL: Final = f"is a workbook of an old Excel (.xls); {_SAVE}"
_WEB_PAGE: Final = f"is a web page (HTML); {_SAVE}"
_MARKS: Final = ("~$", ".~lock.")
_KINDS: Final = (
    (rb"\x09[\x00\x02\x04\x08][\x04-\x10]\x00", _OLD_EXCEL),
    (rb"\x1f\x8b|7z\xbc\xaf|Rar!|BZh|\xfd7zXZ", f"is a packed file; {_UNPACK}"),
    (rb"%PDF", f"is a PDF; {_SAVE}"),
    (rb"\{\\rtf", f"is rich text (RTF); {_SAVE}"),
    (rb"\s*<(!doctype html|html|head|body|meta|style|div|table)\b|MIME-Version:", _WEB_PAGE),
    (rb"\s*<\?xml", f"is XML; {_SAVE}"),
    (rb"\s*(\{\s*\"|\[\s*[\[{\"])", f"is JSON; {_SAVE}"),
)
_IN_A_ZIP: Final = (  # a part, and what a file with it is
    ("content.xml", f"is an OpenDocument file (.ods); {_SAVE}"),
    ("index/document.iwa", "is a Numbers file; export it as .xlsx or CSV UTF-8"),
    ("index.zip", "is a Numbers file; export it as .xlsx or CSV UTF-8"),
    ("xl/workbook.bin", f"is a binary workbook (.xlsb); {_SAVE}"),
    ("word/document.xml", f"is a Word document; {_SAVE}"),
    ("ppt/presentation.xml", f"is a presentation; {_SAVE}"),
)


_WORKBOOKS: Final = (".xlsx", ".xlsm", ".xltx", ".xls", ".xlsb", ".ods", ".numbers")


def refuse_other_kinds(content: bytes, path: Path) -> None:
    """Raise BadInput if a file is surely no workbook and no table of text, saying what it is and what to do."""
    if path.name.startswith(_MARKS):
        raise BadInput([f"{path}: marks a file that is open elsewhere; give the file itself"])
    if path.suffix.lower() in {".yaml", ".yml", ".json"}:
        raise BadInput([f"{path}: is no spreadsheet; run a job file without --from"])
    is_zip = content.startswith(ZIP)
    what = _in_a_zip(content) if is_zip else _outside(content)
    if not what and not is_zip and path.suffix.lower() in _WORKBOOKS:
        what = f"is not an .xlsx file; {_SAVE}"
    if what:
        raise BadInput([f"{path}: {what}"])


def _outside(content: bytes) -> str:
    if content.startswith(OLD_OFFICE):
        return _PASSWORD if "EncryptedPackage".encode("utf-16-le") in content else _OLD_EXCEL
    start = content[:1000].removeprefix(b"\xef\xbb\xbf")
    return next((what for pattern, what in _KINDS if re.match(pattern, start, re.IGNORECASE)), "")


def _in_a_zip(content: bytes) -> str:
    """What a zip file is if it is no workbook; a broken one is told when it is read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {part.filename.replace("\\", "/").casefold(): part.flag_bits for part in archive.infolist()}
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return ""
    if known := next((what for name, what in _IN_A_ZIP if name in parts), ""):
        return known
    if "[content_types].xml" not in parts:
        return f"is a zip file; {_UNPACK}"
    return _PASSWORD if any(flags & 1 for flags in parts.values()) else ""

"""Files that are no table we read are named for what they are, whatever their name says."""

import io
import zipfile
from pathlib import Path

import pytest

from bcflow.models.errors import BadInput
from bcflow.runner.config.settings import Settings
from bcflow.runner.jobfiles.jobfile import read as read_job_file
from bcflow.runner.jobfiles.sheet_file import read_sheet
from bcflow.runner.jobfiles.source import Wanted, read_order
from tests.support.workbooks import make_workbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SAVE = "save it as .xlsx or as CSV UTF-8"


def packed(*names: str, **texts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "")
        for name, text in texts.items():
            archive.writestr(name, text)
    return out.getvalue()


def problem(folder: Path, content: bytes, name: str) -> str:
    path = folder / name
    path.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        read_sheet(path)
    (line,) = caught.value.problems
    return line.removeprefix(f"{path}: ")


ODS = packed("content.xml", mimetype="application/vnd.oasis.opendocument.spreadsheet")
NUMBERS = packed("Index/Document.iwa", "preview.jpg")
XLSB = packed("[Content_Types].xml", "xl/workbook.bin")
WORD = packed("[Content_Types].xml", "word/document.xml")
PLAIN_ZIP = packed("people.csv")
LOCKED = OLE + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 99
XLS = OLE + b"\0" * 500 + "Workbook".encode("utf-16-le") + b"\0" * 99


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (ODS, f"is an OpenDocument file (.ods); {SAVE}"),
        (NUMBERS, "is a Numbers file; export it as .xlsx or CSV UTF-8"),
        (XLSB, f"is a binary workbook (.xlsb); {SAVE}"),
        (WORD, f"is a Word document; {SAVE}"),
        (PLAIN_ZIP, "is a zip file; unpack it and give the .xlsx or .csv in it"),
        (packed(), "is a zip file; unpack it and give the .xlsx or .csv in it"),
        (LOCKED, "is protected by a password; save it without one"),
        (XLS, f"is a workbook of an old Excel (.xls); {SAVE}"),
        (b"\x09\x08\x10\x00\x00\x06", f"is a workbook of an old Excel (.xls); {SAVE}"),
        (b"\x1f\x8b\x08rest", "is a packed file; unpack it and give the .xlsx or .csv in it"),
        (b"7z\xbc\xaf\x27\x1c", "is a packed file; unpack it and give the .xlsx or .csv in it"),
        (b"%PDF-1.7", f"is a PDF; {SAVE}"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html>\n<table><tr><td>email", f"is a web page (HTML); {SAVE}"),
        (b"<html xmlns:x='urn:schemas-microsoft-com:office:excel'>", f"is a web page (HTML); {SAVE}"),
        (b"<TABLE border=1>", f"is a web page (HTML); {SAVE}"),
        (b"MIME-Version: 1.0\r\nX-Document-Type: Workbook", f"is a web page (HTML); {SAVE}"),
        (b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>", f"is XML; {SAVE}"),
        (b"{\\rtf1", f"is rich text (RTF); {SAVE}"),
        (b'{"url": "https://docs.google.com/spreadsheets/d/x"}', f"is JSON; {SAVE}"),
        (b'[{"email": "a@x.example"}]', f"is JSON; {SAVE}"),
    ],
    ids=range(20),
)
@pytest.mark.parametrize("name", ["people.csv", "people.xlsx"])
def test_a_file_is_named_by_what_is_in_it(tmp_path: Path, content: bytes, what: str, name: str) -> None:
    assert problem(tmp_path, content, name) == what


@pytest.mark.parametrize("name", ["~$people.xlsx", ".~lock.people.xlsx#"])
def test_the_mark_of_an_open_file_is_not_the_file(tmp_path: Path, name: str) -> None:
    assert problem(tmp_path, b"\x05Maria", name) == "marks a file that is open elsewhere; give the file itself"


def test_a_workbook_is_read_whatever_its_name_says(tmp_path: Path) -> None:
    path = make_workbook(tmp_path, ["email", "role"], ["a@x.example", "admin"])
    assert len(read_sheet(path.rename(tmp_path / "people.csv")).rows) == 1


@pytest.mark.parametrize("head", ["PK,email,role", "ID;Phone;email;role", "email,role,<b>"])
def test_a_table_that_begins_as_another_file_does_is_a_table(tmp_path: Path, head: str) -> None:
    path = tmp_path / "people.csv"
    path.write_text(f"{head}\n", encoding="utf-8")
    assert read_sheet(path).header == head.replace(";", ",").split(",")


def test_text_with_the_name_of_a_workbook_is_refused(tmp_path: Path) -> None:
    assert problem(tmp_path, b"email,role\na@x.example,admin\n", "people.xlsx") == (
        "is not an .xlsx file; save it as .xlsx or as CSV UTF-8"
    )


def test_a_part_that_is_locked_in_a_zip_is_told(tmp_path: Path) -> None:
    path = make_workbook(tmp_path, ["email", "role"], ["a@x.example", "admin"])
    content = bytearray(path.read_bytes())
    for start in (b"PK\x03\x04", b"PK\x01\x02"):
        place = content.find(start)
        while place >= 0:
            content[place + (6 if start == b"PK\x03\x04" else 8)] |= 1
            place = content.find(start, place + 1)
    assert problem(tmp_path, bytes(content), "people.xlsx") == "is protected by a password; save it without one"


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("Café", "cp1252"),
        ("Żółw Łódź", "cp1250"),
        ("Реклама", "cp1251"),
        ("Café Zürich", "mac_roman"),
        ("广告公司", "gbk"),
        ("広告", "shift_jis"),
        ("Διαφήμιση", "cp1253"),
    ],
)
def test_letters_of_an_unknown_code_page_are_refused(tmp_path: Path, name: str, encoding: str) -> None:
    why = "holds letters that are not UTF-8, and which ones they were cannot be told; save it as 'CSV UTF-8'"
    assert problem(tmp_path, f"email,client\na@b.example,{name}\n".encode(encoding), "people.csv").endswith(
        f":line 2: {why}"
    )
    path = tmp_path / "people.csv"
    path.write_bytes("email,client\na@b.example,Cafe\n".encode(encoding))
    assert len(read_sheet(path).rows) == 1


@pytest.mark.parametrize("content", [ODS, XLSB, XLS, LOCKED])
def test_a_job_file_that_is_no_text_is_named_too(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "jobs.yaml"
    path.write_bytes(content)
    with pytest.raises(BadInput, match="give it with --from"):
        read_job_file(path)


@pytest.mark.parametrize("name", ["people.xlsb", "people.numbers", "people.ods", "people.xltx"])
def test_a_spreadsheet_without_a_flow_is_asked_for_one(tmp_path: Path, name: str) -> None:
    settings = Settings.load({"BCFLOW_HOME": str(tmp_path)}, tmp_path)
    with pytest.raises(BadInput, match="say for which flow"):
        read_order(Wanted(str(tmp_path / name)), settings)

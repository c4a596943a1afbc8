"""A small file that would be a very large list: refused while it is read, in little memory."""

import resource
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import IO, Any

import pytest

from bcflow.models.errors import BadInput
from bcflow.runner.jobfiles import table_limits, yaml_tree
from bcflow.runner.jobfiles.sheet_file import read_sheet
from bcflow.runner.jobfiles.yaml_tree import parse_yaml
from tests.support.nightly import nightly_except
from tests.support.workbooks import make_raw_workbook

READ = """
import resource, sys, time
from pathlib import Path
from typing import IO, Any
from bcflow.models.errors import BadInput
from bcflow.runner.jobfiles.jobfile import read as read_jobs
from bcflow.runner.jobfiles.sheet_file import read_sheet
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]), int(sys.argv[2])))
path = Path(sys.argv[1])
try:
    read_jobs(path) if path.suffix == ".yaml" else read_sheet(path)
except BadInput as error:
    print(error.problems[0])
"""
MEMORY = 500_000_000


def said_of(path: Path) -> str:
    """Have `path` read by a process that may not take more than MEMORY, and return why it was refused."""
    command = [sys.executable, "-c", READ, str(path), str(MEMORY)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert ended.returncode == 0, ended.stderr[-600:]
    return ended.stdout.strip()


FIRST_ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'


@pytest.mark.nightly
@pytest.mark.skipif(not hasattr(resource, "RLIMIT_AS"), reason="nothing limits memory here")
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a\n" * 1_000_000, "more than 20000 rows"),
        ("email\n" + "," * 3_000_000, "more than 500 columns"),
        (("x," * 400 + "\n") * 2_600, "more than 1000000 cells"),
        ("\n" * 1_100_000, "more than 1048576 lines"),
    ],
    ids=["rows", "columns", "cells", "blank lines"],
)
def test_a_table_of_text_is_bounded_while_it_is_read(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "jobs.csv"
    path.write_text(text, encoding="utf-8")
    assert why in said_of(path)


@pytest.mark.parametrize(
    ("rows", "why"),
    nightly_except(
        [
            (FIRST_ROW + "<row><c><v>1</v></c></row>" * 25_000, "more than 20000 rows"),
            ('<row r="1"><c r="ZZZ1"><v>1</v></c></row>', "more than 500 columns"),
            (FIRST_ROW + '<row r="900000000"><c r="A900000000"><v>1</v></c></row>', "lines"),
            ("<row>" + "<c><v>1</v></c>" * 100_000 + "</row>", "more than 500 columns"),
        ],
        *("more than 20000 rows", "lines"),
    ),
    ids=["rows", "far column", "far row", "columns"],
)
def test_a_workbook_is_bounded_while_it_is_read(tmp_path: Path, rows: str, why: str) -> None:
    path = make_raw_workbook(tmp_path, rows)
    assert path.stat().st_size < 1_000_000
    assert why in said_of(path)


@pytest.mark.nightly
def test_blank_cells_that_have_only_a_format_are_no_part_of_a_table(tmp_path: Path) -> None:
    header = '<row r="1"><c r="A1"><v>1</v></c></row>'
    blank = "".join(f'<row r="{row}"><c r="A{row}" s="0"/><c r="XFD{row}" s="0"/></row>' for row in range(2, 30_000))
    assert said_of(make_raw_workbook(tmp_path, header + blank)) == ""
    last = '<row r="30001"><c r="A30001"><v>2</v></c></row>'
    assert read_sheet(make_raw_workbook(tmp_path, header + blank + last)).rows == [(30_001, ["2"])]


def test_a_sheet_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    open_part = zipfile.ZipFile.open

    def counted(archive: zipfile.ZipFile, name: str, *rest: Any) -> IO[bytes]:  # noqa: ANN401 - passed on
        opened.append(str(name))
        return open_part(archive, name, *rest)

    path = make_raw_workbook(tmp_path, '<row><c t="str"><f>A9</f><v>email</v></c></row>')
    monkeypatch.setattr(zipfile.ZipFile, "open", counted)
    assert read_sheet(path).header == ["email"]
    assert opened.count("xl/worksheets/sheet1.xml") == 1


def test_a_workbook_that_unpacks_to_too_much_or_to_too_many_parts_is_refused(tmp_path: Path) -> None:
    packed = tmp_path / "jobs.xlsx"
    archive = zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
    with archive:
        archive.writestr("[Content_Types].xml", "")
        with archive.open("xl/sharedStrings.xml", "w") as part:
            for _ in range(101):
                part.write(b" " * 1_000_000)
    with pytest.raises(BadInput, match="unpacks to more than 100 MB"):
        read_sheet(packed)
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", "")
        for number in range(5_000):
            archive.writestr(f"{number}", "")
    with pytest.raises(BadInput, match="more than 5000 parts"):
        read_sheet(packed)


def test_a_list_as_long_as_allowed_is_read(tmp_path: Path) -> None:
    path = tmp_path / "jobs.csv"
    path.write_text("email\n" + "\n" * 30 + "a@x.example\n" * table_limits.MOST_ROWS, encoding="utf-8")
    assert len(read_sheet(path).rows) == table_limits.MOST_ROWS


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("- a\n" * 9_000, "holds more than 200000 values; split it"),
        ("[" + "a," * 9_000 + "]", "holds more than 200000 values; split it"),
        ("a: &a [" + "x," * 9_000 + "]", "holds more than 200000 values; split it"),
        ("a: &a [x]\nb: [" + "*a," * 9_000 + "]", "holds more than 200000 values; split it"),
        ("[" * 100_000, "is nested too deeply"),
        ("- " * 9_000, "is nested too deeply"),
        ("{a: " * 9_000, "is nested too deeply"),
    ],
    ids=["list", "flow", "anchor", "aliases", "brackets", "dashes", "braces"],
)
def test_yaml_is_bounded_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, why: str) -> None:
    most = 2_000  # the same in a hundredth of the time
    monkeypatch.setattr(yaml_tree, "_MOST_VALUES", most)
    seen: list[int] = []
    monkeypatch.setattr(yaml_tree._Walker, "walk", lambda *_: seen.append(1))
    with pytest.raises(BadInput, match=why.replace("200000", str(most))):
        parse_yaml(text, str(tmp_path / "jobs.yaml"))
    assert not seen

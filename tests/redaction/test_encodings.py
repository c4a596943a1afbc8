"""What is printed where a terminal or a log cannot show every letter: everything, and the same exit code."""

import csv
import io
import json
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcflow.runner.cli import frame
from bcflow.runner.cli.app import run_app
from bcflow.runner.jobfiles.sheet_file import read_sheet
from bcflow.runner.redaction.printable import printable, printable_output

ENCODINGS = ["ascii", "latin-1", "cp1252", "cp437", "koi8-r", "gbk", "utf-8", "utf-16"]
NAME = "Żółw & Café 广告 👩‍👩‍👧"


def printed(encoding: str, act: Callable[[], object], *, terminal: bool = False) -> bytes:
    """Return what `act` puts on a stdout of this encoding that forgives nothing."""

    class Stream(io.TextIOWrapper):
        def isatty(self) -> bool:
            return terminal

    before, raw = (sys.stdout, sys.stderr), io.BytesIO()
    sys.stdout = sys.stderr = stream = Stream(raw, encoding=encoding, errors="strict")
    try:
        act()
        stream.detach()
    finally:
        sys.stdout, sys.stderr = before
    return raw.getvalue()


def in_output(act: Callable[[], object]) -> Callable[[], None]:
    def acted() -> None:
        with printable_output():
            act()

    return acted


@given(st.sampled_from(ENCODINGS), st.text())
def test_any_text_is_told_in_any_encoding(encoding: str, text: str) -> None:
    told = printable(f"{text}\n").encode(encoding, "backslashreplace")
    assert printed(encoding, in_output(lambda: frame.say(text))) == told
    assert printed(encoding, in_output(lambda: frame.complain(text))) == told


@given(st.sampled_from(ENCODINGS), st.text())
def test_json_is_the_same_value_in_any_encoding(encoding: str, text: str) -> None:
    shown = printed(encoding, in_output(lambda: frame.document({text: [text]})))
    assert json.loads(shown.decode(encoding)) == {text: [text]}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_table_that_goes_to_a_file_is_utf_8_with_the_mark_that_excel_goes_by(encoding: str) -> None:
    shown = printed(encoding, in_output(lambda: frame.table(f"name\n{NAME}\n")))
    assert shown == f"\ufeffname\n{NAME}\n".encode()


def test_a_table_on_a_terminal_has_no_mark_and_is_written_as_the_terminal_can() -> None:
    shown = printed("ascii", in_output(lambda: frame.table(f"name\n{NAME}\n")), terminal=True)
    assert shown.startswith(b"name\n\\u017b\\xf3")


@pytest.mark.parametrize("words", [["runs"], ["show", NAME], ["runs", "--json"], ["runs", f"--{NAME}"], ["--help"]])
def test_an_exit_code_does_not_depend_on_the_encoding(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BCFLOW_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    codes: list[Any] = []
    for encoding in ("utf-8", "ascii"):
        printed(encoding, lambda: codes.append(run_app(words)))
    assert codes[0] == codes[1]


def test_the_streams_are_afterwards_as_they_were() -> None:
    def look() -> None:
        in_output(lambda: frame.table(NAME))()
        assert isinstance(sys.stdout, io.TextIOWrapper)
        assert (sys.stdout.encoding, sys.stdout.errors) == ("ascii", "strict")

    printed("ascii", look)


def test_a_table_with_the_mark_is_an_input_again(tmp_path: Path) -> None:
    path = tmp_path / "outcomes.csv"
    path.write_bytes(printed("ascii", in_output(lambda: frame.table(f"name,note\n{NAME},x\n"))))
    sheet = read_sheet(path)
    assert (sheet.header, sheet.rows) == (["name", "note"], [(2, [NAME, "x"])])
    assert next(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig")))) == ["name", "note"]


@pytest.mark.parametrize("words", [["runs", "--json"], ["runs"], ["--help"]])
def test_an_output_that_is_full_is_one_line(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BCFLOW_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert run_app(words) == 1
        monkeypatch.undo()
        with suppress(OSError):
            full.close()
    assert capsys.readouterr().err.splitlines()[-1] == "bcflow: No space left on device"


def test_a_word_that_is_no_text_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_app(["submit", "caf\udce9.yaml"]) == 2
    told = capsys.readouterr().err
    assert told == "'caf\N{REPLACEMENT CHARACTER}.yaml': is not UTF-8; rename the file, or write it in UTF-8\n"

"""The programs that BCFLOW_CODE_COMMAND names: there, or said at once."""

import shlex
import sys
from pathlib import Path

import pytest

from bcflow.runner.codes.codes import Codes, CodeSettings
from bcflow.runner.codes.programs import program_problem, words_of
from bcflow.runner.config.log import set_up_log
from bcflow.runner.config.parsing import command

BY_MAIL = {"kind": "code", "channel": "email", "to": "o***@agency.example"}
THERE = shlex.quote(sys.executable)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a home with `~/bin/read-code`, which prints a code, and `~/bin/notes`, which cannot be started."""
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/read-code").write_text("#!/bin/sh\necho not yet\necho 'Your code is 482913'\n", encoding="utf-8")
    (tmp_path / "bin/read-code").chmod(0o755)
    (tmp_path / "bin/notes").write_text("482913\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("~/bin/read-code --new", ""),
        ("~/bin/none", "its program '~/bin/none' is not there"),
        ("~/bin/notes", "its program '~/bin/notes' must not be executed: chmod +x makes it a program"),
        ("~/bin", "its program '~/bin' is a folder"),
        ("no-such-program --token planted", "its program 'no-such-program' is not there"),
        ("cat ~/bin/notes", ""),
        ("sh -c '~/bin/read-code | tail -1'", ""),
        ("sh -c '~/bin/none | tail -1'", "its program '~/bin/none' is not there"),
        ("/bin/sh -c 'cat | no-such-program planted'", "its program 'no-such-program' is not there"),
        ("""sh -c 'cat x | cut -d "|" -f2 | grep -o \\| 2>/dev/null'""", ""),
        ("sh -c 'while read x; do no-such-program; done'", ""),
        ("sh -ec 'TOKEN=planted cat | $READER | read x'", ""),
        ('sh -c "cat \'planted | tail"', ""),
        ("sh read-code", ""),
    ],
)
def test_a_program_that_is_not_there_is_named_with_its_pipeline(home: Path, given: str, problem: str) -> None:
    assert home.exists()
    assert program_problem(given) == problem


def test_a_command_of_the_home_is_run_and_its_sentence_is_no_code_but_holds_one(home: Path) -> None:
    assert home.exists()
    assert words_of("cat ~/bin/notes ~x a~/b") == ["cat", str(home / "bin/notes"), "~x", "a~/b"]
    for given in ("~/bin/read-code", "sh -c '~/bin/read-code | tail -1'", "cat ~/bin/notes"):
        assert Codes(CodeSettings(command=given, wait=20)).answer(BY_MAIL) == "482913"


@pytest.mark.parametrize(
    "given",
    [
        "{home}/none --token planted",
        "{home}/bin/notes planted",
        "no-such-program planted",
        "sh -c 'no-such-program planted | tail -1'",
        "sh -c 'true; no-such-program planted'",
        "sh -c '{home}/bin/notes; exit $?'",
        "env no-such-program",
        "{home}/bin/no-reader planted",
    ],
)
def test_a_command_that_cannot_be_run_leaves_it_to_the_next_source_at_once(
    home: Path, capsys: pytest.CaptureFixture[str], given: str
) -> None:
    (home / "bin/no-reader").write_text("#!/no/such/reader\n", encoding="utf-8")
    (home / "bin/no-reader").chmod(0o755)
    set_up_log()
    codes = Codes(CodeSettings(command=given.format(home=home), wait=600), prompt=lambda *_: "777777")

    assert codes.answer(BY_MAIL) == "777777"
    said = capsys.readouterr().err
    assert "BCFLOW_CODE_COMMAND: " in said
    assert "planted" not in said
    assert "Error" not in said


def test_what_is_not_like_a_code_is_said_and_not_typed(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_log()
    codes = Codes(CodeSettings(command="echo planted, no mail yet", wait=1.5), prompt=lambda *_: "777777")

    assert codes.answer(BY_MAIL) is None
    said = capsys.readouterr().err
    assert said.count("BCFLOW_CODE_COMMAND printed nothing like a code, so nothing is typed") == 1
    assert "planted" not in said


def test_a_command_that_prints_no_text_is_no_code(home: Path) -> None:
    (home / "bin/notes").write_bytes(b"\xff\xfe\n482913\n")
    assert Codes(CodeSettings(command="cat ~/bin/notes", wait=20)).answer(BY_MAIL) == "482913"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("~/bin/read-code | tail -1", "without a shell"),
        ("read-code && echo", "without a shell"),
        ("read-code 2>/dev/null", "without a shell"),
        ("read-code; true", "without a shell"),
        ("TOKEN=planted read-code", "write env NAME=value before the program"),
        ("bin/read-code", "full path"),
        ("~other/read-code", "full path"),
    ],
)
def test_a_command_that_only_a_shell_would_understand_is_refused(given: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as refused:
        command(given)
    assert "planted" not in str(refused.value)


@pytest.mark.parametrize(
    "given",
    [
        "~/bin/read-code",
        "sh -c 'read-code | tail -1'",
        "cut -d '|' -f2 /x",
        'grep -E "a|b;" /x',
        "read-code https://mail.example/?a=1&b=2;c",
        "env TOKEN=x read-code",
        r"grep a\|b /x",
        f"{THERE} /x.py",
    ],
)
def test_a_command_that_needs_no_shell_is_taken(given: str) -> None:
    assert command(given).get_secret_value() == given

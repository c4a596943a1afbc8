"""Text of others on every way out: terminal, log, JSON, CSV, files of a run, messages."""

import io
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loguru import logger

from bcflow.models.outcomes import RunRecord
from bcflow.runner.cli import frame
from bcflow.runner.cli.app import run_app
from bcflow.runner.cli.signin import _print_csv
from bcflow.runner.config.log import set_up_log
from bcflow.runner.notify import channels
from bcflow.runner.redaction.printable import json_text, printable, printable_console, printable_output
from bcflow.runner.reports.csv_report import report_csv
from bcflow.runner.reports.evidence import LOG, REPORT, RESULT, TREE, Evidence
from bcflow.runner.reports.progress import progress_on
from bcflow.runner.reports.report_files import write_report_beside

EVIL = "\x1b]0;pwned\x07\x1b[2JEve\u202egro.live\u009b31m\u2028\u2066\u200f"
UNSAFE = [*map(chr, [*range(9), 11, 12, 13, *range(14, 32), *range(127, 160)]), *"\u061c\u200e\u200f\u2028\u2029"]
UNSAFE += [*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", "\ud83d"]


def unsafe_in(text: str) -> list[str]:
    return [letter for letter in UNSAFE if letter in text]


def make_record(**values: Any) -> RunRecord:  # noqa: ANN401 - any field of the record
    given: dict[str, Any] = {"id": "r-001", "job": "one", "flow": "invite-member", "outcome": "failed"}
    return RunRecord.model_validate({**given, "login": "default", "batch": "r", **values})


@given(st.text())
def test_printable_text_holds_nothing_unsafe_and_stays_as_it_is(text: str) -> None:
    once = printable(text)
    assert not unsafe_in(once)
    assert printable(once) == once
    assert "\n" not in printable(text, one_line=True)


def test_what_was_there_is_shown_and_plain_text_is_not_touched() -> None:
    assert printable("a\x1b[2J\u202eb\r\nc") == "a\\x1b[2J\\u202eb\nc"
    assert printable("Zoë\t日本 🎉\n") == "Zoë\t日本 🎉\n"


@given(st.text())
def test_json_holds_nothing_unsafe_and_means_the_same(text: str) -> None:
    shown = json_text({text: [text]}, indent=2)
    assert not unsafe_in(shown)
    assert json.loads(shown) == {text: [text]}


def test_everything_a_command_writes_goes_through_it(capsys: pytest.CaptureFixture[str]) -> None:
    with printable_output():
        frame.say(EVIL, *frame.columns([(f"a\n{EVIL}", "b")]))
        frame.complain(EVIL)
        frame.document({"name": EVIL})
        _print_csv([{"name": EVIL}])
        sys.stderr.writelines([EVIL])
    out, err = capsys.readouterr()
    assert not unsafe_in(out + err)
    assert "a\\n\\x1b" in out  # a line break in a cell would look like another row
    assert isinstance(sys.stdout, io.TextIOBase)


def test_a_mistake_in_the_command_line_is_told_without_its_escapes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_app(["runs", f"--{EVIL}"]) == 2
    assert run_app(["show", EVIL]) == 2
    out, err = capsys.readouterr()
    assert "\\x1b" in err
    assert not unsafe_in(out + err)


def test_a_question_at_the_terminal_goes_through_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def ask(prompt: str, **_: object) -> str:
        asked.append(prompt)
        return "x"

    monkeypatch.setattr("getpass.getpass", ask)
    monkeypatch.setattr("termios.tcgetattr", lambda _: [])
    monkeypatch.setattr("atexit.register", lambda *_: None)
    monkeypatch.setattr(frame, "person_is_there", lambda: True)
    assert frame.ask_person(EVIL, secret=True) == "x"
    assert not unsafe_in(asked[0])


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_moving_line_keeps_its_own_codes_and_lets_no_others_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()
    console = printable_console(stream)
    console.print(f"[bold]{EVIL}[/bold]", style="red")
    assert "\x1b[" in stream.getvalue()
    assert "\x1b]0;" not in stream.getvalue()
    assert not unsafe_in(stream.getvalue().replace("\x1b", ""))


@pytest.mark.parametrize("moving", [True, False])
def test_progress_lets_no_escape_through(moving: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()
    progress = progress_on(stream, moving=moving)
    progress.begin(EVIL, 1, batch=EVIL)
    progress.job(EVIL)
    progress.step(EVIL)
    progress.note(EVIL)
    progress.end()
    shown = stream.getvalue()
    assert "Eve" in shown
    assert "\x1b]0;" not in shown
    assert not unsafe_in(shown.replace("\x1b", "").replace("\r", ""))


def test_a_log_line_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_log()
    logger.opt(exception=ValueError(EVIL)).warning("the site said {}", f"{EVIL}\nERROR   all is well")
    err = capsys.readouterr().err
    logger.remove()
    assert not unsafe_in(err)
    assert err.count("\n") == 1
    assert "ValueError" not in err


def test_nothing_else_makes_a_console_or_a_table() -> None:
    files = sorted((Path(__file__).parents[2] / "runner").rglob("*.py"))
    assert files
    makers = {path.name for path in files if re.search(r"Console\(file=|csv\.\w*[wW]riter\(", path.read_text())}
    assert makers == {"printable.py", "csv_report.py"}


def test_the_files_of_a_run_hold_nothing_unsafe(tmp_path: Path) -> None:
    evidence = Evidence(tmp_path / "r-001")
    record = make_record(message=EVIL, tree=TREE, client=EVIL)
    evidence.append_log({"message": EVIL, EVIL: EVIL})
    evidence.save_tree(f'- heading "{EVIL}"\n- text: {EVIL}')
    evidence.write_result(record)
    write_report_beside(evidence, record)
    assert not evidence.problem
    for name in (RESULT, LOG, TREE, REPORT):
        assert not unsafe_in((tmp_path / "r-001" / name).read_text(encoding="utf-8")), name


def test_a_table_of_outcomes_holds_nothing_unsafe() -> None:
    table = report_csv([make_record(message=EVIL, job=EVIL, client=EVIL, result={"email": EVIL})])
    assert "\\x1b" in table
    assert not unsafe_in(table)


def test_a_message_to_a_person_holds_nothing_unsafe(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []

    def deliver(_url: str, title: str, body: str) -> bool:
        sent.extend([title, body])
        return True

    monkeypatch.setattr(channels, "_delivered", deliver)
    assert channels.Notifier(["json://127.0.0.1"]).send(EVIL, EVIL)
    assert len(sent) == 2
    assert not any(map(unsafe_in, sent))

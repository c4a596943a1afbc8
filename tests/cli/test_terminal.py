"""What is printed at a terminal: as wide as it is, what must be whole stays whole, and what takes long is said."""

import re
import sys
import threading

import pytest

from bcflow.runner.cli import frame
from bcflow.runner.cli.wording import layout
from bcflow.runner.redaction.printable import printable_output
from tests.support.transcripts import ANSI, Terminal

LINK = "https://business.tiktok.com/manage/overview?org_id=7123456789012345678"


def test_a_line_is_broken_between_words_and_never_inside_one() -> None:
    lines = layout.fitted(f"  look at it on {LINK} and say what you saw", 40)
    assert lines == ["  look at it on", f"    {LINK}", "    and say what you saw"]
    assert layout.fitted("x " * 60, None) == ["x " * 60], "a pipe gets it whole"
    wide = layout.fitted("\u5e7f\u544a " * 20, 40)
    assert len(wide) > 2


def test_a_table_that_does_not_fit_stands_in_two_levels_with_everything_in_it() -> None:
    rows = [("2twq9c4k-001", "waiting", "invite-member", "a message of several words that is long")]
    heads = ("run", "outcome", "flow", "message")
    assert layout.columns(rows, heads=heads) == [
        "RUN           OUTCOME  FLOW           MESSAGE",
        "2twq9c4k-001  waiting  invite-member  a message of several words that is long",
    ]
    assert layout.columns(rows, heads=heads, room=44) == [
        "RUN           OUTCOME  FLOW",
        "    MESSAGE",
        "2twq9c4k-001  waiting  invite-member",
        "    a message of several words that is long",
    ]
    assert layout.columns(rows, heads=heads, room=64)[1:] == [
        "2twq9c4k-001  waiting  invite-member  a message of several words",
        "                                      that is long",
    ]


def test_an_example_is_broken_as_a_shell_reads_it() -> None:
    command = "bcflow run invite-member --email ana@acme.example --role standard"
    lines = layout.folded_command(command, 40)
    assert [len(line) <= 40 for line in lines] == [True] * len(lines)
    assert "".join(line.removesuffix("\\").strip() + " " for line in lines).strip() == command


@pytest.mark.parametrize("kind", ["xterm", "dumb", ""])
def test_a_sheet_that_takes_long_is_said_at_a_terminal_only(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr(frame, "PATIENCE", 0.01)
    monkeypatch.setenv("TERM", kind or "xterm")
    screen = Terminal()
    drawn = threading.Event()
    monkeypatch.setattr(screen, "flush", drawn.set)
    if not kind:
        monkeypatch.setattr(screen, "isatty", lambda: False)
    monkeypatch.setattr(sys, "stderr", screen)
    with printable_output(), frame.busy("reading people.xlsx"):
        assert drawn.wait(5 if kind == "xterm" else 0.05) is (kind == "xterm")
    told = screen.getvalue()
    if kind != "xterm":
        assert told == ""
        return
    assert "reading people.xlsx \u2026 0 s" in told
    assert told.endswith("\r\x1b[K"), "the line is taken away"
    assert "\\x1b" not in told


def test_help_is_coloured_where_a_terminal_shows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from bcflow.runner.cli.app import run_app

    monkeypatch.setenv("COLUMNS", "80")
    pages = []
    for name, value in (("TERM", "xterm"), ("NO_COLOR", "1"), ("TERM", "dumb")):
        screen = Terminal()
        with monkeypatch.context() as patch:
            patch.setenv("TERM", "xterm")
            patch.setenv(name, value)
            patch.setattr(sys, "stdout", screen)
            assert run_app(["run", "--help"]) == 0
        pages.append(screen.getvalue())
    coloured, plain, dumb = pages
    assert re.search(r"\x1b\[1;36m--dry-run", coloured)
    assert ANSI.sub("", coloured) == plain == dumb

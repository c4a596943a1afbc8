"""What the commands print at a terminal, kept as plain text: made the same every time, compared, renewed.

`RENEW_TRANSCRIPTS=1 .venv/bin/pytest tests/cli/test_transcripts.py` writes them anew; read what changed.
"""

import os
import re
import shlex
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from difflib import unified_diff
from io import StringIO
from pathlib import Path
from unittest.mock import patch

from bcflow.runner.cli.app import run_app

PLACE = Path(__file__).parents[1] / "cli" / "transcripts"
RENEW = bool(os.environ.get("RENEW_TRANSCRIPTS"))
HOME = "/home/maria/tools"
"""As long as a folder in /tmp is: what is broken where does not depend on it."""
ANSI = re.compile(r"\x1b\[[0-9;]*m")

_ID = r"(?<![0-9a-z-])[0-9a-hj-km-np-tv-z]{8}(?![0-9a-z])"
_BATCH = 8
_ALWAYS_THE_SAME = (
    (re.compile(r"\d{4}-\d\d-\d\d([T ])\d\d:\d\d(?=\D)"), r"2026-11-24\g<1>20:19"),
    (re.compile(r"(2026-11-24[T ]20:19):\d\d(?:\.\d+)?"), r"\1:00"),
    (re.compile(r"\b(?!24 Nov 2026)\d{1,2} [A-Z][a-z]+ \d{4}\b"), "24 November 2026"),
    (re.compile(r"\b\d{8}-\d{6}-\d{6}\b"), "20261124-201905-000000"),
    (re.compile(r"\b\d+ min\b"), "0 min"),
    (re.compile(r"\b\d+\.\d s\b"), "0.1 s"),
    (re.compile(r"\b\d+ (bytes|KB)\b"), "10 KB"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "0" * 64),
    (re.compile(r"process \d+ on \S+"), "process 1234 on server"),
)


class Terminal(StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


class Typing(Terminal):
    """What a person types: as at a terminal, it shows."""

    def __init__(self, lines: Sequence[str], screen: Terminal) -> None:
        super().__init__("".join(f"{line}\n" for line in lines))
        self._screen = screen

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]
        line = super().readline(-1 if size is None else size)
        self._screen.write(line)
        return line


class Transcripts:
    """Runs commands as at a terminal of some width; `said` are their outputs by name, as anybody gets them."""

    def __init__(self, folder: Path, width: int, *, colour: bool = False) -> None:
        self.folder, self.width, self.colour = folder, width, colour
        self.said: dict[str, str] = {}
        self._ids: dict[str, str] = {}

    def __call__(self, name: str, *words: str, typed: Sequence[str] = (), alone: bool = False) -> str:
        """Run a command; `typed` is what a person types, `alone` is a command with nobody at its terminal."""
        out = Terminal()
        with ExitStack() as stack:
            place = {"COLUMNS": str(self.width), "TERM": "xterm" if self.colour else "dumb"}
            stack.enter_context(patch.dict(os.environ, place))
            stack.enter_context(patch.object(sys, "stdin", StringIO() if alone else Typing(typed, out)))
            # As on a screen: both in one.
            stack.enter_context(patch.object(sys, "stdout", out))
            stack.enter_context(patch.object(sys, "stderr", out))
            code = run_app(list(words))
        shown = f"$ {shlex.join(['bcflow', *words])}\n{out.getvalue()}{f'(exit {code})' if code else ''}"
        self.said[name] = self._same(shown).rstrip() + "\n"
        return out.getvalue()

    def _same(self, text: str) -> str:
        text = text.replace(str(self.folder), HOME)
        for pattern, instead in _ALWAYS_THE_SAME:
            text = pattern.sub(instead, text)
        return re.sub(_ID, self._id, re.sub(r"(?<![0-9a-z])q[0-9a-hj-km-np-tv-z]{4,5}(?![0-9a-z])", self._id, text))

    def _id(self, found: re.Match[str]) -> str:
        if len(found[0]) == _BATCH and (found[0].isalpha() or found[0].isdigit()):
            return found[0]
        number = 1 + sum(len(one) == len(found[0]) for one in self._ids)
        word = "batch" if len(found[0]) == _BATCH else "q"
        return self._ids.setdefault(found[0], f"{word}{number:0{len(found[0]) - len(word)}}")

    def compared(self) -> str:
        """Return how what was said now differs from what is kept, as a diff; with RENEW_TRANSCRIPTS keep it."""
        place = PLACE / str(self.width)
        if RENEW:
            place.mkdir(parents=True, exist_ok=True)
            for old in set(place.glob("*.txt")) - {place / f"{name}.txt" for name in self.said}:
                old.unlink()
            for name, text in self.said.items():
                (place / f"{name}.txt").write_text(text, encoding="utf-8")
        kept = {path.stem: path.read_text(encoding="utf-8") for path in place.glob("*.txt")}
        differences = (
            unified_diff(kept.get(name, "").splitlines(), self.said.get(name, "").splitlines(), name, "said now", n=1)
            for name in sorted(kept.keys() | self.said.keys())
        )
        return "\n".join(line.rstrip("\n") for difference in differences for line in difference)

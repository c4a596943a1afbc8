"""What was typed and what was read, so that two days can be compared: no paths, ports, times or ids of this one."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Final

_QUESTION: Final = re.compile(r"\banswer (q[0-9a-z]{5})\b")
_PORT: Final = re.compile(r"127\.0\.0\.1:[0-9]+")
_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2})?)?")
_DAY: Final = re.compile(r"\b\d{1,2} [A-Z][a-z]{2} \d{4}, \d{2}:\d{2}\b")
_STAMP: Final = re.compile(r"\b\d{8}-\d{6}-\d{6}\b")
_MEASURED: Final = re.compile(r"\b[0-9]+(\.[0-9]+)? (s|seconds|GB|MB)\b")
_THEN: Final = "2026-11-24 18:00:00"


class Transcript:
    """Keeps what is told it; `write` puts it into a file."""

    def __init__(self, title: str) -> None:
        self._parts = [title, "=" * len(title)]
        self._names: dict[str, str] = {}

    def call(self, name: str, stable: str) -> None:
        """Show `name`, of a folder or of a batch, as `stable`."""
        self._names[name] = stable

    def say(self, text: str) -> None:
        """Keep what happens beside the terminal."""
        self._parts.append(f"\n# {text}")

    def command(self, words: Sequence[str], read: str, code: int) -> None:
        """Keep a command, what it printed, and its exit code if that says something."""
        self._parts.append(f"\n$ {shlex.join(words)}\n{read}".rstrip())
        self._parts += [f"[exit {code}]"] * bool(code)

    def shows(self, name: str, text: str) -> None:
        """Keep what a file holds or somebody was sent."""
        self._parts.append(f"\n--- {name}\n{text.rstrip()}\n---")

    def write(self, path: Path) -> None:
        """Write it all, with names that are the same every time."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.text + "\n", encoding="utf-8")

    @property
    def text(self) -> str:
        """All of it, with names that are the same every time."""
        text = "\n".join(self._parts)
        for name, stable in self._names.items():
            text = text.replace(name, stable)
        for number, name in enumerate(dict.fromkeys(_QUESTION.findall(text)), 1):
            text = text.replace(name, f"q{number:05d}")
        for number, port in enumerate(dict.fromkeys(_PORT.findall(text))):
            text = text.replace(port, f"127.0.0.1:{8811 + number}")
        text = _MOMENT.sub(_then, text)
        text = _STAMP.sub("20261124-180000-000000", _DAY.sub("24 Nov 2026, 18:00", text))
        return _MEASURED.sub(r"N \2", text)


def _then(moment: re.Match[str]) -> str:
    """Return a moment that is the same every day, written as `moment` is."""
    return _THEN[: len(moment[0])].replace(" ", "T" if "T" in moment[0] else " ")

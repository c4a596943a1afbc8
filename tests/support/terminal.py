"""A terminal of its own for a command, and what somebody reads on it."""

from __future__ import annotations

import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import Final, NamedTuple, Self

ROWS, COLUMNS = 50, 100
_PART: Final = re.compile(r"\x1b\[(?P<numbers>[0-9;?]*)(?P<what>[A-Za-z])|(?P<sign>[\r\n])|(?P<text>[^\x1b\r\n]+)")
_BEGUN: Final = re.compile(r"\x1b(\[[0-9;?]*)?\Z")
LONGEST: Final = 200.0
"""Longest wait, in seconds, for a whole command on a loaded machine; never what a test measures."""
_TICK_SECONDS: Final = 0.2


class Read(NamedTuple):
    """What somebody read until a command had ended, and its exit code."""

    code: int
    text: str

    @property
    def words(self) -> str:
        """The words alone, wherever a line was broken."""
        return " ".join(self.text.split())


class Screen:
    """What stands on a terminal: lines that are drawn again are there once, as they were last."""

    def __init__(self) -> None:
        self._lines = [""]
        self._row = self._column = 0

    def show(self, sent: str) -> None:
        """Do what a program sends: text, ends of lines, and the few moves that ours makes."""
        for part in _PART.finditer(sent):
            if part["text"]:
                line = self._lines[self._row].ljust(self._column)
                end = self._column + len(part["text"])
                self._lines[self._row] = line[: self._column] + part["text"] + line[end:]
                self._column = end
            elif part["sign"] == "\r":
                self._column = 0
            elif part["sign"] == "\n":
                self._row += 1
                self._lines += [""] * (self._row == len(self._lines))
            elif part["what"] == "A":
                self._row = max(0, self._row - int(part["numbers"] or 1))
            elif part["what"] == "K":
                # Ours takes a whole line away, or what is behind the cursor.
                self._lines[self._row] = "" if part["numbers"] == "2" else self._lines[self._row][: self._column]

    @property
    def text(self) -> str:
        """All of it, the first line first."""
        return "\n".join(line.rstrip() for line in self._lines).rstrip()


class Terminal:
    """One command at work on a terminal of its own; a context manager that leaves no process behind."""

    def __init__(self, command: Sequence[str], *, folder: Path, environment: Mapping[str, str]) -> None:
        """Start `command` in `folder`; it sees `environment` and a terminal that can move its cursor."""
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env={**environment, "TERM": "xterm-256color", "LANG": "C.UTF-8"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self._screen = Screen()
        self._letters = codecs.getincrementaldecoder("utf-8")()
        self._sent = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        os.close(self._ours)

    @property
    def text(self) -> str:
        """What stands on it now."""
        return self._screen.text

    def wait_for(self, text: str) -> None:
        """Read until `text` stands there; fail if the command ends before."""
        end = monotonic() + LONGEST
        while text not in self._screen.text:
            assert monotonic() < end, f"never read: {text}\n{self.text}"
            assert self._read(), f"ended without saying: {text}\n{self.text}"

    def is_at_work(self) -> bool:
        """Read what is there; say whether the command may still go on."""
        return self._read() and self._process.poll() is None

    def type(self, line: str) -> None:
        """Type a line; the terminal shows it."""
        os.write(self._ours, f"{line}\n".encode())

    def interrupt(self) -> None:
        """Press Ctrl-C: all that runs on this terminal hears of it."""
        os.killpg(self._process.pid, signal.SIGINT)

    def until_the_end(self) -> Read:
        """Read on until the command has ended."""
        end = monotonic() + LONGEST
        while self._read():
            assert monotonic() < end, f"never ended:\n{self.text}"
        return Read(self._process.wait(LONGEST), self.text)

    def _read(self) -> bool:
        """Read what is there, waiting a moment for it; false if nobody writes there any more."""
        if not select.select([self._ours], [], [], _TICK_SECONDS)[0]:
            return True
        try:
            found = os.read(self._ours, 65536)
        except OSError:  # how Linux tells the end of a terminal
            return False
        self._sent += self._letters.decode(found)
        # A move of the cursor may have come in part.
        begun = _BEGUN.search(self._sent)
        whole = len(self._sent) if begun is None else begun.start()
        self._screen.show(self._sent[:whole])
        self._sent = self._sent[whole:]
        return bool(found)

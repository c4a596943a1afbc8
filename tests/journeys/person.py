"""Somebody who works with bcflow: types at a terminal, or has cron start commands, and reads what they print."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.support.terminal import LONGEST, Read, Terminal
from tests.support.transcript import Transcript

BCFLOW: Final = str(Path(sys.executable).with_name("bcflow"))
_KEPT: Final = ("PATH", "PLAYWRIGHT_BROWSERS_PATH", "BCFLOW_BROWSER")


class Person:
    """Has a folder with job files and the home that bcflow makes by itself; `given` is the environment beside that."""

    def __init__(self, folder: Path, transcript: Transcript) -> None:
        self.folder, self.transcript = folder, transcript
        self.home = folder / ".local" / "share" / "bcflow"
        self.given = {name: os.environ[name] for name in _KEPT if name in os.environ}
        self.given |= {"HOME": str(folder), "BCFLOW_ACTOR": "maria@agency", "BCFLOW_PACE_SECONDS": "0"}
        transcript.call(str(folder), "~")

    def types(self, *words: str, answers: Sequence[tuple[str, str]] = ()) -> Read:
        """Type a command, give each answer when its question stands there, and read to the end."""
        with self.at_work(*words) as terminal:
            for question, answer in answers:
                terminal.wait_for(question)
                terminal.type(answer)
            return self.reads(words, terminal)

    def own(self, read: Read) -> str:
        """Return the words that were read, with paths as their owner calls them."""
        return read.words.replace(str(self.folder), "~")

    @contextmanager
    def at_work(self, *words: str) -> Iterator[Terminal]:
        """Type a command and have it at work meanwhile."""
        with Terminal([BCFLOW, *words], folder=self.folder, environment=self.given) as terminal:
            yield terminal

    def reads(self, words: Sequence[str], terminal: Terminal) -> Read:
        """Read a command's words to their end."""
        read = terminal.until_the_end()
        self.transcript.command(["bcflow", *words], read.text, read.code)
        return read

    def has_cron_start(self, *words: str) -> Read:
        """Have a command started where nobody is, and read the mail about all it printed."""
        done = subprocess.run(
            [BCFLOW, *words],
            cwd=self.folder,
            env={**self.given, "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LONGEST,
            check=False,
        )
        self.transcript.command(["bcflow", *words], done.stdout.rstrip(), done.returncode)
        return Read(done.returncode, done.stdout)

    def saves(self, name: str, text: str) -> None:
        """Save a file beside the job files."""
        (self.folder / name).write_text(text, encoding="utf-8")
        self.transcript.shows(name, text)

    def notes(self, text: str) -> None:
        """Keep what happens beside the terminal."""
        self.transcript.say(text)

    def names_its_batches(self) -> None:
        """Have the transcript call batches by their order: their names are new every time."""
        batches = self.home / "batches"
        for number, folder in enumerate(sorted(batches.iterdir()) if batches.is_dir() else (), 1):
            self.transcript.call(folder.name, f"batch-{number:02d}")

"""How far a batch is: a live line on a terminal, plain lines elsewhere; always on stderr."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Protocol, TextIO

from bcflow.models.outcomes import RunReport
from bcflow.runner.redaction.printable import printable, printable_console
from bcflow.runner.reports.summary import run_line

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

_WIDE: Final = 80


class Progress(Protocol):
    """Told by a batch what happens; shows it to a person."""

    def begin(self, title: str, total: int, *, batch: str) -> None:
        """Start a pass over `total` jobs of a batch."""

    def job(self, name: str) -> None:
        """Say which job is at work."""

    def step(self, name: str) -> None:
        """Say which step of it is at work."""

    def ended(self, run: RunReport) -> None:
        """Say how a job ended."""

    def note(self, text: str) -> None:
        """Say something that belongs to no job."""

    def end(self) -> None:
        """End the pass."""

    def paused(self) -> AbstractContextManager[None]:
        """Return a context manager in which a person can be asked at the terminal."""


class Lines:
    """One plain line per job and event, each with its time and batch, for files, cron mails and CI."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._batch = ""
        self._total = self._done = 0

    def begin(self, title: str, total: int, *, batch: str) -> None:
        """Start a pass over `total` jobs of a batch."""
        self._batch, self._total, self._done = batch, total, 0
        self.note(f"{title}: {total} {'job' if total == 1 else 'jobs'}")

    def job(self, name: str) -> None:
        """Say which job is at work."""
        self.note(f"[{self._done + 1}/{self._total}] {name}")

    def step(self, name: str) -> None:
        """Leave steps out: the run's own log has them."""

    def ended(self, run: RunReport) -> None:
        """Say how a job ended."""
        self._done += 1
        self.note(f"[{self._done}/{self._total}] {printable(run_line(run), one_line=True)}")

    def note(self, text: str) -> None:
        """Say something that belongs to no job."""
        self._stream.write(printable(at_its_time(f"{self._batch} {text}".lstrip())) + "\n")
        self._stream.flush()

    def end(self) -> None:
        """End the pass; lines need no cleaning up."""

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Need no pause: nothing moves."""
        yield


class Live:
    """Done/total, the step at work and the time gone by, in one moving line; ended jobs stay above it."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress: RichProgress | None = None
        self._task: TaskID | None = None
        self._name = ""

    def begin(self, title: str, total: int, *, batch: str) -> None:  # noqa: ARG002 - there is one at a terminal
        """Start a pass over `total` jobs of a batch."""
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
        from rich.table import Column

        self.end()
        # What is at work is the one text that is cut off where the terminal is narrow: never how far it is.
        at_work = TextColumn("{task.description}", markup=False, table_column=Column(ratio=1, no_wrap=True))
        self._progress = Progress(
            TextColumn("{task.fields[title]}", markup=False),
            *([BarColumn(24)] if self._console.width >= _WIDE else []),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            at_work,
            expand=True,
            console=self._console,
            transient=True,
        )
        self._task = self._progress.add_task("", total=total, title=title)
        self._progress.start()

    def job(self, name: str) -> None:
        """Say which job is at work."""
        self._name = name
        self._describe(name)

    def step(self, name: str) -> None:
        """Say which step of it is at work."""
        self._describe(f"{self._name} · {name}")

    def ended(self, run: RunReport) -> None:
        """Say how a job ended."""
        self.note(run_line(run))
        if self._progress is not None and self._task is not None:
            self._progress.advance(self._task)
            self._describe("")

    def note(self, text: str) -> None:
        """Say something that belongs to no job."""
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)

    def end(self) -> None:
        """End the pass and take the line away."""
        if self._progress is not None:
            self._progress.stop()
        self._progress = self._task = None

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Take the moving line away while a person is asked."""
        if self._progress is None:
            yield
            return
        self._progress.stop()
        try:
            yield
        finally:
            self._progress.start()

    def _describe(self, text: str) -> None:
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, description=text)


def at_its_time(text: str) -> str:
    """Return a line of a log with the time before it, in UTC and to the second."""
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {text}"


def progress_on(stream: TextIO, *, moving: bool) -> Progress:
    """Return the progress for `stream`: `moving` where it is a terminal that can move its cursor."""
    if not moving:
        return Lines(stream)
    return Live(printable_console(stream))

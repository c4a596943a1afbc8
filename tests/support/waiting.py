"""Waiting for something to become true, with a deadline and no fixed pause."""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from time import monotonic

SOON = 300.0
"""Longest wait, in seconds, for what a loaded machine may do late; never what a test measures."""
_OFTEN, _RARELY = 0.02, 0.1


def until(condition: Callable[[], object], what: str, *, seconds: float = SOON) -> None:
    """Return as soon as `condition` holds; fail, naming `what`, if it does not within `seconds`.

    It looks less and less often, for each look takes time from what is waited for.
    """
    began, tick = monotonic(), threading.Event()
    while not condition():
        waited = monotonic() - began
        assert waited < seconds, f"not within {seconds:.0f} s: {what}"
        tick.wait(min(max(waited / 20, _OFTEN), _RARELY))


def descendants(process: int) -> Iterator[int]:
    """Yield every process started by `process`, however deep (Linux)."""
    for line in _lines_of_descent(process):
        yield line[-1]


def command_line(process: int) -> str:
    """Return the words a process was started with, or an empty text if it is gone."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def browsers_of(process: int) -> list[int]:
    """Return the browsers among the descendants of `process`: not their renderers and other helpers."""
    found = {}
    for above in _lines_of_descent(process):
        line = command_line(above[-1])
        if "--remote-debugging-pipe" in line and "--type=" not in line:
            found[above[-1]] = above
    # A system's browser may be started by a script, and a process that has just forked shows its parent's words. Seen
    # at one moment: one that ends meanwhile leaves no other in its place.
    starters = {each for above in found.values() for each in above[:-1]}
    return [each for each in found if each not in starters]


def _lines_of_descent(process: int, above: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    """Yield every process below `process`, with those between the two before it."""
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            found = children.read_text(encoding="ascii").split()
        except OSError:
            continue
        for child in map(int, found):
            line = (*above, child)
            yield line
            yield from _lines_of_descent(child, line)


class Watched:
    """Processes whose end can be waited for, whoever their parent is by then."""

    def __init__(self, processes: Iterable[int]) -> None:
        self._open: dict[int, int] = {}
        for process in processes:
            try:
                self._open[os.pidfd_open(process)] = process
            except ProcessLookupError:
                continue

    def __len__(self) -> int:
        return len(self._open)

    def still_there(self, *, seconds: float) -> list[str]:
        """Wait until all have ended, at most `seconds`; return the command lines of those that have not."""
        end, waiting = monotonic() + seconds, dict(self._open)
        while waiting and (left := end - monotonic()) > 0:
            ended, _, _ = select.select(list(waiting), [], [], left)
            for one in ended:
                del waiting[one]
        for one in self._open:
            os.close(one)
        return [f"{process} {command_line(process)[:80]}" for process in waiting.values()]

"""Who attempts something in this process, and whether a run that may kill it is attempted alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Company:
    """The attempts of one process: beside each other, or one of them alone.

    A worker that dies leaves every run that it attempted under suspicion. What is then attempted alone is convicted
    only of its own deaths.
    """

    def __init__(self) -> None:
        """Begin with nobody."""
        self._changed = threading.Condition()
        self._here = 0
        self._want_alone = 0

    @contextmanager
    def beside(self) -> Iterator[None]:
        """Be one of several; whoever waits to be alone is first."""
        with self._changed:
            self._changed.wait_for(lambda: not self._want_alone)
            self._here += 1
        try:
            yield
        finally:
            self._leave()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Wait until the others have ended, and let nobody begin beside."""
        with self._changed:
            self._want_alone += 1
            self._changed.wait_for(lambda: not self._here)
            self._here += 1
        try:
            yield
        finally:
            with self._changed:
                self._want_alone -= 1
            self._leave()

    def _leave(self) -> None:
        with self._changed:
            self._here -= 1
            self._changed.notify_all()

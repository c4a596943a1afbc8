"""The moment a worker is told to end: whoever waits for something in it hears of it at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Shutdown(threading.Event):
    """Set when the worker is to end; it then sets the events of those who wait for something else, too."""

    def __init__(self) -> None:
        super().__init__()
        self._others: set[threading.Event] = set()

    def set(self) -> None:
        """Tell everybody."""
        super().set()
        for other in list(self._others):
            other.set()

    @contextmanager
    def sets(self, other: threading.Event) -> Iterator[None]:
        """Have `other` set, too, for as long as this lasts."""
        self._others.add(other)
        if self.is_set():
            other.set()
        try:
            yield
        finally:
            self._others.discard(other)

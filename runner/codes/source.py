"""What a source of codes is, and what it is asked for."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Event
from typing import Any, Final, Literal, Protocol

Channel = Literal["authenticator", "email", "text"]
CHANNELS: Final[tuple[Channel, ...]] = ("authenticator", "email", "text")
Channels = Collection[Channel | None]
Question = Mapping[str, Any]
_LONGEST_PAUSE: Final = 15.0


class SourceClosed(Exception):
    """The source cannot be used at all: trying again with the same setting will not help, another source may."""


@dataclass(frozen=True)
class CodeRequest:
    """A code that is wanted, as the page asks for it (see `Codes.answer`), at most for `wait` seconds.

    `channel` is None where the page does not show how the code travels. `stop`, once set, ends every wait.
    """

    question: Question
    channel: Channel | None
    tried: Collection[str]
    wait: float
    stop: Event

    def shown(self, name: str) -> str:
        """Return what the page says of `name`, or an empty text."""
        return str(self.question.get(name) or "")

    def attempts(self, pause: float, *, growth: float) -> Iterator[float]:
        """Yield the seconds that are left, again after each of the growing pauses, until there are none."""
        until = time.monotonic() + self.wait
        while True:
            yield until - time.monotonic()
            left = until - time.monotonic()
            if left <= 0 or self.stop.wait(min(pause, left)):
                return
            pause = min(pause * growth, _LONGEST_PAUSE)


class CodeSource(Protocol):
    """One place that codes come from; `channels` are the ways they may travel to it."""

    channels: Channels

    def find(self, request: CodeRequest) -> Sequence[str]:
        """Return what may be the code and was not tried yet, the most likely first; nothing if there is none in time.

        Raises SourceClosed.
        """

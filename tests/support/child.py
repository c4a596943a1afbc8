"""What a process runs that is about to be killed: one attempt, which stops where it is told."""

from __future__ import annotations

import threading
from functools import wraps
from multiprocessing.connection import Connection
from typing import Any, Final

from loguru import logger

from bcflow.runner.browser.attempt import Attempt
from bcflow.runner.browser.slot import Slot
from bcflow.runner.config.settings import Settings
from bcflow.runner.reports.evidence import Evidence
from bcflow.runner.storage.ledger import Ledger

BEFORE_ARMED, ARMED, NOWHERE = "before armed", "armed", "nowhere"
HEARD, ANSWERED, LOOKS = "answer heard", "answer noted", "about to look"
SEEN, NOTED, ENDS = "seen", "seen is noted", "about to write the result"

_HALTS: Final[dict[str, tuple[type, str, bool]]] = {
    BEFORE_ARMED: (Attempt, "_arm", False),
    ARMED: (Attempt, "_arm", True),
    HEARD: (Ledger, "answered", False),
    ANSWERED: (Ledger, "answered", True),
    LOOKS: (Attempt, "_until_seen", False),
    SEEN: (Ledger, "seen", False),
    NOTED: (Ledger, "seen", True),
    ENDS: (Evidence, "write_result", False),
}
"""Where to halt: a method, and whether after it. It halts the first time only."""


def attempt_until(where: str, settings: Settings, request: dict[str, Any], told: Connection) -> None:
    """Run the attempt and come to a halt at `where`; `told` hears about it, and in the end of the record."""
    _stop(where, told)
    slot = Slot(settings, "default", ask=lambda _question: None, on_event=lambda _event: None)
    told.send(slot.call("attempt", request))
    slot.close()


def attempt_telling(where: str, settings: Settings, request: dict[str, Any], told: Connection) -> None:
    """Do the same quietly, telling the name of every event as it comes."""
    logger.remove()
    _stop(where, told)
    slot = Slot(settings, "default", ask=lambda _question: None, on_event=lambda event: told.send(event["event"]))
    told.send(slot.call("attempt", request))
    # Whoever listens may kill this process or let it go.
    _wait(told)
    slot.close()


def _stop(where: str, told: Connection) -> None:
    if where == NOWHERE:
        return
    owner, name, after = _HALTS[where]
    real, halted = getattr(owner, name), threading.Event()

    @wraps(real)
    def stopping(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever the method takes and gives
        if not after:
            _halt(told, halted)
        answer = real(*given, **named)
        if after:
            _halt(told, halted)
        return answer

    setattr(owner, name, stopping)


def _halt(told: Connection, halted: threading.Event) -> None:
    if not halted.is_set():
        halted.set()
        told.send("here")
        _wait(told)


def _wait(told: Connection) -> None:
    """Wait for a word from the other end, or for its end."""
    try:
        told.recv()
    except EOFError:
        logger.debug("nobody listens any more")

"""What a process runs that is about to be killed: one attempt, which stops where it is told."""

from __future__ import annotations

import threading
from multiprocessing.connection import Connection
from typing import Any

from bcflow.runner.attempt import Attempt
from bcflow.runner.settings import Settings
from bcflow.runner.slot import Slot

BEFORE_ARMED, ARMED, NOWHERE = "before armed", "armed", "nowhere"


def attempt_until(where: str, settings: Settings, request: dict[str, Any], told: Connection) -> None:
    """Run the attempt and come to a halt before or after the write is armed; `told` hears about it."""
    _stop(where, told)
    slot = Slot(settings, "default", ask=lambda _question: None, on_event=lambda _event: None)
    told.send(slot.call("attempt", request))
    slot.close()


def _stop(where: str, told: Connection) -> None:
    arm = Attempt._arm

    def stopping(self: Attempt, *given: Any) -> None:  # noqa: ANN401 - whatever `_arm` takes
        if where == BEFORE_ARMED:
            _halt(told)
        arm(self, *given)
        if where == ARMED:
            _halt(told)

    Attempt._arm = stopping  # type: ignore[method-assign,assignment]


def _halt(told: Connection) -> None:
    told.send("here")
    threading.Event().wait()

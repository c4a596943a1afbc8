"""Who runs an attempt: a small interface, so that a durable engine can take the in-process one's place.

An attempt takes and gives plain JSON and always starts its flow from the top with fresh looks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from loguru import logger

Event = dict[str, Any]
OnEvent = Callable[[Event], None]


class SlotLike(Protocol):
    """One login's browser: what this needs of `bcflow.runner.browser.slot.Slot`."""

    def call(self, verb: str, request: dict[str, Any], timeout: float | None = None) -> dict[str, Any]:
        """Do `verb` in the browser's thread; plain JSON in and out."""

    def close(self) -> None:
        """End the browser."""


SlotFactory = Callable[[str, OnEvent], SlotLike]


class Dispatcher(Protocol):
    """Runs attempts and answers with their records."""

    def attempt(self, login: str, request: dict[str, Any], on_event: OnEvent) -> dict[str, Any]:
        """Run one attempt with `login` and return its RunRecord as JSON."""

    def stop(self, login: str) -> None:
        """End the browser of `login` at once; nothing it was doing goes on."""

    def close(self) -> None:
        """End everything."""


class InProcess:
    """One slot per login, opened when first needed; its attempts run one after another."""

    def __init__(self, make_slot: SlotFactory, *, timeout: float | None = None) -> None:
        """Take how to make a login's slot; `timeout` is the longest an attempt may take, in seconds."""
        self._make_slot = make_slot
        self._timeout = timeout
        self._slots: dict[str, SlotLike] = {}
        self._listeners: dict[str, OnEvent] = {}

    def attempt(self, login: str, request: dict[str, Any], on_event: OnEvent) -> dict[str, Any]:
        """Run one attempt with `login` and return its RunRecord as JSON."""
        self._listeners[login] = on_event
        slot = self._slots.get(login)
        if slot is None:
            slot = self._slots[login] = self._make_slot(login, self._hearer(login))
        # Not looked up again: a lost lease may have stopped it, from another thread.
        return slot.call("attempt", request, timeout=self._timeout)

    def _hearer(self, login: str) -> OnEvent:
        """Return a listener that hands on to whichever attempt of `login` is at work."""

        def hear(event: Event) -> None:
            self._listeners[login](event)

        return hear

    def stop(self, login: str) -> None:
        """End the browser of `login` at once; the next attempt gets a new one."""
        slot = self._slots.pop(login, None)
        if slot is None:
            return
        try:
            slot.close()
        except TimeoutError:
            logger.warning("the browser of login '{}' did not end in time", login)

    def close(self) -> None:
        """End every browser."""
        for login in list(self._slots):
            self.stop(login)

"""Turns worked on a slot that is open already, with rows and folders of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import sqlalchemy as sa

from bcflow.models.errors import BadInput
from bcflow.models.outcomes import RunRecord
from bcflow.runner.batches.context import Context, Turn
from bcflow.runner.batches.session import OnEvent, Services
from bcflow.runner.batches.steps import Step
from bcflow.runner.browser.slot import Slot
from bcflow.runner.storage.database import Database
from tests.support.slots import Operator


class OneBrowser:
    """The browser of every login is the one that is open, and stays open."""

    def __init__(self, slot: Slot) -> None:
        self._slot = slot

    def open(self, _login: str, *, may_write: Callable[[], bool]) -> OneBrowser:
        assert callable(may_write)
        return self

    def attempt(self, request: dict[str, Any], _on_event: OnEvent) -> dict[str, Any]:
        return self._slot.call("attempt", request, 110)

    def holds(self) -> bool:
        return True

    def close(self) -> None:
        """Leave it open for the next test."""


class Listener:
    """Keeps what is told, and which turns were called."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.called: list[Turn] = []

    def enqueue(self, _connection: sa.Connection, turn: Turn, _delay: float) -> None:
        self.called.append(turn)

    def tell(self, text: str) -> None:
        self.told.append(text)

    def begins(self, _batch: str, _step: Step) -> None: ...

    def happens(self, _batch: str, _event: dict[str, Any]) -> None: ...

    def ends(self, _batch: str, _record: RunRecord) -> None: ...

    def refuses(self, _batch: str, error: BadInput) -> None:
        raise error

    def moved(self, _batch: str) -> None: ...


@contextmanager
def house_of(operator: Operator, home: Path) -> Iterator[tuple[Services, Listener]]:
    """Give what sessions need to work on the operator's slot, with `home` for rows and folders."""
    listener = Listener()
    settings = operator.slot.settings.model_copy(update={"home": home})
    with closing(Database(settings.database())) as database:
        context = Context(settings, database, listener.enqueue)
        yield Services(context, OneBrowser(operator.slot), listener, Event()), listener

"""Which looks belong together: those of one visit read a list once."""

from __future__ import annotations

import secrets
from collections import Counter
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable


class Looked(Protocol):
    """What names the lists that a look reads: of a job, or of its run."""

    @property
    def login(self) -> str:
        """The login that looks."""

    @property
    def flow(self) -> str:
        """The flow, and with it the screen."""

    @property
    def business_center(self) -> str | None:
        """The Business Center."""


class Visits:
    """Tells each look of a series which visit it belongs to; only those that follow one another share anything."""

    def __init__(self, looks: Iterable[Looked]) -> None:
        """Take the looks to come."""
        self._name = secrets.token_hex(4)
        self._to_come = Counter(_lists(one) for one in looks)

    def next(self, look: Looked) -> dict[str, Any]:
        """Return the `visit` of the next look's request: its name, and how many such looks are to come with it."""
        lists = _lists(look)
        asked = {"id": self._name, "looks": max(1, self._to_come[lists])}
        self._to_come[lists] -= 1
        return asked


def _lists(look: Looked) -> tuple[str, ...]:
    return look.login, look.flow, look.business_center or ""

"""One login's browser for a command that only looks or signs in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bcflow.runner.browser.login_browser import SlotLike, leased, slots
from bcflow.runner.browser.shutdown import Shutdown
from bcflow.runner.cli.frame import ask_person, complain

if TYPE_CHECKING:
    from threading import Event

    from bcflow.runner.config.settings import Settings
    from bcflow.runner.storage.questions import About


@contextmanager
def one_slot(settings: Settings, login: str, *, doing: str, wait: bool = True) -> Iterator[SlotLike]:
    """Open one login's slot, with its lease."""
    settings.login(login)
    with leased(settings, login, doing=doing, tell=complain, wait=wait):
        slot = slots(settings, ask=_ask, shutdown=Shutdown())(login, _ignore, lambda: True)
        try:
            yield slot
        finally:
            slot.close()


def _ask(about: About, _stop: Event) -> str | None:
    return ask_person(about.text, secret=about.kind == "code")


def _ignore(_event: dict[str, Any]) -> None:
    """Leave a command's steps unsaid: it has one answer."""

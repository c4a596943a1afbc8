"""Waiting for something to come true on a page: looked at after every change, never after a fixed time."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import TimeoutError as PlaywrightTimeout

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

T = TypeVar("T")


def until(page: Page, look: Callable[[], T | None], seconds: float) -> T | None:
    """Call `look` after every change of the page until it gives something, at most `seconds`."""
    began = monotonic()
    while True:
        found = _unless_moving(page, look)
        waited = monotonic() - began
        if found or waited >= seconds:
            return found
        # An answer that changes nothing on the page makes no change to wait for: look often at first.
        _wait_for_change(page, _QUICK_TICK_MS if waited < 1 else _TICK_MS)


def _unless_moving(page: Page, look: Callable[[], T | None]) -> T | None:
    """Look; a document that is replaced under the look's eyes (a redirect) shows nothing yet."""
    try:
        return look()
    except PlaywrightTimeout:
        raise
    except PlaywrightError:
        if page.is_closed():
            raise
        page.wait_for_load_state("domcontentloaded")
        return None


def rest(page: Page, seconds: float) -> None:
    """Leave the page alone for `seconds` before it is looked at again."""
    end = monotonic() + seconds
    while (left := end - monotonic()) > 0:
        _wait_for_change(page, min(left * 1000, _TICK_MS))


def _wait_for_change(page: Page, milliseconds: float) -> None:
    try:
        page.evaluate(_NEXT_CHANGE, milliseconds)
    except PlaywrightError:
        # The document itself was replaced while we waited: that is a change too.
        page.wait_for_load_state("domcontentloaded")


_TICK_MS = 200
_QUICK_TICK_MS = 40
_NEXT_CHANGE = """ms => new Promise(done => {
  const seen = () => { watch.disconnect(); clearTimeout(end); setTimeout(done, 10); };
  const watch = new MutationObserver(seen);
  watch.observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
  const end = setTimeout(seen, ms);
})"""

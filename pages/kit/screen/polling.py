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
STILL_SECONDS, STILL_LOOKS = 2.5, 8


def until(page: Page, look: Callable[[], T | None], seconds: float, *, over: Callable[[int], bool]) -> T | None:
    """Call `look` after every change of the page until it gives something, at most `seconds`.

    `over` is told how often the page has changed, each time, and says whether nothing more can be expected.
    """
    began, changes = monotonic(), 0
    while True:
        found = _unless_moving(page, look)
        waited = monotonic() - began
        if found or waited >= seconds or over(changes):
            return found
        changes = _wait_for_change(page, next(ms for seconds, ms in _TICKS if waited < seconds), changes)


class Rest:
    """Tells whether a page has been at rest for `seconds`."""

    def __init__(self, seconds: float) -> None:
        """Begin to watch it."""
        self._seconds = seconds
        self._since = monotonic()
        self._seen: tuple[int, str] | None = None

    def is_over(self, answered: int, is_loading: bool, text: Callable[[], str]) -> bool:  # noqa: FBT001 - a plain reading
        """Say whether nothing was answered, loaded or drawn for so long."""
        now = (answered, "" if is_loading else text())
        if is_loading or now != self._seen:
            self._seen, self._since = now, monotonic()
        return monotonic() - self._since >= self._seconds


class Stillness:
    """Tells that a page has kept still, and shows something that may well be all that was waited for."""

    def __init__(self, at_rest: Callable[[], bool], enough: Callable[[], bool]) -> None:
        """Watch a page that `at_rest` says to ask for nothing; `enough` is looked at once it has kept still.

        Without `enough` stillness says nothing: what comes may be on its way without any sign of life.
        """
        self._at_rest, self._enough = at_rest, enough
        self._changes, self._since, self._looks = -1, monotonic(), 0

    def is_over(self, changes: int) -> bool:
        """Say so; `changes` is how often the page has changed by now.

        A page that is busy is looked at seldom: the time alone says nothing.
        """
        if changes != self._changes or not self._at_rest():
            self._changes, self._since, self._looks = changes, monotonic(), 0
        self._looks += 1
        if self._looks <= STILL_LOOKS or monotonic() - self._since < STILL_SECONDS:
            return False
        # Looking marks what it sees: a change of ours, after which the page is watched anew.
        self._changes, self._since, self._looks = -1, monotonic(), 0
        return self._enough()


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
    end, changes = monotonic() + seconds, 0
    while (left := end - monotonic()) > 0:
        changes = _wait_for_change(page, min(left * 1000, _TICK_MS), changes)


def _wait_for_change(page: Page, milliseconds: float, since: int) -> int:
    """Wait until the page has changed `since` (a count of changes), and return the count now."""
    try:
        return int(page.evaluate(_NEXT_CHANGE, [milliseconds, since]))
    except PlaywrightError:
        # The document itself was replaced while we waited: that is a change too.
        page.wait_for_load_state("domcontentloaded")
        return 0


_TICK_MS = 200
# (for how many seconds, milliseconds): an answer that changes nothing on the page makes no change to wait for, so it
# is looked often at first. What is expected comes within tenths of a second, or takes long.
_TICKS = ((0.3, 8), (1, 40), (float("inf"), _TICK_MS))
# The count is kept in the page, so that a change between a look and the wait after it is not lost.
_NEXT_CHANGE = """([ms, since]) => {
  const key = Symbol.for('bcflow changes');
  const kept = window[key] || (window[key] = (() => {
    const made = {count: 1, wake: null};
    new MutationObserver(() => { made.count += 1; if (made.wake) made.wake(); })
      .observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
    return made;
  })());
  if (since && kept.count !== since) return kept.count;
  return new Promise(done => {
    const finish = () => { clearTimeout(end); kept.wake = null; setTimeout(() => done(kept.count)); };
    const end = setTimeout(finish, ms);
    kept.wake = finish;
  });
}"""

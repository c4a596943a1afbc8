"""One login's browser in a thread of its own: JSON in, JSON out.

Playwright's objects belong to the thread that made them, so a caller hands over a verb and a request and
gets a plain answer. A call that takes too long kills the browser first; only then is anything concluded.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from functools import cached_property
from typing import Any

from loguru import logger
from playwright.sync_api import Error as PlaywrightError

from bcflow.models.errors import BrowserGone
from bcflow.models.failures.causes import in_words
from bcflow.runner.browser import browser as browsers
from bcflow.runner.browser.commands import VERBS
from bcflow.runner.browser.slot_state import SlotState

AFTER_KILL_SECONDS = 60.0
RECYCLE_AFTER = 50
"""A browser is replaced by a new one after so many calls."""
COLLECT_AFTER = 8
"""After so many calls the page gives memory back: that takes it a tenth of a second."""


class Slot(SlotState):
    """One login's browser. `call` blocks; one call at a time."""

    _calls = 0
    _work: Future[dict[str, Any]] | None = None

    @cached_property
    def _thread(self) -> ThreadPoolExecutor:
        """The browser's thread; Playwright's objects never leave it."""
        return ThreadPoolExecutor(1, thread_name_prefix=f"browser-{self.credentials.name}")

    def call(self, verb: str, request: dict[str, Any], timeout: float | None = None) -> dict[str, Any]:
        """Do `verb` (attempt, login, check, whoami, list) in the browser's thread and return its JSON answer.

        After `timeout` seconds the browser is killed; what was going on then ends by its own rules.
        """
        self.was_killed = False
        self._work = work = self._thread.submit(self._do, verb, request)
        try:
            answer = self._result(work, timeout)
        except TookTooLong:
            logger.warning("{} took more than {} s: its browser is killed", verb, timeout)
            self._kill_browser()
            return self._result(work, AFTER_KILL_SECONDS)
        self._thread.submit(self._tidy_up)
        return answer

    def _do(self, verb: str, request: dict[str, Any]) -> dict[str, Any]:
        if self._browser is not None and "visit" not in request:
            # What looks share is no longer sure once anything else was done with the browser.
            self._browser.site.session.shared_looks = None
        return VERBS[verb](self, request)

    def _tidy_up(self) -> None:
        """Let the page give memory back now and then: over a long batch it keeps most otherwise."""
        self._calls += 1
        if self._calls % RECYCLE_AFTER == 0:
            # What a browser piles up over hundreds of pages is gone with it; its sign-in is kept.
            self.end_browser()
        elif self._browser is not None and self._calls % COLLECT_AFTER == 0:
            try:
                self._browser.collect_garbage()
            except PlaywrightError as error:
                logger.debug("no garbage collected: {}", type(error).__name__)

    def _result(self, work: Future[dict[str, Any]], timeout: float | None) -> dict[str, Any]:
        """Return what the thread answers; what the browser itself raises is told in our words only."""
        try:
            return work.result(timeout)
        except PlaywrightError as error:
            raise BrowserGone(in_words(error)) from error

    def close(self) -> None:
        """End the browser and its thread; a call that is at work loses its browser and ends by its own rules."""
        if self._work is not None and not self._work.done():
            self._kill_browser()
        self._thread.submit(self.end_browser).result(AFTER_KILL_SECONDS)
        self._thread.shutdown(wait=True)
        self.close_ledger()

    def _kill_browser(self) -> None:
        self.was_killed = True
        if self._browser is not None:
            browsers.kill(self._browser.pid)

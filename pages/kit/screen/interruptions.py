"""What gets in the way: surveys, tips, announcements, the two-step set-up page, cookie banners.

A registry of words and marks, never of coordinates. It is silent while a code, captcha or consent screen is
open and while a write is being sent: there, nothing is clicked but what the flow itself clicks.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from playwright.sync_api import Error as PlaywrightError

from bcflow.pages.kit import css
from bcflow.pages.kit.screen import page_scan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator

    from bcflow.pages.kit.screen.page_scan import Glance
    from bcflow.pages.kit.screen.site import Site


class Interruptions:
    """Clears what is known to be in the way, and nothing else."""

    def __init__(self, site: Site) -> None:
        """Watch over `site`; nothing is cleared before `clear` is first called."""
        self._site = site
        self._on = True
        self._handled: Locator | None = None

    def words(self) -> list[str]:
        """Return the words of the buttons that dismiss an interruption, in lower case."""
        words = self._site.words
        return [word.casefold() for concept in page_scan.DISMISSING for word in words.of(concept)]

    def watch(self) -> None:
        """See to it that an interruption is dismissed before the next click or key: cheap once it is seen to."""
        if self._handled is None:
            self.clear()

    def clear(self, seen: Glance | None = None) -> None:
        """Dismiss every interruption that shows now (`seen`, if just looked), and dismiss later ones as they come."""
        if not self._on:
            return
        seen = seen or page_scan.over(self._site)
        if self._handled is None and not self._sensitive(seen):
            self._handled = self._button().first
            self._site.page.add_locator_handler(self._handled, self._dismiss, no_wait_after=True)
        for _ in range(5):
            if not seen.in_the_way or self._sensitive(seen):
                return
            button = self._button()
            if not button.count():
                return
            self._dismiss(button.first)
            self._site.until(lambda button=button: not button.count(), seconds=1)  # type: ignore[misc]
            seen = page_scan.over(self._site)

    @contextmanager
    def off(self) -> Iterator[None]:
        """Keep still: used while a write is sent and while a person or a code is asked for."""
        if self._handled is not None:
            self._site.page.remove_locator_handler(self._handled)
            self._handled = None
        self._on = False
        try:
            yield
        finally:
            self._on = True

    def detour(self) -> bool:
        """Leave a page that came in between and say whether there was one: the wanted page is then opened again."""
        page = self._site.page
        if "two-step-verification" in page.url:
            skip = page.locator(css.TWO_STEP_SKIP).filter(visible=True)
            if skip.count():
                skip.first.click()
                self._site.until(lambda: "two-step-verification" not in page.url, seconds=10)
                return True
            return False
        return "/survey" in page.url

    def _button(self) -> Locator:
        page = self._site.page
        named = page.get_by_role("button", name=self._site.words.pattern(*page_scan.DISMISSING))
        marked = page.locator(css.DISMISS)
        return named.or_(marked).filter(visible=True)

    def _dismiss(self, button: Locator) -> None:
        if not self._on or self._sensitive(page_scan.over(self._site)):
            return
        try:
            button.click(timeout=2000)
        except PlaywrightError:
            # It went by itself, or something still covers it: the next look will tell.
            return

    def _sensitive(self, seen: Glance) -> bool:
        if seen.captcha or seen.code or not seen.consent:
            return seen.captcha or seen.code
        consent = self._site.page.get_by_role("button", name=self._site.words.pattern("authorize"))
        return consent.filter(visible=True).count() > 0

"""What gets in the way: surveys, tips, announcements, the two-step set-up page, cookie banners.

A registry of words and marks, never of coordinates: what is known is cleared, and nothing else. It is silent while a
code, captcha or consent screen is open and while a write is being sent: there, nothing is clicked but what the flow
itself clicks.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from playwright.sync_api import Error as PlaywrightError

from bcflow.pages.kit import css
from bcflow.pages.kit.screen import evaluate
from bcflow.pages.kit.screen.page_scan import DISMISSING, scan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator

    from bcflow.pages.kit.screen.page_scan import PageScan
    from bcflow.pages.kit.screen.site import Site


def words(site: Site) -> list[str]:
    """Return the words of the buttons that dismiss an interruption, in lower case."""
    return [word.casefold() for concept in DISMISSING for word in site.words.of(concept)]


def spare(form: Locator) -> None:
    """Take a dialog for a form that is filled, and no interruption: its "Not now" may send it. A page has none."""
    evaluate.one(form, "(e, mark) => { if (e !== document.body) e.setAttribute(mark, ''); }", css.OWN_FORM)


def watch(site: Site) -> None:
    """Make ready for the next click or key: what is in the way is dismissed first, and it is not to write anything.

    What clearly writes leaves the browser while a write is armed, and then only: a click that was to lead on may hit
    something else than it was taken for.
    """
    site.traffic.hold_writes()
    if site.dismissed_button is None:
        clear(site)


def clear(site: Site, seen: PageScan | None = None) -> None:
    """Dismiss every interruption that shows now (`seen`, if just looked), and dismiss later ones as they come."""
    if site.is_kept_still:
        return
    seen = seen or scan(site)
    if site.dismissed_button is None and not _is_sensitive(site, seen):
        site.dismissed_button = _button(site).first
        site.page.add_locator_handler(site.dismissed_button, lambda button: _dismiss(site, button), no_wait_after=True)
    for _ in range(5):
        if not seen.in_the_way or _is_sensitive(site, seen):
            return
        button = _button(site)
        if not button.count():
            return
        _dismiss(site, button.first)
        site.until(lambda button=button: not button.count(), seconds=1)  # type: ignore[misc]
        seen = scan(site)


@contextmanager
def off(site: Site) -> Iterator[None]:
    """Keep still: used while a write is sent and while a person or a code is asked for."""
    if site.dismissed_button is not None:
        site.page.remove_locator_handler(site.dismissed_button)
        site.dismissed_button = None
    site.is_kept_still = True
    try:
        yield
    finally:
        site.is_kept_still = False


def detour(site: Site) -> bool:
    """Leave a page that came in between and say whether there was one: the wanted page is then opened again."""
    page = site.page
    if "two-step-verification" in page.url:
        skip = page.locator(css.TWO_STEP_SKIP).filter(visible=True)
        if skip.count():
            skip.first.click()
            site.until(lambda: "two-step-verification" not in page.url, seconds=10)
            return True
        return False
    return "/survey" in page.url


def _button(site: Site) -> Locator:
    named = site.page.get_by_role("button", name=site.words.pattern(*DISMISSING))
    marked = site.page.locator(css.DISMISS)
    foreign = site.page.locator(f":not([{css.OWN_FORM}] *)")
    return named.or_(marked).and_(foreign).filter(visible=True)


def _dismiss(site: Site, button: Locator) -> None:
    if site.is_kept_still or _is_sensitive(site, scan(site)):
        return
    try:
        button.click(timeout=2000)
    except PlaywrightError:
        # It went by itself, or something still covers it: the next look will tell.
        return


def _is_sensitive(site: Site, seen: PageScan) -> bool:
    if seen.captcha or seen.code or not seen.consent:
        return seen.captcha or seen.code
    consent = site.page.get_by_role("button", name=site.words.pattern("authorize"))
    return consent.filter(visible=True).count() > 0

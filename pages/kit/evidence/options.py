"""What may be chosen in selects that go by no known word: each is opened, read and closed again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from playwright.sync_api import Error as PlaywrightError

from bcflow.pages.kit import css
from bcflow.pages.kit.evidence.scan import again
from bcflow.pages.kit.evidence.sought import known_as
from bcflow.pages.kit.screen import interruptions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bcflow.pages.kit.evidence.scan import Spotted
    from bcflow.pages.kit.screen.site import Site

OPEN_SECONDS = 3.0
CLICK_MS = 3000


def with_options(site: Site, spotted: Sequence[Spotted]) -> list[Spotted]:
    """Return the same, with the choices of each select whose caption nobody knows.

    Opening a select is no write; one that does not open tells nothing.
    """
    return [replace(each, options=_read(site, each)) if _is_worth_it(site, each) else each for each in spotted]


def _is_worth_it(site: Site, each: Spotted) -> bool:
    is_select = each.kind == "field" and each.widget in ("select", "multiple")
    closed = is_select and each.place == "page" and not each.off
    return closed and not known_as(site, each.text)


def _read(site: Site, select: Spotted) -> tuple[str, ...]:
    element, panel = again(site, select), site.page.locator(css.PANEL).filter(visible=True)
    element = element.locator(css.ARROW) if select.widget == "multiple" else element
    try:
        if panel.count():
            return ()
        interruptions.watch(site)
        element.click(timeout=CLICK_MS)
        if not site.until(lambda: panel.count() == 1, seconds=OPEN_SECONDS):
            return ()
        options = panel.locator(css.OPTION).filter(visible=True)
        site.until(lambda: options.count() > 0, seconds=OPEN_SECONDS)
        texts = [" ".join(text.split("\n")[0].split()) for text in options.all_inner_texts()]
        element.click(timeout=CLICK_MS)
        site.until(lambda: not panel.count(), seconds=OPEN_SECONDS)
    except PlaywrightError:
        return ()
    return tuple(texts)

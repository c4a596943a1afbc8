"""Why a page does not offer what a flow needs: the login may not, or the page is not as we know it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.models.errors import ScreenChanged
from bcflow.models.identity import quoted
from bcflow.pages.kit.evidence import sought
from bcflow.pages.kit.lists import rows
from bcflow.pages.kit.screen import evaluate, interruptions, place
from bcflow.pages.kit.widgets.choices import IS_CLICKABLE
from bcflow.pages.kit.widgets.surface import page_surface

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from bcflow.pages.kit.screen.site import Site


def why_missing(site: Site, org: str, *buttons: str) -> str:
    """Return why the page has none of these buttons where the login's own role explains it; empty: it has one.

    Raises `ScreenChanged` where it does not: a button that an Admin misses was moved or renamed.
    """
    page = page_surface(site)
    if page.find_button(*buttons) is not None:
        return ""
    word = site.words.of(buttons[0])[0]
    shown = site.page.get_by_role("button").filter(visible=True).all_inner_texts()
    if site.words.matches("standard", _own_role(site, org)):
        return f"this login is Standard in this Business Center and is not offered {quoted(word)}"
    found = ", ".join(" ".join(text.split()) for text in shown if text.strip()) or "no button"
    if page.learn(sought.button(site, *buttons)):
        return ""
    raise ScreenChanged(site.screen, f"the button {quoted(word)}", found=found[:200], concept=buttons[0])


def _own_role(site: Site, org: str) -> str:
    """Return the role the site last gave this login in `org`, or an empty text where it does not say."""
    place.learn_business_centers(site)
    return site.session.own_roles.get(org, "")


def open_row(site: Site, row: Locator, name: str) -> None:
    """Open a row's details: by its "View"; without one by the name it goes by, as the help pages also say.

    Raises `CannotSee` if the row offers neither, or one of them twice.
    """
    view = rows.find_action(site, row, "view")
    named = row.get_by_text(name, exact=True).filter(visible=True)
    clickable = view is None and named.count() == 1 and evaluate.one(named, IS_CLICKABLE)
    if view is None and not clickable:
        rows.press(site, row, "view")
        return
    interruptions.watch(site)
    if view is not None:
        view.click()
        return
    before = (site.page.url, page_surface(site).text())
    named.click()
    if not site.until(lambda: (site.page.url, page_surface(site).text()) != before, seconds=site.patience / 3):
        # It only looked as if it led anywhere.
        rows.press(site, row, "view")

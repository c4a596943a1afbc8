"""The left menu and the kit's tabs: neither has a role, both are found by their words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bcflow.models.errors import ScreenChanged
from bcflow.models.identity import quoted
from bcflow.pages.kit import css
from bcflow.pages.kit.screen import evaluate, interruptions

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from bcflow.pages.kit.screen.site import Site


OPEN_SECONDS = 5.0


def choose(site: Site, concept: str, *, under: tuple[str, ...] = ()) -> None:
    """Click a menu entry, opening the groups it may lie `under`; raise `ScreenChanged` if it is not there."""
    entry = _entry(site, concept)
    for group in under:
        if entry.count():
            break
        header = _entry(site, group)
        if header.count() == 1:
            _open(site, header, entry)
    if not entry.count():
        entry = _beside_the_page(site, concept)
    if entry.count() != 1:
        wanted = f"the menu entry {quoted(site.words.of(concept)[0])}"
        raise ScreenChanged(site.screen, wanted, found=f"{entry.count()} of it", concept=concept)
    interruptions.watch(site)
    entry.click()


def _open(site: Site, group: Locator, entry: Locator) -> None:
    shown = _shown_entries(site)
    group.click()
    site.until(lambda: entry.count() > 0, seconds=2)
    if _shown_entries(site) < shown:
        # It was open: what it holds goes by other words.
        group.click()
        site.until(lambda: _shown_entries(site) >= shown, seconds=2)


@dataclass(frozen=True)
class Tab:
    """One tab below a root, as it stood: what it says, and whether its page shows."""

    text: str
    is_open: bool
    label: Locator


def tab(site: Site, root: Locator, concept: str) -> bool:
    """Open a tab by its word and wait until it is the active one; say whether there is such a tab."""
    found = _read(_tabs(site, root, concept))
    if len(found) == 1 and not found[0].is_open:
        open_tab(site, found[0])
    return len(found) == 1


def tabs_below(root: Locator) -> list[Tab]:
    """Return every tab below `root`, whatever it is called."""
    return _read(evaluate.shown(root.locator(css.TAB)))


def open_tab(site: Site, tab: Tab) -> bool:
    """Click a tab, and say whether its page shows then."""
    interruptions.watch(site)
    tab.label.click()
    return bool(site.until(lambda: bool(evaluate.one(tab.label, evaluate.IS_OPEN_TAB)), seconds=OPEN_SECONDS))


def _read(found: Locator) -> list[Tab]:
    read: list[tuple[str, bool]] = found.evaluate_all(
        f"all => all.map(e => [e.innerText, ({evaluate.IS_OPEN_TAB})(e)])"
    )
    return [Tab(" ".join(text.split()), is_open, found.nth(at)) for at, (text, is_open) in enumerate(read)]


def tabs(site: Site) -> Locator:
    """Return every tab, whatever it is called."""
    return site.page.locator(css.TAB)


def find_tab(site: Site, root: Locator, concept: str) -> Locator | None:
    """Return the one visible tab with this word, or None."""
    found = _tabs(site, root, concept)
    return found if found.count() == 1 else None


def _tabs(site: Site, root: Locator, concept: str) -> Locator:
    return root.locator(css.TAB).filter(visible=True).filter(has_text=site.words.pattern(concept))


def _entry(site: Site, concept: str) -> Locator:
    scope = site.page.locator(css.MENU)
    words = scope.get_by_text(site.words.pattern(concept)).filter(visible=True)
    # A closed group keeps its entries, of full size, behind a block of no height.
    words = words.and_(site.page.locator(f":not({css.MENU_CLOSED} *)"))
    return words.and_(site.page.locator(css.MENU_ITEM)).or_(words.and_(site.page.locator("a")))


def _shown_entries(site: Site) -> int:
    entries = site.page.locator(css.MENU_ITEM).and_(site.page.locator(f":not({css.MENU_CLOSED} *)"))
    return entries.filter(visible=True).count()


def landmark(site: Site) -> Locator:
    """Return what shows that the shell with its menu has been drawn, whatever the menu is made of."""
    words = site.words.pattern("partners", "users", "members", "accounts", "business settings")
    return site.page.locator(css.MENU_ITEM).first.or_(site.page.get_by_text(words))


def _beside_the_page(site: Site, concept: str) -> Locator:
    """Return the entry of a menu made of plain blocks: the one such word in the column on the left."""
    words = site.page.get_by_text(site.words.pattern(concept)).filter(visible=True)
    found: list[int] = words.evaluate_all(_IN_LEFT_COLUMN)
    return words.nth(found[0]) if len(found) == 1 else words.and_(site.page.locator(css.NOTHING))


_IN_LEFT_COLUMN = """all => all.map((e, index) => [e, index]).filter(([e]) =>
  e.getBoundingClientRect().right + scrollX < innerWidth * 0.25
  && !e.closest('h1, h2, h3, h4, table, button, [class*="-tab-bar"], [class*="breadcrumb"], [role="dialog"]'))
  .map(([, index]) => index)"""

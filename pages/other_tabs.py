"""What stands under the other tabs of a list: requests, invitations, what partners own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bcflow.models.errors import CannotSee
from bcflow.models.identity import quoted
from bcflow.pages.kit import css
from bcflow.pages.kit.screen import evaluate, interruptions
from bcflow.pages.kit.widgets.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from playwright.sync_api import Locator

    from bcflow.pages.kit.screen.site import Site
    from bcflow.pages.kit.widgets.list_reading import Listing, Row

NEWS_SECONDS = 1.5
"""By then a tab that was opened has begun to draw what it has."""


def rows(
    site: Site, root: Locator, is_it: Callable[[Row], bool], *, by: str, identity: Callable[[Row], str | None]
) -> list[Row]:
    """Return the rows that are it under the first other tab that has any; none where no tab has, or there is none.

    The tab that is open is open again afterwards. Raises `CannotSee` where a tab's list cannot be read whole.
    """
    tabs = evaluate.shown(root.locator(css.TAB))
    read: list[tuple[str, bool]] = tabs.evaluate_all(f"all => all.map(e => [e.innerText, ({evaluate.IS_OPEN_TAB})(e)])")
    here = next((at for at, (_, is_open) in enumerate(read) if is_open), None)
    if here is None or _are_parts([text for text, _ in read], here):
        return []
    for at, (text, is_open) in enumerate(read):
        if is_open:
            continue
        table = Table(site, root, name=" ".join(text.split()).casefold(), identity=identity, by=by)
        listing = _listing(site, table, tabs.nth(at), back=tabs.nth(here))
        found = [row for row in listing.rows if is_it(row)] if listing else []
        if found:
            return found
        if listing:
            table.require_known(listing.rows)
    return []


def _are_parts(tabs: Sequence[str], here: int) -> bool:
    """Whether the other tabs show parts of what the open one shows, and all of it: their numbers add up to its own."""
    counts = [int(found[0]) if len(found := re.findall(r"\d+", text)) == 1 else None for text in tabs]
    others = [count for at, count in enumerate(counts) if at != here]
    return bool(others) and None not in others and sum(filter(None, others)) == counts[here]


def _listing(site: Site, table: Table, tab: Locator, *, back: Locator) -> Listing | None:
    """Return the whole list under a tab, which the looks of a visit read once; None: there is no list."""
    opened = False

    def is_there() -> bool:
        nonlocal opened
        if not opened:
            if site.session.shared_looks:
                site.session.shared_looks.leave_page()
            _open(site, tab, table)
            opened = True
        return table.comes()

    try:
        return table.shared(get_there=is_there) or (table.read_all() if is_there() else None)
    finally:
        if opened:
            interruptions.watch(site)
            back.click()


def _open(site: Site, tab: Locator, table: Table) -> None:
    before = table.drawn()
    interruptions.watch(site)
    tab.click()
    if not site.until(lambda: bool(evaluate.one(tab, evaluate.IS_OPEN_TAB)), seconds=NEWS_SECONDS):
        raise CannotSee(f"{site.screen}: the tab {quoted(tab.inner_text())} did not open")
    if not site.until(lambda: table.drawn().key != before.key, seconds=NEWS_SECONDS) and before.rows:
        raise CannotSee(f"{site.screen}: the tab {quoted(tab.inner_text())} shows nothing of its own")

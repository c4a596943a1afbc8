"""What stands under the other tabs of a list: requests, invitations, what partners own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.models.errors import CannotSee
from bcflow.models.identity import quoted
from bcflow.pages.kit.lists.table import Table
from bcflow.pages.kit.widgets import menu
from bcflow.pages.kit.widgets.surface import page_surface

if TYPE_CHECKING:
    from collections.abc import Callable

    from bcflow.pages.kit.lists.reading import Row
    from bcflow.pages.kit.screen.site import Site

    Identity = Callable[[Row], str | None]

NEWS_SECONDS = 1.5
"""By then a tab that was opened has begun to load or to draw what it has."""


def rows(site: Site, is_it: Callable[[Row], bool], *, by: str, identity: Identity) -> list[Row]:
    """Return the rows that are it under the first tab, other than the open one, that has any.

    A tab none of whose rows has an identity is about something else. One where some have must be read whole, as the
    list itself: `CannotSee` otherwise. The tab that is open is open again afterwards.
    """
    tabs = menu.tabs_below(page_surface(site).root)
    for here in [tab for tab in tabs if tab.is_open][:1]:
        for tab in tabs:
            if not tab.is_open and (found := [row for row in _under(site, tab, by, identity, back=here) if is_it(row)]):
                return found
    return []


def _under(site: Site, tab: menu.Tab, by: str, identity: Identity, *, back: menu.Tab) -> list[Row]:
    """Return the rows under a tab, which the looks of a visit read once."""
    table = Table(site, page_surface(site).root, name=tab.text.casefold(), identity=identity, by=by)
    opened = False

    def is_there() -> bool:
        nonlocal opened
        if not opened:
            opened = True
            _open(site, tab, table)
        return table.comes()

    try:
        listing = table.shared(get_there=is_there) or (table.read_all() if is_there() else None)
        read = listing.rows if listing else []
        if any(map(identity, read)):
            table.require_known(read)
            return read
    except CannotSee:
        if any(map(identity, table.drawn().rows)):
            raise
    finally:
        if opened:
            menu.open_tab(site, back)
    return []


def _open(site: Site, tab: menu.Tab, table: Table) -> None:
    if site.session.shared_looks:
        site.session.shared_looks.leave_page()
    before = table.drawn()
    if not menu.open_tab(site, tab):
        raise CannotSee(f"{site.screen}: the tab {quoted(tab.text)} did not open")
    site.until(lambda: table.moves(before), seconds=NEWS_SECONDS)

"""What to picture of an effect: the dialog or drawer that shows it, else its row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.models.errors import CannotSee
from bcflow.pages.kit import css
from bcflow.pages.kit.screen import evaluate
from bcflow.pages.kit.widgets.surface import on_top
from bcflow.pages.kit.widgets.table import Table, list_landmark

if TYPE_CHECKING:
    from playwright.sync_api import FloatRect, Locator

    from bcflow.pages.kit.screen.site import Site


def showing(site: Site, text: str) -> Locator:
    """Return the smallest block a person would look at for `text`; a list is turned to the row that shows it.

    Raises `CannotSee` where nothing shows it.
    """
    surface = on_top(site)
    if not surface.is_page:
        return surface.root
    found = site.page.get_by_text(text).filter(visible=True)
    if not found.count():
        if not list_landmark(site).filter(visible=True).count():
            raise CannotSee(f"{site.screen}: nothing shows {text}")
        return Table(site, surface.root).show(text).first
    row = found.first.locator(css.ROW_ABOVE)
    return row if row.count() == 1 else found.first


def visible_part(target: Locator) -> FloatRect | None:
    """Return the part of `target` inside the window, for a picture; None while a password or code field shows."""
    found: FloatRect | None = evaluate.one(target, _VISIBLE_PART, css.SECRET_FIELD)
    return found


_VISIBLE_PART = """(e, secret) => {
  if ([...document.querySelectorAll(secret)].some(field => field.getClientRects().length)) return null;
  const box = e.getBoundingClientRect();
  const x = Math.max(box.left, 0), y = Math.max(box.top, 0);
  return {x, y, width: Math.max(Math.min(box.right, innerWidth) - x, 1),
    height: Math.max(Math.min(box.bottom, innerHeight) - y, 1)};
}"""

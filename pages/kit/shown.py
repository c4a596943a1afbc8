"""What to picture of an effect: the dialog or drawer that shows it, else its row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.pages.kit import css

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from bcflow.pages.kit.site import Site


def showing(site: Site, text: str) -> Locator | None:
    """Return the smallest block a person would look at for `text`, or None where it is not drawn."""
    surface = site.surface()
    if not surface.is_page:
        return surface.root
    found = site.page.get_by_text(text).filter(visible=True)
    if not found.count():
        return None
    row = found.first.locator(css.ROW_ABOVE)
    return row if row.count() == 1 else found.first


def hides_secrets(site: Site) -> bool:
    """Say whether a password or a code can be seen being typed now."""
    return site.page.locator(css.SECRET_FIELD).filter(visible=True).count() > 0

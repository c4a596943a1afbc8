"""Why a page does not offer what a flow needs: the login may not, or the page is not as we know it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.models.errors import ScreenChanged
from bcflow.pages.kit import place

if TYPE_CHECKING:
    from bcflow.pages.kit.site import Site


def why_missing(site: Site, org: str, *buttons: str) -> str:
    """Return why the page has none of these buttons where the login's own role explains it.

    Raises `ScreenChanged` where it does not: a button that an Admin misses was moved or renamed.
    """
    word = site.words.of(buttons[0])[0]
    roles = [item["role"] for item in place.organizations(site) if item["id"] == org]
    if any(site.words.matches("standard", role) for role in roles):
        return f"this login is Standard in this Business Center and is not offered {word!r}"
    shown = site.page.get_by_role("button").filter(visible=True).all_inner_texts()
    found = ", ".join(" ".join(text.split()) for text in shown if text.strip()) or "no button"
    raise ScreenChanged(site.screen, f"the button {word!r}", found=found[:200])

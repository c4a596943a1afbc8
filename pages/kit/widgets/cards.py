"""The chooser's cards: `.selection-item` and `.bc-card`, seen in public automation code (2025-26)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.models.errors import CannotSee
from bcflow.models.identity import quoted
from bcflow.pages.kit import css

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from bcflow.pages.kit.screen.site import Site


class Cards:
    """The cards of the account chooser."""

    def __init__(self, site: Site) -> None:
        """Look at the cards of `site`."""
        self._site = site
        self._cards = site.page.locator(css.CARD).filter(visible=True)

    def landmark(self) -> Locator:
        """Return what shows that the chooser has been drawn."""
        return self._site.page.locator(css.CARD)

    def names(self) -> list[str]:
        """Return the name on each card that stands for a Business Center."""
        names: list[str] = self._cards.evaluate_all(_NAMES, css.CARD_NAME)
        return [" ".join(name.split()) for name in names if name]

    def open(self, name: str) -> None:
        """Open the one Business Center of this name; raise `CannotSee` if there is not one."""
        found = [index for index, each in enumerate(self.names()) if each == " ".join(name.split())]
        if len(found) != 1:
            raise CannotSee(f"{self._site.screen}: {len(found)} cards are named {quoted(name)}")
        self._cards.nth(found[0]).click()


_NAMES = """(cards, name) => cards
  .filter(card => !cards.some(other => other !== card && card.contains(other)))
  .map(card => {
    const named = card.querySelector(name);
    return named ? named.innerText.trim() : (card.innerText || '').split('\\n').map(t => t.trim()).find(Boolean) || '';
  })"""

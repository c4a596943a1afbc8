"""The chooser's cards: `.selection-item` and `.bc-card`, seen in public automation code (2025-26)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bcflow.models.errors import CannotSee
from bcflow.models.identity import quoted
from bcflow.pages.kit import css
from bcflow.pages.kit.screen import evaluate
from bcflow.pages.kit.screen.site_api import SITE_ID

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from bcflow.pages.kit.screen.site import Site


@dataclass(frozen=True)
class Card:
    """What a card says of its Business Center: its name, and its id where it shows one."""

    name: str
    id: str = ""


class Cards:
    """The cards of the account chooser."""

    def __init__(self, site: Site) -> None:
        """Look at the cards of `site`."""
        self._site = site
        self._cards = site.page.locator(css.CARD).filter(visible=True)

    def landmark(self) -> Locator:
        """Return what shows that the chooser has been drawn."""
        return self._site.page.locator(css.CARD)

    def read(self) -> list[Card]:
        """Return each card that stands for a Business Center."""
        return [card for card in self._all() if card.name]

    def open(self, name: str) -> None:
        """Open the one Business Center of this name; raise `CannotSee` if there is not one."""
        found = [index for index, card in enumerate(self._all()) if card.name == " ".join(name.split())]
        if len(found) != 1:
            raise CannotSee(f"{self._site.screen}: {len(found)} cards are named {quoted(name)}")
        self._cards.nth(found[0]).click()

    def _all(self) -> list[Card]:
        told: list[list[str]] = self._cards.evaluate_all(_SAID, css.CARD_NAME)
        return [_card(name, whole) for name, whole in told]


def _card(name: str, whole: str) -> Card:
    """Read a card: its name is the first line that is not its id, be it in the element that is for names."""
    lines = [" ".join(line.split()) for line in (name or whole).split("\n")]
    ids = set(SITE_ID.findall(whole))
    return Card(
        next((line for line in lines if line and not SITE_ID.search(line)), ""), ids.pop() if len(ids) == 1 else ""
    )


_SAID = """(cards, name) => cards.map(card => {
  if (cards.some(other => other !== card && card.contains(other))) return ['', ''];
  const named = card.querySelector(name);
  return [named ? (SAID)(named) : '', (SAID)(card)];
})""".replace("SAID", evaluate.SAID)

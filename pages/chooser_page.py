from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.models.accounts import BusinessCenter
from bcflow.models.errors import CannotSee
from bcflow.models.identity import canonical_name, quoted
from bcflow.pages.kit.lists import answers
from bcflow.pages.kit.screen import place
from bcflow.pages.kit.screen.arrival import open_screen
from bcflow.pages.kit.widgets.cards import Cards
from bcflow.pages.kit.widgets.surface import page_surface

if TYPE_CHECKING:
    from bcflow.pages.kit.screen.site import Site

ROUTE = "/select"
ROUTES = (ROUTE, "/select-account")


class ChooserPage:
    """The account chooser: every Business Center this login may see."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.cards = Cards(site)
        self._refused: list[str] = []
        self._told = False
        self._read = 0

    @classmethod
    def open(cls, site: Site) -> ChooserPage:
        """It may lead on by itself: to the only Business Center, or to one of several; then it draws nothing."""
        open_screen(
            site, "the account chooser", ROUTE, landmark=lambda: Cards(site).landmark().or_(page_surface(site).root)
        )
        chooser = cls(site)
        site.until(lambda: chooser.cards.read() or not chooser.is_shown, seconds=site.patience / 3)
        return chooser

    @property
    def is_shown(self) -> bool:
        return self._site.path.rstrip("/") in ROUTES

    def read(self) -> list[BusinessCenter]:
        """Cards and the page's own data must name the same Business Centers; without cards the data alone speak."""
        led_to = None if self.is_shown else self._site.org_in_url
        if not self.is_shown:
            self._site.until(lambda: place.organizations(self._site), seconds=self._site.patience / 3)
        known = {item["id"]: item for item in place.organizations(self._site)}
        self._refused = [] if known else self._site.traffic.lists_refused()
        self._told = bool(known or self._site.traffic.answers(containing=place.ORGANIZATIONS))
        if not self.is_shown and (not known or (led_to is not None and led_to not in known)):
            raise CannotSee(f"{self._site.screen}: it led to {self._site.path}, and no answer names every account")
        place.learn_business_centers(self._site)
        found = [BusinessCenter(id=key, name=item["name"], role=item["role"] or None) for key, item in known.items()]
        names = [canonical_name(item["name"]) for item in known.values()]
        shown = self.cards.read() if self.is_shown else []
        self._told = self._told or bool(shown)
        found += [
            BusinessCenter(id=card.id, name=card.name) if card.id else self._by_opening(card.name)
            for card in shown
            if card.id not in known and (card.id or canonical_name(card.name) not in names)
        ]
        self._read = len(found)
        return found

    def require_whole(self) -> None:
        """Raise `CannotSee` if what was read may not be all: a page without its data looks like one with none."""
        if self._refused:
            raise CannotSee(f"{self._site.screen}: the site gave no data for {self._refused[0]}")
        if not self._told:
            raise CannotSee(
                f"{self._site.screen}: it shows no account, and no answer of the site says that there is none"
            )

        told = answers.lists(self._site)
        counts = [each.total for each in told if place.ORGANIZATIONS in each.path and each.total is not None]
        if max(counts, default=0) > self._read:
            raise CannotSee(f"{self._site.screen}: {self._read} accounts were read, an answer counts {max(counts)}")

    def _by_opening(self, name: str) -> BusinessCenter:
        if not self.is_shown:
            self.open(self._site)
        self.cards.open(name)
        org = self._site.until(lambda: self._site.org_in_url, seconds=20)
        if org is None:
            raise CannotSee(f"{self._site.screen}: {quoted(name)} was opened, and the address does not say which it is")
        self._site.session.business_centers[org] = name
        return BusinessCenter(id=org, name=name)

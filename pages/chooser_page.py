from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.models.accounts import BusinessCenter
from bcflow.models.errors import CannotSee
from bcflow.models.identity import canonical_name
from bcflow.pages.kit import place
from bcflow.pages.kit.cards import Cards

if TYPE_CHECKING:
    from bcflow.pages.kit.site import Site

ROUTE = "/select"


class ChooserPage:
    """The account chooser: every Business Center this login may see."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.cards = Cards(site)
        self._refused: list[str] = []

    @classmethod
    def open(cls, site: Site) -> ChooserPage:
        site.open("the account chooser", ROUTE, landmark=lambda: Cards(site).landmark())
        return cls(site)

    def read(self) -> list[BusinessCenter]:
        """Cards and the page's own data must name the same Business Centers."""
        self._refused = self._site.wire.lists_refused()
        known = {item["id"]: item for item in place.organizations(self._site)}
        place.learn_names(self._site)
        names = [canonical_name(item["name"]) for item in known.values()]
        shown = self.cards.names()
        missing = [name for name in shown if canonical_name(name) not in names]
        found = [BusinessCenter(id=key, name=item["name"], role=item["role"] or None) for key, item in known.items()]
        return [*found, *(self._by_opening(name) for name in missing)]

    def require_whole(self) -> None:
        """Raise `CannotSee` if what was read may not be all: a page without its data looks like one with none."""
        if self._refused:
            raise CannotSee(f"{self._site.screen}: the site gave no data for {self._refused[0]}")

    def _by_opening(self, name: str) -> BusinessCenter:
        self.cards.open(name)
        org = self._site.until(lambda: self._site.org_in_url, seconds=20) or ""
        self._site.names[org] = name
        return BusinessCenter(id=org, name=name)

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.pages.kit import facts

if TYPE_CHECKING:
    from bcflow.pages.kit.site import Site
    from bcflow.pages.kit.surface import Surface

CAPTIONS = {"country": ("country/region",), "time_zone": ("time zone",), "currency": ("currency",), "company": ("company name",)}


class AdAccountDetailsPage:
    def __init__(self, site: Site, aadvid: str) -> None:
        self._site = site
        self.view: Surface = site.wait_for(lambda: self._shown(aadvid), title=f"the details of ad account {aadvid}")

    def read(self, want: dict[str, str]) -> dict[str, str | None]:
        """What is shown of each wanted property; the wanted value itself where it means the same."""
        return {
            name: facts.as_wanted(self.view, name, str(value), facts.read(self.view, *CAPTIONS[name]))
            for name, value in want.items()
            if name in CAPTIONS
        }

    def _shown(self, aadvid: str) -> Surface | None:
        now = self._site.surface()
        here = aadvid in now.text() and now.find_text("currency", "time zone", "country/region", "members") is not None
        return now if here and self._site.wire.idle() else None

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.pages.kit.screen.declared import State, caption
from bcflow.pages.kit.widgets import captioned_values
from bcflow.pages.kit.widgets.surface import on_top, wait_for_surface

if TYPE_CHECKING:
    from bcflow.pages.kit.screen.site import Site
    from bcflow.pages.kit.widgets.surface import Surface

LIST = "/manage/accounts/adv"
CAPTIONS = {
    "country": ("country/region",),
    "time_zone": ("time zone",),
    "currency": ("currency",),
    "company": ("company name",),
}
PAGE = State("Ad accounts", "an ad account's details", tuple(caption(*each) for each in CAPTIONS.values()))


class AdAccountDetailsPage:
    def __init__(self, site: Site, aadvid: str) -> None:
        self._site = site
        self.view: Surface = wait_for_surface(
            site, lambda: self._shown(aadvid), title=f"the details of ad account {aadvid}"
        )
        site.shows(PAGE)

    def read(self, want: dict[str, str]) -> dict[str, str | None]:
        """What is shown of each wanted property; the wanted value itself where it means the same."""
        return {
            name: captioned_values.as_wanted(
                self.view, name, str(value), captioned_values.read(self.view, *CAPTIONS[name])
            )
            for name, value in want.items()
            if name in CAPTIONS
        }

    def _shown(self, aadvid: str) -> Surface | None:
        now = on_top(self._site)
        return now if self._left_the_list(now) and aadvid in now.text() and self._site.traffic.idle() else None

    def _left_the_list(self, now: Surface) -> bool:
        """Whether this is no longer the list: another route, a dialog, or the same route without its button."""
        return not now.is_page or self._site.path != LIST or now.find_button("add advertiser account") is None

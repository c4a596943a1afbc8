from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.pages.kit.screen.arrival import open_screen
from bcflow.pages.kit.screen.declared import State, caption
from bcflow.pages.kit.screen.place import require_place
from bcflow.pages.kit.widgets import captioned_values, menu
from bcflow.pages.kit.widgets.surface import page_surface

if TYPE_CHECKING:
    from bcflow.pages.kit.screen.site import Site

ROUTE = "/manage/overview"
CAPTIONS = {
    "country": ("country/region",),
    "time_zone": ("time zone",),
    "currency": ("currency",),
    "company": ("legal name",),
}
PAGE = State("Overview", "page", tuple(caption(*each) for each in CAPTIONS.values()))


class OverviewPage:
    def __init__(self, site: Site) -> None:
        self._site = site

    @classmethod
    def open(cls, site: Site, org: str) -> OverviewPage:
        open_screen(site, "Overview", ROUTE, org=org, landmark=lambda: menu.landmark(site))
        require_place(site, org)
        site.shows(PAGE)
        return cls(site)

    def read(self, want: dict[str, str]) -> dict[str, str | None]:
        view = page_surface(self._site)
        return {
            name: captioned_values.as_wanted(view, name, str(value), captioned_values.read(view, *CAPTIONS[name]))
            for name, value in want.items()
            if name in CAPTIONS
        }

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.pages.kit.widgets.surface import page_surface

if TYPE_CHECKING:
    from bcflow.pages.kit.screen.site import Site


class ConsentPage:
    """The screen "Authorise TikTok Business to access your TikTok account": only ever recognised; a person decides."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def is_shown(self) -> bool:
        page = page_surface(self._site)
        return page.has("authorize tiktok business to access your tiktok account") or (
            page.find_button("authorize") is not None
        )

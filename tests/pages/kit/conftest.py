"""The stand-in's gallery in a signed-in page, as the kit sees it."""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page

from bcflow.pages.kit.screen.addresses import Addresses
from bcflow.pages.kit.screen.site import Site
from bcflow.pages.kit.writing.wire import Wire
from standin import seed
from standin.server import StandIn

PATIENCE = 8.0
CLICK_MS = 8000

Show = Callable[..., Site]


@pytest.fixture
def show(standin: StandIn, page: Page) -> Show:
    """Open one piece of the gallery: `show("list", rows=3)`. Returns the site as pages get it."""

    def open_piece(name: str, **parameters: object) -> Site:
        page.set_default_timeout(CLICK_MS)
        page.context.request.post(f"{standin.control}/sign-in", data={"email": seed.EMAIL})
        wire = Wire(page, may_load=lambda url: "127.0.0.1" in url, on_stopped=lambda _why: None)
        site = Site(page, wire, Addresses(standin.bc_url, standin.ads_url), patience=PATIENCE)
        query = urlencode({"org_id": seed.NORTHWIND, "show": name} | parameters)
        site.show(f"the gallery's {name}", f"/manage/gallery?{query}")
        page.locator(".gallery section").wait_for()
        return site

    return open_piece

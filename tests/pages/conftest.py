"""A signed-in page on the stand-in, wrapped as flows get it."""

import pytest
from playwright.sync_api import BrowserContext

from bcflow.pages.kit.screen.addresses import Addresses
from bcflow.pages.kit.screen.site import Site
from bcflow.pages.kit.writing.wire import Wire
from bcflow.runner.network.fence import Fence
from standin import seed
from standin.server import StandIn


@pytest.fixture
def context(warm_context: BrowserContext) -> BrowserContext:
    """Take the context that all tests of pages share."""
    return warm_context


@pytest.fixture
def stranger(standin: StandIn, context: BrowserContext) -> Site:
    """A browser that nobody signed in."""
    page = context.new_page()
    page.set_default_timeout(8000)
    fence = Fence([standin.bc_url, standin.ads_url])
    wire = Wire(page, may_load=fence.allows, on_stopped=lambda _what: None)
    return Site(page, wire, Addresses(standin.bc_url, standin.ads_url), may_type=fence.allows, patience=10)


@pytest.fixture
def site(standin: StandIn, context: BrowserContext, stranger: Site) -> Site:
    assert context.request.post(f"{standin.control}/sign-in", data={"email": seed.EMAIL}).ok
    return stranger


@pytest.fixture
def on_an_empty_page(site: Site, standin: StandIn) -> None:
    """Go to an empty page of the site: whose words are spoken there is asked of its cookies."""
    site.page.goto(f"{standin.bc_url}/nothing")

"""Fixtures of the stand-in's own tests: a person outside the page, and a signed-in page."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from standin import seed
from standin.server import StandIn

OVERVIEW = f"/manage/overview?org_id={seed.NORTHWIND}"
Do = Callable[..., Any]


@pytest.fixture
def context(request: pytest.FixtureRequest) -> BrowserContext:
    """Take the context that tests share; what is of connections has one of its own, without any that is open."""
    own = request.node.get_closest_marker("own_context")
    found: BrowserContext = request.getfixturevalue("new_context")() if own else request.getfixturevalue("warm_context")
    return found


@pytest.fixture
def act(standin: StandIn, page: Page) -> Do:
    """Ask the control API for something; returns its answer."""

    def ask(name: str, **body: object) -> Any:  # noqa: ANN401 - any JSON
        return page.request.post(f"{standin.control}/{name}", data=body).json()

    return ask


@pytest.fixture
def shell(standin: StandIn, page: Page, act: Do) -> Page:
    """Return a signed-in page that shows the overview."""
    act("sign-in", email=seed.EMAIL)
    page.goto(standin.bc_url + OVERVIEW)
    expect(page.get_by_role("heading", name="Northwind Agency")).to_be_visible()
    return page

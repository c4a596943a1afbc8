"""What every test may use. The fixtures `browser`, `context` and `page` are pytest-playwright's."""

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, expect

from bcflow.runner.browser.environment import playwright_started
from bcflow.runner.network.gateway import Gateway
from standin.server import StandIn
from tests.support.lent_context import LentContext
from tests.support.nightly import note
from tests.support.postgres import PostgresServer
from tests.support.quick_browser import launch_options

pytest_plugins = ["pytester"]

# Several tests share two cores: what a person would see at once may take a while here.
expect.set_options(timeout=20_000)


def pytest_configure() -> None:
    """Let the commands that tests start be interrupted.

    What a shell starts in its background ignores Ctrl-C, and so would everything started from here.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Iterator[None]:
    """Note what there is, and begin with what takes long: at the end of a run there is nothing to do beside it."""
    note(config, items)
    yield
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Start the driver as the product does: without our secrets in its environment."""
    with playwright_started() as started:
        yield started


@pytest.fixture(scope="session")
def gateway() -> Iterator[Gateway]:
    """The way to the network that the tests' browser takes, as the product's does."""
    with Gateway() as opened:
        yield opened


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], gateway: Gateway) -> dict[str, Any]:
    """Start the browser that set-up found: the headless shell, or a full one if a window is asked for."""
    headless = browser_type_launch_args.get("headless", True)
    return browser_type_launch_args | launch_options(headless=headless) | {"proxy": {"server": gateway.address}}


@pytest.fixture(scope="session")
def base_url() -> None:
    """Tests name whole addresses: there are two sites. The plugin's own fixture warns with pytest 9."""


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Look at pages in the size and language that live work uses."""
    return browser_context_args | {
        "viewport": {"width": 1440, "height": 900},
        "locale": "en-US",
        "timezone_id": "America/New_York",
        "service_workers": "block",
    }


@pytest.fixture(scope="session")
def lent_context(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[LentContext]:
    """Keep one context for the tests of this process that need none of their own."""
    lent = LentContext(browser, browser_context_args)
    yield lent
    lent.close()


@pytest.fixture
def warm_context(lent_context: LentContext, standin: StandIn) -> Iterator[BrowserContext]:
    """Give an empty context that may have the site's scripts compiled already."""
    yield lent_context.lend()
    lent_context.take_back(standin.bc_url, standin.ads_url)


@pytest.fixture(autouse=True)
def no_settings_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the settings of whoever runs the tests out of them."""
    for name in os.environ:
        if name.startswith("BCFLOW_"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def standin_server() -> Iterator[StandIn]:
    """Serve the stand-in once for all tests of this process."""
    with StandIn() as server:
        yield server


@pytest.fixture
def standin(standin_server: StandIn, request: pytest.FixtureRequest) -> StandIn:
    """Start the stand-in afresh: a new world, with the variations that the test's mark asks for.

    `@pytest.mark.standin(axes={"edition": "2024"}, faults=["500_after:invite:1"], seed=7)`; by default none.
    `stranger=3` gives it words and looks that nobody knows.
    """
    asked: dict[str, Any] = {"axes": {}, "faults": [], "seed": 1, "stranger": 0}
    for mark in request.node.iter_markers("standin"):
        asked |= mark.kwargs
    given = {"axes": dict(asked["axes"]), "faults": list(asked["faults"]), "stranger": asked["stranger"]}
    standin_server.reset(seed_number=asked["seed"], **given)
    return standin_server


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """Start a PostgreSQL server for the tests of this process that want one."""
    with PostgresServer() as server:
        yield server


@pytest.fixture
def postgres(postgres_server: PostgresServer) -> Iterator[str]:
    """Give the URL of an empty PostgreSQL database."""
    with postgres_server.database() as url:
        yield url

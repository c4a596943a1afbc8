"""pytest fixtures for QA's own tests, beside pytest-playwright: a signed-in site on which nothing can be written.

`bc_site` is a page of a Business Center for the read-only parts of the page objects, `bc_business_center` its id, and
`bc_check` what `bcflow check-ui` finds.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext

    from bcflow.pages.kit.screen.site import Site
    from bcflow.runner.checks.findings import Findings
    from bcflow.runner.config.settings import Settings

VIEWPORT = {"width": 1440, "height": 900}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of these fixtures."""
    group = parser.getgroup("bcflow")
    group.addoption(
        "--bc-target", choices=("live", "standin"), default="live", help="the site of your settings, or ours"
    )
    group.addoption("--bc-login", default="default", help="which named login (live)")
    group.addoption("--bc-business-center", default="", help="id of the Business Center, if the login has several")
    group.addoption("--bc-baseline", default="", help="folder of the baseline that bc_check compares with")


@dataclass(frozen=True)
class Target:
    """The site that is tested; `control` is the stand-in's, empty for a live one."""

    settings: Settings
    login: str
    control: str = ""


@pytest.fixture(scope="session")
def bc_target(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """Give the site of the settings, or a stand-in that ends with the tests."""
    from bcflow.runner.config.settings import Settings

    login = request.config.getoption("--bc-login")
    with ExitStack() as stack:
        if request.config.getoption("--bc-target") == "live":
            yield Target(Settings.load(), login)
            return
        from bcflow.runner.cli.dev import checkout, demo_environment, standin_at

        sites = stack.enter_context(standin_at(checkout()))
        own = demo_environment(sites, tmp_path_factory.mktemp("bcflow"))
        given = {name: value for name, value in own.items() if name.startswith("BCFLOW_")}
        yield Target(Settings.load(given), "default", sites["control"])


@pytest.fixture
def bc_site(bc_target: Target, browser: Browser) -> Iterator[Site]:
    """Give a signed-in page of the site; every request that is not known to only read is refused in the browser."""
    from bcflow.pages.kit.screen.addresses import Addresses
    from bcflow.pages.kit.screen.session import Session
    from bcflow.pages.kit.screen.site import Site
    from bcflow.pages.kit.writing.wire import Wire
    from bcflow.runner.network.fence import Fence

    settings, credentials = bc_target.settings, bc_target.settings.login(bc_target.login)
    options: dict[str, Any] = {"viewport": VIEWPORT, "locale": credentials.locale, "service_workers": "block"}
    context = browser.new_context(**options, storage_state=_state(bc_target))
    try:
        _sign_in(bc_target, context)
        page = context.new_page()
        addresses = Addresses(settings.business_center_url.rstrip("/"), settings.ads_manager_url.rstrip("/"))
        fence = Fence([addresses.business_center, addresses.ads_manager], extra_hosts=settings.allow_hosts)
        wire = Wire(page, may_load=fence.allows, may_receive=fence.may_receive, on_stopped=fence.note)
        wire.refuse_writes()
        session = Session(own_email=credentials.email, learnt=_learnt(settings))
        yield Site(page, wire, addresses, may_type=lambda _url: False, session=session)
    finally:
        context.close()


@pytest.fixture
def bc_business_center(request: pytest.FixtureRequest, bc_site: Site) -> str:
    """Give the id of the Business Center: the one that is asked for, else the login's only one."""
    from bcflow.pages.chooser_page import ChooserPage

    given = request.config.getoption("--bc-business-center")
    found = [given] if given else [each.id for each in ChooserPage.open(bc_site).read()]
    if len(found) != 1:
        pytest.fail(f"--bc-business-center: say which one; this login sees {', '.join(found) or 'none'}")
    return str(found[0])


@pytest.fixture
def bc_check(request: pytest.FixtureRequest, bc_site: Site, bc_business_center: str, tmp_path: Path) -> Findings:
    """Give what `bcflow check-ui` finds, compared with the baseline of `--bc-baseline` if there is one."""
    from bcflow.runner.browser.ui.check import looked_at
    from bcflow.runner.checks.baseline import load
    from bcflow.runner.checks.compare import compare

    now = looked_at(bc_site, bc_business_center, tmp_path)
    kept = request.config.getoption("--bc-baseline")
    return compare(load(Path(kept), now.language) if kept else None, now)


def _state(target: Target) -> Any:  # noqa: ANN401 - as Playwright takes it
    if target.control:
        return None
    from bcflow.runner.storage.sign_ins.opening import open_store
    from bcflow.runner.storage.sign_ins.own import own_sign_in

    saved = own_sign_in(target.settings, target.settings.login(target.login), open_store(target.settings))
    state = saved.load()
    if state is None:
        pytest.fail(f"{saved.why_none}: bcflow login --headed, or bcflow login --import FILE, makes one")
    return state


def _sign_in(target: Target, context: BrowserContext) -> None:
    if target.control:
        email = target.settings.login(target.login).email
        if not context.request.post(f"{target.control}/sign-in", data={"email": email}).ok:
            pytest.fail("the stand-in did not sign in")


def _learnt(settings: Settings) -> Any:  # noqa: ANN401 - `Learnt`, imported where it is needed
    from bcflow.runner.storage.labels.file import LabelFile

    return LabelFile(settings.home).learnt(settings.business_center_url)

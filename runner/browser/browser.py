"""One login's browser: started lazily, one page, fenced, with the saved sign-in."""

from __future__ import annotations

import os
import signal
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from loguru import logger
from playwright.sync_api import Error as PlaywrightError

from bcflow.models.identity import fold
from bcflow.pages.kit.screen.addresses import Addresses
from bcflow.pages.kit.screen.site import Site
from bcflow.pages.kit.writing.wire import Wire
from bcflow.runner.browser.choice import choose
from bcflow.runner.browser.environment import driver_environment, playwright_started
from bcflow.runner.network.fence import Fence
from bcflow.runner.network.gateway import Gateway
from bcflow.runner.storage.labels.site import read_site_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from playwright.sync_api import BrowserContext, Page

    from bcflow.pages.kit.screen.session import Session
    from bcflow.runner.config.settings import Credentials, Settings
    from bcflow.runner.storage.sign_ins.own import OwnSignIn

VIEWPORT = {"width": 1440, "height": 900}
SHORTEST_SECRET = 8
"""A shorter cookie is a switch such as a language, not a session."""


class Browser:
    """A running browser with one page on the site. Lives and dies in one thread."""

    def __init__(
        self, settings: Settings, credentials: Credentials, saved: OwnSignIn, *, headed: bool, session: Session
    ) -> None:
        """Start the browser with the saved sign-in, if there is one that is its own; `session` tells whose it is."""
        self._saved = saved
        self.headed = headed
        state = saved.load()
        self.had_sign_in = state is not None
        self._secrets: set[str] = set()
        self._learn(state.get("cookies", []) if state else [])
        self._stack = ExitStack()
        with self._stack:
            self._start(settings, credentials, state, headed=headed, session=session)
            self._stack = self._stack.pop_all()

    def _start(
        self,
        settings: Settings,
        credentials: Credentials,
        state: dict[str, Any] | None,
        *,
        headed: bool,
        session: Session,
    ) -> None:
        """Start driver, browser and page; whatever was started before one fails is ended again."""
        playwright = self._stack.enter_context(playwright_started())
        choice = choose("live" if headed or settings.is_real_site() else "standin", settings.browser)
        options = choice.launch_options(headless=not headed)
        gateway = self._stack.enter_context(Gateway())
        browser = playwright.chromium.launch(
            **options, env=dict(driver_environment()), proxy={"server": gateway.address}
        )
        self._stack.callback(browser.close)
        self.pid = _pid(browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo"))
        self._context: BrowserContext = browser.new_context(
            viewport=VIEWPORT,  # type: ignore[arg-type]
            locale=credentials.locale,
            timezone_id=credentials.time_zone,
            storage_state=state,  # type: ignore[arg-type]
            service_workers="block",
            accept_downloads=False,
        )
        page = self._context.new_page()
        page.set_default_timeout(settings.timeout * 1000)
        self._memory = self._context.new_cdp_session(page)
        self._context.on("page", _close_stranger)
        sites = Addresses(settings.business_center_url.rstrip("/"), settings.ads_manager_url.rstrip("/"))
        known = read_site_file(settings.home)
        extra_hosts = [*settings.allow_hosts, *known.hosts]
        self.fence = Fence([sites.business_center, sites.ads_manager], extra_hosts=extra_hosts)
        self.wire = Wire(
            page,
            may_load=self.fence.allows,
            may_receive=self.fence.may_receive,
            on_stopped=self._stopped,
            guard=gateway,
            reads=frozenset(known.reads),
        )
        session.routes |= known.routes
        session.no_filters = frozenset(map(fold, known.ignore_selects))
        session.patience = known.patience
        patience = max(settings.timeout, 45.0)
        self.site = Site(page, self.wire, sites, may_type=self.fence.allows, patience=patience, session=session)

    def save_sign_in(self) -> None:
        """Keep the sign-in, encrypted, for the next time."""
        state: dict[str, Any] = dict(self._context.storage_state())
        self._learn(state.get("cookies", []))
        self._saved.save(state)
        self.had_sign_in = True

    def secrets(self) -> list[str]:
        """Return the values of the session's cookies, which no file may hold."""
        try:
            self._learn(self._context.cookies())
        except PlaywrightError as error:
            logger.debug("the cookies are those seen last: {}", type(error).__name__)
        return sorted(self._secrets)

    def _learn(self, cookies: Iterable[Mapping[str, Any]]) -> None:
        values = (str(cookie.get("value", "")) for cookie in cookies)
        self._secrets.update(value for value in values if len(value) >= SHORTEST_SECRET)

    def collect_garbage(self) -> None:
        """Let the page give back memory: over a long batch Chromium otherwise keeps most of it."""
        self._memory.send("HeapProfiler.collectGarbage")

    def close(self) -> None:
        """End the browser and its driver; one that was killed already is only let go of."""
        try:
            self._stack.close()
        except PlaywrightError as error:
            logger.debug("the browser was gone already: {}", type(error).__name__)

    def _stopped(self, what: str) -> None:
        if what:
            self.fence.note(what)
            logger.warning("stopped by the fence: {}", what)


def kill(pid: int) -> None:
    """Kill a browser at once; a process that is gone already is fine."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        logger.debug("browser {} was gone already", pid)


def _close_stranger(page: Page) -> None:
    """A survey or an advertisement may open a tab of its own; nothing of ours ever does."""
    logger.info("closed a tab the site opened")
    page.close()


def _pid(info: dict[str, Any]) -> int:
    return next(int(process["id"]) for process in info["processInfo"] if process["type"] == "browser")

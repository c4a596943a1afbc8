"""What the commands of a slot have at hand: its login, its browser, its ledger. In the browser's thread only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loguru import logger
from playwright.sync_api import Error as PlaywrightError

from bcflow.models.errors import BrowserGone
from bcflow.pages.kit.screen.page_scan import scan
from bcflow.pages.kit.screen.session import Session
from bcflow.runner.browser import asking, own_account
from bcflow.runner.browser import browser as browsers
from bcflow.runner.config.postgres_url import is_postgres
from bcflow.runner.network import blocked
from bcflow.runner.storage.sign_ins.own import account_of, own_sign_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from bcflow.pages.labels.learnt import Learnt
    from bcflow.runner.config.settings import Settings
    from bcflow.runner.storage.labels.store import LabelStore
    from bcflow.runner.storage.ledger import Ledger
    from bcflow.runner.storage.sign_ins.store import SignInStore


class SlotState:
    """One login and, once a command needs it, its browser."""

    def __init__(
        self,
        settings: Settings,
        login: str,
        *,
        ask: Callable[[dict[str, Any]], str | None],
        on_event: Callable[[dict[str, Any]], None],
        holds_login: Callable[[], bool] = lambda: True,
    ) -> None:
        """Take the login called `login`; nothing is started yet.

        `ask` puts a question to a person or a code source, from a thread of its own; None means no answer.
        `holds_login` says whether this process still is the login's one writer; it is asked before every write.
        """
        self.holds_login = holds_login
        self.settings = settings
        self.credentials = settings.login(login)
        self._ask = ask
        self.on_event = on_event
        self.was_killed = False
        self._browser: browsers.Browser | None = None
        self._account_seen_in: browsers.Browser | None = None
        self._ledger: Ledger | None = None
        self._labels: LabelStore | None = None

    def cookie_values(self) -> list[str]:
        """Return the session's cookie values."""
        return self._browser.secrets() if self._browser is not None else []

    def browser(self, *, headed: bool | None = None) -> browsers.Browser:
        """Return the running browser, started if need be."""
        wanted = self.settings.headed if headed is None else headed
        if self._browser is not None and (self._browser.headed != wanted or not self._browser.site.is_alive()):
            self.end_browser()
        if self._browser is None:
            self.saved = own_sign_in(self.settings, self.credentials, self.store())
            session = Session(own_email=self.saved.account or None, hand_over=self._hand_over, learnt=self.learnt())
            self._browser = browsers.Browser(
                self.settings, self.credentials, self.saved, headed=wanted, session=session
            )
            if self.was_killed:
                # It took too long to start: nothing may be done with it any more.
                self.end_browser()
                raise BrowserGone("the browser took too long to start; nothing was sent")
        return self._browser

    def ask(self, question: dict[str, Any]) -> str | None:
        """Put a question and return the answer; the page lives on meanwhile."""
        if self._browser is None:
            return self._ask(question)
        return asking.beside(self._browser.site.page, self._ask, question, given_up=lambda: self.was_killed)

    def require_own_account(self) -> None:
        """See once per browser that the site shows no other account than this login's.

        Raises what `own_account.require_own_account` raises.
        """
        browser = self.browser()
        if self._account_seen_in is not browser:
            own_account.require_own_account(browser.site, self.saved.account)
            self._account_seen_in = browser

    def signed_in_as(self, shown: str) -> None:
        """Note whose the new sign-in is: of the login's own address, else of the one that the site showed."""
        browser = self.browser()
        self.saved.account = account_of(self.credentials.email or shown)
        browser.site.session.own_email = self.saved.account or None
        self._account_seen_in = browser

    def _hand_over(self, kind: str) -> bool:
        """Let the person at the window solve a captcha; without a window nobody can."""
        browser = self._browser
        if browser is None or not browser.headed:
            return False
        self.ask(
            {"kind": kind, "text": "The site shows a captcha. bcflow never solves one: please do it in the window"}
        )
        return bool(browser.site.until(lambda: not scan(browser.site).captcha, seconds=self.settings.code_wait))

    def end_browser(self) -> None:
        """Close the browser, keeping its sign-in."""
        if self._browser is None:
            return
        browser, self._browser = self._browser, None
        try:
            if browser.had_sign_in and self.holds_login():
                browser.save_sign_in()
        except (PlaywrightError, OSError) as error:
            logger.debug("the sign-in was not saved again: {}", type(error).__name__)
        finally:
            blocked.remember(self.settings.home, browser.fence.stopped)
            browser.close()

    def store(self) -> SignInStore:
        """Return where sign-ins are kept."""
        from bcflow.runner.storage.sign_ins.opening import open_store

        return open_store(self.settings)

    def learnt(self) -> Learnt:
        """Return what people taught about this site's words by now. Raises BadInput if it cannot be read."""
        if self._labels is None:
            from bcflow.runner.storage.labels.opening import open_labels

            shared = self.ledger().database if is_postgres(self.settings.database()) else None
            self._labels = open_labels(self.settings.home, shared)
        return self._labels.learnt(self.settings.business_center_url)

    def ledger(self) -> Ledger:
        """Return the ledger, opened at first use."""
        if self._ledger is None:
            from bcflow.runner.storage.ledger import Ledger

            self.settings.make_home()
            self._ledger = Ledger(self.settings.database())
        return self._ledger

    def close_ledger(self) -> None:
        """Close the ledger, if it was opened."""
        if self._ledger is not None:
            self._ledger.close()
            self._ledger = None

"""One browser context for many tests: each gets it as empty as a new one, but for what the browser keeps of scripts."""

from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Error


class LentContext:
    """Lends a context to one test after another.

    A new context fetches and compiles the site's kits anew, which takes as long as two loads of a page do with what
    the last one left. Cookies, storage and pages of one test are nothing to the next. One empty page stays open, from
    which the rest is swept out: a new one for each would take as long as a load.
    """

    def __init__(self, browser: Browser, options: dict[str, Any]) -> None:
        """Make contexts of `browser` with `options`; the first when it is asked for."""
        self._browser = browser
        self._options = options
        self._context: BrowserContext | None = None
        self._broom: CDPSession | None = None

    def lend(self) -> BrowserContext:
        """Give the context; a new one, if there is none or the last test spoilt it."""
        if self._context is None:
            self._context = self._browser.new_context(**self._options)
            self._broom = self._context.new_cdp_session(self._context.new_page())
        return self._context

    def take_back(self, *origins: str) -> None:
        """Close its pages, and forget its cookies and what `origins` have stored."""
        if self._context is None or self._broom is None:
            return
        try:
            self._empty(self._context, self._broom, origins)
        except Error:
            # A page that crashed, or a context that a test closed.
            self.close()

    def close(self) -> None:
        """Close the context."""
        context, self._context = self._context, None
        if context is not None:
            context.close()

    @staticmethod
    def _empty(context: BrowserContext, broom: CDPSession, origins: tuple[str, ...]) -> None:
        for page in context.pages[1:]:
            page.close()
        context.clear_cookies()
        context.clear_permissions()
        for origin in origins:
            broom.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "local_storage,indexeddb"})

"""One browser context for many tests: each gets it as empty as a new one, but for what the browser keeps of scripts."""

from typing import Any

from playwright.sync_api import Browser, BrowserContext, Error


class LentContext:
    """Lends a context to one test after another.

    A new context fetches and compiles the site's kits anew, which takes as long as two loads of a page do with what
    the last one left. Cookies, storage and pages of one test are nothing to the next.
    """

    def __init__(self, browser: Browser, options: dict[str, Any]) -> None:
        """Make contexts of `browser` with `options`; the first when it is asked for."""
        self._browser = browser
        self._options = options
        self._context: BrowserContext | None = None

    def lend(self) -> BrowserContext:
        """Give the context; a new one, if there is none or the last test spoilt it."""
        if self._context is None:
            self._context = self._browser.new_context(**self._options)
        return self._context

    def take_back(self, *origins: str) -> None:
        """Close its pages, and forget its cookies and what `origins` have stored."""
        if self._context is None:
            return
        try:
            self._empty(self._context, origins)
        except Error:
            # A page that crashed, or a context that a test closed.
            self.close()

    def close(self) -> None:
        """Close the context."""
        context, self._context = self._context, None
        if context is not None:
            context.close()

    @staticmethod
    def _empty(context: BrowserContext, origins: tuple[str, ...]) -> None:
        clean = context.new_page()
        for page in context.pages:
            if page != clean:
                page.close()
        context.clear_cookies()
        context.clear_permissions()
        browser = context.new_cdp_session(clean)
        for origin in origins:
            browser.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "local_storage,indexeddb"})
        clean.close()

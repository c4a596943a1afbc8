"""One signed-in browser page and how to get about in it."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import parsedate_to_datetime
from time import time
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Locator, Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from bcflow.models.errors import SignedOut, WrongPlace
from bcflow.pages.kit.screen import language, polling
from bcflow.pages.kit.screen.addresses import Addresses
from bcflow.pages.kit.screen.session import Session
from bcflow.pages.labels import words

if TYPE_CHECKING:
    from playwright.sync_api import Response

    from bcflow.pages.kit.screen.declared import State
    from bcflow.pages.kit.screen.traffic import Traffic
    from bcflow.pages.labels import Words

T = TypeVar("T")
LATE_REDIRECT_SECONDS = 45.0
"""A deep link without a session shows the shell and goes to the log-in page 20-30 s later (2026)."""


class Site:
    """The browser page, what it is called now, and the language it speaks."""

    def __init__(
        self,
        page: Page,
        traffic: Traffic,
        addresses: Addresses,
        *,
        may_type: Callable[[str], bool] = lambda _url: True,
        patience: float = LATE_REDIRECT_SECONDS,
        session: Session | None = None,
    ) -> None:
        """Wrap `page`; `patience` is how many seconds to wait for a screen.

        `may_type(url)` says on which addresses a password or a code may be typed; `session` is what is known of the
        login already.
        """
        self._may_type = may_type
        self.page = page
        self.traffic = traffic
        self.addresses = addresses
        self._patience = patience
        self.session = session or Session()
        self.screen = "the site"
        self.clock_offset = 0.0
        self._words: Words | None = None
        # The Business Center that the page was seen to show, since it was loaded.
        self.proven_place: str | None = None
        # See `interruptions`: whether it keeps still, and the button that Playwright was told to click away.
        self.is_kept_still = False
        self.dismissed_button: Locator | None = None

    @property
    def patience(self) -> float:
        """Return how many seconds to wait for this screen."""
        return self.session.patience.get(self.screen, self._patience)

    @patience.setter
    def patience(self, seconds: float) -> None:
        self._patience = seconds

    @property
    def words(self) -> Words:
        """Return the words of the page's language, decided once."""
        if self._words is None:
            self._words = language.spoken_on(self.page, self.session.learnt)
        return self._words

    def learn_words(self) -> None:
        """Look up words in what the session has learnt by now; the language stays, if it was decided."""
        if self._words is not None:
            known = self._words
            self._words = words(known.language, self.session.learnt, "" if known.is_familiar else known.spoken)

    def forget_language(self) -> None:
        """Decide the language again at the next look: after a sign-in it may be another one."""
        self._words = None

    def url(self, path: str, **query: str) -> str:
        """Return the address of a Business Center route."""
        joint = "&" if "?" in path else "?"
        return f"{self.addresses.business_center}{path}" + (f"{joint}{urlencode(query)}" if query else "")

    def show(self, screen: str, path: str, **query: str) -> None:
        """Load a route and call what comes up `screen`, without waiting for anything on it."""
        self.screen = screen
        self.proven_place = None
        if self.session.shared_looks:
            self.session.shared_looks.page_loaded()
        self.traffic.moved()
        response = self.load(self.url(path, **query))
        self.traffic.page_left()
        date = response.headers.get("date") if response else None
        if date:
            self.clock_offset = parsedate_to_datetime(date).timestamp() - time()

    def shows(self, state: State, *, filled: bool = False) -> None:
        """Note for whoever watches that a state of a screen is there now; of a form, also when a step is `filled`."""
        if self.session.watches is not None:
            self.session.watches(state, filled)

    def load(self, url: str) -> Response | None:
        """Load a whole address; a redirect of the page before it that comes in between is sat out, once."""
        try:
            return self.page.goto(url, wait_until="domcontentloaded")
        except PlaywrightTimeout:
            raise
        except PlaywrightError:
            if self.page.is_closed():
                raise
            self.page.wait_for_load_state("domcontentloaded")
            return self.page.goto(url, wait_until="domcontentloaded")

    def leave(self) -> None:
        """Go to an empty page: what the page before it still had in mind ends with it."""
        self.screen, self.proven_place = "an empty page", None
        self.traffic.moved()
        self.load("about:blank")

    @property
    def path(self) -> str:
        """Return the path of the page shown now."""
        return urlsplit(self.page.url).path

    @property
    def org_in_url(self) -> str | None:
        """Return the Business Center id in the address bar."""
        return next(iter(parse_qs(urlsplit(self.page.url).query).get("org_id", [])), None)

    def until(
        self,
        look: Callable[[], T | None],
        *,
        seconds: float | None = None,
        over: Callable[[int], bool] = lambda _changes: False,
    ) -> T | None:
        """Call `look` after every change of the page until it gives something, at most `seconds`, or it is `over`."""

        def look_on() -> T | None:
            self.traffic.tick()
            return look()

        return polling.until(self.page, look_on, self.patience if seconds is None else seconds, over=over)

    def until_still(self, look: Callable[[], T | None], *, seconds: float, enough: Callable[[], bool]) -> T | None:
        """Do as `until`, but give up on a page that asks for nothing more and keeps still, if it shows `enough`."""
        return self.until(look, seconds=seconds, over=polling.Stillness(self.traffic.at_rest, enough).is_over)

    def rest(self, seconds: float) -> None:
        """Leave the page alone for `seconds` before it is looked at again: then with fresh eyes."""
        self.session.shared_looks = None
        polling.rest(self.page, seconds)

    def signed_out(self) -> bool:
        """Say whether the browser is at the log-in pages."""
        path = self.path
        return any(part in path for part in ("/login", "/passport", "/auth", "/signup"))

    def require_own_site(self) -> None:
        """Raise `WrongPlace` where no password or code may be typed."""
        if not self._may_type(self.page.url):
            host = urlsplit(self.page.url).netloc
            raise WrongPlace(f"a password or code was about to be typed on {host}, which is not one of our sites")

    def is_alive(self) -> bool:
        """Say whether the browser still answers."""
        try:
            return bool(self.page.evaluate("() => true"))
        except PlaywrightError:
            return False

    def require_signed_in(self) -> None:
        """Raise `SignedOut` if the browser is at the log-in pages."""
        if self.signed_out():
            raise SignedOut(f"{self.screen}: the site asks to log in")

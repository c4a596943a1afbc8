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

from bcflow.models.errors import CannotSee, NeedsPerson, ScreenChanged, SignedOut, WrongPlace
from bcflow.pages.kit.screen import language, page_scan, place, polling
from bcflow.pages.kit.screen.addresses import Addresses
from bcflow.pages.kit.screen.interruptions import Interruptions

if TYPE_CHECKING:
    from playwright.sync_api import Response

    from bcflow.pages.kit.screen.shared_looks import Visit
    from bcflow.pages.kit.screen.traffic import Traffic
    from bcflow.pages.labels import Words

T = TypeVar("T")
OVERVIEW = "/manage/overview"
LATE_REDIRECT_SECONDS = 45.0
"""A deep link without a session shows the shell and goes to the log-in page 20-30 s later (2026)."""


class Site:
    """The browser page, the language it speaks, and the Business Centers it may show."""

    def __init__(
        self,
        page: Page,
        traffic: Traffic,
        addresses: Addresses,
        *,
        may_type: Callable[[str], bool] = lambda _url: True,
        patience: float = LATE_REDIRECT_SECONDS,
    ) -> None:
        """Wrap `page`; `patience` is how many seconds to wait for a screen.

        `may_type(url)` says on which addresses a password or a code may be typed.
        """
        self._may_type = may_type
        self.page = page
        self.traffic = traffic
        self.addresses = addresses
        self.patience = patience
        self.screen = "the site"
        self.names: dict[str, str] = {}
        # What this look shares with others; None where something may be written.
        self.visit: Visit | None = None
        # Lets a person at the window act and says whether they did; nobody is there unless a runner says so.
        self.hand_over: Callable[[str], bool] = lambda _kind: False
        self.routes: dict[str, str] = {}
        # Which path gave a list's rows, by the list's name: once seen, only its refusal speaks of that list.
        self.list_paths: dict[str, str] = {}
        # The login's own address: a list of members always holds its row. None: not known.
        self.own_email: str | None = None
        self.clock_offset = 0.0
        self.interruptions = Interruptions(self)
        self._words: Words | None = None
        # The Business Center that the page was seen to show, since it was loaded.
        self.proven_place: str | None = None
        self._asked_for_names = False

    @property
    def words(self) -> Words:
        """Return the words of the page's language, decided once."""
        if self._words is None:
            self._words = language.spoken_on(self.page)
        return self._words

    def forget_language(self) -> None:
        """Decide the language again at the next look: after a sign-in it may be another one."""
        self._words = None

    def url(self, path: str, **query: str) -> str:
        """Return the address of a Business Center route."""
        joint = "&" if "?" in path else "?"
        return f"{self.addresses.business_center}{path}" + (f"{joint}{urlencode(query)}" if query else "")

    def open(self, screen: str, path: str, *, org: str | None = None, landmark: Callable[[], Locator]) -> None:
        """Open a Business Center route and wait until its landmark shows; raises what `arrive` raises."""
        if self.visit and self.visit.is_on((screen, org, self.page.url)) and self._where(landmark()) == "here":
            return
        query = {} if org is None else {"org_id": org}
        for _ in range(3):
            self.show(screen, path, **query)
            if self.arrive(landmark()) and not self._went_for_names(org):
                return
            self.visit = None
        raise ScreenChanged(screen, "its landmark", found=f"the page {self.path}")

    def _went_for_names(self, org: str | None) -> bool:
        """Learn which Business Centers there are, once; True if another page had to be opened for it."""
        place.learn_names(self)
        if org is None or self.names or self._asked_for_names:
            return False
        self._asked_for_names = True
        self.show("Overview", OVERVIEW, org_id=org)
        self.until(self._knows_names, seconds=10)
        return True

    def _knows_names(self) -> bool:
        place.learn_names(self)
        return bool(self.names) or self.signed_out()

    def show(self, screen: str, path: str, **query: str) -> None:
        """Load a route and call what comes up `screen`, without waiting for anything on it."""
        self.screen = screen
        self.proven_place = None
        if self.visit:
            self.visit.page_loaded()
        self.traffic.moved()
        response = self.load(self.url(path, **query))
        self.traffic.page_left()
        date = response.headers.get("date") if response else None
        if date:
            self.clock_offset = parsedate_to_datetime(date).timestamp() - time()

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

    def until(self, look: Callable[[], T | None], *, seconds: float | None = None) -> T | None:
        """Call `look` after every change of the page until it gives something, at most `seconds`."""

        def look_on() -> T | None:
            self.traffic.tick()
            return look()

        return polling.until(self.page, look_on, self.patience if seconds is None else seconds)

    def rest(self, seconds: float) -> None:
        """Leave the page alone for `seconds` before it is looked at again: then with fresh eyes."""
        self.visit = None
        polling.rest(self.page, seconds)

    def require_place(self, org: str | None) -> None:
        """Raise `WrongPlace` unless the page is seen to show the Business Center `org` (None: any)."""
        if org is None:
            return
        verdict = self.until(lambda: self._place(org), seconds=5)
        if verdict is None or verdict.against:
            self.visit = None
        if verdict is None:
            raise CannotSee(f"{self.screen}: the page does not show which Business Center it is about")
        if verdict.against:
            raise WrongPlace(verdict.against)
        self.proven_place = org

    def _place(self, org: str) -> place.Verdict | None:
        """Return a verdict once there is one; the ad-account wizard is an application that shows none at all."""
        verdict = place.judge(self, org)
        enough = verdict.proven or verdict.against or (verdict.silent and self.proven_place == org)
        return verdict if enough else None

    def has_captcha(self) -> bool:
        """Say whether a captcha is on the screen; only ever used to hand over to a person."""
        return page_scan.over(self).captcha

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

    def arrive(self, landmark: Locator) -> bool:
        """Wait until the landmark shows with data; return False after a detour, to be opened again.

        Raises `SignedOut`, `NeedsPerson` (captcha), or, when nothing known appears in time, `ScreenChanged`, and
        `CannotSee` where the site gave no data.
        """
        arrived = self.until(lambda: self._where(landmark))
        if arrived == "login":
            raise SignedOut(f"{self.screen}: the site asks to log in")
        if arrived == "captcha":
            if not self.hand_over("captcha"):
                raise NeedsPerson("captcha", "the site shows a captcha: a person must solve it")
            return self.arrive(landmark)
        if arrived == "detour":
            return False
        if arrived is None:
            refused = self.traffic.lists_refused()
            if refused:
                raise CannotSee(f"{self.screen}: it did not come up, and the site gave no data for {refused[0]}")
            raise ScreenChanged(self.screen, "its landmark", found=f"the page {self.path}")
        return True

    def _where(self, landmark: Locator) -> str | None:
        if self.signed_out():
            return "login"
        shows = landmark.filter(visible=True).count() > 0 and self.traffic.idle()
        seen = page_scan.over(self)
        if seen.captcha:
            return "captcha"
        if self.interruptions.detour():
            return "detour"
        self.interruptions.clear(seen)
        if shows and (seen.data or self.traffic.has_answer()):
            return "here"
        return None

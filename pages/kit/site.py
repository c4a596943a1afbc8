"""One signed-in browser page and how to get about in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Locator, Page

from bcflow.models.errors import CannotSee, NeedsPerson, ScreenChanged, SignedOut, WrongPlace
from bcflow.models.identity import fold
from bcflow.pages.kit import css, place
from bcflow.pages.kit.aftermath import Aftermaths
from bcflow.pages.kit.interruptions import Interruptions
from bcflow.pages.kit.surface import Surface
from bcflow.pages.labels import Words, decide_language, words

if TYPE_CHECKING:
    from bcflow.pages.kit.wire import Wire

T = TypeVar("T")
LATE_REDIRECT_SECONDS = 45.0
"""A deep link without a session shows the shell and goes to the log-in page 20-30 s later (2026)."""

_STORED_LANGUAGE = """() => {
  const keys = ['selected_lang', '__Garfish__react__business_suite_lang'];
  const found = {'html lang': document.documentElement.lang || ''};
  for (const key of keys) { try { found[key] = localStorage.getItem(key) || ''; } catch (e) { found[key] = ''; } }
  const cookie = document.cookie.split('; ').find(c => c.startsWith('lang_type='));
  found['lang_type'] = cookie ? cookie.split('=')[1] : '';
  return found;
}"""
_SHORT_TEXTS = """() => {
  const found = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode() && found.size < 400) {
    const text = walk.currentNode.nodeValue.trim();
    const at = walk.currentNode.parentElement;
    if (text && text.length < 80 && at && at.getClientRects().length) found.add(text);
  }
  for (const e of document.querySelectorAll('[placeholder]')) found.add(e.placeholder);
  return [...found];
}"""


@dataclass(frozen=True)
class Addresses:
    """The two sites, without a trailing slash."""

    business_center: str
    ads_manager: str

    @property
    def origin(self) -> str:
        """Return scheme and host of the Business Center site: the ledger's scope."""
        parts = urlsplit(self.business_center)
        return f"{parts.scheme}://{parts.netloc}"


class Site:
    """The browser page, the language it speaks, and the Business Centers it may show."""

    def __init__(
        self,
        page: Page,
        wire: Wire,
        addresses: Addresses,
        *,
        patience: float = LATE_REDIRECT_SECONDS,
    ) -> None:
        """Wrap `page`; `patience` is how many seconds to wait for a screen."""
        self.page = page
        self.wire = wire
        self.addresses = addresses
        self.patience = patience
        self.screen = "the site"
        self.names: dict[str, str] = {}
        self.clock_offset = 0.0
        self.interruptions = Interruptions(self)
        self.aftermath = Aftermaths(self)
        self._words: Words | None = None

    @property
    def words(self) -> Words:
        """Return the words of the page's language, decided once."""
        if self._words is None:
            stored: Mapping[str, str] = self.page.evaluate(_STORED_LANGUAGE)
            visible: list[str] = self.page.evaluate(_SHORT_TEXTS)
            self._words = words(decide_language(stored, visible))
        return self._words

    def forget_language(self) -> None:
        """Decide the language again at the next look: after a sign-in it may be another one."""
        self._words = None

    def url(self, path: str, **query: str) -> str:
        """Return the address of a Business Center route."""
        return f"{self.addresses.business_center}{path}" + (f"?{urlencode(query)}" if query else "")

    def open(self, screen: str, path: str, *, org: str | None = None, landmark: Callable[[], Locator]) -> None:
        """Open a Business Center route and wait until its landmark shows.

        Raises `SignedOut`, `NeedsPerson` (captcha), or `ScreenChanged` when nothing known appears in time.
        """
        self.screen = screen
        query = {} if org is None else {"org_id": org}
        for _ in range(3):
            self.wire.moved()
            self.page.goto(self.url(path, **query), wait_until="domcontentloaded")
            if self._arrive(landmark()):
                return
        raise ScreenChanged(screen, "its landmark", found=f"the page {self.path}")

    @property
    def path(self) -> str:
        """Return the path of the page shown now."""
        return urlsplit(self.page.url).path

    @property
    def org_in_url(self) -> str | None:
        """Return the Business Center id in the address bar."""
        return next(iter(parse_qs(urlsplit(self.page.url).query).get("org_id", [])), None)

    def surface(self) -> Surface:
        """Return what the user would act on now: the topmost open dialog or drawer, else the page itself."""
        dialogs = self.page.locator(css.DIALOG).filter(visible=True)
        count = dialogs.count()
        for index in reversed(range(count)):
            dialog = dialogs.nth(index)
            if dialog.evaluate(_ON_SCREEN):
                return Surface(self, dialog, is_page=False)
        return Surface(self, self.page.locator("body"), is_page=True)

    def page_surface(self) -> Surface:
        """Return the page below any dialog."""
        return Surface(self, self.page.locator("body"), is_page=True)

    def list_landmark(self) -> Locator:
        """Return what shows that a list has been drawn, full or empty."""
        return self.page.locator(css.LIST)

    def wait_for_form(self, *concepts: str, title: str) -> Surface:
        """Wait until what is on top has a field with one of these words, and return it.

        Raises `ScreenChanged` naming `title` when none comes.
        """
        found = self.until(lambda: self._form(concepts), seconds=self.patience / 3)
        if found is None:
            raise ScreenChanged(self.screen, title, found=self.surface().title)
        return found

    def wait_for_surface(self, *, title: str, other_than: Surface | None = None) -> Surface:
        """Wait until a dialog (or page) other than `other_than` is on top; raise `ScreenChanged` naming `title`."""
        found = self.until(lambda: self._new_surface(other_than), seconds=self.patience / 3)
        if found is None:
            raise ScreenChanged(self.screen, title, found=self.surface().title)
        return found

    def until(self, look: Callable[[], T | None], *, seconds: float | None = None) -> T | None:
        """Call `look` after every change of the page until it gives something, at most `seconds`."""
        end = monotonic() + (self.patience if seconds is None else seconds)
        while True:
            found = look()
            if found or monotonic() >= end:
                return found
            self._wait_for_change(_TICK_MS)

    def rest(self, seconds: float) -> None:
        """Leave the page alone for `seconds` before it is looked at again."""
        end = monotonic() + seconds
        while (left := end - monotonic()) > 0:
            self._wait_for_change(min(left * 1000, _TICK_MS))

    def _wait_for_change(self, milliseconds: float) -> None:
        try:
            self.page.evaluate(_NEXT_CHANGE, milliseconds)
        except PlaywrightError:
            # The document itself was replaced while we waited: that is a change too.
            self.page.wait_for_load_state("domcontentloaded")

    def require_place(self, org: str | None) -> None:
        """Raise `WrongPlace` unless the page is seen to show the Business Center `org` (None: any)."""
        if org is None:
            return
        problem = place.contradiction(self, org)
        if problem:
            raise WrongPlace(problem)
        if not self.until(lambda: place.shows(self, org), seconds=5):
            raise CannotSee(f"{self.screen}: the page does not show which Business Center it is about")

    def accessible_name(self, button: Locator) -> str:
        """Return what a button is called: its label or its text."""
        name: str = button.evaluate("e => e.getAttribute('aria-label') || e.innerText || e.value || ''")
        return " ".join(name.split())

    def same_words(self, text: str, wanted: tuple[str, ...]) -> bool:
        """Say whether `text` is one of the `wanted` words, case and white space ignored."""
        return fold(text) in {fold(word) for word in wanted}

    def has_captcha(self) -> bool:
        """Say whether a captcha is on the screen; only ever used to hand over to a person."""
        return self.page.locator(css.CAPTCHA).filter(visible=True).count() > 0

    def signed_out(self) -> bool:
        """Say whether the browser is at the log-in pages."""
        path = self.path
        return any(part in path for part in ("/login", "/passport", "/auth", "/signup"))

    def _form(self, concepts: tuple[str, ...]) -> Surface | None:
        now = self.surface()
        try:
            return now if now.find_field(*concepts) is not None else None
        except ScreenChanged:
            # Not drawn yet: the list below may use the same words more than once.
            return None

    def _new_surface(self, other: Surface | None) -> Surface | None:
        now = self.surface()
        if other is None:
            return None if now.is_page else now
        return None if other.still_there() and other.same_as(now) else now

    def _arrive(self, landmark: Locator) -> bool:
        arrived = self.until(lambda: self._where(landmark))
        if arrived == "login":
            raise SignedOut(f"{self.screen}: the site asks to log in")
        if arrived == "captcha":
            raise NeedsPerson("captcha", "the site shows a captcha: a person must solve it")
        if arrived == "detour":
            return False
        if arrived is None:
            raise ScreenChanged(self.screen, "its landmark", found=f"the page {self.path}")
        return True

    def _where(self, landmark: Locator) -> str | None:
        try:
            if self.signed_out():
                return "login"
            if self.has_captcha():
                return "captcha"
            if self.interruptions.detour():
                return "detour"
            self.interruptions.clear()
            if landmark.filter(visible=True).count() and self.wire.idle():
                return "here" if place.session_proven(self) else None
        except PlaywrightError:
            # The page is being replaced under our eyes (a redirect): look again.
            return None
        return None


_TICK_MS = 200
_NEXT_CHANGE = """ms => new Promise(done => {
  const seen = () => { watch.disconnect(); clearTimeout(end); setTimeout(done, 10); };
  const watch = new MutationObserver(seen);
  watch.observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
  const end = setTimeout(seen, ms);
})"""
_ON_SCREEN = """e => {
  const box = e.getBoundingClientRect(), style = getComputedStyle(e);
  return box.width > 0 && box.height > 0 && style.visibility !== 'hidden' && style.opacity !== '0'
    && box.right > 4 && box.left < innerWidth - 4 && box.bottom > 4 && box.top < innerHeight - 4;
}"""

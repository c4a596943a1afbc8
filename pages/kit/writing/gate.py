"""The gate that every request of the browser passes: Chromium's `Fetch` domain, for all its targets at once.

Two questions are asked of each: may it go there at all (the fence), and, while a write is armed, may it leave now
(`armed`). A write that may is let go alone: what else goes to its host waits, and `Guard` sees to it that no
connection is left on which the browser could send it again by itself.
"""

from __future__ import annotations

from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from playwright.sync_api import Error as PlaywrightError

from bcflow.pages.kit.writing import paused_requests
from bcflow.pages.kit.writing.requests import SAFE_METHODS

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, Request

    from bcflow.pages.kit.writing.armed import Answer, Armed, Order
    from bcflow.pages.kit.writing.paused_requests import Event
    from bcflow.pages.kit.writing.requests import Call

KINDS = ("Document", "XHR", "Fetch", "Ping", "Other", "CSPViolationReport")
"""What may carry anything but GET, or is a document: only that is paused."""
QUIET_SECONDS = 1.0
"""How long a write waits for answers its host still owes to the page: they would lose their connections."""


class Guard(Protocol):
    """Sees to it that a request is received at most once; see `bcflow.runner.network.gateway`."""

    def guard(self, url: str, *, others: int = 0) -> None:
        """Begin, right before the request to `url` is let go; `others` are requests under way to the same host."""

    def let_go(self) -> bool:
        """End; say whether any connection to the host was open in between."""


class Gate:
    """Pauses, passes and stops the requests of one browser. Everything runs in the browser thread."""

    def __init__(
        self,
        page: Page,
        *,
        may_load: Callable[[str], bool],
        may_receive: Callable[[str], bool],
        on_stopped: Callable[[str], None],
        guard: Guard | None,
        reads: frozenset[str] = frozenset(),
    ) -> None:
        """Stand before the browser that shows `page`; requests to the paths `reads` change nothing, a person says."""
        self._reads = reads
        self._may_load = may_load
        self._may_receive = may_receive
        self._on_stopped = on_stopped
        self._guard = guard
        self._armed: Armed | None = None
        self._holds_writes = False
        self._refuses = self._silently = False
        self.held_back: list[str] = []
        """What was stopped on this page because nothing was armed."""
        self.kept_in: list[Call] = []
        """What wanted to leave since all writes are refused."""
        self._known: set[str] = set()
        self._flying: dict[Request, float] = {}
        self._paused_now: dict[str, Event] = {}
        self._ready: list[tuple[Order, float]] = []
        self._out: dict[str, Event] = {}
        self._parked: list[Event] = []
        browser = page.context.browser
        if browser is None:
            raise ValueError("a page of a browser that was launched is needed")
        frames = page.context.new_cdp_session(page)
        self._frames = {frames.send("Page.getFrameTree")["frameTree"]["frame"]["id"]}
        self._main_frame = next(iter(self._frames))
        frames.on("Page.frameAttached", lambda event: self._frames.add(event["frameId"]))
        frames.send("Page.enable")
        self._cdp = browser.new_browser_cdp_session()
        self._cdp.on("Fetch.requestPaused", self._paused)
        self._cdp.send("Fetch.enable", {"patterns": [{"urlPattern": "*", "resourceType": kind} for kind in KINDS]})
        page.on("close", lambda _page: self._end())

    def is_known(self, call: Call) -> bool:
        """Say whether the like of it left while nothing was armed."""
        return call.shape in self._known

    def hold_writes(self) -> None:
        """Stop what clearly writes, until a write is armed or the page is left."""
        self._holds_writes = True

    def refuse_writes(self, *, silently: bool = False) -> None:
        """Stop all that is not known to change nothing, whatever page is loaded, until `open`.

        `silently` for who presses a button in order to see what it would send: that is nothing to be told of.
        """
        self._refuses, self._silently = True, silently
        self.kept_in.clear()

    def arm(self, armed: Armed) -> None:
        """Let `armed` decide what leaves from now on."""
        self._armed, self._holds_writes = armed, False

    def shut(self) -> None:
        """Let nothing more leave that could change anything."""
        if self._armed is not None:
            self._carry_out(self._armed.shut())
            self._stop_ready()
        self._let_go()

    def open(self) -> None:
        """Go back to the fence alone."""
        self._refuses = self._silently = False
        if self._armed is None:
            return
        self.shut()
        self._armed = None

    def page_left(self) -> None:
        """Tell the armed write that its page is gone."""
        self._holds_writes = False
        self.held_back.clear()
        if self._armed is not None:
            self._armed.page_left()

    def again(self) -> None:
        """Let the armed write leave once more."""
        if self._armed is not None:
            self._armed.again()

    def tick(self) -> None:
        """Let go what has waited long enough."""
        if self._armed is not None:
            self._carry_out(self._armed.tick())
        self._let_out()

    def started(self, request: Request) -> None:
        """Note that the page wants something."""
        self._flying[request] = monotonic()

    def ended(self, request: Request) -> None:
        """Note that a request of the page has ended: an armed one that was given up has no answer coming."""
        self._flying.pop(request, None)
        if request.failure is not None:
            for token, event in tuple(self._out.items()):
                if (event["request"]["method"], event["request"]["url"]) == (request.method, request.url):
                    self._take(token, None)
        self._let_out()

    def _end(self) -> None:
        with suppress(PlaywrightError):
            self._cdp.detach()

    def _paused(self, event: Event) -> None:
        try:
            if "responseStatusCode" in event or "responseErrorReason" in event:
                self._answered(event)
            else:
                self._wants_out(event)
        except PlaywrightError:
            # The page went away while its request was held: there is nothing left to let pass.
            self._on_stopped("")

    def _wants_out(self, event: Event) -> None:
        call = paused_requests.call_of(event)
        outside = self._outside(call, event.get("frameId", ""))
        if outside:
            self._on_stopped(outside)
            self._fail(event)
        elif call.path in self._reads:
            self._pass(event)
        elif self._armed is None or not call.url.startswith(("http:", "https:")):
            if self._is_held(call):
                self.held_back.append(call.name)
                self.kept_in.append(call)
                if not self._silently:
                    self._on_stopped(f"{call.name} (nothing is armed)")
                self._fail(event)
                return
            if call.method not in SAFE_METHODS and call.nature == "unclear":
                self._known.add(call.shape)
            self._pass(event)
        else:
            token = event["requestId"]
            self._paused_now[token] = event
            self._carry_out(self._armed.arrives(token, call))

    def _is_held(self, call: Call) -> bool:
        if self._refuses and (call.sends_code or (call.nature in ("code", "unclear") and not self.is_known(call))):
            return True
        return (self._holds_writes or self._refuses) and call.nature == "write"

    def _outside(self, call: Call, frame: str) -> str:
        """Return why the fence does not let it pass, or nothing."""
        if not call.url.startswith(("http:", "https:")):
            return ""
        where = f"{call.method} {urlsplit(call.url).netloc}"
        if call.kind == "Document" and frame == self._main_frame:
            return "" if self._may_load(call.url) else where
        if call.kind == "Document" and call.method not in SAFE_METHODS:
            return "" if self._may_load(call.url) else where
        # A window that the page opened is none of our frames; an inner frame may be the captcha's.
        stranger = call.kind == "Document" and frame not in self._frames
        if stranger or call.method not in SAFE_METHODS:
            return "" if self._may_load(call.url) or self._may_receive(call.url) else where
        return ""

    def _carry_out(self, orders: list[Order]) -> None:
        for order in orders:
            if order.verdict == "stop":
                self._on_stopped(order.why)
                self._fail(self._paused_now.pop(order.token))
            elif order.counts:
                self._ready.append((order, monotonic()))
            else:
                self._pass(self._paused_now.pop(order.token))
        self._let_out()

    def _let_out(self) -> None:
        """Let the next write go, once its host owes the page nothing more, or has for long enough."""
        for order, since in tuple(self._ready):
            others = self._owed(order.call)
            if others and monotonic() - since < QUIET_SECONDS:
                continue
            self._ready.remove((order, since))
            event = self._paused_now.pop(order.token)
            self._out[order.token] = event
            if self._guard is not None:
                self._guard.guard(order.call.url, others=others)
            with suppress(PlaywrightError):
                # A page that went away takes its request with it; it stays counted.
                self._cdp.send("Fetch.continueRequest", {"requestId": event["requestId"], "interceptResponse": True})

    def _owed(self, call: Call) -> int:
        """Count the answers that the page still waits for from the host of `call`."""
        held = [*self._paused_now.values(), *self._parked, *self._out.values()]
        here = {(each["request"]["method"], each["request"]["url"]) for each in held}
        return sum(
            urlsplit(request.url).netloc == urlsplit(call.url).netloc and (request.method, request.url) not in here
            for request in self._flying
        )

    def _pass(self, event: Event) -> None:
        """Let a request go, unless a write is on its way to the same host: then it waits for that one's answer."""
        netloc = urlsplit(event["request"]["url"]).netloc
        if self._guard is not None and any(
            urlsplit(one["request"]["url"]).netloc == netloc for one in self._out.values()
        ):
            self._parked.append(event)
            return
        self._cdp.send("Fetch.continueRequest", {"requestId": event["requestId"]})

    def _fail(self, event: Event) -> None:
        with suppress(PlaywrightError):
            self._cdp.send("Fetch.failRequest", {"requestId": event["requestId"], "errorReason": "BlockedByClient"})

    def _stop_ready(self) -> None:
        """Stop a write that was to leave and still waits for its turn."""
        ready, self._ready = self._ready, []
        for order, _ in ready:
            self._withdraw(order.token)
            self._fail(self._paused_now.pop(order.token))

    def _withdraw(self, token: str) -> None:
        if self._armed is not None:
            self._armed.withdraw(token)

    def _let_go(self) -> None:
        """End the guard, and let the rest of the page's requests go on."""
        if self._guard is not None and not self._ready:
            self._guard.let_go()
        parked, self._parked = self._parked, []
        for event in parked:
            with suppress(PlaywrightError):
                self._cdp.send("Fetch.continueRequest", {"requestId": event["requestId"]})

    def _answered(self, event: Event) -> None:
        token = next((token for token, one in self._out.items() if paused_requests.is_same(one, event)), None)
        if token is not None:
            call = paused_requests.call_of(self._out[token])
            if self._guard is not None:
                self._guard.let_go()
            self._take(token, paused_requests.answer_to(call, event, self._cdp))
        self._cdp.send("Fetch.continueRequest", {"requestId": event["requestId"]})

    def _take(self, token: str, answer: Answer | None) -> None:
        self._out.pop(token, None)
        if not self._out:
            self._let_go()
        if self._armed is not None:
            self._carry_out(self._armed.ends(token, answer))

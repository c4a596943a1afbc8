"""What goes over the wire: the fence round the browser, what a screen asked and was told, and the watch over writes.

Chromium pauses requests in its own `Fetch` domain (Playwright's routes would switch the HTTP cache off), for the
whole browser: whatever page, pop-up, frame, worker or beacon sends, it is seen here first (tried with Chromium
156). Only what may carry a write or is a document is paused; scripts, styles and pictures pass untouched.

The site's writes are JSON over XHR with a CSRF header and are answered `{code, msg, data}`, `code` 0 meaning yes
(seen in public automation code). What may leave while a write is armed is said in `armed`.
"""

from __future__ import annotations

from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote_plus, urlsplit

from playwright.sync_api import Error as PlaywrightError

from bcflow.pages.kit.writing import requests
from bcflow.pages.kit.writing.armed import Armed, Sent
from bcflow.pages.kit.writing.gate import Gate, Guard

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from playwright.sync_api import Page, Request, Response

XHR = frozenset({"xhr", "fetch"})
LONG_POLL_SECONDS = 20.0


class Wire:
    """Watches one page's requests. Everything runs in the browser thread."""

    def __init__(
        self,
        page: Page,
        *,
        may_load: Callable[[str], bool],
        on_stopped: Callable[[str], None],
        may_receive: Callable[[str], bool] | None = None,
        guard: Guard | None = None,
    ) -> None:
        """Fence `page` and the whole browser it is in.

        `may_load(url)` says which addresses may show documents, `may_receive(url)` (if left out, the same) which may
        be sent anything but GET. `guard` sees to it that a write is received at most once.
        """
        self._page = page
        self._open: dict[Request, float] = {}
        self._done: list[Response] = []
        # The last answer to each path; None if the connection broke.
        self._last: dict[str, Response | None] = {}
        self._bodies: dict[Response, Any] = {}
        self._asked_orgs: set[str] = set()
        self._cdp = page.context.new_cdp_session(page)
        self._gate = Gate(
            page, may_load=may_load, may_receive=may_receive or may_load, on_stopped=on_stopped, guard=guard
        )
        page.on("request", self._started)
        page.on("requestfinished", self._ended)
        page.on("requestfailed", self._failed)

    def moved(self) -> None:
        """Forget what was asked before: call it when another screen is opened."""
        self._open.clear()
        self._done.clear()
        self._last.clear()
        self._bodies.clear()
        self._asked_orgs.clear()

    def collect_garbage(self) -> None:
        """Let the page give back memory: over a long batch Chromium otherwise keeps most of it."""
        self._cdp.send("HeapProfiler.collectGarbage")

    def idle(self) -> bool:
        """Say whether no XHR is under way, but for one that has been open so long that it is a long poll."""
        return all(
            monotonic() - began > LONG_POLL_SECONDS or requests.has_word(urlsplit(request.url).path, requests.LONG_POLL)
            for request, began in self._open.items()
        )

    def orgs_asked(self) -> frozenset[str]:
        """Return the Business Center ids named by this screen's own requests."""
        return frozenset(self._asked_orgs)

    def answers(self, *, containing: str = "") -> list[Any]:
        """Return the JSON bodies of this screen's successful XHR answers whose URL holds `containing`."""
        bodies = (self._body(response) for response in self._done if containing in response.url)
        return [body for body in bodies if isinstance(body, dict) and requests.code_of(body) == 0]

    def answers_about(self, text: str) -> int:
        """Count this screen's answered XHRs that named `text`, and asked what was also asked without naming it."""
        named: dict[bool, list[str]] = {True: [], False: []}
        for each in self._done:
            said = unquote_plus(each.url) + (each.request.post_data or "")
            named[text in said].append(urlsplit(each.url).path)
        return sum(path in named[False] for path in named[True])

    def lists_refused(self) -> list[str]:
        """Return the paths that name a list and whose last request on this screen was not answered with data.

        A page may draw an empty list then, as it does for one that is empty.
        """
        return [path for path in self.refused() if requests.is_list(path)]

    def _is_yes(self, response: Response) -> bool:
        body = self._body(response)
        code = requests.code_of(body) if isinstance(body, dict) else None
        return response.ok and code in (0, None)

    def has_answer(self) -> bool:
        """Say whether the site answered any of this screen's requests with data."""
        return any(isinstance(body := self._body(each), dict) and requests.code_of(body) == 0 for each in self._done)

    @property
    def answered(self) -> int:
        """Return how many of this screen's requests were answered so far: another number means news."""
        return len(self._done)

    def answered_beside(self, names: Collection[str]) -> int:
        """Return how many of this screen's answered requests are none of `names` (method and path)."""
        return sum(f"{each.request.method} {urlsplit(each.url).path}" not in names for each in self._done)

    def heard(self) -> list[tuple[str, str, Any]]:
        """Return each answered request of this screen: its path, all that it said, and the JSON it was given."""
        asked = ((each, unquote_plus(each.url) + (each.request.post_data or "")) for each in self._done)
        return [(urlsplit(each.url).path, said, self._body(each)) for each, said in asked]

    def refused(self) -> list[str]:
        """Return the paths whose last request on this screen was not answered with data, whatever they are called."""
        return [path for path, last in self._last.items() if last is None or not self._is_yes(last)]

    def _body(self, response: Response) -> Any:  # noqa: ANN401 - whatever JSON the site sends
        if response not in self._bodies:
            self._bodies[response] = _body(response)
        return self._bodies[response]

    @contextmanager
    def armed(self, *, org: str | None, ids: frozenset[str], known_ids: frozenset[str] = frozenset()) -> Iterator[Sent]:
        """Let one write leave that names `org` and `ids`, and none of the `known_ids` of other places and accounts.

        Afterwards nothing leaves that could change anything, until `open_again`.
        """
        armed = Armed(org=org, ids=ids, known_ids=known_ids, is_known=self._gate.is_known)
        self._gate.arm(armed)
        try:
            yield armed.sent
        finally:
            self.shut()

    def shut(self) -> None:
        """Let nothing more leave that could change anything, until `open_again`."""
        self._gate.shut()

    def tick(self) -> None:
        """Let go what has waited long enough: called again and again while the page is watched after a click."""
        self._gate.tick()

    def again(self) -> None:
        """Let the armed write leave once more, unless the site said yes to it: a code or captcha had to come first."""
        self._gate.again()

    def page_left(self) -> None:
        """Note that another page was loaded, so that what comes now is that page's."""
        self._gate.page_left()

    def open_again(self) -> None:
        """Let the page send what it likes again: call it only after the page of an armed write was left."""
        self._gate.open()

    def _started(self, request: Request) -> None:
        self._gate.started(request)
        if request.resource_type in XHR:
            self._open[request] = monotonic()
            query, body = parse_qs(urlsplit(request.url).query), requests.json_object(request.post_data)
            for name in requests.ORG_PARAMETERS:
                self._asked_orgs.update(str(value) for value in [*query.get(name, []), body.get(name)] if value)

    def _failed(self, request: Request) -> None:
        self._open.pop(request, None)
        self._gate.ended(request)
        ours = "BLOCKED_BY_CLIENT" in (request.failure or "")
        if request.resource_type in XHR and not ours and "ABORTED" not in (request.failure or ""):
            self._last[urlsplit(request.url).path] = None

    def _ended(self, request: Request) -> None:
        self._open.pop(request, None)
        self._gate.ended(request)
        response = request.existing_response if request.resource_type in XHR else None
        if response is None:
            return
        self._done.append(response)
        self._last[urlsplit(request.url).path] = response


def _body(response: Response) -> Any:  # noqa: ANN401 - whatever JSON the site sends
    try:
        return response.json()
    except (PlaywrightError, ValueError):
        return None

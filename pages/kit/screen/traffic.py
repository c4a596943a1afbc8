"""What a screen asked the site for, and what it was told: seen on the page, never asked for by us."""

from __future__ import annotations

from itertools import pairwise
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote_plus, urlsplit

from playwright.sync_api import Error as PlaywrightError

from bcflow.pages.kit.screen import site_api

if TYPE_CHECKING:
    from collections.abc import Collection

    from playwright.sync_api import Page, Request, Response

XHR = frozenset({"xhr", "fetch"})
PARTS = frozenset({"document", "script", "stylesheet"})
"""What a page is made of: while it loads more of it, something is still to come."""
LONG_POLL_SECONDS = 20.0


class Traffic:
    """Listens to one page's requests. Everything runs in the browser thread."""

    def __init__(self, page: Page) -> None:
        """Listen to `page` from now on."""
        self._open: dict[Request, float] = {}
        self._loading: set[Request] = set()
        self._done: list[Response] = []
        # The last answer to each path; None if the connection broke.
        self._last: dict[str, Response | None] = {}
        self._bodies: dict[Response, Any] = {}
        self._asked_orgs: set[str] = set()
        self._ended_at: list[float] = []
        page.on("request", self._started)
        page.on("requestfinished", self._ended)
        page.on("requestfailed", self._failed)

    def tick(self) -> None:
        """Do nothing at each turn of a wait; who holds requests back lets go here what has waited long enough."""

    def refuse_writes(self) -> None:
        """Let nothing leave that is not known to change nothing, if somebody stands before the browser to refuse it."""

    def open_again(self) -> None:
        """Let the page send what it likes again."""

    @property
    def held_back(self) -> tuple[str, ...]:
        """Return what clearly writes and was stopped on this page: nothing, where nobody stands before the browser."""
        return ()

    def hold_writes(self) -> None:
        """Let nothing leave this page any more that clearly writes; see `Wire.hold_writes`."""

    def page_left(self) -> None:
        """Do nothing when another page was loaded; who holds requests back learns here that a page is gone."""

    def moved(self) -> None:
        """Forget what was asked before: call it when another screen is opened."""
        self._open.clear()
        self._loading.clear()
        self._done.clear()
        self._last.clear()
        self._bodies.clear()
        self._asked_orgs.clear()
        self._ended_at.clear()

    def idle(self) -> bool:
        """Say whether no XHR is under way, but for one that has been open so long that it is a long poll."""
        return all(
            monotonic() - began > LONG_POLL_SECONDS or site_api.has_word(urlsplit(request.url).path, site_api.LONG_POLL)
            for request, began in self._open.items()
        )

    def at_rest(self) -> bool:
        """Say whether the page neither asks for anything nor loads more of itself."""
        return self.idle() and not self._loading

    def orgs_asked(self) -> frozenset[str]:
        """Return the Business Center ids named by this screen's own requests."""
        return frozenset(self._asked_orgs)

    def answers(self, *, containing: str = "") -> list[Any]:
        """Return the JSON bodies of this screen's successful XHR answers whose URL holds `containing`."""
        bodies = (self._body(response) for response in self._done if containing in response.url)
        return [body for body in bodies if isinstance(body, dict) and site_api.code_of(body) == 0]

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
        return [path for path in self.refused() if site_api.is_list(path)]

    def has_answer(self) -> bool:
        """Say whether the site answered any of this screen's requests with data."""
        return any(isinstance(body := self._body(each), dict) and site_api.code_of(body) == 0 for each in self._done)

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

    def exchanges(self) -> list[tuple[Response, Any]]:
        """Return each answer of this screen with the JSON it holds, or None."""
        return [(each, self._body(each)) for each in self._done]

    def longest_gap(self) -> float:
        """Return the longest time between two answers of this screen, in seconds."""
        return max((after - before for before, after in pairwise(self._ended_at)), default=0.0)

    def refused(self) -> list[str]:
        """Return the paths whose last request on this screen was not answered with data, whatever they are called."""
        return [path for path, last in self._last.items() if last is None or not self._is_yes(last)]

    def _is_yes(self, response: Response) -> bool:
        body = self._body(response)
        code = site_api.code_of(body) if isinstance(body, dict) else None
        return response.ok and code in (0, None)

    def _body(self, response: Response) -> Any:  # noqa: ANN401 - whatever JSON the site sends
        if response not in self._bodies:
            self._bodies[response] = _body(response)
        return self._bodies[response]

    def _started(self, request: Request) -> None:
        if request.resource_type in PARTS:
            self._loading.add(request)
        if request.resource_type in XHR:
            self._open[request] = monotonic()
            query, body = parse_qs(urlsplit(request.url).query), site_api.json_object(request.post_data)
            for name in site_api.ORG_PARAMETERS:
                self._asked_orgs.update(str(value) for value in [*query.get(name, []), body.get(name)] if value)

    def _failed(self, request: Request) -> None:
        self._open.pop(request, None)
        self._loading.discard(request)
        ours = "BLOCKED_BY_CLIENT" in (request.failure or "")
        if request.resource_type in XHR and not ours and "ABORTED" not in (request.failure or ""):
            self._last[urlsplit(request.url).path] = None

    def _ended(self, request: Request) -> None:
        self._open.pop(request, None)
        self._loading.discard(request)
        response = request.existing_response if request.resource_type in XHR else None
        if response is None:
            return
        self._done.append(response)
        self._ended_at.append(monotonic())
        self._last[urlsplit(request.url).path] = response


def _body(response: Response) -> Any:  # noqa: ANN401 - whatever JSON the site sends
    try:
        return response.json()
    except (PlaywrightError, ValueError):
        return None

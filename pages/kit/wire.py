"""What goes over the wire: the fence round the browser, and the watch over writes.

Chromium pauses documents, XHR and fetch requests only (its own `Fetch` domain, not Playwright's routes:
those switch the HTTP cache off for the whole page). Everything else passes untouched.

The site's writes are JSON over XHR with a CSRF header and are answered `{code, msg, data}`, `code` 0
meaning yes (seen in public automation code). There is no idempotency key, so while a write is armed each
method and path may leave the browser once, and none that names another Business Center or account.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote_plus, urlsplit

from playwright.sync_api import Error as PlaywrightError

from bcflow.pages.kit import calls

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page, Request, Response

XHR = frozenset({"xhr", "fetch"})
LONG_POLL_SECONDS = 20.0


@dataclass
class Sent:
    """What left the browser while one write was armed; `answers` holds the site's word on each write.

    `codes` are codes that were handed in and not refused: they may have set off the write.
    """

    writes: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    passed: set[str] = field(default_factory=set)

    @property
    def nothing(self) -> bool:
        """Say whether no request that could change anything left the browser."""
        return not self.writes and not self.codes

    def refusal(self) -> Answer | None:
        """Return the site's no, if the last write was answered with one."""
        last = self.answers[-1] if self.answers else None
        return last if last is not None and last.is_no else None

    def spent(self) -> frozenset[str]:
        """Return the writes the site said yes to: none of them may leave again."""
        yes = {answer.path for answer in self.answers if answer.is_yes}
        return frozenset(name for name in self.writes if name.partition(" ")[2] in yes)

    def accepted(self) -> bool:
        """Say whether every write was answered with yes."""
        return len(self.answers) >= len(self.writes) > 0 and all(answer.is_yes for answer in self.answers)


@dataclass(frozen=True)
class Answer:
    """The site's answer to one request; `code` is None where the body was no `{code, msg, data}`."""

    path: str
    status: int
    code: int | None
    msg: str
    ids: tuple[str, ...] = ()

    @property
    def is_yes(self) -> bool:
        """Say whether the site accepted the request."""
        return self.status < 400 and self.code == 0  # noqa: PLR2004 - HTTP

    @property
    def is_no(self) -> bool:
        """Say whether the site understood the request and refused it (a 5xx says nothing)."""
        return self.status < 500 and (self.status >= 400 or self.code not in (0, None))  # noqa: PLR2004 - HTTP


class Wire:
    """Watches one page's requests. Everything runs in the browser thread."""

    def __init__(self, page: Page, *, may_load: Callable[[str], bool], on_stopped: Callable[[str], None]) -> None:
        """Fence `page`: `may_load(url)` says which hosts may show documents and receive non-GET requests."""
        self._page = page
        self._may_load = may_load
        self._on_stopped = on_stopped
        self._sent: Sent | None = None
        self._org: str | None = None
        self._ids: frozenset[str] = frozenset()
        self._open: dict[Request, float] = {}
        self._done: list[Response] = []
        # The last answer to each path; None if the connection broke.
        self._last: dict[str, Response | None] = {}
        self._bodies: dict[Response, Any] = {}
        self._asked_orgs: set[str] = set()
        page.on("request", self._started)
        page.on("requestfinished", self._ended)
        page.on("requestfailed", self._failed)
        self._cdp = page.context.new_cdp_session(page)
        self._cdp.on("Fetch.requestPaused", self._paused)
        kinds = ("Document", "XHR", "Fetch", "Ping")
        self._cdp.send("Fetch.enable", {"patterns": [{"urlPattern": "*", "resourceType": kind} for kind in kinds]})
        self._main_frame = self._cdp.send("Page.getFrameTree")["frameTree"]["frame"]["id"]

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
            monotonic() - began > LONG_POLL_SECONDS or calls.has_word(urlsplit(request.url).path, calls.LONG_POLL)
            for request, began in self._open.items()
        )

    def orgs_asked(self) -> frozenset[str]:
        """Return the Business Center ids named by this screen's own requests."""
        return frozenset(self._asked_orgs)

    def answers(self, *, containing: str = "") -> list[Any]:
        """Return the JSON bodies of this screen's successful XHR answers whose URL holds `containing`."""
        bodies = (self._body(response) for response in self._done if containing in response.url)
        return [body for body in bodies if isinstance(body, dict) and _code(body) == 0]

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
        return [path for path in self.refused() if calls.is_list(path)]

    def _is_yes(self, response: Response) -> bool:
        body = self._body(response)
        code = _code(body) if isinstance(body, dict) else None
        return response.ok and code in (0, None)

    def has_answer(self) -> bool:
        """Say whether the site answered any of this screen's requests with data."""
        return any(isinstance(body := self._body(each), dict) and _code(body) == 0 for each in self._done)

    @property
    def answered(self) -> int:
        """Return how many of this screen's requests were answered so far: another number means news."""
        return len(self._done)

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
    def armed(self, *, org: str | None, ids: frozenset[str], spent: frozenset[str] = frozenset()) -> Iterator[Sent]:
        """Let each write leave once, none of the `spent` ones, and none that names another place or account."""
        self._sent, self._org, self._ids = Sent(passed=set(spent)), org, ids
        try:
            yield self._sent
        finally:
            self._sent = None

    def _started(self, request: Request) -> None:
        if request.resource_type in XHR:
            self._open[request] = monotonic()
            query, body = parse_qs(urlsplit(request.url).query), calls.json_object(request.post_data)
            for name in calls.ORG_PARAMETERS:
                self._asked_orgs.update(value for value in [*query.get(name, []), body.get(name)] if value)

    def _failed(self, request: Request) -> None:
        self._open.pop(request, None)
        sent, path = self._sent, urlsplit(request.url).path
        ours = "BLOCKED_BY_CLIENT" in (request.failure or "")
        if request.resource_type in XHR and not ours and "ABORTED" not in (request.failure or ""):
            self._last[path] = None
        if sent is not None and not ours and f"{request.method} {path}" in sent.writes:
            # The connection broke before the answer came: that is an end, but no word of the site's.
            sent.answers.append(Answer(path=path, status=0, code=None, msg=""))

    def _ended(self, request: Request) -> None:
        self._open.pop(request, None)
        response = request.existing_response if request.resource_type in XHR else None
        if response is None:
            return
        self._done.append(response)
        self._last[urlsplit(request.url).path] = response
        sent, name = self._sent, f"{request.method} {urlsplit(request.url).path}"
        if sent is not None and name in sent.writes:
            sent.answers.append(_answer(response))
        elif sent is not None and name in sent.codes and _answer(response).is_no:
            sent.codes.remove(name)

    def _paused(self, event: dict[str, Any]) -> None:
        request, kind = event["request"], event["resourceType"]
        stop = self._why_stop(request, kind, top=event.get("frameId") == self._main_frame)
        if stop:
            self._on_stopped(stop)
            order: tuple[str, dict[str, Any]] = ("Fetch.failRequest", {"errorReason": "BlockedByClient"})
        else:
            order = ("Fetch.continueRequest", {})
        try:
            self._cdp.send(order[0], {"requestId": event["requestId"], **order[1]})
        except PlaywrightError:
            # The page went away while its request was held: there is nothing left to let pass.
            self._on_stopped("")

    def _why_stop(self, request: dict[str, Any], kind: str, *, top: bool) -> str:
        url, method = request["url"], request["method"]
        host = urlsplit(url).netloc
        if not url.startswith(("http:", "https:")):
            return ""
        if not self._may_load(url) and ((kind == "Document" and top) or method not in ("GET", "HEAD", "OPTIONS")):
            return f"{method} {host}"
        if self._sent is None or kind not in ("XHR", "Fetch") or method in ("GET", "HEAD", "OPTIONS"):
            return ""
        return self._while_armed(self._sent, request)

    def _while_armed(self, sent: Sent, request: dict[str, Any]) -> str:
        path = urlsplit(request["url"]).path
        name = f"{request['method']} {path}"
        kind = "read" if calls.is_telemetry(path, request["headers"]) else calls.kind(path)
        if kind == "code":
            sent.codes.append(name)
        if kind != "write":
            return ""
        if name in sent.passed:
            sent.stopped.append(name)
            return f"a second {name}"
        named = set(calls.SITE_ID.findall(request["url"])) | set(calls.SITE_ID.findall(request.get("postData") or ""))
        if self._org is not None and (foreign := calls.foreign_org(request, self._org, named, self._ids)):
            sent.stopped.append(name)
            return f"{name} for {foreign}"
        sent.passed.add(name)
        sent.writes.append(name)
        return ""


def _body(response: Response) -> Any:  # noqa: ANN401 - whatever JSON the site sends
    try:
        return response.json()
    except (PlaywrightError, ValueError):
        return None


def _answer(response: Response) -> Answer:
    body = _body(response)
    body = body if isinstance(body, dict) else {}
    code = body.get("code")
    return Answer(
        path=urlsplit(response.url).path,
        status=response.status,
        code=code if isinstance(code, int) else None,
        msg=str(body.get("msg") or body.get("message") or ""),
        ids=tuple(calls.SITE_ID.findall(json.dumps(body.get("data")))),
    )


def _code(body: dict[str, Any]) -> Any:  # noqa: ANN401 - whatever JSON the site sends
    """Return an answer's code: a number, also where the site writes it as a text."""
    code = body.get("code")
    return int(code) if isinstance(code, str) and code.isdecimal() else code

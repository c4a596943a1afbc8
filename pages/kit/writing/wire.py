"""What goes over the wire: the fence round the browser, the watch over writes, and what a screen asked and was told.

Chromium pauses requests in its own `Fetch` domain (Playwright's routes would switch the HTTP cache off), for the
whole browser: whatever page, pop-up, frame, worker or beacon sends, it is seen here first (tried with Chromium
156). Only what may carry a write or is a document is paused; scripts, styles and pictures pass untouched.

The site's writes are JSON over XHR with a CSRF header and are answered `{code, msg, data}`, `code` 0 meaning yes
(seen in public automation code). What may leave while a write is armed is said in `armed`.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from bcflow.pages.kit.screen.traffic import Traffic
from bcflow.pages.kit.writing.armed import Armed, Sent
from bcflow.pages.kit.writing.gate import Gate, Guard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from playwright.sync_api import Page, Request

    from bcflow.pages.kit.writing.requests import Call


class Wire(Traffic):
    """Watches one page's requests and holds back what may not leave. Everything runs in the browser thread."""

    def __init__(
        self,
        page: Page,
        *,
        may_load: Callable[[str], bool],
        on_stopped: Callable[[str], None],
        may_receive: Callable[[str], bool] | None = None,
        guard: Guard | None = None,
        reads: frozenset[str] = frozenset(),
    ) -> None:
        """Fence `page` and the whole browser it is in.

        `may_load(url)` says which addresses may show documents, `may_receive(url)` (if left out, the same) which may
        be sent anything but GET. `guard` sees to it that a write is received at most once; requests to the paths
        `reads` change nothing, as a person said.
        """
        # Before anything is listened to: what is heard is told to the gate.
        self._gate = Gate(
            page,
            may_load=may_load,
            may_receive=may_receive or may_load,
            on_stopped=on_stopped,
            guard=guard,
            reads=reads,
        )
        super().__init__(page)

    @contextmanager
    def armed(
        self,
        *,
        org: str | None,
        ids: frozenset[str],
        known_ids: frozenset[str] = frozenset(),
        asked: Mapping[str, object] | None = None,
        only: frozenset[str] = frozenset(),
    ) -> Iterator[Sent]:
        """Let one write leave that names `org` and `ids`, and none of the `known_ids` of other places and accounts.

        It must not say anything else than was `asked`, by the job's names, and begin with one `only` of these kinds,
        where they are known from a rehearsal. Afterwards nothing leaves that could change
        anything, until `open_again`.
        """
        known = self._gate.is_known
        armed = Armed(org=org, ids=ids, known_ids=known_ids, asked=asked, only=only, is_known=known)
        self._gate.arm(armed)
        try:
            yield armed.sent
        finally:
            self.shut()

    @property
    def held_back(self) -> tuple[str, ...]:
        """Return what clearly writes and was stopped on this page because nothing was armed."""
        return tuple(self._gate.held_back)

    def hold_writes(self) -> None:
        """Let nothing leave this page any more that clearly writes, until a write is armed or the page is left."""
        self._gate.hold_writes()

    @property
    def kept_in(self) -> tuple[Call, ...]:
        """Return what wanted to leave since `refuse_writes`."""
        return tuple(self._gate.kept_in)

    def refuse_writes(self, *, silently: bool = False) -> None:
        """Let nothing leave that is not known to change nothing, until `open_again`; `silently`: for a rehearsal."""
        self._gate.refuse_writes(silently=silently)

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
        super()._started(request)

    def _failed(self, request: Request) -> None:
        self._gate.ended(request)
        super()._failed(request)

    def _ended(self, request: Request) -> None:
        self._gate.ended(request)
        super()._ended(request)

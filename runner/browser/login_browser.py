"""A login's browser for as long as its turn lasts: its lease, its slot, its sources of codes."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Lock
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, Protocol

from loguru import logger

from bcflow.models.errors import BadInput, BrowserGone
from bcflow.runner.browser.lease import Lease
from bcflow.runner.codes.codes import Codes, CodeSettings
from bcflow.runner.storage.questions import About

if TYPE_CHECKING:
    from pydantic import SecretStr

    from bcflow.runner.browser.shutdown import Shutdown
    from bcflow.runner.codes.codes import Question
    from bcflow.runner.config.settings import Settings
    from bcflow.runner.storage.holder import Holder

Ask = Callable[[About, Event], str | None]
"""(what is asked, what ends the wait) to the answer, or None."""
OnEvent = Callable[[dict[str, Any]], None]

# Between what a person may take for a code and what a site may take for its longest form.
_ATTEMPT_SECONDS: Final = 1200.0
_BUSY_SECONDS: Final = 2.0
"""How long a worker waits for a login that another process has, before it makes room for others."""


class SlotLike(Protocol):
    """One login's browser thread: what this needs of `bcflow.runner.browser.slot.Slot`."""

    def call(self, verb: str, request: dict[str, Any], timeout: float | None = None) -> dict[str, Any]:
        """Do `verb` in the browser's thread; plain JSON in and out."""

    def close(self) -> None:
        """End the browser."""


MakeSlot = Callable[[str, OnEvent, Callable[[], bool]], SlotLike]
"""(login, who hears its events, what says before every write whether it still may) to a slot."""


class LoginBrowser:
    """One login's browser, opened at its first attempt; its lease is given back when it closes."""

    def __init__(
        self,
        login: str,
        lease: Lease,
        make_slot: MakeSlot,
        *,
        may_write: Callable[[], bool],
        limit: float,
        on_close: Callable[[LoginBrowser], None],
    ) -> None:
        """Take the login's `lease`; one attempt may take `limit` seconds."""
        self._on_close = on_close
        self._login = login
        self._lease = lease
        self._make_slot = make_slot
        self._may_write = may_write
        self._limit = limit
        self._slot: SlotLike | None = None
        self._has_ended = False
        self._closing = Lock()
        self._on_event: OnEvent = lambda _event: None
        lease.watch(self.end)

    def attempt(self, request: dict[str, Any], on_event: OnEvent) -> dict[str, Any]:
        """Make one attempt and return its RunRecord as JSON. Raises BrowserGone if it was ended, by whomever."""
        self._on_event = on_event
        with self._closing:
            # A lost lease ends it from another thread, and who has the login now has a browser: ours stays ended.
            if self._has_ended:
                raise BrowserGone(f"the browser of login '{self._login}' was ended; nothing was sent")
            slot = self._slot = self._slot or self._make_slot(self._login, self._hear, self._holds_and_may)
        return slot.call("attempt", request, timeout=self._limit)

    def holds(self) -> bool:
        """Whether the login is still ours alone."""
        return self._lease.held()

    def close(self) -> None:
        """End the browser and give the login back."""
        try:
            self.end()
        finally:
            self._lease.release()
            self._on_close(self)

    def end(self) -> None:
        """End the browser at once; the login stays ours."""
        with self._closing:
            self._has_ended = True
            slot, self._slot = self._slot, None
            if slot is not None:
                try:
                    slot.close()
                except TimeoutError:
                    logger.warning("the browser of login '{}' did not end in time", self._login)

    def _hear(self, event: dict[str, Any]) -> None:
        self._on_event(event)

    def _holds_and_may(self) -> bool:
        return self._lease.held() and self._may_write()


class LoginBrowsers:
    """Opens the browsers of one process."""

    def __init__(
        self,
        settings: Settings,
        make_slot: MakeSlot,
        *,
        doing: str,
        tell: Callable[[str], None],
        shutdown: Shutdown,
        waits: bool = False,
    ) -> None:
        """`waits`: a login that another process has is waited for, however long that takes."""
        self._settings = settings
        self._make_slot = make_slot
        self._doing = doing
        self._tell = tell
        self._shutdown = shutdown
        self._waits = waits
        self._open: set[LoginBrowser] = set()

    def open(self, login: str, *, may_write: Callable[[], bool]) -> LoginBrowser | None:
        """Return a login's browser, its lease taken; None if another process has the login for now.

        Raises BadInput if there is no such login here.
        """
        self._settings.login(login)
        give_up = monotonic() + _BUSY_SECONDS
        try:
            lease = leased(
                self._settings,
                login,
                doing=self._doing,
                tell=self._tell,
                give_up=lambda: self._shutdown.is_set() or (not self._waits and monotonic() > give_up),
            )
        except BadInput:
            return None
        limit = self._settings.code_wait + _ATTEMPT_SECONDS
        opened = LoginBrowser(
            login, lease, self._make_slot, may_write=may_write, limit=limit, on_close=self._open.discard
        )
        self._open.add(opened)
        return opened

    def end_all(self) -> None:
        """End every browser at once: what an attempt was at ends by its own rules."""
        for browser in list(self._open):
            browser.end()


def slots(settings: Settings, *, ask: Ask, shutdown: Shutdown) -> MakeSlot:
    """Return how to make a login's slot; `ask` asks a person, `shutdown` ends every wait for an answer."""

    def make(login: str, on_event: OnEvent, may_write: Callable[[], bool]) -> SlotLike:
        return _WithCodes(settings, login, ask=ask, shutdown=shutdown, on_event=on_event, may_write=may_write)

    return make


class _WithCodes:
    """A slot whose end also ends a wait for a code: its browser's thread may be in the middle of one."""

    def __init__(
        self,
        settings: Settings,
        login: str,
        *,
        ask: Ask,
        shutdown: Shutdown,
        on_event: OnEvent,
        may_write: Callable[[], bool],
    ) -> None:
        from bcflow.runner.browser.slot import Slot

        self._stop = Event()
        self._ask = ask
        self._shutdown = shutdown
        self._login = login
        self._batch = self._run = ""
        self._codes = Codes(code_settings(settings, login), prompt=self._prompt, stop=self._stop)
        self._slot = Slot(settings, login, ask=self._answer, on_event=on_event, holds_login=may_write)

    def call(self, verb: str, request: dict[str, Any], timeout: float | None = None) -> dict[str, Any]:
        self._batch, self._run = str(request.get("batch", "")), str(request.get("run", ""))
        return self._slot.call(verb, request, timeout)

    def close(self) -> None:
        self._codes.stop()
        self._slot.close()

    def _prompt(self, text: str, kind: str) -> str | None:
        about = About(kind=kind, text=text, login=self._login, batch=self._batch, run=self._run)
        return self._ask(about, self._stop)

    def _answer(self, question: Question) -> str | None:
        with self._shutdown.sets(self._stop):
            return self._codes.answer(question)


def code_settings(settings: Settings, login: str) -> CodeSettings:
    """Return where the codes of `login` come from."""
    credentials = settings.login(login)
    return CodeSettings(
        totp_secret=_plain(credentials.totp_secret),
        command=_plain(credentials.code_command),
        wait=settings.code_wait,
        imap=_plain(credentials.code_imap),
    )


def leased(
    settings: Settings,
    login: str,
    *,
    doing: str,
    tell: Callable[[str], None],
    wait: bool = True,
    give_up: Callable[[], bool] = lambda: False,
) -> Lease:
    """Take the lease of `login`; says who holds it while waiting.

    Raises BadInput without `wait`, or if `give_up` ends the wait.
    """
    lease = Lease(settings.home, login, doing=doing, database_url=settings.database())

    def told(holder: Holder | None) -> None:
        tell(f"login '{login}' is in use by {holder or 'another bcflow'}; waiting for it")

    lease.acquire(wait=wait, on_wait=told, give_up=give_up)
    return lease


def _plain(value: SecretStr | None) -> str | None:
    return value.get_secret_value() if value else None

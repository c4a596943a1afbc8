"""Browsers for commands: a slot per login, with the codes of that login and a person if one is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import Event
from typing import TYPE_CHECKING, Any

from bcflow.runner.browser.lease import Lease
from bcflow.runner.cli.frame import ask_person, complain
from bcflow.runner.codes.codes import Codes, CodeSettings
from bcflow.runner.engine.shutdown import Ending
from bcflow.runner.storage.holder import Holder
from bcflow.runner.storage.questions import About

if TYPE_CHECKING:
    from pydantic import SecretStr

    from bcflow.runner.codes.codes import Question
    from bcflow.runner.config.settings import Settings
    from bcflow.runner.engine.dispatch import OnEvent, SlotFactory, SlotLike

Ask = Callable[[About, Event], str | None]
"""(what is asked, what ends the wait) to the answer, or None."""

# Between what a person may take for a code and what a site may take for its longest form.
_ATTEMPT_SECONDS = 1200.0


class _WithCodes:
    """A slot whose end also ends a wait for a code: its browser's thread may be in the middle of one."""

    def __init__(self, slot: SlotLike, codes: Codes, at: dict[str, str]) -> None:
        self._slot = slot
        self._codes = codes
        self._at = at

    def call(self, verb: str, request: dict[str, Any], timeout: float | None = None) -> dict[str, Any]:
        self._at.update({name: str(request.get(name, "")) for name in ("batch", "run")})
        return self._slot.call(verb, request, timeout)

    def close(self) -> None:
        self._codes.stop()
        self._slot.close()


def slot_factory(
    settings: Settings,
    *,
    paused: Callable[[], AbstractContextManager[None]] = nullcontext,
    holds: Callable[[str], bool] = lambda _login: True,
    ask: Ask = lambda about, _stop: ask_person(about.text, about.kind == "code"),
    ending: Ending | None = None,
) -> SlotFactory:
    """Return how to make a login's slot; `paused` holds the moving progress while a person is asked.

    `holds(login)` says, before every write, whether this process still has that login's lease. `ask` puts a
    question to a person: at the terminal unless told otherwise. `ending` ends every wait for an answer.
    """
    ends = ending or Ending()

    def make(login: str, on_event: OnEvent) -> SlotLike:
        from bcflow.runner.browser.slot import Slot

        stop, at = Event(), {"batch": "", "run": ""}

        def prompt(text: str, kind: str) -> str | None:
            with paused():
                return ask(About(kind=kind, text=text, login=login, batch=at["batch"], run=at["run"]), stop)

        def answer(question: Question) -> str | None:
            with ends.sets(stop):
                return codes.answer(question)

        codes = Codes(code_settings(settings, login), prompt=prompt, stop=stop)
        slot = Slot(
            settings,
            login,
            ask=answer,
            on_event=on_event,
            holds_login=lambda: holds(login),
        )
        return _WithCodes(slot, codes, at)

    return make


def code_settings(settings: Settings, login: str) -> CodeSettings:
    """Return where the codes of `login` come from."""
    credentials = settings.login(login)
    return CodeSettings(
        totp_secret=_plain(credentials.totp_secret),
        command=_plain(credentials.code_command),
        wait=settings.code_wait,
        imap=_plain(credentials.code_imap),
    )


def attempt_seconds(settings: Settings) -> float:
    """Return the longest an attempt may take, a wait for a code included."""
    return settings.code_wait + _ATTEMPT_SECONDS


def leased(
    settings: Settings, login: str, *, doing: str, wait: bool = True, give_up: Callable[[], bool] = lambda: False
) -> Lease:
    """Take the lease of `login`; says who holds it while waiting.

    Raises BadInput without `wait`, or if `give_up` ends the wait.
    """
    lease = Lease(settings.home, login, doing=doing, database_url=settings.database())

    def told(holder: Holder | None) -> None:
        complain(f"login '{login}' is in use by {holder or 'another bcflow'}; waiting for it")

    lease.acquire(wait=wait, on_wait=told, give_up=give_up)
    return lease


@contextmanager
def one_slot(settings: Settings, login: str, *, doing: str, wait: bool = True) -> Iterator[SlotLike]:
    """Open one login's slot for a command that only looks or signs in, with its lease."""
    settings.login(login)
    with leased(settings, login, doing=doing, wait=wait):
        slot = slot_factory(settings)(login, _ignore)
        try:
            yield slot
        finally:
            slot.close()


def _ignore(_event: dict[str, Any]) -> None:
    """Leave a command's steps unsaid: it has one answer."""


def _plain(value: SecretStr | None) -> str | None:
    return value.get_secret_value() if value else None

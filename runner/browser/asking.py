"""Asking somebody (a person, a mailbox, a command) without stopping the page that the question is about.

The browser's thread is the one that lets the page's requests pass: while it waited for an answer, a "Send code" that
the page sends a moment after the click left only when the wait was over. So the question is put in a thread of its own.
"""

from __future__ import annotations

from concurrent.futures import Future
from concurrent.futures import wait as wait_for
from contextvars import copy_context
from itertools import chain, repeat
from threading import Thread
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from bcflow.models.errors import BrowserGone

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

# How often it is looked whether there is an answer, in milliseconds: soon at first, for sources that have it at once.
_TICKS = (5, 20, 50), 100


def beside(
    page: Page,
    ask: Callable[[dict[str, Any]], str | None],
    question: dict[str, Any],
    *,
    given_up: Callable[[], bool] = lambda: False,
) -> str | None:
    """Return what `ask` answers to `question`; meanwhile `page` lives on, wherever it goes.

    In the browser's thread only. A page that closes ends nothing: whoever goes on with it will notice. Raises what
    `ask` raises, and `BrowserGone` once `given_up()` says that nobody wants the answer any more; `ask` is then left
    to end by itself.
    """
    answer = _asked(ask, question)
    for tick in chain(_TICKS[0], repeat(_TICKS[1])):
        if answer.done():
            break
        if given_up():
            raise BrowserGone("the browser was ended while somebody was asked")
        _live_on(page, tick, until=answer)
    return answer.result()


def _asked(ask: Callable[[dict[str, Any]], str | None], question: dict[str, Any]) -> Future[str | None]:
    """Ask in another thread, where log lines belong to the same run; it holds up no end of the program."""
    answer: Future[str | None] = Future()

    def work() -> None:
        try:
            answer.set_result(ask(question))
        except BaseException as error:  # noqa: BLE001 - it is raised where the answer is waited for
            answer.set_exception(error)

    Thread(target=copy_context().run, args=(work,), name="asking", daemon=True).start()
    return answer


def _live_on(page: Page, milliseconds: float, *, until: Future[str | None]) -> None:
    """Let the page's events come in for a while: by waiting for one that asks nothing of its scripts."""
    try:
        page.wait_for_event("close", timeout=milliseconds)
    except PlaywrightTimeout:
        return
    except PlaywrightError:
        # Closed or crashed: it has no events any more.
        wait_for([until], timeout=milliseconds / 1000)

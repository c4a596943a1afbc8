"""A login's turn at a batch: its lease, one browser, and run after run as the rows say, until there is nothing to do.

Nothing in it is remembered: called again after a crash, it does the same from the top.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING, Any, Final, Protocol

from loguru import logger

from bcflow.models.errors import BadInput, BcflowError
from bcflow.models.failures.causes import of_attempt
from bcflow.models.outcomes import RunRecord
from bcflow.runner.batches.company import Company
from bcflow.runner.batches.rules import why_not_here, why_read_only, why_stopped
from bcflow.runner.batches.steps import (
    Idle,
    Next,
    Step,
    Suspect,
    Wait,
    broke_off,
    finish,
    hand_over,
    put_back,
    rest,
    take,
)
from bcflow.runner.batches.telling import tell_news
from bcflow.runner.storage.batch_rows import read_batch
from bcflow.runner.storage.runs import why_not
from bcflow.runner.storage.switches import read_switches

if TYPE_CHECKING:
    from bcflow.runner.batches.context import Context, News, Turn

TICK_SECONDS: Final = 0.5
SHORT_WAIT_SECONDS: Final = 20.0
"""A longer wait for the login's pace closes the browser and makes room for others."""
LATER_SECONDS: Final = 10.0
"""When a turn that could do nothing here is tried again."""
MOST_STEPS: Final = 50
"""After so many runs a turn ends: other batches of the login get theirs."""

OnEvent = Callable[[dict[str, Any]], None]


class Browser(Protocol):
    """One login's browser, for as long as its turn lasts."""

    def attempt(self, request: dict[str, Any], on_event: OnEvent) -> dict[str, Any]:
        """Make one attempt and return its RunRecord as JSON."""

    def holds(self) -> bool:
        """Whether the login is still ours alone."""

    def close(self) -> None:
        """End the browser and give the login back."""


class Browsers(Protocol):
    """Where a session gets its browser from."""

    def open(self, login: str, *, may_write: Callable[[], bool]) -> Browser | None:
        """Return a login's browser, its lease taken; None if another process has the login for now."""


class Watcher(Protocol):
    """Whoever follows what sessions of this process do."""

    def begins(self, batch: str, step: Step) -> None:
        """An attempt begins."""

    def happens(self, batch: str, event: dict[str, Any]) -> None:
        """Something happened in it."""

    def ends(self, batch: str, record: RunRecord) -> None:
        """An attempt has ended so, and that is kept."""

    def moved(self, batch: str) -> None:
        """A batch has moved on."""

    def refuses(self, batch: str, error: BadInput) -> None:
        """A batch cannot be worked here as it is; it rests."""

    def tell(self, text: str) -> None:
        """Say something to whoever is there."""


@dataclass(frozen=True)
class Services:
    """What the sessions of one process share: where browsers come from, who watches, when it all ends.

    `cut_off` says why this process must not go on, if that is so. `lingers`: a person at its terminal is asked.
    """

    context: Context
    browsers: Browsers
    watcher: Watcher
    shutdown: Event
    cut_off: Callable[[], str] = lambda: ""
    lingers: bool = False
    company: Company = field(default_factory=Company)


class Session:
    """One turn."""

    def __init__(self, services: Services, turn: Turn) -> None:
        """Prepare it; nothing is taken or opened yet."""
        self._services = services
        self._context = services.context
        self.turn = turn
        self._visit = secrets.token_hex(4)
        self._browser: Browser | None = None
        self._done = 0
        self._delay = 0.0

    def work(self) -> None:
        """Take the turn, to its end."""
        delay = 0.0
        try:
            delay = self._steps()
        except BadInput as error:
            with self._context.database.transaction() as connection:
                rest(connection, self.turn.batch)
            self._services.watcher.refuses(self.turn.batch, error)
        except BcflowError:
            raise
        except Exception:
            # A fault of ours would meet whoever takes the next turn, too: a person looks at it first.
            with self._context.database.transaction() as connection:
                rest(connection, self.turn.batch)
            raise
        finally:
            if self._browser is not None:
                self._browser.close()
            self._hand_over(delay)

    def _steps(self) -> float:
        """Do step after step; return in how many seconds the next turn may do more."""
        found: Next = Idle()
        while found is not None and self._done < MOST_STEPS:
            alone = isinstance(found, Suspect)
            with self._services.company.alone() if alone else nullcontext():
                if self._services.shutdown.is_set() or self._services.cut_off():
                    break
                if (why := why_not_here(self._context.settings)) and self._is_writing():
                    self._services.watcher.tell(f"{why}; until then it stays in the queue")
                    return LATER_SECONDS
                found = self._take(alone=alone)
                if isinstance(found, Step) and (later := self._do(found, alone=alone)) is not None:
                    return later
            if isinstance(found, Wait) and found.seconds > SHORT_WAIT_SECONDS:
                minutes = round(found.seconds / 60)
                self._services.watcher.tell(
                    f"login '{self.turn.login}' keeps its pace: the next write is in {minutes} min"
                )
                return found.seconds
            if isinstance(found, (Wait, Idle)):
                self._services.shutdown.wait(min(found.seconds, TICK_SECONDS) if isinstance(found, Wait) else 0.1)
        return 0.0

    def _do(self, step: Step, *, alone: bool) -> float | None:
        """Do a step; return in how many seconds the next turn may do more, if this one cannot go on."""
        self._done += 1
        browser = self._opened(step)
        if browser is None:
            return 0.0 if self._services.shutdown.is_set() else LATER_SECONDS
        with nullcontext() if alone else self._services.company.beside():
            return None if self._attempt(browser, step) else self._delay

    def _take(self, *, alone: bool) -> Next:
        first, lingers = not self._done, self._services.lingers
        with self._context.database.transaction() as connection:
            found, news = take(
                connection, self._context, self.turn, self._visit, first=first, lingers=lingers, alone=alone
            )
        if not isinstance(found, (Idle, Wait)):
            self._tell(news)
        return found

    def _is_writing(self) -> bool:
        with self._context.database.transaction() as connection:
            return read_batch(connection, self.turn.batch).phase == "write"

    def _opened(self, step: Step) -> Browser | None:
        """Return the browser for an attempt; None, and its run is put back, if another process has the login."""
        if self._browser is None:
            try:
                self._browser = self._services.browsers.open(self.turn.login, may_write=self._may_write)
            finally:
                if self._browser is None:
                    self._put_back(step)
        return self._browser

    def _attempt(self, browser: Browser, step: Step) -> bool:
        """Make one attempt and keep how it ended; false if the turn cannot go on."""
        armed = False

        def hear(event: dict[str, Any]) -> None:
            nonlocal armed
            armed = armed or event.get("event") == "armed"
            self._services.watcher.happens(self.turn.batch, event)

        self._services.watcher.begins(self.turn.batch, step)
        try:
            record = RunRecord.model_validate(browser.attempt(step.request, hear))
        except (BcflowError, TimeoutError, OSError, RuntimeError) as error:
            return self._broke_off(step, error, armed=armed)
        stopped_short = record.outcome == "failed" or record.waiting_for == "you"
        if stopped_short and not armed and self._why_not(step):
            self._put_back(step)
            return False
        with self._context.database.transaction() as connection:
            news = finish(connection, self._context, self.turn, step, record)
        self._services.watcher.ends(self.turn.batch, record)
        self._tell(news)
        return True

    def _broke_off(self, step: Step, error: Exception, *, armed: bool) -> bool:
        """Keep that an attempt raised something; its browser is gone before that."""
        # Asked before the browser ends: with it the login is given back, and looks lost.
        was_not_to_go_on = not armed and bool(self._why_not(step))
        browser, self._browser = self._browser, None
        if browser is not None:
            browser.close()
        if was_not_to_go_on:
            self._put_back(step)
            return False
        if isinstance(error, BadInput):
            self._put_back(step)
            raise error
        logger.debug("an attempt broke off: {}", type(error).__name__)
        why = of_attempt(error)
        with self._context.database.transaction() as connection:
            news = broke_off(connection, self._context, self.turn, step, why)
        self._tell(news)
        return True

    def _put_back(self, step: Step) -> None:
        with self._context.database.transaction() as connection:
            put_back(connection, step)

    def _why_not(self, step: Step) -> str:
        """Return why an attempt that broke off was not to go on, or an empty text: it broke off by itself."""
        if self._services.shutdown.is_set():
            return "the worker was stopped"
        if self._browser is not None and not self._browser.holds():
            # Whoever has it now is not asked again and again.
            self._delay = LATER_SECONDS
            return f"login '{self.turn.login}' was lost"
        return self._services.cut_off() or self._why_not_now(writing=step.mode == "run")

    def _may_write(self) -> bool:
        """Say, right before a write, whether nobody has said stop since the attempt began."""
        return not (self._services.shutdown.is_set() or self._services.cut_off() or self._why_not_now(writing=True))

    def _why_not_now(self, *, writing: bool) -> str:
        with self._context.database.transaction() as connection:
            switches, why = read_switches(connection), why_not(connection, self.turn.batch)
        if held_up := why_stopped(switches):
            return held_up
        if writing and (held_up := why_read_only(switches) or why_not_here(self._context.settings)):
            return held_up
        return why

    def _hand_over(self, delay: float) -> None:
        with self._context.database.transaction() as connection:
            news = hand_over(connection, self._context, self.turn, delay=delay)
        self._tell(news)

    def _tell(self, news: News) -> None:
        tell_news(self._context, news, say=self._services.watcher.tell)
        self._services.watcher.moved(news.batch)

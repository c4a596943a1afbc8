"""What may leave the browser while one write is armed: the rule, without a browser.

The site has no idempotency key, and its page may send whatever it likes: the write twice, another one beside it, a
question first, the second half afterwards. So everything that is not known to be a read counts as a write, and

- one of them is under way at a time; what comes meanwhile is held;
- none leaves a second time, under another version, slash or verb neither;
- after a yes the page may go on to its next request; after anything else nothing more leaves;
- two that both say that something is done, at the same moment, are a double: the second is stopped at once;
- none leaves that names another Business Center or account, that says another level or value than was asked for, or
  whose contents cannot be read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Literal

from bcflow.pages.kit.writing import requests, witness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bcflow.pages.kit.writing.requests import Call

UNCLEAR_SECONDS = 2.0
"""How long a request of which nobody knows what it does may hold up one that says it."""
CAPTCHA_CODES = frozenset({1107})
"""The site's answer to a request it wants a captcha for: public automation code, late 2025."""


@dataclass(frozen=True)
class Answer:
    """The site's answer to one request; `code` is None where the body was no `{code, msg, data}`.

    `status` is 0 where the connection broke; `does` says whether its request was clearly a write.
    """

    path: str
    status: int
    code: int | None
    msg: str
    ids: tuple[str, ...] = ()
    does: bool = True
    method: str = "POST"

    @property
    def is_yes(self) -> bool:
        """Say whether the site accepted the request."""
        return 0 < self.status < 400 and self.code == 0  # noqa: PLR2004 - HTTP

    @property
    def wants_captcha(self) -> bool:
        """Say whether the site answered that a captcha has to be solved first."""
        return self.code in CAPTCHA_CODES


@dataclass
class Sent:
    """What left the browser while one write was armed, what was stopped, and the site's word on each.

    `codes` are codes that were handed in and not refused: they may have set off the write. `earlier` are answers to
    what may leave once more, after a code or a captcha. `busy` says whether a request is under way or held, so that
    nothing can be concluded yet.
    """

    writes: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    earlier: list[Answer] = field(default_factory=list)
    busy: bool = False

    @property
    def nothing(self) -> bool:
        """Say whether no request that could change anything left the browser."""
        return not self.writes and not self.codes

    def accepted(self) -> bool:
        """Say whether every write was answered with yes."""
        yes = {f"{answer.method} {answer.path}" for answer in self.answers if answer.is_yes}
        return bool(self.writes) and yes.issuperset(self.writes) and all(answer.is_yes for answer in self.answers)

    def began(self) -> bool:
        """Say whether the site said yes to a request that clearly does something."""
        return any(answer.is_yes and answer.does for answer in self.answers)


Verdict = Literal["go", "stop"]


@dataclass(frozen=True)
class Order:
    """What becomes of a request: it goes (`counts`: as a write or code), or it is stopped, and why."""

    token: str
    call: Call
    verdict: Verdict
    why: str = ""
    counts: bool = False


@dataclass
class _Held:
    token: str
    call: Call
    since: float


class Armed:
    """Decides for one armed write. `token` is any name of a request that its sender gives."""

    def __init__(
        self,
        *,
        org: str | None,
        ids: frozenset[str],
        known_ids: frozenset[str] = frozenset(),
        asked: Mapping[str, object] | None = None,
        only: frozenset[str] = frozenset(),
        is_known: Callable[[Call], bool] = lambda _call: False,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Expect a write for Business Center `org` that may name `ids`, and says nothing else than was `asked`.

        `only`: where the write was rehearsed, the first that clearly writes is one of these kinds (verb and key).
        `known_ids` are other Business Centers and ad accounts of this site; `is_known(call)` says that a request
        was seen on this site while nothing was armed.
        """
        self.sent = Sent()
        self._org = org
        self._ids = ids
        self._known_ids = known_ids
        self._asked = asked or {}
        self._only = only
        self._is_known = is_known
        self._clock = clock
        self._under_way: dict[str, _Held] = {}
        self._held: list[_Held] = []
        self._left: set[str] = set()
        self._sealed = ""
        self._is_left = False

    def arrives(self, token: str, call: Call) -> list[Order]:
        """Say what becomes of a request that wants to leave; nothing yet, if it is held."""
        if self._is_free(call):
            return [Order(token, call, "go")]
        why = self._why_not(call)
        if why:
            return [self._stop(token, call, why)]
        if self._must_wait(call):
            self._held.append(_Held(token, call, self._clock()))
            self._tell_busy()
            return []
        return [self._go(token, call)]

    def ends(self, token: str, answer: Answer | None) -> list[Order]:
        """Take the site's `answer` to a request that counted (None: it was given up), and say what goes on."""
        ended = self._under_way.pop(token, None)
        if ended is None:
            return []
        self._take(ended.call, answer)
        return self._next()

    def withdraw(self, token: str) -> None:
        """Take back that a request goes: it was stopped before it left after all."""
        held = self._under_way.pop(token, None)
        if held is None:
            return
        counted = self.sent.codes if held.call.nature == "code" else self.sent.writes
        counted.remove(held.call.name)
        self.sent.stopped.append(held.call.name)
        self._tell_busy()

    def tick(self) -> list[Order]:
        """Let go what waited long enough for a request of which nobody knows what it does."""
        return self._next()

    def again(self) -> None:
        """Let what the site did not say yes to leave once more: a code or a captcha had to come first."""
        self.sent.earlier += [answer for answer in self.sent.answers if not answer.is_yes]
        self.sent.answers[:] = [answer for answer in self.sent.answers if answer.is_yes]
        self._left &= {_key(answer.path) for answer in self.sent.answers}
        self._sealed = ""

    def shut(self, why: str = "the write is over") -> list[Order]:
        """Let nothing more leave that could change anything; what is held is stopped."""
        self._sealed = self._sealed or why
        return self._drop()

    def page_left(self) -> None:
        """Note that another page is loaded now: what it asks for in unclear words is let go, once all is shut."""
        self._is_left = bool(self._sealed)

    def _is_free(self, call: Call) -> bool:
        """Whether it is known not to change anything, whoever sends it and however often."""
        nature = call.nature
        if nature in ("read", "telemetry", "captcha"):
            return True
        if nature == "unclear" and self._is_left and call.key not in self._left:
            return True
        return (nature == "unclear" or call.method in requests.SAFE_METHODS) and self._is_known(call)

    def _why_not(self, call: Call) -> str:
        if call.body is None:
            return "its contents cannot be read"
        wrong = requests.foreign(call, self._org, self._ids, self._known_ids)
        if wrong:
            return f"for {wrong}"
        otherwise = witness.contrary(call, self._asked) or self._not_rehearsed(call)
        if otherwise:
            return otherwise
        if call.key in self._left or any(one.call.key == call.key for one in self._held):
            return "a second time"
        if self._sealed:
            return self._sealed
        doubles = call.nature == "write" and any(one.call.nature == "write" for one in self._under_way.values())
        return "beside another write" if doubles else ""

    def _not_rehearsed(self, call: Call) -> str:
        """Return what was rehearsed instead, of a write that would be the first to leave."""
        is_first = call.nature == "write" and not self._left
        is_other = is_first and self._only and call.kind_of_write not in self._only
        return f"rehearsed was {' or '.join(sorted(self._only))}" if is_other else ""

    def _must_wait(self, call: Call) -> bool:
        """Whether it may leave only once what is under way has ended; a clear write waits for an unclear one less."""
        oldest = min((one.since for one in self._under_way.values()), default=None)
        if oldest is None:
            return False
        unclear = all(one.call.nature == "unclear" for one in self._under_way.values())
        return not (unclear and call.nature != "unclear" and self._clock() - oldest >= UNCLEAR_SECONDS)

    def _go(self, token: str, call: Call) -> Order:
        self._left.add(call.key)
        self._under_way[token] = _Held(token, call, self._clock())
        (self.sent.codes if call.nature == "code" else self.sent.writes).append(call.name)
        self._tell_busy()
        return Order(token, call, "go", counts=True)

    def _stop(self, token: str, call: Call, why: str) -> Order:
        told = f"{call.name} ({why})"
        # What it would have said of the job otherwise, or instead of it, is for a person to read.
        reads = witness.contrary(call, self._asked) or self._not_rehearsed(call)
        self.sent.stopped.append(told if why == reads else call.name)
        return Order(token, call, "stop", told)

    def _take(self, call: Call, answer: Answer | None) -> None:
        if answer is None:
            self._sealed = self._sealed or "after a request that got no answer"
            return
        if call.nature == "code":
            # A code that was refused set nothing off; which words say so matters to whoever reads the prompt.
            if 0 < answer.status < 500 and answer.code not in (0, None) and call.name in self.sent.codes:  # noqa: PLR2004
                self.sent.codes.remove(call.name)
                self._left.discard(call.key)
            return
        self.sent.answers.append(answer)
        noise = call.nature == "unclear" and 0 < answer.status < 500 and answer.code is None  # noqa: PLR2004 - HTTP
        if answer.is_yes or noise:
            return
        if answer.wants_captcha:
            self._left.discard(call.key)
            return
        self._sealed = self._sealed or "after an answer that was no yes"

    def _next(self) -> list[Order]:
        orders: list[Order] = []
        if self._sealed and not self._under_way:
            return self._drop()
        self._held.sort(key=lambda one: one.call.nature == "unclear")
        for one in tuple(self._held):
            if self._must_wait(one.call):
                continue
            self._held.remove(one)
            why = self._why_not(one.call)
            orders.append(self._stop(one.token, one.call, why) if why else self._go(one.token, one.call))
        self._tell_busy()
        return orders

    def _drop(self) -> list[Order]:
        held, self._held = self._held, []
        self._tell_busy()
        return [self._stop(one.token, one.call, self._sealed) for one in held]

    def _tell_busy(self) -> None:
        self.sent.busy = bool(self._under_way or self._held)


def _key(path: str) -> str:
    return requests.Call("POST", f"http://site{path}").key


def names(sent: Iterable[str]) -> str:
    """Return the names of requests as one text, each once."""
    return ", ".join(dict.fromkeys(sent))

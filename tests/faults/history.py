"""Is this history possible? Judges what the site's log and the ledger say happened, from the two texts alone.

It knows nothing of the ledger's code: the rules are written down here a second time, on purpose. Times are whole
milliseconds since 1970 by one clock; where a request and an event share one, they get the benefit of the doubt.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any, Final, Protocol


@dataclass(frozen=True)
class Request:
    """One write request that reached the site, and the effects it brings about if the site applies it."""

    at: int
    effects: tuple[str, ...]
    applied: bool = True


@dataclass(frozen=True)
class Event:
    """One entry of the ledger: prepared, armed, answered, unsent, put off, refused, seen, unknown, looked or settled.

    `unsent` and `put off` (a code or captcha first) are ways back to prepared, `refused` is the site's no.
    A person's word is `settled yes` or `settled no`.
    """

    at: int
    effect: str
    name: str


class LoggedWrite(Protocol):
    """What the site's log says of one write request."""

    @property
    def at(self) -> float: ...
    @property
    def kind(self) -> str: ...
    @property
    def org_id(self) -> str: ...
    @property
    def body(self) -> dict[str, Any]: ...
    @property
    def applied(self) -> bool: ...


NOTHING: Final = "nothing"
MAY_FOLLOW: Final[Mapping[str, frozenset[str]]] = {
    NOTHING: frozenset({"prepared"}),
    "prepared": frozenset({"armed", "seen"}),
    "armed": frozenset({"answered", "unsent", "put off", "refused", "seen", "unknown", "settled yes", "settled no"}),
    "answered": frozenset({"put off", "refused", "seen", "unknown", "settled yes", "settled no"}),
    "unsent": frozenset({"armed", "seen", "unknown"}),
    "put off": frozenset({"armed", "seen", "unknown"}),
    "refused": frozenset({"armed", "seen"}),
    "unknown": frozenset({"seen", "unknown", "settled yes", "settled no"}),
    "seen": frozenset({"seen", "settled no"}),
    "settled yes": frozenset({"seen", "settled no"}),
    "settled no": frozenset({"armed", "seen"}),
}
MAY_BE_UNDER_WAY: Final = frozenset({"armed", "answered", "unknown"})
SAYS_NOT_DONE: Final = frozenset({NOTHING, "prepared", "unsent", "put off", "refused", "settled no"})
AROUND_A_WRITE: Final = frozenset({"precheck", "bind"})
"""Requests that bring nothing about by themselves: the page's question before a write, and its second half."""
COMES_BEFORE_A_REQUEST: Final = frozenset({"prepared", "armed"})


def check(requests: Sequence[Request], events: Sequence[Event], *, there_before: Collection[str] = ()) -> list[str]:
    """Return what cannot have happened, a sentence each; nothing if the history is possible.

    `there_before` are the effects that the site had before the first event.
    """
    found = [f"{one.effect}: the ledger's clock went back" for one, other in pairwise(events) if other.at < one.at]
    for effect in _effects(requests, events):
        ours = [request for request in requests if effect in request.effects]
        theirs = [event for event in events if event.effect == effect]
        found += _Walk(effect, there=effect in there_before).along(ours, theirs)
    found += ["a write that brings about nothing anybody wanted was applied" for _ in _strays(requests)]
    return found


def doubles(requests: Sequence[Request]) -> int:
    """Return how many requests there were beyond the first of each effect."""
    counts: defaultdict[str, int] = defaultdict(int)
    for request in requests:
        for effect in request.effects:
            counts[effect] += 1
    return sum(count - 1 for count in counts.values())


def lost(requests: Sequence[Request], events: Sequence[Event]) -> int:
    """Return how many applied writes the ledger in the end takes for not done, or knows nothing of."""
    last = {event.effect: event.name for event in events if event.name != "looked"}
    once_seen = {event.effect for event in events if event.name in {"seen", "settled yes"}}
    forgotten = [
        request
        for request in requests
        if request.applied
        and any(last.get(each, NOTHING) in SAYS_NOT_DONE and each not in once_seen for each in request.effects)
    ]
    return len(forgotten) + len(_strays(requests))


def _strays(requests: Iterable[Request]) -> list[Request]:
    return [request for request in requests if request.applied and not request.effects]


def _effects(requests: Iterable[Request], events: Iterable[Event]) -> list[str]:
    named = [event.effect for event in events] + [each for request in requests for each in request.effects]
    return list(dict.fromkeys(named))


@dataclass
class _Walk:
    """One effect's way through time."""

    effect: str
    there: bool
    last: str = NOTHING
    sent: int = 0
    sent_ever: bool = False
    applied_now: bool = False
    unaccounted: bool = False
    wrong: list[str] = field(default_factory=list)

    def along(self, requests: Sequence[Request], events: Sequence[Event]) -> list[str]:
        """Walk through all that concerns this effect and return what is wrong with it."""
        for each in _merged(requests, events):
            if isinstance(each, Request):
                self._request(each)
            elif each.name == "looked":
                if self.last == NOTHING:
                    self._say("it was looked for before it was prepared")
            else:
                self._event(each)
        if self.unaccounted and self.last in SAYS_NOT_DONE:
            self._say(f"lost: the site applied its write, and the ledger ends with {self.last}")
        return self.wrong

    def _say(self, what: str) -> None:
        self.wrong.append(f"{self.effect}: {what}")

    def _request(self, request: Request) -> None:
        self.sent += 1
        self.sent_ever = True
        if self.last == "settled yes":
            self._say("a request after a person said that it had happened")
        elif self.last == "unsent":
            self._say("noted as unsent, but a request reached the site")
        elif self.last in {NOTHING, "prepared", "put off", "refused", "settled no"}:
            self._say(f"a request that nothing was armed for: the last word before it was {self.last}")
        elif self.sent > 1:
            self._say(f"{self.sent} requests where one was armed")
        if request.applied:
            self.there = self.applied_now = self.unaccounted = True

    def _event(self, event: Event) -> None:
        name = event.name
        if name == "armed" and self.last in MAY_BE_UNDER_WAY:
            self._say(f"armed again after {self.last}, and nothing says that the first time came to nothing")
        elif name not in MAY_FOLLOW.get(self.last, frozenset()):
            self._say(f"{name} cannot follow {self.last}")
        if name == "armed":
            self.sent, self.applied_now = 0, False
        self._against_the_log(name)
        if name in {"seen", "settled yes"}:
            self.unaccounted = False
        self.last = name

    def _against_the_log(self, name: str) -> None:
        if name in {"answered", "refused"} and not self.sent:
            self._say(f"{name}, but no request reached the site")
        if name == "unsent" and self.sent:
            self._say("noted as unsent, but a request reached the site")
        if name in {"refused", "put off"} and self.applied_now:
            self._say(f"{name}, but the site applied the write")
        if name == "seen" and not self.there:
            why = "the site never applied its request" if self.sent_ever else "no request reached the site"
            self._say(f"seen, but it was not there before and {why}")


def _merged(requests: Sequence[Request], events: Sequence[Event]) -> Iterator[Request | Event]:
    """Yield events in their own order, and each request where its time puts it."""
    waiting = sorted(requests, key=lambda request: request.at)
    for event in events:
        # Of the same millisecond, what makes a request possible goes first, and what follows from it last.
        limit = event.at if event.name in COMES_BEFORE_A_REQUEST else event.at + 1
        while waiting and waiting[0].at < limit:
            yield waiting.pop(0)
        yield event
    yield from waiting


def events_of(rows: Iterable[Mapping[str, Any]]) -> list[Event]:
    """Read the ledger's events (business_center, kind, identity, at, event, detail), oldest first; counts are none."""
    return [
        Event(
            at=_milliseconds(row["at"]),
            effect=name_of(row["business_center"], row["kind"], row["identity"]),
            name=_name(row["event"], row["detail"]),
        )
        for row in rows
        if row["event"] != "sent"
    ]


def _name(event: str, detail: Mapping[str, Any]) -> str:
    if event == "prepared" and "why" in detail:
        return "unsent"
    if event == "prepared" and "put_off" in detail:
        return "put off"
    if event == "settled":
        return "refused" if "words" in detail else f"settled {'yes' if detail['happened'] else 'no'}"
    return event


def _milliseconds(at: str) -> int:
    return round(datetime.fromisoformat(at).timestamp() * 1000)


def requests_of(writes: Iterable[LoggedWrite], *, there_before: Collection[str] = ()) -> list[Request]:
    """Read the site's log. A share brings its partner about as well, unless that one is there already."""
    found, there = [], set(there_before)
    for write in writes:
        if write.kind in AROUND_A_WRITE:
            continue
        effects = _brings_about(write)
        if write.kind == "share" and effects[0] in there:
            effects = effects[1:]
        found.append(Request(at=int(write.at * 1000), effects=tuple(effects), applied=write.applied))
        if write.applied:
            there.update(effects)
    return found


def _brings_about(write: LoggedWrite) -> list[str]:
    """Return the effects that a write request asks for; nothing for a kind that no flow sends."""
    org, body = write.org_id, write.body
    if write.kind == "invite":
        return [name_of(org, "member", email) for email in body["email_list"]]
    if write.kind == "request":
        return [name_of(org, "ad-account-access", body["account_id"])]
    if write.kind == "create":
        return [name_of(org, "ad-account", body["account_info"]["account_name"])]
    if write.kind == "register":
        return [name_of("", "business-center", body["business_center_info"]["business_center_name"])]
    if write.kind == "share":
        partner = body["partner_id"]
        shares = [name_of(org, "share", f"{partner}:{asset}") for asset in body["asset_ids"]]
        return [name_of(org, "partner", partner), *shares]
    return []


def name_of(business_center: str, kind: str, identity: str) -> str:
    """Return one name for an effect, whichever text it was read from."""
    return f"{business_center or 'the site'} {kind} {' '.join(identity.split()).casefold()}"

"""The checker accepts what can happen and names what cannot."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.faults.history import Event, Request, check, doubles, events_of, lost, name_of, requests_of

ZOE = "bc member zoe@acme.example"


def told(*words: str, effect: str = ZOE) -> tuple[list[Request], list[Event]]:
    """Read a story, one word a tenth of a second: `request` was applied by the site, `try` was not."""
    requests, events = [], []
    for at, word in enumerate(words):
        if word in {"request", "try"}:
            requests.append(Request(at * 100, (effect,), applied=word == "request"))
        else:
            events.append(Event(at * 100, effect, word.replace("-", " ")))
    return requests, events


GOOD = [
    "prepared armed request answered seen",
    "prepared armed request answered seen seen seen",
    "prepared armed request seen",
    "prepared armed request unknown unknown seen",
    "prepared armed request answered unknown settled-yes seen",
    "prepared armed unknown settled-no armed request answered seen",
    "prepared armed try unknown settled-no armed request answered seen",
    "prepared armed settled-no armed request answered seen",
    "prepared armed unsent armed request answered seen",
    "prepared armed unsent unknown settled-no armed request seen",
    "prepared armed try answered refused",
    "prepared armed try answered refused armed request answered seen",
    "prepared armed request answered seen looked settled-no armed request answered seen",
    "prepared armed unknown request seen",
    "prepared armed request answered",
    "prepared armed",
    "prepared",
    "",
]
BAD = {
    "prepared armed request request answered seen": "2 requests where one was armed",
    "prepared armed request answered seen request": "2 requests where one was armed",
    "prepared request armed seen": "nothing was armed for",
    "request": "nothing was armed for",
    "prepared armed try refused request": "nothing was armed for",
    "prepared armed unknown settled-no request": "nothing was armed for",
    "prepared armed seen": "no request reached the site",
    "prepared seen": "no request reached the site",
    "prepared armed try answered seen": "the site never applied its request",
    "prepared armed answered request seen": "answered, but no request",
    "prepared armed refused": "refused, but no request",
    "prepared armed armed request seen": "armed again after armed",
    "prepared armed request answered armed": "armed again after answered",
    "prepared armed unknown armed request seen": "armed again after unknown",
    "prepared armed request seen armed": "armed cannot follow seen",
    "prepared armed request seen settled-no armed armed": "armed again after armed",
    "armed request seen": "armed cannot follow nothing",
    "prepared answered": "answered cannot follow prepared",
    "prepared armed request seen answered": "answered cannot follow seen",
    "prepared armed request answered unsent": "unsent cannot follow answered",
    "prepared unknown": "unknown cannot follow prepared",
    "prepared prepared": "prepared cannot follow prepared",
    "prepared vanished": "vanished cannot follow prepared",
    "looked prepared": "looked for before it was prepared",
    "prepared armed settled-yes request": "a request after a person said that it had happened",
    "prepared armed request unsent": "noted as unsent",
    "prepared armed unsent request": "noted as unsent",
    "prepared armed request refused": "the site applied the write",
    "prepared armed request unknown settled-no": "lost:",
    "prepared armed request unsent armed request seen": "noted as unsent",
}


@pytest.mark.parametrize("story", GOOD)
def test_what_can_happen_is_accepted(story: str) -> None:
    requests, events = told(*story.split())
    assert check(requests, events) == []
    assert lost(requests, events) == 0


@pytest.mark.parametrize("story", BAD)
def test_what_cannot_happen_is_named(story: str) -> None:
    said = check(*told(*story.split()))
    assert any(BAD[story] in sentence for sentence in said), said
    assert all(sentence.startswith(ZOE) for sentence in said)


def test_what_was_there_before_is_seen_without_a_request() -> None:
    requests, events = told("prepared", "seen")
    assert check(requests, events, there_before={ZOE}) == []


def test_requests_beyond_the_first_are_counted() -> None:
    both = [Request(1, ("partner", "share")), Request(2, ("share",)), Request(3, ("other",))]
    assert doubles(both) == 1
    assert doubles(both[1:]) == 0


@pytest.mark.parametrize(
    ("story", "count"),
    [
        ("request", 1),
        ("prepared armed request unknown settled-no", 1),
        ("prepared armed request answered refused", 1),
        ("prepared armed request answered", 0),
        ("prepared armed request unknown", 0),
        ("prepared armed request seen settled-no", 0),
        ("prepared armed try refused", 0),
    ],
)
def test_lost_is_what_the_site_did_and_the_ledger_denies(story: str, count: int) -> None:
    assert lost(*told(*story.split())) == count


def test_applied_write_that_nobody_wanted_is_lost() -> None:
    stray = [Request(1, ())]
    assert lost(stray, []) == 1
    assert check(stray, []) == ["a write that brings about nothing anybody wanted was applied"]


def test_clock_that_goes_back_is_named() -> None:
    said = check([], [Event(2, ZOE, "prepared"), Event(1, ZOE, "armed")])
    assert said == [f"{ZOE}: the ledger's clock went back"]


def test_within_one_millisecond_a_request_follows_armed_and_precedes_its_answer() -> None:
    events = [Event(0, ZOE, "prepared"), Event(5, ZOE, "armed"), Event(5, ZOE, "answered"), Event(5, ZOE, "seen")]
    assert check([Request(5, (ZOE,))], events) == []


@dataclass
class Logged:
    kind: str
    body: dict[str, Any] = field(default_factory=dict)
    at: float = 1.0
    org_id: str = "bc"
    applied: bool = True


def test_every_kind_of_write_is_read_from_the_log() -> None:
    writes = [
        Logged("invite", {"email_list": ["Zoe@acme.example"]}),
        Logged("request", {"account_id": "73"}),
        Logged("create", {"account_info": {"account_name": "Zephyr  US"}}),
        Logged("register", {"business_center_info": {"business_center_name": "Zephyr"}}),
        Logged("cancel_invitation", {"email": "zoe@acme.example"}, applied=False),
    ]
    assert [request.effects for request in requests_of(writes)] == [
        (ZOE,),
        (name_of("bc", "ad-account-access", "73"),),
        (name_of("bc", "ad-account", "Zephyr US"),),
        (name_of("", "business-center", "zephyr"),),
        (),
    ]


def test_partner_is_brought_about_by_the_first_share_that_is_applied() -> None:
    share = {"partner_id": "69", "asset_ids": ["72"]}
    writes = [Logged("share", share, applied=False), Logged("share", share), Logged("share", share)]
    partner, given = name_of("bc", "partner", "69"), name_of("bc", "share", "69:72")
    assert [request.effects for request in requests_of(writes)] == [(partner, given), (partner, given), (given,)]
    assert [each.effects for each in requests_of(writes[:1], there_before={partner})] == [(given,)]


def test_events_are_read_from_the_ledger() -> None:
    base = {"business_center": "bc", "kind": "member", "identity": "zoe@acme.example", "run": "a"}
    noted = [
        ("prepared", {"want": {}}),
        ("armed", {"before": [], "together": [1]}),
        ("prepared", {"why": "no request left the browser"}),
        ("settled", {"words": "No."}),
        ("settled", {"happened": True, "id": None, "by": "a person"}),
        ("settled", {"happened": False, "id": None, "by": "a person"}),
    ]
    rows = [{**base, "at": "2026-11-25T00:00:00.001+00:00", "event": name, "detail": detail} for name, detail in noted]
    found = events_of(rows)
    assert [event.name for event in found] == ["prepared", "armed", "unsent", "refused", "settled yes", "settled no"]
    assert {(event.effect, event.at % 1000) for event in found} == {(ZOE, 1)}

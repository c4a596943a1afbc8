"""Ad accounts that a Business Center does not have are found by the look, before anybody is asked; and only these."""

from collections import Counter
from typing import Any

import pytest

from bcflow.models.errors import ScreenChanged
from bcflow.pages.ad_accounts_page import AdAccountsPage, Held
from bcflow.pages.kit.screen.site import Site
from standin import seed
from standin.server import StandIn
from standin.world import AdAccount, Relation
from tests.support.flow_desk import Desk
from tests.support.flow_jobs import asset, make, make_invite_member
from tests.support.nightly import nightly_except
from tests.support.slots import Operator

ACCOUNTS = "/api/v2/bm/account/list/"
NOT_HERE = seed.OTHER_BC_OWNED
INVITE, SHARE = "invite-member", "share-with-partner"
NOT_TOLD = "Whether the Business Center has the ad accounts was not seen"
FOUND: list[tuple[str, dict[str, Any], dict[str, str]]] = [
    (INVITE, {}, {}),
    (INVITE, {"business_center": seed.EMPTY_BC}, {}),
    (SHARE, {}, {}),
    (SHARE, {"partner_id": seed.DELTA_MEDIA}, {}),
    (INVITE, {}, {"edition": "2024", "language": "de"}),
    (INVITE, {}, {"list_style": "virtual"}),
    (INVITE, {}, {"list_style": "virtual", "totals": "no"}),
    (INVITE, {}, {"list_style": "endless", "totals": "no"}),
    (INVITE, {}, {"totals": "no"}),
    (INVITE, {}, {"row_ids": "no"}),
    (INVITE, {}, {"accounts_table": "div", "search": "no"}),
]


def mark(flow: str, job: dict[str, Any], axes: dict[str, str]) -> Any:  # noqa: ANN401 - pytest's own
    of = [f"{name}={str(value)[-2:]}" for name, value in (job | axes).items()]
    return pytest.param(flow, job, marks=pytest.mark.standin(axes=axes), id="-".join([flow, *of]))


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("flow", "job"),
    nightly_except([mark(*case) for case in FOUND], "invite-member", "share-with-partner-partner_id=41"),
)
def test_an_account_that_is_not_there_is_refused_by_a_look(desk: Desk, flow: str, job: dict[str, Any]) -> None:
    ran = desk.run(make(flow, **{"ad_accounts": [asset(NOT_HERE)]} | job), only_look=True)
    org = job.get("business_center", seed.NORTHWIND)
    assert "refused" in ran.outcomes, ran.said
    assert f"Business Center {org} has no ad account {NOT_HERE} (" in ran.said
    assert desk.writes() == []


def test_accounts_of_every_state_are_there_and_named(desk: Desk) -> None:
    states = [
        seed.OWNED_APPROVED,
        seed.OWNED_SUSPENDED,
        seed.OWNED_DISABLED,
        seed.PARTNER_OWNED,
        seed.PENDING_REQUEST,
        seed.DECLINED_REQUEST,
        seed.TWIN_B,
    ]
    job = make_invite_member(ad_accounts=[asset(one) for one in [*states, NOT_HERE]])
    assert desk.run(job, only_look=True, to_come=[NOT_HERE]).outcomes == ["planned"]
    names = desk.attempts[-1][0].names
    assert list(names) == states, "what another job of the batch brings is not expected to be there"
    assert names[seed.PARTNER_OWNED] == "Delta House Brand"
    assert (desk.site.session.warnings, desk.writes()) == ([], [])


def test_what_an_answer_names_is_not_missing_from_a_list_that_does_not_show_it() -> None:
    held = Held({seed.TWIN_A: "Harbor"}, "28 of 28 rows read", whole=True, told=frozenset({NOT_HERE}))
    assert held.missing([seed.TWIN_A, NOT_HERE, seed.LABS_OWNED]) == [seed.LABS_OWNED]


@pytest.mark.nightly
def test_a_list_that_cannot_tell_claims_nothing_and_is_not_tried_again_in_a_visit(
    one_slot: Operator, standin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def another_screen(_site: Site, org: str) -> AdAccountsPage:
        tried.append(org)
        raise ScreenChanged("Ad accounts", "its landmark")

    monkeypatch.setattr(AdAccountsPage, "open", another_screen)
    jobs = [make_invite_member(email=each, ad_accounts=[asset(NOT_HERE)]) for each in ("a@x.example", "b@x.example")]
    records = list(one_slot.in_one_visit(jobs))
    assert [record["outcome"] for record in records] == ["planned"] * 2
    assert [len(record["warnings"]) for record in records] == [1, 0]
    assert NOT_TOLD in records[0]["warnings"][0]
    assert tried == [seed.NORTHWIND]
    assert standin.world.writes == []


@pytest.mark.nightly
@pytest.mark.parametrize("many", nightly_except([0, 70], 0))
def test_a_batch_of_invitations_reads_the_accounts_once(
    one_slot: Operator, standin: StandIn, asked: Counter[str], many: int
) -> None:
    for number in range(many):
        made = f"72000000000000030{number:02d}"
        standin.world.ad_accounts[made] = AdAccount(
            made, f"Many {number}", seed.NORTHWIND, relations={seed.NORTHWIND: Relation("owned")}
        )
    rows = sum(seed.NORTHWIND in one.relations for one in standin.world.ad_accounts.values())
    jobs = [
        make_invite_member(
            email=f"one.{number:02d}@client.example", ad_accounts=[asset((seed.OWNED_APPROVED, NOT_HERE)[number % 2])]
        )
        for number in range(6)
    ]
    outcomes = [record["outcome"] for record in one_slot.in_one_visit(jobs)]
    assert outcomes == ["planned", "refused"] * 3
    assert asked[ACCOUNTS] == -(-rows // 10)

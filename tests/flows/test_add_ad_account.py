"""Asking for access to an ad account: pending, bound at once, declined, refused."""

import pytest

from standin import control, seed
from tests.support.flow_desk import Desk
from tests.support.flow_jobs import make_add_ad_account
from tests.support.nightly import nightly_except


@pytest.mark.nightly
def test_a_request_waits_for_the_owner_and_asks_for_the_wanted_role(desk: Desk) -> None:
    ran = desk.run(make_add_ad_account(role="analyst", notify_owner=False))
    assert (ran.first.outcome, ran.first.waiting_for) == ("waiting", "owner"), ran.said
    sent = desk.writes("request")[0].body
    assert (sent["account_id"], sent["role"], sent["notify_owner"]) == (seed.REQUESTABLE, "analyst", False)
    assert ran.result == {"aadvid": seed.REQUESTABLE, "status": "request pending"}


@pytest.mark.nightly
def test_an_account_of_the_login_itself_is_added_at_once(desk: Desk) -> None:
    ran = desk.run(make_add_ad_account(aadvid=seed.OWN_PERSONAL))
    assert (ran.first.outcome, ran.first.waiting_for) == ("done", None), ran.said
    assert len(desk.writes()) == 1


@pytest.mark.nightly
def test_an_accepted_request_is_there_already_in_the_role_given(desk: Desk) -> None:
    desk.run(make_add_ad_account())
    control.accept_request(desk.standin.world, {"org_id": seed.NORTHWIND, "aadvid": seed.REQUESTABLE})
    ran = desk.run(make_add_ad_account())
    assert (ran.first.outcome, ran.first.waiting_for) == ("already", None), ran.said
    assert len(desk.writes()) == 1


@pytest.mark.nightly
def test_a_request_the_owner_declined_is_not_sent_again(desk: Desk) -> None:
    desk.run(make_add_ad_account())
    control.decline_request(desk.standin.world, {"org_id": seed.NORTHWIND, "aadvid": seed.REQUESTABLE})
    ran = desk.run(make_add_ad_account())
    assert ran.first.outcome == "refused", ran.said
    assert "declined" in ran.first.message
    assert len(desk.writes()) == 1


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("aadvid", "outcome", "told"),
    [
        (seed.PENDING_REQUEST, "already", "request pending"),
        (seed.DECLINED_REQUEST, "refused", "declined"),
        (seed.OWNED_APPROVED, "already", "approved"),
        (seed.BOUND_INDIVIDUAL, "differs", "role: want operator, have analyst"),
        (seed.PARTNER_OWNED, "already", "approved"),
    ],
    ids=["pending", "declined", "owned", "bound-otherwise", "shared-by-a-partner"],
)
def test_an_account_that_is_in_the_list_is_left_alone(desk: Desk, aadvid: str, outcome: str, told: str) -> None:
    ran = desk.run(make_add_ad_account(aadvid=aadvid))
    assert ran.first.outcome == outcome, ran.said
    assert told in ran.first.message
    assert desk.writes() == []


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("aadvid", "told"),
    nightly_except(
        [
            (seed.REQUESTABLE_DISAPPROVED, "disapproved"),
            ("7999999999999999999", "couldn't find"),
            (seed.OTHER_BC_OWNED, "Contoso Growth"),
        ],
        "Contoso Growth",
    ),
    ids=["disapproved", "unknown", "not-shareable"],
)
def test_a_refusal_is_told_in_the_site_s_words(desk: Desk, aadvid: str, told: str) -> None:
    desk.standin.world.ad_accounts[seed.OTHER_BC_OWNED].details["not_shareable"] = True
    ran = desk.run(make_add_ad_account(aadvid=aadvid))
    assert ran.first.outcome == "refused", ran.said
    assert told in ran.first.message
    assert not any(entry.applied for entry in desk.writes())
    assert len(desk.writes()) <= 1


@pytest.mark.nightly
def test_an_account_with_another_name_than_expected_is_refused(desk: Desk) -> None:
    ran = desk.run(make_add_ad_account(aadvid=seed.OWNED_APPROVED, expect_name="Acme UK"))
    assert ran.first.outcome == "refused", ran.said
    assert "Acme US" in ran.first.message
    assert desk.writes() == []
    assert desk.run(make_add_ad_account(aadvid=seed.OWNED_APPROVED, expect_name="Acme  US")).first.outcome == "already"


@pytest.mark.standin(faults=["near_duplicates"])
def test_one_of_two_accounts_of_the_same_name_is_told_by_its_id(desk: Desk) -> None:
    ran = desk.run(make_add_ad_account(aadvid=seed.TWIN_B, role="admin"))
    assert ran.first.outcome == "already", ran.said
    assert desk.writes() == []

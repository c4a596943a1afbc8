"""Inviting a person: what is already so, what differs, what the site refuses."""

import pytest

from standin import control, seed
from standin.world import Member
from tests.support.flow_desk import Desk
from tests.support.flow_jobs import KNOWN_PERSON, NEW_PERSON, asset, make_invite_member

TWO_ACCOUNTS = (asset(seed.OWNED_APPROVED), asset(seed.BOUND_INDIVIDUAL, "analyst"))


def member(desk: Desk, email: str) -> Member:
    found = desk.standin.world.business_centers[seed.NORTHWIND].member(email)
    assert found is not None
    return found


def test_everything_asked_for_is_on_the_invitation_and_nothing_else(desk: Desk) -> None:
    ran = desk.run(make_invite_member(role="admin", finance_role="analyst", ad_accounts=TWO_ACCOUNTS))
    assert (ran.first.outcome, ran.first.waiting_for) == ("waiting", "invitee"), ran.said
    made = member(desk, NEW_PERSON)
    assert (made.role, made.finance) == ("admin", "analyst")
    assert made.assets == {seed.OWNED_APPROVED: "operator", seed.BOUND_INDIVIDUAL: "analyst"}
    assert ran.result == {"email": NEW_PERSON, "status": "pending"}
    captions = [picture.caption for picture in ran.pictures if picture.kind == "before"]
    assert captions[0] == "Filled in, before the next step", "who is invited"
    assert sum(caption.startswith("Before the click on") for caption in captions) > 1, (
        "the dialog is higher than the window"
    )
    assert captions[-2:] == [f"Ticked: ad account {one}" for one in (seed.OWNED_APPROVED, seed.BOUND_INDIVIDUAL)]


@pytest.mark.nightly
def test_an_invitation_without_assets_or_finance_gives_neither(desk: Desk) -> None:
    desk.run(make_invite_member())
    made = member(desk, NEW_PERSON)
    assert (made.role, made.finance, made.assets) == ("standard", None, {})


def test_a_member_with_the_wanted_role_is_already_there_whatever_the_capitals(desk: Desk) -> None:
    ran = desk.run(make_invite_member(email="ANA.Lima@Agency.example"))
    assert ran.first.outcome == "already", ran.said
    assert ran.first.waiting_for is None
    assert desk.writes() == []


@pytest.mark.nightly
def test_an_accepted_invitation_is_already_there_and_waits_for_nobody(desk: Desk) -> None:
    desk.run(make_invite_member())
    control.accept_invitation(desk.standin.world, {"org_id": seed.NORTHWIND, "email": NEW_PERSON})
    ran = desk.run(make_invite_member())
    assert (ran.first.outcome, ran.first.waiting_for) == ("already", None)
    assert len(desk.writes()) == 1


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ({"role": "admin"}, "role: want admin, have standard"),
        ({"ad_accounts": [asset(seed.OWNED_APPROVED, "analyst").model_dump()]}, "ad_accounts"),
        ({"ad_accounts": [asset(seed.TWIN_A).model_dump()]}, "ad_accounts"),
    ],
    ids=["role", "level", "missing-account"],
)
def test_a_member_who_is_there_otherwise_differs_and_is_left_alone(
    desk: Desk, wanted: dict[str, object], told: str
) -> None:
    before = member(desk, KNOWN_PERSON)
    role, assets = before.role, dict(before.assets)
    ran = desk.run(make_invite_member(email=KNOWN_PERSON, **wanted))
    assert ran.first.outcome == "differs", ran.said
    assert told in ran.first.message
    assert desk.writes() == []
    assert (before.role, before.assets) == (role, assets)


def test_another_finance_role_differs_and_one_that_is_not_shown_is_not_guessed(desk: Desk) -> None:
    analyst = next(
        row for row in desk.standin.world.business_centers[seed.NORTHWIND].members if row.finance == "analyst"
    )
    ran = desk.run(make_invite_member(email=analyst.email, role=analyst.role, finance_role="manager"))
    assert ran.first.outcome == "differs", ran.said
    assert "finance_role: want manager, have analyst" in ran.first.message
    ran = desk.run(make_invite_member(email=KNOWN_PERSON, finance_role="manager"))
    assert ran.first.outcome in ("differs", "failed"), ran.said
    assert "finance_role" in ran.first.message
    assert desk.writes() == []


def test_a_suspended_member_differs(desk: Desk) -> None:
    suspended = desk.standin.world.business_centers[seed.NORTHWIND].members
    email = next(row.email for row in suspended if row.status == "suspended")
    ran = desk.run(make_invite_member(email=email))
    assert ran.first.outcome == "differs", ran.said
    assert "suspended" in ran.first.message
    assert desk.writes() == []


@pytest.mark.nightly
def test_a_refusal_is_told_in_the_site_s_words(desk: Desk) -> None:
    desk.standin.world.business_centers[seed.NORTHWIND].details["allowed_domains"] = ["agency.example"]
    ran = desk.run(make_invite_member())
    assert ran.first.outcome == "refused", ran.said
    assert "email domain" in ran.first.message
    assert not any(entry.applied for entry in desk.writes())
    assert len(desk.writes()) == 1


@pytest.mark.nightly
def test_an_account_that_is_not_offered_is_refused_before_anything_is_sent(desk: Desk) -> None:
    ran = desk.run(make_invite_member(ad_accounts=[asset(seed.LABS_OWNED).model_dump()]))
    assert ran.first.outcome == "refused", ran.said
    assert seed.LABS_OWNED in ran.first.message
    assert desk.writes() == []


@pytest.mark.nightly
@pytest.mark.standin(axes={"asset_step": "no"})
def test_an_invitation_that_assigns_no_accounts_says_so_and_is_not_sent_without_them(desk: Desk) -> None:
    ran = desk.run(make_invite_member(ad_accounts=TWO_ACCOUNTS))
    assert ran.first.outcome == "refused", ran.said
    assert "no ad accounts to assign" in ran.first.message
    assert desk.writes() == []


@pytest.mark.nightly
@pytest.mark.standin(faults=["near_duplicates"])
def test_people_with_almost_the_same_address_are_not_mistaken_for_each_other(desk: Desk) -> None:
    ran = desk.run(make_invite_member(email="ana.lima3@agency.example"))
    assert ran.first.outcome == "waiting", ran.said
    assert [entry.body["email_list"] for entry in desk.writes()] == [["ana.lima3@agency.example"]]
    ran = desk.run(make_invite_member(email="ana.lima@agency.example"))
    assert ran.first.outcome == "already", ran.said
    assert len(desk.writes()) == 1

"""Sharing with a partner: the partner and each account are facts of their own."""

import pytest

from standin import control, seed
from tests.support.flow_desk import Desk
from tests.support.flow_jobs import asset, make_share_with_partner
from tests.support.nightly import nightly_except

TWO = [asset(seed.OWNED_APPROVED).model_dump(), asset(seed.TWIN_A, "analyst").model_dump()]
OMEGA = {"org_id": seed.NORTHWIND, "partner_id": seed.OMEGA}


def shared(desk: Desk, partner: str = seed.OMEGA) -> dict[str, str]:
    found = desk.standin.world.business_centers[seed.NORTHWIND].partner(partner)
    return {} if found is None else {aadvid: share.level for aadvid, share in found.shares.items()}


@pytest.mark.nightly
def test_a_new_partner_gets_each_account_in_its_own_role(desk: Desk) -> None:
    ran = desk.run(make_share_with_partner(ad_accounts=TWO))
    assert set(ran.outcomes) == {"waiting"}, ran.said
    assert {one.waiting_for for one in ran.settled} == {"partner"}
    assert shared(desk) == {seed.OWNED_APPROVED: "operator", seed.TWIN_A: "analyst"}
    assert [one["aadvid"] for one in ran.result["shares"]] == [seed.OWNED_APPROVED, seed.TWIN_A]
    assert len(desk.writes()) == 2


@pytest.mark.nightly
@pytest.mark.standin(axes={"partner_acceptance": "none"})
def test_where_no_acceptance_is_needed_it_is_done_at_once(desk: Desk) -> None:
    ran = desk.run(make_share_with_partner())
    assert set(ran.outcomes) == {"done"}, ran.said
    assert len(desk.writes()) == 1


@pytest.mark.nightly
@pytest.mark.parametrize("edition", nightly_except(["2026", "2024"], "2024"))
def test_once_the_partner_has_accepted_everything_is_seen_without_another_write(desk: Desk, edition: str) -> None:
    desk.standin.world.set_axes({"edition": edition})
    first = desk.run(make_share_with_partner())
    assert set(first.outcomes) == {"waiting"}, first.said
    control.accept_partner(desk.standin.world, OMEGA)
    ran = desk.run(make_share_with_partner())
    assert set(ran.outcomes) <= {"done", "already"}, ran.said
    assert {one.waiting_for for one in ran.settled} == {None}
    assert ran.writes == 0
    assert len(desk.writes()) == 1


@pytest.mark.nightly
@pytest.mark.parametrize("edition", nightly_except(["2026", "2024"], "2026"))
def test_a_partner_who_declined_is_not_asked_again(desk: Desk, edition: str) -> None:
    desk.standin.world.set_axes({"edition": edition})
    desk.run(make_share_with_partner())
    control.decline_partner(desk.standin.world, OMEGA)
    ran = desk.run(make_share_with_partner())
    assert ran.first.outcome == "refused", ran.said
    assert "declined" in ran.first.message
    assert ran.outcomes[1] == "skipped"
    assert len(desk.writes()) == 1


@pytest.mark.nightly
def test_another_account_is_added_for_a_partner_who_is_there(desk: Desk) -> None:
    job = make_share_with_partner(partner_id=seed.DELTA_MEDIA, ad_accounts=TWO)
    ran = desk.run(job)
    assert ran.outcomes == ["already", "already", "waiting"], ran.said
    assert [entry.path for entry in desk.writes()] == ["/api/v2/bm/partner/asset/share/"]
    assert shared(desk, seed.DELTA_MEDIA) == {seed.OWNED_APPROVED: "operator", seed.TWIN_A: "analyst"}


def test_an_account_shared_in_another_role_differs_and_stays(desk: Desk) -> None:
    job = make_share_with_partner(
        partner_id=seed.DELTA_MEDIA, ad_accounts=[asset(seed.OWNED_APPROVED, "admin").model_dump()]
    )
    ran = desk.run(job)
    assert ran.outcomes == ["already", "differs"], ran.said
    assert "role: want admin, have operator" in ran.said
    assert desk.writes() == []
    assert shared(desk, seed.DELTA_MEDIA) == {seed.OWNED_APPROVED: "operator"}


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("aadvid", "why"),
    nightly_except(
        [
            (seed.PARTNER_OWNED, "owned by another"),
            (seed.OWNED_DISAPPROVED, "status"),
            (seed.LABS_OWNED, "not offered"),
        ],
        "owned by another",
        "not offered",
    ),
    ids=["of-another", "disapproved", "not-offered"],
)
def test_an_account_that_cannot_be_shared_is_refused(desk: Desk, aadvid: str, why: str) -> None:
    job = make_share_with_partner(partner_id=seed.DELTA_MEDIA, ad_accounts=[asset(aadvid).model_dump()])
    ran = desk.run(job)
    assert ran.outcomes == ["already", "refused"], ran.said
    assert why in ran.said
    assert not any(entry.applied for entry in desk.writes())
    assert len(desk.writes()) <= 1


@pytest.mark.nightly
def test_an_unknown_business_center_is_refused_and_its_accounts_are_skipped(desk: Desk) -> None:
    ran = desk.run(make_share_with_partner(partner_id="7999999999999999999"))
    assert ran.outcomes == ["refused", "skipped"], ran.said
    assert "couldn't find" in ran.first.message
    assert desk.writes() == []


@pytest.mark.parametrize("partner", [seed.DELTA_MEDIA, seed.OMEGA], ids=["known", "new"])
def test_a_partner_with_another_name_than_expected_is_refused(desk: Desk, partner: str) -> None:
    ran = desk.run(make_share_with_partner(partner_id=partner, expect_partner_name="Epsilon"))
    assert ran.outcomes == ["refused", "skipped"], ran.said
    assert "Epsilon" in ran.first.message
    assert desk.writes() == []


@pytest.mark.nightly
def test_the_expected_name_lets_a_new_partner_pass(desk: Desk) -> None:
    ran = desk.run(make_share_with_partner(expect_partner_name="Omega Reach"))
    assert set(ran.outcomes) == {"waiting"}, ran.said
    assert len(desk.writes()) == 1


@pytest.mark.nightly
def test_a_question_the_job_does_not_answer_is_refused_by_name(desk: Desk) -> None:
    job = make_share_with_partner().model_copy(update={"primary_agency": None})
    ran = desk.run(job)
    assert ran.first.outcome == "refused", ran.said
    assert "primary" in ran.first.message
    assert desk.writes() == []


@pytest.mark.standin(faults=["near_duplicates"])
def test_partners_of_almost_the_same_name_are_told_by_their_id(desk: Desk) -> None:
    ran = desk.run(make_share_with_partner(partner_id=seed.DELTA_MEDIA, expect_partner_name="Delta Media"))
    assert ran.outcomes == ["already", "already"], ran.said
    assert desk.writes() == []

"""Creating an ad account: names are not unique, and country, currency and time zone stay for ever."""

import pytest

from bcflow.pages.ad_accounts_page import AdAccountsPage
from standin import control, seed
from standin.world import AdAccount
from tests.support.flow_desk import Desk
from tests.support.flow_jobs import make_create_ad_account
from tests.support.nightly import nightly_except


def named(desk: Desk, name: str) -> list[AdAccount]:
    return [row for row in desk.standin.world.ad_accounts.values() if row.name == name]


@pytest.mark.nightly
def test_the_new_account_is_as_asked_for_and_waits_for_tiktok(desk: Desk) -> None:
    ran = desk.run(make_create_ad_account(time_zone="America/Bogota", currency="COP", country="CO"))
    assert (ran.first.outcome, ran.first.waiting_for) == ("waiting", "tiktok review"), ran.said
    (made,) = named(desk, "Zephyr US")
    assert (made.time_zone, made.currency, made.country) == ("America/Bogota", "COP", "CO")
    assert ran.result == {"aadvid": made.aadvid, "status": "in review"}
    assert len(desk.writes()) == 1


@pytest.mark.nightly
def test_the_account_that_was_made_is_known_whatever_became_of_it_since(desk: Desk) -> None:
    job = make_create_ad_account()
    made = desk.run(job).result["aadvid"]
    control.approve_ad_account(desk.standin.world, {"aadvid": made})
    approved = desk.run(job)
    assert (approved.first.outcome, approved.first.waiting_for) == ("already", None), approved.said
    desk.standin.world.ad_accounts[made].name = "Zephyr America"
    renamed = desk.run(job)
    assert (renamed.first.outcome, renamed.first.id) == ("already", made), renamed.said
    control.disapprove_ad_account(desk.standin.world, {"aadvid": made})
    disapproved = desk.run(job)
    assert disapproved.first.outcome == "refused", disapproved.said
    assert "disapproved" in disapproved.first.message, "none is made in its place"
    assert len(desk.writes()) == 1


def test_one_equal_account_that_others_made_is_already_there(desk: Desk) -> None:
    ran = desk.run(make_create_ad_account(name="Acme US", company="Acme US Inc."))
    assert ran.first.outcome == "already", ran.said
    assert desk.writes() == []


@pytest.mark.nightly
def test_a_name_that_exists_twice_is_ambiguous(desk: Desk) -> None:
    job = make_create_ad_account(name="Harbor Shop", company="Harbor Shop Inc.")
    ran = desk.run(job)
    assert ran.first.outcome == "refused", ran.said
    assert "ambiguous" in ran.first.message
    assert seed.TWIN_A in ran.first.message
    assert seed.TWIN_B in ran.first.message
    assert desk.writes() == []


def test_the_one_that_a_person_chooses_is_it_from_then_on(desk: Desk) -> None:
    job = make_create_ad_account(name="Harbor Shop", company="Harbor Shop Inc.")
    asked = desk.run(job).first
    assert set(asked.candidates) == {seed.TWIN_A, seed.TWIN_B}
    desk.ledger.choose(desk.addresses.origin, asked.effect, run="run-1", site_id=seed.TWIN_B, by="maria")
    ran = desk.run(job)
    assert (ran.first.outcome, ran.first.id) == ("already", seed.TWIN_B), ran.said
    assert desk.writes() == []


def test_an_account_of_this_name_with_another_currency_differs(desk: Desk) -> None:
    ran = desk.run(make_create_ad_account(name="Acme US", company="Acme US Inc.", currency="EUR"))
    assert ran.first.outcome == "differs", ran.said
    assert "currency: want EUR, have USD" in ran.first.message
    assert desk.writes() == []


@pytest.mark.nightly
@pytest.mark.parametrize(
    "name", nightly_except(["Cobalt Old", "Fjord Wear"], "Fjord Wear"), ids=["disapproved", "disabled"]
)
def test_a_dead_account_of_the_same_name_does_not_count(desk: Desk, name: str) -> None:
    before = {row.aadvid for row in named(desk, name)}
    ran = desk.run(make_create_ad_account(name=name))
    assert ran.first.outcome == "waiting", ran.said
    assert ran.result["aadvid"] not in before
    assert len(named(desk, name)) == 2
    assert len(desk.writes()) == 1


@pytest.mark.standin(faults=["near_duplicates"])
def test_accounts_of_almost_the_same_name_do_not_count(desk: Desk) -> None:
    ran = desk.run(make_create_ad_account(name="Acme US 3"), only_look=True)
    assert ran.first.outcome == "planned", ran.said
    assert desk.writes() == []


def test_a_field_the_form_insists_on_is_named_and_nothing_is_sent(desk: Desk) -> None:
    job = make_create_ad_account().model_copy(update={"company": None, "street": None})
    ran = desk.run(job)
    assert ran.first.outcome == "refused", ran.said
    assert "Company name" in ran.first.message
    assert desk.writes() == []


@pytest.mark.nightly
def test_terms_the_job_does_not_accept_are_not_accepted(desk: Desk) -> None:
    job = make_create_ad_account(business_center=seed.NORTHWIND_LABS).model_copy(update={"accept_terms": None})
    ran = desk.run(job)
    assert ran.first.outcome in ("refused", "waiting"), ran.said
    assert len(desk.writes()) == (ran.first.outcome == "waiting")


@pytest.mark.nightly
def test_an_ambiguous_time_zone_is_refused_with_what_there_is(desk: Desk) -> None:
    ran = desk.run(make_create_ad_account(time_zone="America/Detroit"))
    assert ran.first.outcome == "refused", ran.said
    assert "time zone" in ran.first.message
    assert desk.writes() == []


@pytest.mark.nightly
def test_a_country_that_is_part_of_another_s_name_is_told_apart(desk: Desk) -> None:
    ran = desk.run(make_create_ad_account(country="GN", time_zone="Africa/Lagos"))
    assert ran.first.outcome == "waiting", ran.said
    assert named(desk, "Zephyr US")[0].country == "GN"
    assert len(desk.writes()) == 1


@pytest.mark.nightly
def test_a_full_business_center_is_told_in_the_site_s_words(desk: Desk) -> None:
    desk.standin.world.business_centers[seed.NORTHWIND].details["ad_account_quota"] = 1
    ran = desk.run(make_create_ad_account())
    assert ran.first.outcome == "refused", ran.said
    assert "maximum number" in ran.first.message
    assert named(desk, "Zephyr US") == []
    assert len(desk.writes()) == 1


@pytest.mark.nightly
@pytest.mark.standin(
    axes={"edition": "2024", "language": "vi", "accounts_table": "div", "totals": "no", "search": "no"}
)
def test_the_list_is_not_taken_for_the_form_behind_it(desk: Desk) -> None:
    page = AdAccountsPage.open(desk.site, seed.NORTHWIND)
    assert page._confirm_or_form() is None
    assert desk.run(make_create_ad_account()).outcomes == ["waiting"]
    assert len(desk.writes("create")) == 1

"""Creating a Business Center: it can never be deleted, and names are not unique."""

from pathlib import Path

import pytest

from bcflow.models.accounts import AdAccount
from bcflow.models.errors import CannotSee
from bcflow.models.jobs import CreateBusinessCenter
from bcflow.pages.ad_accounts_page import AdAccountsPage
from bcflow.pages.chooser_page import ChooserPage
from bcflow.pages.kit.lists import answers as list_answers
from bcflow.pages.kit.lists.answers import AnsweredList
from bcflow.runner.browser import browser as browsers
from standin import seed
from standin.server import StandIn
from standin.world import BusinessCenter
from tests.support.flow_desk import Desk
from tests.support.flow_jobs import make_create_business_center
from tests.support.slots import slot_on


def named(desk: Desk, name: str = "Zephyr") -> list[BusinessCenter]:
    return [row for row in desk.standin.world.business_centers.values() if row.name == name]


def test_the_new_business_center_and_its_first_account_are_as_asked_for(desk: Desk) -> None:
    ran = desk.run(make_create_business_center(currency="EUR", time_zone="Europe/Berlin", country="DE"))
    assert ran.first.outcome == "done", ran.said
    (made,) = named(desk)
    assert (made.currency, made.time_zone, made.country, made.kind) == ("EUR", "Europe/Berlin", "DE", "advertiser")
    assert ran.result["business_center_id"] == made.bc_id
    assert desk.standin.world.ad_accounts[ran.result["aadvid"]].name == "Zephyr first"
    assert len(desk.writes()) == 1


@pytest.mark.nightly
@pytest.mark.standin(axes={"registration": "old"})
def test_the_old_form_makes_no_account_and_the_kind_is_the_one_chosen(desk: Desk) -> None:
    ran = desk.run(make_create_business_center(kind="agency"))
    assert ran.first.outcome == "done", ran.said
    assert named(desk)[0].kind == "agency"
    assert ran.result["aadvid"] is None
    assert len(desk.writes()) == 1


def test_fewer_business_centers_than_an_answer_counts_are_not_all(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    chooser = ChooserPage.open(desk.site)
    found = len(chooser.read())
    chooser.require_whole()
    told = AnsweredList("/api/v2/bm/organizations/", [], found + 1)
    monkeypatch.setattr(list_answers, "lists", lambda _site: [told])
    with pytest.raises(CannotSee, match=f"an answer counts {found + 1}"):
        chooser.require_whole()


@pytest.mark.nightly
def test_one_renamed_by_hand_is_still_the_one_that_was_made(desk: Desk) -> None:
    made = desk.run(make_create_business_center()).result["business_center_id"]
    desk.standin.world.business_centers[made].name = "Zephyr Group"
    ran = desk.run(make_create_business_center())
    assert (ran.first.outcome, ran.first.id) == ("already", made), ran.said
    assert len(desk.writes()) == 1


def test_one_of_this_name_whose_currency_no_page_shows_is_no_reason_to_make_another(desk: Desk) -> None:
    job = make_create_business_center(name="Northwind Labs", company="Northwind Labs LLC", currency="EUR")
    ran = desk.run(job)
    assert ran.first.outcome in ("differs", "failed"), ran.said
    assert "currency" in ran.first.message
    assert desk.writes() == []


def test_one_of_this_name_is_already_there_when_nothing_else_was_asked_for(desk: Desk) -> None:
    ran = desk.run(CreateBusinessCenter(name="Northwind  Labs"))
    assert (ran.first.outcome, ran.first.id) == ("already", seed.NORTHWIND_LABS), ran.said
    assert desk.writes() == []


def test_two_of_this_name_are_ambiguous(desk: Desk) -> None:
    center = desk.standin.world.business_centers[seed.EMPTY_BC]
    center.name, center.company = "Northwind Labs", "Northwind Labs LLC"
    ran = desk.run(make_create_business_center(name="Northwind Labs", company="Northwind Labs LLC"))
    assert ran.first.outcome == "refused", ran.said
    assert "ambiguous" in ran.first.message
    assert set(ran.first.candidates) == {seed.EMPTY_BC, seed.NORTHWIND_LABS}
    assert desk.writes() == []


@pytest.mark.nightly
def test_a_field_the_form_insists_on_is_named_and_nothing_is_sent(desk: Desk) -> None:
    job = make_create_business_center().model_copy(update={"company": None})
    ran = desk.run(job)
    assert ran.first.outcome == "refused", ran.said
    assert "Legal business name" in ran.first.message
    assert desk.writes() == []


@pytest.mark.nightly
def test_terms_the_job_does_not_accept_are_not_accepted(desk: Desk) -> None:
    ran = desk.run(make_create_business_center().model_copy(update={"accept_terms": None}))
    assert ran.first.outcome == "refused", ran.said
    assert "accept_terms" in ran.first.message
    assert desk.writes() == []


@pytest.mark.nightly
def test_an_industry_that_is_not_there_is_refused_with_what_there_is(desk: Desk) -> None:
    ran = desk.run(make_create_business_center(industry="E-Commerce > Spaceships"))
    assert ran.first.outcome == "refused", ran.said
    assert "Online Shops" in ran.first.message
    assert desk.writes() == []


@pytest.mark.nightly
def test_a_refusal_is_told_in_the_site_s_words(desk: Desk) -> None:
    desk.standin.world.notes["business_center_quota"] = 1
    ran = desk.run(make_create_business_center())
    assert ran.first.outcome == "refused", ran.said
    assert "maximum number" in ran.first.message
    assert named(desk) == []
    assert len(desk.writes()) == 1


@pytest.mark.nightly
def test_a_browser_that_ends_once_it_was_seen_is_replaced_and_nothing_is_unknown(
    standin: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A flow loses its browser beside its effects, too: here while it looks for the first account."""
    find = AdAccountsPage.find_named
    lost: list[int] = []

    def lose_the_browser(page: AdAccountsPage, name: str) -> tuple[list[AdAccount], str]:
        if not lost:
            assert operator.slot._browser is not None
            lost.append(operator.slot._browser.pid)
            browsers.kill(lost[0])
        return find(page, name)

    monkeypatch.setattr(AdAccountsPage, "find_named", lose_the_browser)
    with slot_on(standin, tmp_path) as operator:
        record = operator.run(make_create_business_center())
    assert (record["outcome"], record["writes"], len(lost)) == ("done", 1, 1), record["message"]
    assert record["result"]["aadvid"] in standin.world.ad_accounts
    assert len(standin.world.writes) == 1

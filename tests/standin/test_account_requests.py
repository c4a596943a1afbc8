"""Asking for access to an ad account on the stand-in: what is answered, and what is kept of it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from standin import control, seed
from standin.server import StandIn
from tests.standin.accounts_screen import VARIATIONS, Screen

# Flows meet every one of these screens with every change; their own rules are looked at by night.
pytestmark = pytest.mark.nightly

NOBODYS = "7999999999999999999"
Open = Callable[..., Screen]


@pytest.fixture(scope="module")
def standin() -> Iterator[StandIn]:
    with StandIn() as running:
        yield running


@pytest.fixture
def open_accounts(standin: StandIn, page: Page) -> Open:
    def opened(*faults: str, org_id: str = seed.NORTHWIND, **axes: str) -> Screen:
        standin.reset(axes=axes, faults=list(faults))
        return Screen(standin, page, org_id)

    return opened


@pytest.mark.parametrize("axes", VARIATIONS, ids=str)
def test_request_waits_for_the_owner(axes: dict[str, str], open_accounts: Open) -> None:
    screen = open_accounts(**axes)
    screen.request(seed.REQUESTABLE)
    if axes.get("success_screen"):
        expect(screen.text("accounts.request.sent")).to_be_visible()
        screen.button("accounts.done").click()
    row = screen.row(seed.REQUESTABLE)
    if axes.get("list_order") == "name":
        screen.page.get_by_placeholder(screen.words["accounts.search"]).fill(seed.REQUESTABLE)
    expect(row).to_contain_text(screen.words["accounts.relation.pending"])
    relation = screen.relation(seed.REQUESTABLE)
    assert relation is not None
    assert (relation.state, relation.role) == ("pending", "operator")
    assert screen.writes() == [("request", True)]


def test_owner_accepts_or_declines_and_a_declined_one_may_be_asked_again(open_accounts: Open) -> None:
    screen = open_accounts()
    screen.request(seed.REQUESTABLE)
    row = screen.row(seed.REQUESTABLE)
    expect(row).to_contain_text("Request pending")
    control.decline_request(screen.site.world, {"aadvid": seed.REQUESTABLE, "org_id": seed.NORTHWIND})
    screen.open()
    expect(row).to_contain_text("Request declined")
    screen.request(seed.REQUESTABLE, "analyst")
    expect(row).to_contain_text("Request pending")
    control.accept_request(screen.site.world, {"aadvid": seed.REQUESTABLE, "org_id": seed.NORTHWIND})
    screen.open()
    expect(row).to_contain_text("Analyst")


def test_own_personal_account_is_bound_at_once(open_accounts: Open) -> None:
    screen = open_accounts()
    screen.request(seed.OWN_PERSONAL, "admin")
    expect(screen.toast("success")).to_have_text("Success, your ad account is added automatically")
    expect(screen.row(seed.OWN_PERSONAL)).to_contain_text("Admin")


@pytest.mark.parametrize(
    ("aadvid", "key"),
    [
        (NOBODYS, "unknown"),
        (seed.REQUESTABLE_DISAPPROVED, "rejected"),
        (seed.OWNED_APPROVED, "already"),
        (seed.BOUND_INDIVIDUAL, "already"),
        (seed.PENDING_REQUEST, "pending"),
    ],
)
@pytest.mark.parametrize("language", ["en", "vi"])
def test_request_is_refused_in_words(aadvid: str, key: str, language: str, open_accounts: Open) -> None:
    screen = open_accounts(language=language)
    before = dict(screen.site.world.ad_accounts)
    screen.request(aadvid)
    expect(screen.toast("error")).to_have_text(screen.words[f"accounts.refused.{key}"])
    expect(screen.button("accounts.send")).to_be_visible()
    assert screen.writes() == [("request", False)]
    assert dict(screen.site.world.ad_accounts) == before


def test_account_of_another_business_center_waits_unless_not_shareable(open_accounts: Open) -> None:
    screen = open_accounts()
    account = screen.site.world.ad_accounts[seed.OTHER_BC_OWNED]
    account.details["not_shareable"] = True
    screen.request(seed.OTHER_BC_OWNED)
    expect(screen.toast("error")).to_contain_text("Only an Admin of the Business Center Contoso Growth can share it")
    account.details.clear()
    screen.button("accounts.send").click()
    expect(screen.row(seed.OTHER_BC_OWNED)).to_contain_text("Request pending")


def test_request_needs_an_id_and_a_role(open_accounts: Open) -> None:
    screen = open_accounts()
    screen.start_request()
    screen.button("accounts.send").click()
    expect(screen.css("form-container-help")).to_have_text(["Enter an account ID", "Select an access permission"])
    assert screen.writes() == []


def test_silent_confirm_says_nothing_and_changes_nothing(open_accounts: Open) -> None:
    screen = open_accounts("silent_confirm")
    with screen.page.expect_response("**/account/request/*"):
        screen.request(seed.REQUESTABLE)
    expect(screen.button("accounts.send")).to_be_enabled()
    expect(screen.css("message-content")).to_have_count(0)
    assert (screen.writes(), screen.relation(seed.REQUESTABLE)) == ([("request", False)], None)


def test_owner_can_be_notified(open_accounts: Open) -> None:
    screen = open_accounts()
    screen.start_request()
    screen.fill_request(seed.REQUESTABLE)
    screen.text("accounts.request.notify").click()
    screen.page.get_by_placeholder("Enter the owner's email").fill("owner@client.example")
    screen.button("accounts.send").click()
    expect(screen.row(seed.REQUESTABLE)).to_be_visible()
    assert screen.site.world.ad_accounts[seed.REQUESTABLE].details["owner_notified"] == "owner@client.example"


@pytest.mark.parametrize("axes", VARIATIONS[:4], ids=str)
def test_empty_business_center_offers_two_buttons(axes: dict[str, str], open_accounts: Open) -> None:
    screen = open_accounts(org_id=seed.EMPTY_BC, **axes)
    expect(screen.button("accounts.create")).to_be_visible()
    expect(screen.button("accounts.add")).to_have_count(0)
    screen.button("accounts.link" if axes.get("link_wording") else "accounts.request").click()
    screen.fill_request(seed.REQUESTABLE)
    screen.button("accounts.send").click()
    expect(screen.row(seed.REQUESTABLE)).to_contain_text(screen.words["accounts.relation.pending"])

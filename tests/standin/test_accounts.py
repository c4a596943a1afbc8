"""The list and the details page of ad accounts on the stand-in."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from standin import seed
from standin.server import StandIn
from tests.standin.accounts_screen import VARIATIONS, Screen

# Flows meet every one of these screens with every change; their own rules are looked at by night.
pytestmark = pytest.mark.nightly

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
def test_list_has_33_accounts_on_four_pages(axes: dict[str, str], open_accounts: Open) -> None:
    screen = open_accounts(**axes)
    expect(screen.ids()).to_have_count(10)
    expect(screen.total()).to_contain_text("33")
    seen = set(screen.ids().all_inner_texts())
    for number in ("2", "3", "4"):
        first = screen.ids().first.inner_text()
        screen.css("pager-item").get_by_text(number, exact=True).click()
        expect(screen.ids().first).not_to_have_text(first)
        expect(screen.ids()).to_have_count(3 if number == "4" else 10)
        seen |= set(screen.ids().all_inner_texts())
    assert len(seen) == 33


def test_row_of_the_table_reads_as_on_the_site(open_accounts: Open) -> None:
    screen = open_accounts(list_order="name")
    row = screen.row(seed.OWNED_APPROVED)
    expect(row).to_be_visible()
    cells = row.get_by_role("cell").all_inner_texts()
    assert cells[0].split("\n") == ["Acme US", f"ID: {seed.OWNED_APPROVED}"]
    assert cells[1:4] == ["Approved", "Northwind Agency", "Admin"]
    link = row.get_by_role("link", name="Go to Ads Manager")
    expect(link).to_have_attribute("href", f"{screen.site.ads_url}/i18n/home?aadvid={seed.OWNED_APPROVED}")


@pytest.mark.parametrize("axes", VARIATIONS[:4], ids=str)
def test_filters_narrow_the_list_and_are_remembered(axes: dict[str, str], open_accounts: Open) -> None:
    screen = open_accounts(**axes)
    screen.css("pager-item").get_by_text("3", exact=True).click()
    screen.filter(1, "accounts.status.suspended")
    expect(screen.ids()).to_have_text([f"ID: {seed.OWNED_SUSPENDED}"])
    screen.filter(0, "accounts.owner.partner")
    expect(screen.ids()).to_have_count(0)
    expect(screen.button("accounts.addAgency")).to_be_visible()
    screen.open()
    expect(screen.total()).to_contain_text("0")
    screen.button("accounts.filter.clear").click()
    expect(screen.total()).to_contain_text("33")


def test_search_finds_twins_and_ids(open_accounts: Open) -> None:
    screen = open_accounts()
    box = screen.page.get_by_placeholder("Search by account name or ID")
    box.fill("harbor")
    expect(screen.total()).to_have_text("3 Records in Total")
    box.fill(seed.TWIN_B)
    expect(screen.ids()).to_have_text([f"ID: {seed.TWIN_B}"])


def test_list_without_search_has_no_box(open_accounts: Open) -> None:
    screen = open_accounts(search="no")
    expect(screen.ids()).to_have_count(10)
    expect(screen.page.get_by_placeholder("Search by account name or ID")).to_have_count(0)


def test_standard_member_sees_nothing_to_add(open_accounts: Open) -> None:
    screen = open_accounts(org_id=seed.FABRIKAM)
    expect(screen.total()).to_have_text("0 Records in Total")
    expect(screen.page.get_by_role("button")).to_have_count(0)


def read_facts(screen: Screen, *keys: str) -> list[str]:
    return [screen.field(key).locator("[class*='-form-container-content']").inner_text() for key in keys]


@pytest.mark.parametrize("axes", VARIATIONS[:4], ids=str)
def test_details_show_members_and_partners(axes: dict[str, str], open_accounts: Open) -> None:
    screen = open_accounts(**axes)
    screen.page.get_by_placeholder(screen.words["accounts.search"]).fill(seed.OWNED_APPROVED)
    expect(screen.ids()).to_have_count(1)
    screen.row(seed.OWNED_APPROVED).get_by_text(screen.words["accounts.view"], exact=True).click()
    expect(screen.page.get_by_role("heading", name="Acme US")).to_be_visible()
    facts = read_facts(screen, "accounts.detail.currency", "accounts.column.owner", "accounts.column.status")
    assert facts == ["USD", "Northwind Agency", screen.words["accounts.status.approved"]]
    assert read_facts(screen, "accounts.detail.timeZone")[0].startswith("(UTC-05:00)")
    expect(screen.row("ana.lima@agency.example")).to_contain_text(screen.words["accounts.role.admin"])
    screen.css("tab-bar-item-label").get_by_text(screen.words["accounts.detail.partners"], exact=True).click()
    expect(screen.row(seed.DELTA_MEDIA)).to_contain_text(screen.words["accounts.role.operator"])


def test_account_is_shared_with_a_partner_from_its_page(open_accounts: Open) -> None:
    screen = open_accounts()
    screen.open(f"&detail_adv={seed.TWIN_B}")
    screen.css("tab-bar-item-label").get_by_text("Partners", exact=True).click()
    screen.button("accounts.detail.share").click()
    screen.page.get_by_placeholder("Enter Business Center ID").fill(seed.DELTA_MEDIA)
    screen.field("accounts.request.role").get_by_text("Analyst", exact=True).click()
    screen.button("accounts.share.assign").click()
    expect(screen.row(seed.DELTA_MEDIA)).to_contain_text("AnalystPending")
    partner = screen.site.world.business_centers[seed.NORTHWIND].partner(seed.DELTA_MEDIA)
    assert partner is not None
    assert partner.shares[seed.TWIN_B].level == "analyst"
    assert screen.writes() == [("share", True)]


def test_kit_names_nothing(open_accounts: Open) -> None:
    screen = open_accounts()
    screen.start_request()
    found: list[Any] = screen.page.evaluate(
        "[...document.querySelectorAll('[role],[data-testid],[for]')].map(e => e.getAttribute('role') || 'x')"
    )
    assert set(found) <= {"table", "rowgroup", "row", "cell", "columnheader"}

"""The pages that show lists: what they read, and what they say when they cannot be sure."""

import pytest
from playwright.sync_api import Route

from bcflow.models.errors import CannotSee, ScreenChanged, SignedOut, WrongPlace
from bcflow.pages.ad_accounts_page import AdAccountsPage
from bcflow.pages.chooser_page import ChooserPage
from bcflow.pages.kit.screen.site import Site
from bcflow.pages.members_page import MembersPage
from bcflow.pages.partners_page import PartnersPage
from standin import seed
from standin.server import StandIn
from tests.support.nightly import nightly_except

VARIANTS = [
    pytest.param(marks=pytest.mark.standin(axes=axes), id="-".join(axes.values()))
    for axes in (
        {"edition": "2026", "language": "en", "members_table": "table", "list_order": "newest"},
        {"edition": "2024", "language": "vi", "members_table": "div", "list_order": "name", "accounts_table": "div"},
    )
]


@pytest.mark.parametrize((), nightly_except(VARIANTS, "2024-vi-div-name-div"))
def test_members_are_all_read_with_role_and_status(site: Site, standin: StandIn) -> None:
    members = MembersPage.open(site, seed.NORTHWIND).read_members()
    there = standin.world.business_centers[seed.NORTHWIND].members
    assert {(row.email, row.role, row.status) for row in members} == {
        (row.email, row.role, row.status) for row in there
    }
    assert {row.finance_role for row in members} == {"manager", "analyst", None}
    assert standin.world.writes == []


def test_a_member_is_found_by_address_and_a_stranger_is_absent_with_proof(site: Site) -> None:
    page = MembersPage.open(site, seed.NORTHWIND)
    found, _ = page.find("ANA.LIMA@agency.example")
    assert [row.email for row in found] == ["ana.lima@agency.example"]
    nobody, proof = page.find("nobody@agency.example")
    assert nobody == []
    assert "28 of 28" in proof
    assert page.why_no_invitation(seed.NORTHWIND) == ""


def test_a_member_s_accounts_are_read_from_the_details(site: Site) -> None:
    page = MembersPage.open(site, seed.NORTHWIND)
    assert page.read_assigned("ana.lima@agency.example") == {seed.OWNED_APPROVED: "admin"}


@pytest.mark.parametrize((), nightly_except(VARIANTS, "2026-en-table-newest"))
def test_ad_accounts_are_all_read_with_status_relation_and_owner(site: Site, standin: StandIn) -> None:
    rows = {row.aadvid: row for row in AdAccountsPage.open(site, seed.NORTHWIND).read_accounts()}
    there = [one for one in standin.world.ad_accounts.values() if seed.NORTHWIND in one.relations]
    assert set(rows) == {one.aadvid for one in there}
    assert {one.aadvid: one.name for one in there} == {key: row.name for key, row in rows.items()}
    assert rows[seed.OWNED_SUSPENDED].status == "suspended"
    assert rows[seed.OWNED_NO_CONTRACT].status == "contract has not taken effect"
    assert rows[seed.PENDING_REQUEST].relation == "request pending"
    assert rows[seed.DECLINED_REQUEST].relation == "request declined"
    assert (rows[seed.BOUND_INDIVIDUAL].role, rows[seed.BOUND_INDIVIDUAL].owned_here) == ("analyst", False)
    assert rows[seed.OWNED_APPROVED].owned_here
    assert standin.world.writes == []


def test_two_accounts_of_one_name_are_both_found_and_near_names_are_not(site: Site) -> None:
    page = AdAccountsPage.open(site, seed.NORTHWIND)
    assert {row.aadvid for row in page.find_named("Harbor  Shop")[0]} == {seed.TWIN_A, seed.TWIN_B}
    assert page.find_named("harbor shop")[0] == []
    assert page.find(seed.LABS_OWNED)[0] is None


def test_a_business_center_without_accounts_says_so(site: Site) -> None:
    page = AdAccountsPage.open(site, seed.EMPTY_BC)
    assert page.is_empty
    assert page.may_add
    assert page.read_accounts() == []


@pytest.mark.parametrize(
    (),
    [
        pytest.param(marks=pytest.mark.standin(axes={"partners_route": "guess"}), id="guess"),
        pytest.param(marks=pytest.mark.standin(axes={"partners_route": "other", "partners_table": "div"}), id="other"),
    ],
)
def test_partners_are_reached_by_the_menu_and_read_with_their_state(site: Site, standin: StandIn) -> None:
    page = PartnersPage.open(site, seed.NORTHWIND)
    assert {(row.partner_id, row.name, row.status) for row in page.read_partners()} == {
        (seed.DELTA_MEDIA, "Delta Media", "active"),
        (seed.EPSILON, "Epsilon", "active"),
        (seed.ZETA_ADS, "Zeta Ads", "request pending"),
    }
    assert page.why_not_add(seed.NORTHWIND) == ""
    assert standin.world.writes == []


@pytest.mark.standin(axes={"edition": "2024"})
def test_a_partner_that_was_only_asked_is_found_under_requests(site: Site) -> None:
    page = PartnersPage.open(site, seed.NORTHWIND)
    found, _ = page.find(seed.ZETA_ADS)
    assert found is not None
    assert found.status == "request pending"
    assert not page.has_page(seed.ZETA_ADS)
    assert page.find(seed.OMEGA)[0] is None


def test_the_chooser_names_every_business_center_of_the_login(site: Site) -> None:
    found = {row.id: (row.name, row.role) for row in ChooserPage.open(site).read()}
    assert found == {
        seed.NORTHWIND: ("Northwind Agency", "admin"),
        seed.NORTHWIND_LABS: ("Northwind Labs", "admin"),
        seed.FABRIKAM: ("Fabrikam", "standard"),
        seed.EMPTY_BC: ("Northwind Empty", "admin"),
    }


def test_a_chooser_that_was_given_no_business_centers_proves_nothing(site: Site) -> None:
    """A card of its own, here for a new one, is a page that has arrived; what is missing may only not be told."""

    def answer(route: Route) -> None:
        if "organizations" in route.request.url:
            route.fulfill(status=500, json={"code": 50000})
        else:
            route.fulfill(json={"code": 0, "data": {}})

    card = """<div class="bc-card" onclick="location.search = 'org_id=0'">New Business Center</div>"""
    asks = "<script>for (const what of ['organizations', 'user']) fetch(`/api/v2/bm/${what}/`)</script>"
    site.page.route("**/api/v2/bm/**", answer)
    site.page.route("**/select*", lambda route: route.fulfill(content_type="text/html", body=card + asks))
    chooser = ChooserPage.open(site)
    assert [each.name for each in chooser.read()] == ["New Business Center"]
    with pytest.raises(CannotSee, match="the site gave no data for /api/v2/bm/organizations/"):
        chooser.require_whole()


@pytest.mark.nightly
@pytest.mark.standin(faults=["wrong_bc"])
@pytest.mark.parametrize("page", [MembersPage, AdAccountsPage, PartnersPage])
def test_a_list_of_another_business_center_is_not_read(
    site: Site, page: type[MembersPage | AdAccountsPage | PartnersPage]
) -> None:
    with pytest.raises((CannotSee, WrongPlace), match="Northwind"):
        page.open(site, seed.NORTHWIND)


@pytest.mark.nightly
@pytest.mark.standin(axes={"late_redirect": "1"})
@pytest.mark.parametrize("page", [MembersPage, AdAccountsPage, PartnersPage])
def test_without_a_session_a_list_is_signed_out_and_not_empty(
    stranger: Site, page: type[MembersPage | AdAccountsPage | PartnersPage]
) -> None:
    with pytest.raises(SignedOut):
        page.open(stranger, seed.NORTHWIND)


@pytest.mark.standin(faults=["renamed_button=members.invite>Bring somebody"])
def test_a_button_an_admin_misses_is_a_changed_screen(site: Site) -> None:
    page = MembersPage.open(site, seed.NORTHWIND)
    with pytest.raises(ScreenChanged, match="Bring somebody"):
        page.why_no_invitation(seed.NORTHWIND)


def test_a_button_a_standard_login_misses_is_its_role(site: Site) -> None:
    page = MembersPage.open(site, seed.FABRIKAM)
    assert "Standard" in page.why_no_invitation(seed.FABRIKAM)

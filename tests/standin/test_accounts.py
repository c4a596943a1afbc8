"""The ad-account screens of the stand-in: list, filters, details and requests for access."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from standin import control, seed
from standin.server import StandIn
from standin.words import words_for
from standin.world import Relation

NOBODYS = "7999999999999999999"
VARIATIONS = [
    {},
    {"language": "vi", "surface": "drawer", "accounts_table": "div", "role_widget": "select"},
    {"edition": "2024", "surface": "page", "access_column": "no", "preselected_role": "standard"},
    {"edition": "2024", "language": "vi", "link_wording": "link", "list_order": "name"},
    {"kit_prefix": "byted", "success_screen": "yes", "codes": "all"},
    {"kit_prefix": "okee", "toast_prefix": "byted", "link_wording": "link"},
]


class Screen:
    """The list in one variation, with the words it has there."""

    def __init__(self, site: StandIn, page: Page, org_id: str) -> None:
        self.site, self.page, self.org_id = site, page, org_id
        self.words = words_for(site.world)
        page.context.request.post(f"{site.control}/sign-in", data={"email": seed.EMAIL})
        self.open()

    def open(self, query: str = "") -> None:
        self.page.goto(f"{self.site.bc_url}/manage/accounts/adv?org_id={self.org_id}{query}")

    def css(self, suffix: str) -> Locator:
        return self.page.locator(f"[class*='-{suffix}']").filter(visible=True)

    def button(self, key: str) -> Locator:
        name = self.words[key]
        return self.page.get_by_role("button", name=name, exact=True).filter(visible=True)

    def text(self, key: str) -> Locator:
        return self.page.get_by_text(self.words[key], exact=True).filter(visible=True)

    def row(self, text: str) -> Locator:
        return self.page.locator("tbody tr, [class*='-table-row']").filter(has_text=text).filter(visible=True)

    def ids(self) -> Locator:
        return self.page.get_by_text("ID: 7").filter(visible=True)

    def total(self) -> Locator:
        return self.css("pager-record")

    def field(self, key: str) -> Locator:
        label = self.page.locator("[class*='-form-container-label']").filter(
            has=self.page.get_by_text(self.words[key], exact=True)
        )
        return self.page.locator("[class*='-form-container-vertical']").filter(has=label).filter(visible=True)

    def pick(self, trigger: Locator, key: str) -> None:
        trigger.click()
        self.css("select-option-inner-wrapper").get_by_text(self.words[key], exact=True).click()

    def filter(self, nth: int, key: str) -> None:
        self.pick(self.page.locator(".si-filters [class*='-popper-trigger']").nth(nth), key)

    def start_request(self) -> None:
        self.button("accounts.addAgency").click()
        link = self.site.world.axis("link_wording") == "link"
        self.page.locator("p").get_by_text(self.words["accounts.link" if link else "accounts.request"]).click()
        self.button("accounts.next").click()

    def fill_request(self, aadvid: str, role: str = "operator") -> None:
        self.page.get_by_placeholder(self.words["accounts.request.idHint"]).fill(aadvid)
        field = self.field("accounts.request.role")
        if self.site.world.axis("role_widget") == "select":
            self.pick(field.locator("[class*='-popper-trigger']"), f"accounts.role.{role}")
        else:
            field.get_by_text(self.words[f"accounts.role.{role}"], exact=True).click()

    def request(self, aadvid: str, role: str = "operator") -> None:
        self.start_request()
        self.fill_request(aadvid, role)
        self.button("accounts.send").click()

    def give_code(self) -> None:
        self.text("code.title").wait_for()
        code = self.page.get_by_placeholder(self.words["code.placeholder"])
        expect(self.button("code.confirm")).to_be_visible()
        self.page.wait_for_function("!document.querySelector('.never')")
        sent = [row for row in self.site.world.codes if row.purpose == "request"]
        code.fill(sent[-1].code)
        self.button("code.confirm").click()

    def toast(self, kind: str) -> Locator:
        return self.css(f"message-type-{kind}").locator("[class*='-message-content']")

    def relation(self, aadvid: str) -> Relation | None:
        return self.site.world.ad_accounts[aadvid].relations.get(self.org_id)

    def writes(self) -> list[tuple[str, bool]]:
        return [(row.kind, row.applied) for row in self.site.world.writes if row.kind in {"request", "create", "share"}]


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


@pytest.mark.parametrize("axes", VARIATIONS, ids=str)
def test_request_waits_for_the_owner(axes: dict[str, str], open_accounts: Open) -> None:
    screen = open_accounts(**axes)
    screen.request(seed.REQUESTABLE)
    if axes.get("codes"):
        screen.give_code()
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
    screen.css("tab-bar-item-label").get_by_text("Partners", exact=True).click()
    expect(screen.row(seed.DELTA_MEDIA)).to_contain_text("Analyst")
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

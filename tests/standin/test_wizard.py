"""The ad-account wizard of the stand-in: the short form, an agency's form, and what the site may answer."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from standin import control, seed
from standin.areas.choices import ZONES, zone_label
from standin.server import StandIn
from standin.words import words_for
from standin.world import AdAccount

# Flows meet every one of these screens with every change; their own rules are looked at by night.
pytestmark = pytest.mark.nightly

NAME = "Gadget Fair DE"
VARIATIONS = [
    {},
    {"language": "vi"},
    {"edition": "2024"},
    {"edition": "2024", "language": "vi", "codes": "all"},
]


class Wizard:
    """The wizard in one variation, with the words it has there."""

    def __init__(self, site: StandIn, page: Page, org_id: str) -> None:
        self.site, self.page, self.org_id = site, page, org_id
        self.words = words_for(site.world)
        page.context.request.post(f"{site.control}/sign-in", data={"email": seed.EMAIL})
        page.goto(f"{site.bc_url}/manage/accounts/adv?org_id={org_id}")
        self.before = set(site.world.ad_accounts)

    def button(self, key: str) -> Locator:
        name = self.words[key]
        return self.page.get_by_role("button", name=name, exact=True).filter(visible=True)

    def start(self) -> None:
        self.button("accounts.addAgency" if self.org_id == seed.NORTHWIND else "accounts.add").click()
        self.page.locator("p").get_by_text(self.words["accounts.create"], exact=True).click()
        self.button("accounts.next").click()

    def item(self, name: str) -> Locator:
        label = self.page.locator(".vi-form-item__label").get_by_text(self.words[f"wizard.{name}"], exact=True)
        return self.page.locator(".vi-form-item").filter(has=label)

    def field(self, name: str) -> Locator:
        return self.page.get_by_placeholder(self.words[f"wizard.{name}Hint"])

    def options(self) -> Locator:
        return self.page.locator(".vi-select-dropdown__item").filter(visible=True)

    def choose(self, name: str, label: str) -> None:
        self.field(name).click()
        self.options().get_by_text(label, exact=True).click()
        expect(self.item(name).locator("input")).to_have_value(label)

    def choose_zone(self, city: str, label: str) -> None:
        self.field("timeZone").click()
        search = self.page.get_by_placeholder(self.words["wizard.search"]).filter(visible=True)
        typed = search if self.site.world.axis("edition") == "2026" else self.item("timeZone").locator("input")
        typed.fill(city)
        expect(self.options()).to_have_text([label])
        self.options().click()
        expect(self.item("timeZone").locator("input").first).to_have_value(label)

    def choose_industry(self, group: str, item: str) -> None:
        self.field("industry").click()
        menus = self.page.locator(".vi-cascader-menu").filter(visible=True)
        menus.first.locator("li").filter(has_text=group).hover()
        menus.last.locator("li").get_by_text(item, exact=True).click()

    def fill_company(self) -> None:
        language = self.site.world.axis("language")
        self.choose("country", "Đức" if language == "vi" else "Germany")
        if self.org_id == seed.NORTHWIND:
            self.page.get_by_placeholder(self.words["wizard.companySearch"]).fill("acme")
            self.page.locator(".vi-autocomplete-suggestion li").get_by_text("Acme US Inc.", exact=True).click()
        else:
            self.field("company").fill("Gadget Fair GmbH")
        self.field("website").fill("https://gadget.example")

    def fill_account(self, name: str = NAME) -> None:
        language, edition = (self.site.world.axis(axis) for axis in ("language", "edition"))
        self.field("name").fill(name)
        self.choose_zone("Berlin", zone_label("Europe/Berlin", language))
        self.choose("currency", "Euro (EUR)" if edition == "2024" else "EUR")
        self.choose_industry("Tech & Electronics", "Other")

    def confirm(self, key: str = "wizard.confirm") -> None:
        if self.site.world.axis("codes") != "all":
            self.button(key).click()
            return
        with self.page.expect_response("**/send_code/*"):
            self.button(key).click()
        box = self.page.get_by_placeholder(self.words["code.placeholder"])
        box.fill(self.site.world.codes[-1].code)
        dialog = self.page.locator("[class*='-modal-body']").filter(visible=True)
        dialog.get_by_role("button", name=self.words["code.confirm"], exact=True).click()

    def made(self) -> list[AdAccount]:
        return [row for key, row in self.site.world.ad_accounts.items() if key not in self.before]

    def creations(self) -> list[tuple[bool, bool]]:
        return [(row.applied, row.answered) for row in self.site.world.writes if row.kind == "create"]


Open = Callable[..., Wizard]


@pytest.fixture(scope="module")
def standin() -> Iterator[StandIn]:
    with StandIn() as running:
        yield running


@pytest.fixture
def open_wizard(standin: StandIn, page: Page) -> Open:
    def opened(*faults: str, org_id: str = seed.NORTHWIND_LABS, **axes: str) -> Wizard:
        standin.reset(axes=axes, faults=list(faults))
        wizard = Wizard(standin, page, org_id)
        wizard.start()
        return wizard

    return opened


@pytest.mark.parametrize("axes", VARIATIONS, ids=str)
def test_account_is_created_and_read_back(axes: dict[str, str], open_wizard: Open) -> None:
    wizard = open_wizard(**axes)
    expect(wizard.page.get_by_role("heading", name=wizard.words["wizard.title"])).to_be_visible()
    wizard.fill_account()
    wizard.fill_company()
    wizard.confirm()
    wizard.button("wizard.skip").click()
    [made] = wizard.made()
    row = wizard.page.locator("tr").filter(has_text=made.aadvid)
    expect(row).to_contain_text(wizard.words["accounts.status.in_review"])
    assert (made.name, made.owner, made.status) == (NAME, seed.NORTHWIND_LABS, "in_review")
    assert (made.country, made.currency, made.time_zone) == ("DE", "EUR", "Europe/Berlin")
    assert made.details["industry"] == "Tech & Electronics > Other"
    assert wizard.creations() == [(True, True)]
    row.get_by_text(wizard.words["accounts.view"], exact=True).click()
    zone = zone_label("Europe/Berlin", wizard.site.world.axis("language"))
    for text in (NAME, zone, "EUR", "Gadget Fair GmbH", "Tech & Electronics > Other"):
        expect(wizard.page.get_by_text(text, exact=True)).to_be_visible()


@pytest.mark.parametrize("axes", VARIATIONS, ids=str)
def test_agency_form_has_two_pages_and_a_check(axes: dict[str, str], open_wizard: Open) -> None:
    wizard = open_wizard(org_id=seed.NORTHWIND, **axes)
    dialog = wizard.page.locator("[class*='-confirm-footer']")
    dialog.get_by_role("button", name=wizard.words["core.confirm"], exact=True).click()
    wizard.fill_company()
    wizard.button("wizard.next").click()
    wizard.fill_account()
    for name, text in (("street", "Turmstr. 1"), ("city", "Berlin"), ("state", "BE"), ("postal", "10559")):
        wizard.field(name).fill(text)
    wizard.button("wizard.next").click()
    expect(wizard.page.locator(".vi-form-item__error")).to_have_text(wizard.words["wizard.termsRequired"])
    wizard.page.locator(".vi-checkbox__inner").click()
    wizard.button("wizard.next").click()
    expect(wizard.page.get_by_role("heading", name=wizard.words["wizard.review"])).to_be_visible()
    expect(wizard.page.get_by_text("Acme US Inc.")).to_be_visible()
    wizard.confirm("wizard.submit")
    wizard.button("wizard.skip").click()
    expect(wizard.page).to_have_url(re.compile("/manage/accounts/adv\\?org_id="))
    [made] = wizard.made()
    assert (made.company, made.country, made.details["billing"]["post_code"]) == (
        "Acme US Inc.",
        "DE",
        "10559",
    )
    assert wizard.creations() == [(True, True)]


def test_missing_fields_are_named_and_nothing_is_sent(open_wizard: Open) -> None:
    wizard = open_wizard()
    wizard.button("wizard.confirm").click()
    expect(wizard.page.locator(".vi-form-item__error")).to_have_count(6)
    wizard.field("website").fill("nowhere")
    wizard.field("name").fill("X")
    expect(wizard.item("website").locator(".vi-form-item__error")).to_have_text("Enter a valid URL")
    assert wizard.creations() == []


def test_full_business_center_refuses(open_wizard: Open) -> None:
    wizard = open_wizard()
    wizard.site.world.business_centers[seed.NORTHWIND_LABS].details["ad_account_quota"] = 1
    wizard.fill_account()
    wizard.fill_company()
    wizard.confirm()
    message = wizard.page.locator(".vi-message--error")
    expect(message).to_have_text("The maximum number of advertiser accounts has been created")
    assert (wizard.creations(), wizard.made()) == ([(False, True)], [])


@pytest.mark.parametrize(
    ("fault", "applied"),
    [("500_before", False), ("500_after", True), ("cut_fin=headers", True), ("silent_confirm", False)],
)
def test_fault_leaves_the_wizard_open(fault: str, applied: bool, open_wizard: Open) -> None:
    wizard = open_wizard(f"{fault}:create:1")
    wizard.fill_account()
    wizard.fill_company()
    wizard.confirm()
    if fault == "silent_confirm":
        expect(wizard.page.locator(".vi-button.is-loading")).to_have_count(0)
    else:
        expect(wizard.page.locator(".vi-message--error")).to_be_visible()
    expect(wizard.button("wizard.confirm")).to_be_enabled()
    expect(wizard.button("wizard.skip")).to_have_count(0)
    assert len(wizard.made()) == int(applied)
    assert [done for done, _ in wizard.creations()] == [applied]


def test_two_accounts_may_have_the_same_name(open_wizard: Open) -> None:
    wizard = open_wizard()
    for _ in range(2):
        wizard.fill_account("Labs Test")
        wizard.fill_company()
        wizard.confirm()
        wizard.button("wizard.skip").click()
        wizard.page.goto(f"{wizard.site.bc_url}/manage/accounts/adv/create?org_id={seed.NORTHWIND_LABS}")
    assert [row.name for row in wizard.made()] == ["Labs Test", "Labs Test"]


def test_review_ends_by_control(open_wizard: Open) -> None:
    wizard = open_wizard()
    wizard.fill_account()
    wizard.fill_company()
    wizard.confirm()
    wizard.button("wizard.skip").click()
    expect(wizard.page.get_by_text(NAME)).to_be_visible()
    [made] = wizard.made()
    row = wizard.page.locator("tr").filter(has_text=made.aadvid)
    for act, word in (
        (control.approve_ad_account, "Approved"),
        (control.disapprove_ad_account, "Disapproved"),
    ):
        act(wizard.site.world, {"aadvid": made.aadvid})
        wizard.page.reload()
        expect(row).to_contain_text(word)


def test_offset_alone_names_no_zone(open_wizard: Open) -> None:
    wizard = open_wizard()
    wizard.field("timeZone").click()
    wizard.page.get_by_placeholder("Search").fill("UTC-05:00")
    expect(wizard.options()).to_have_count(sum(zone.offset == "-05:00" for zone in ZONES))
    assert len(ZONES) > 60


def test_toast_fee_and_code_meet_the_wizard(open_wizard: Open) -> None:
    wizard = open_wizard("toast=Not loaded@300:create", "fee_dialog:create", "code_after_yes=0.1:create")
    wizard.fill_account()
    wizard.fill_company()
    wizard.confirm()
    expect(wizard.page.locator(".vi-message--error")).to_have_text("Not loaded")
    dialog = wizard.page.locator("[class*='-modal-body']").filter(visible=True)
    expect(dialog).to_contain_text("you accept a monthly fee")
    assert wizard.site.world.writes == []
    with wizard.page.expect_response("**/send_code/*"):
        dialog.get_by_role("button", name="Confirm", exact=True).click()
    assert (wizard.creations(), wizard.made()) == ([(False, True)], [])
    wizard.page.get_by_placeholder(wizard.words["code.placeholder"]).fill(wizard.site.world.codes[-1].code)
    dialog.get_by_role("button", name="Confirm", exact=True).click()
    expect(wizard.button("wizard.skip")).to_be_visible()
    assert (wizard.creations(), len(wizard.made())) == ([(True, True)], 1)

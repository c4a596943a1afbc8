"""The five flows in plain Playwright: what a good engineer would write for this one site, and no more.

It loads the same pages as bcflow and looks before and after, but knows the site: one language, one kit, one
order of steps. No ledger, no evidence, no fence, no second thought about what a click hit.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Locator, Page, expect

Job = dict[str, Any]

CONTENT = ".si-content"
DIALOG = '[class*="-modal-show"]'
ROW = "tbody tr"
PANEL = '[class*="-popover-show"]'
OPTION = '[data-type="select-option"]'
NEXT_PAGE = 'li[class*="-pager-item"]:has([class*="-icon-right"])'
SEARCH = "input[placeholder^=Search]"
CASCADER_COLUMN = '[class*="-cascader-column"]:not([class*="-cascader-column-"]), .vi-cascader-menu'
CASCADER_ITEM = '[class*="-cascader-item-label"], .vi-cascader-node__label'
WORDS = {"operator": "Operator", "analyst": "Analyst", "admin": "Admin"}
AGENCY = "Northwind Agency"
ZONE, COUNTRY = "New York", "United States"

# The rows of a list once it has loaded; after turning a page or searching, once they are other rows.
_LOADED = """([root, before]) => {
  const top = [...document.querySelectorAll(root)].filter(e => e.getClientRects().length).pop();
  const shown = e => e.getClientRects().length > 0;
  if (!top) return null;
  const masks = [...top.querySelectorAll('[class*="-loading-mask"]')].filter(shown);
  const busy = masks.some(e => getComputedStyle(e).opacity !== '0');
  const total = [...top.querySelectorAll('[class*="-pager-record"]')].find(shown);
  const rows = [...top.querySelectorAll('tbody tr')].filter(shown).map(e => e.innerText);
  const key = rows.join();
  if (busy || !total || (!rows.length && !total.innerText.startsWith('0')) || key === before) return null;
  const next = [...top.querySelectorAll('li[class*="-pager-item"]')].filter(shown).pop();
  return {rows, key, total: parseInt(total.innerText), more: !/-disabled/.test(next.className)};
}"""


@dataclass
class Listing:
    """What one list shows, all its pages together."""

    rows: list[str]
    key: str

    def having(self, *texts: str) -> list[str]:
        return [row for row in self.rows if all(text in row for text in texts)]


class Script:
    """One signed-in page of the Business Center at `address`."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address

    def open(self, path: str, org: str) -> None:
        self.page.goto(f"{self.address}{path}?org_id={org}", wait_until="domcontentloaded")

    # --- lists ---
    def sheet(self, root: str = CONTENT, before: str = "") -> dict[str, Any]:
        found: dict[str, Any] = self.page.wait_for_function(_LOADED, arg=[root, before]).json_value()
        return found

    def walk(self, root: str = CONTENT) -> Listing:
        sheet = self.sheet(root)
        rows: list[str] = sheet["rows"]
        while sheet["more"]:
            self.page.locator(root).locator(NEXT_PAGE).last.click()
            sheet = self.sheet(root, sheet["key"])
            rows = [*rows, *sheet["rows"]]
        require(len(rows) == sheet["total"], "every row of the list")
        return Listing(rows, sheet["key"])

    def search(self, root: Locator, text: str, row: str) -> Locator:
        root.locator(SEARCH).fill(text)
        found = root.locator(ROW).filter(has_text=row)
        expect(root.locator(ROW)).to_have_count(1)
        return found

    def members(self, org: str) -> Listing:
        self.open("/manage/users/members", org)
        return self.walk()

    def accounts(self, org: str) -> Listing:
        self.open("/manage/accounts/adv", org)
        return self.walk()

    def require_place(self, name: str) -> None:
        require(self.page.locator(".si-switcher-name").inner_text() == name, f"the Business Center {name}")

    def business_centers(self) -> list[str]:
        self.page.goto(f"{self.address}/select", wait_until="domcontentloaded")
        names = self.page.locator('.selection-item [class*="header__name"]')
        names.first.wait_for()
        return names.all_inner_texts()

    # --- forms ---
    def row(self, root: Locator, label: str) -> Locator:
        return root.locator('[class*="-form-container-vertical"], .vi-form-item').filter(
            has=self.page.get_by_text(label, exact=True)
        )

    def fill(self, root: Locator, placeholder: str, text: str) -> None:
        field = root.get_by_placeholder(placeholder)
        field.fill(text)
        require(field.input_value() == text, text)

    def choose(self, label: str, text: str) -> None:
        self.pick(self.row(self.page.locator("body"), label), text)

    def pick(self, field: Locator, text: str) -> None:
        trigger = field.locator('[class*="-select-input"]')
        trigger.click()
        options = self.page.locator(PANEL).locator(OPTION).filter(has_text=text, visible=True)
        options.first.click()
        require(text in trigger.locator("input").input_value(), text)

    def choose_vi(self, label: str, text: str, search: str = "") -> None:
        field = self.row(self.page.locator("body"), label).locator(".vi-select > .vi-input input")
        field.click()
        panel = self.page.locator(".vi-select-dropdown").filter(visible=True)
        if search:
            panel.get_by_placeholder("Search").fill(search)
        panel.locator(".vi-select-dropdown__item").filter(has_text=text, visible=True).first.click()
        expect(field).to_have_value(re.compile(re.escape(text)))

    def turn_on(self, root: Locator, caption: str) -> None:
        label = root.locator("label").filter(has_text=caption)
        label.click()
        require("-checked" in label.evaluate("e => e.outerHTML"), caption)

    def cascade(self, label: str, value: str) -> None:
        field = self.row(self.page.locator("body"), label)
        field.locator('[class*="-select-input"], .vi-cascader').click()
        parts = value.split(" > ")
        for level, part in enumerate(parts):
            column = self.page.locator(CASCADER_COLUMN).nth(level)
            column.locator(CASCADER_ITEM).get_by_text(part, exact=True).click()
        expect(field.locator("input").first).to_have_value(re.compile(re.escape(parts[-1])))

    def tick(self, dialog: Locator, aadvid: str) -> Locator:
        row = dialog.locator(ROW).filter(has_text=aadvid)
        self.sheet(DIALOG)
        if not row.count():
            self.search(dialog, aadvid, aadvid)
        row.locator('label[class*="-checkbox"]').click()
        return row

    def partners(self, org: str) -> Listing:
        self.open("/manage/users/partners", org)
        return self.walk()

    def shares(self, org: str, partner: str) -> Listing:
        self.open("/manage/users/partners", org)
        self.sheet()
        content = self.page.locator(CONTENT)
        self.search(content, partner, partner).get_by_text("View", exact=True).click()
        content.get_by_text("You've shared", exact=True).wait_for()
        return self.walk()

    def grant(self, dialog: Locator, item: Job, *, primary: bool | None) -> None:
        self.tick(dialog, item["aadvid"])
        self.turn_on(dialog, WORDS[item["role"]])
        if primary is not None:
            self.turn_on(dialog, "Yes" if primary else "No")


def require(good: bool, what: str) -> None:  # noqa: FBT001
    if not good:
        raise RuntimeError(f"not as expected: {what}")


def create_business_center(script: Script, job: Job) -> None:
    page, body = script.page, script.page.locator("body")
    require(job["name"] not in script.business_centers(), "no Business Center of this name")
    page.goto(f"{script.address}/account/create", wait_until="domcontentloaded")
    script.fill(body, "Enter the full legal name of your business", job["company"])
    script.choose("Country/Region", COUNTRY)
    script.cascade("Industry", job["industry"])
    script.fill(body, "Enter a contact name", job["contact_name"])
    script.fill(body, "Enter a phone number", job["phone"])
    script.fill(body, "Enter your website", job["website"])
    script.fill(body, "Enter a Business Center name", job["name"])
    script.choose("Time zone", ZONE)
    script.choose("Payment currency", job["currency"])
    script.fill(body, "Enter ad account name", job["ad_account_name"])
    script.turn_on(body, "I agree")
    page.get_by_role("button", name="Create", exact=True).click()
    page.wait_for_url("**/manage/overview**", wait_until="domcontentloaded")
    org = re.findall(r"org_id=(\d+)", page.url)[0]
    require(job["name"] in script.business_centers(), "the new Business Center")
    script.open("/manage/overview", org)
    page.locator(CONTENT).get_by_text(f"ID: {org}").wait_for()
    script.require_place(job["name"])
    require(len(script.accounts(org).having(job["ad_account_name"])) == 1, "its first ad account")


def create_ad_account(script: Script, job: Job) -> None:
    page, org, body = script.page, job["business_center"], script.page.locator("body")
    require(not script.accounts(org).having(job["name"]), "no ad account of this name")
    script.open("/manage/accounts/adv", org)
    script.sheet()
    page.get_by_role("button", name="Add advertiser account").click()
    page.locator(DIALOG).get_by_text("Create New", exact=True).click()
    page.locator(DIALOG).get_by_role("button", name="Next").click()
    page.locator(DIALOG).filter(has_text="still in review").get_by_role("button").last.click()
    script.choose_vi("Country/Region", COUNTRY)
    script.fill(body, "Search by company name", job["company"])
    script.fill(body, "Enter company website", job["website"])
    page.get_by_role("button", name="Next").click()
    script.cascade("Industry", job["industry"])
    script.fill(body, "Enter ad account name", job["name"])
    script.choose_vi("Time zone", ZONE, search=ZONE)
    script.choose_vi("Currency", job["currency"])
    for hint, name in (
        ("street", "street"),
        ("city", "city"),
        ("state/province", "state"),
        ("postal code", "postal_code"),
    ):
        script.fill(body, f"Enter {hint}", job[name])
    page.locator("label").filter(has_text="I agree").click()
    page.get_by_role("button", name="Next").click()
    page.get_by_text("Check your details").wait_for()
    page.get_by_role("button", name="Submit").click()
    page.get_by_text("Add payment information", exact=True).wait_for()
    named = script.accounts(org).having(job["name"])
    require(len(named) == 1, "one new ad account")
    script.open("/manage/accounts/adv", org)
    script.sheet()
    aadvid = re.findall(r"\d{19}", named[0])[0]
    script.search(page.locator(CONTENT), aadvid, aadvid).get_by_text("View", exact=True).click()
    details = page.locator(CONTENT)
    details.get_by_text("Currency", exact=True).wait_for()
    text = details.inner_text()
    require(all(each in text for each in (COUNTRY, ZONE, job["currency"], job["company"])), "its details")


def add_ad_account(script: Script, job: Job) -> None:
    page, org = script.page, job["business_center"]
    require(not script.accounts(org).having(job["aadvid"]), "no such ad account yet")
    script.require_place(AGENCY)
    page.get_by_role("button", name="Add advertiser account").click()
    page.locator(DIALOG).get_by_text("Request Access", exact=True).click()
    page.locator(DIALOG).get_by_role("button", name="Next").click()
    dialog = page.locator(DIALOG).filter(has_text="Access permission")
    script.fill(dialog, "Enter account ID", job["aadvid"])
    script.turn_on(dialog, WORDS[job["role"]])
    dialog.get_by_role("button", name="Confirm").click()
    dialog.wait_for(state="hidden")
    require(bool(script.accounts(org).having(job["aadvid"], "Request pending")), "the request")


def invite_member(script: Script, job: Job) -> None:
    page, org = script.page, job["business_center"]
    require(not script.members(org).having(job["email"]), "no such member yet")
    script.require_place(AGENCY)
    page.get_by_role("button", name="Invite Member").click()
    dialog = page.locator(DIALOG)
    script.fill(dialog, "Enter the new member's email address", job["email"])
    script.turn_on(dialog, WORDS[job["role"]])
    script.turn_on(dialog, f"Finance {WORDS[job['finance_role']]}")
    dialog.get_by_role("button", name="Next").click()
    for item in job["ad_accounts"]:
        row = script.tick(dialog, item["aadvid"])
        script.pick(row, WORDS[item["role"]])
    dialog.get_by_role("button", name="Confirm").click()
    dialog.wait_for(state="hidden")
    invited = script.members(org).having(job["email"], "Pending", "Admin", "Finance analyst")
    require(len(invited) == 1, "the invitation")
    script.search(page.locator(CONTENT), job["email"], job["email"]).get_by_text("View", exact=True).click()
    assigned = Listing(script.sheet(DIALOG)["rows"], "")
    for item in job["ad_accounts"]:
        require(len(assigned.having(item["aadvid"], WORDS[item["role"]])) == 1, "the assigned accounts")


def share_with_partner(script: Script, job: Job) -> None:
    page, org, partner = script.page, job["business_center"], job["partner_id"]
    first, second = job["ad_accounts"]
    require(not script.partners(org).having(partner), "no such partner yet")
    page.locator(CONTENT).get_by_text("Requests", exact=True).click()
    require(not script.walk().having(partner), "no request either")
    page.locator(CONTENT).get_by_text("All partners", exact=True).click()
    script.require_place(AGENCY)
    page.get_by_role("button", name="Add partner").click()
    dialog = page.locator(DIALOG)
    script.fill(dialog, "Enter the partner's Business Center ID", partner)
    dialog.get_by_role("button", name="Next").click()
    script.grant(dialog, first, primary=job["primary_agency"])
    dialog.get_by_role("button", name="Confirm").click()
    dialog.wait_for(state="hidden")
    require(len(script.partners(org).having(partner)) == 1, "the partner")
    require(bool(script.shares(org, partner).having(first["aadvid"], WORDS[first["role"]])), "the first share")
    require(not script.shares(org, partner).having(second["aadvid"]), "no second share yet")
    page.get_by_role("button", name="Share assets").click()
    script.grant(dialog, second, primary=None)
    dialog.get_by_role("button", name="Assign").click()
    dialog.wait_for(state="hidden")
    require(bool(script.shares(org, partner).having(second["aadvid"], WORDS[second["role"]])), "the second share")


FLOWS: Final[dict[str, Callable[[Script, Job], None]]] = {
    "create-business-center": create_business_center,
    "create-ad-account": create_ad_account,
    "add-ad-account": add_ad_account,
    "invite-member": invite_member,
    "share-with-partner": share_with_partner,
}

"""What the plain script's flows share: reading a list, filling a field of either kit. Fast, and for this site only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

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
    def sheet(self, root: str = CONTENT, before: str | None = None) -> dict[str, Any]:
        found: dict[str, Any] = self.page.wait_for_function(_LOADED, arg=[root, before]).json_value()
        return found

    def walk(self, *, until: str = "") -> Listing:
        """Read every row, or the pages up to the one that shows `until`: it stays there."""
        sheet = self.sheet()
        rows: list[str] = sheet["rows"]
        while not (until and any(until in row for row in sheet["rows"])):
            if not sheet["more"]:
                require(len(rows) == sheet["total"], "every row of the list")
                break
            self.page.locator(CONTENT).locator(NEXT_PAGE).last.click()
            sheet = self.sheet(before=sheet["key"])
            rows = [*rows, *sheet["rows"]]
        return Listing(rows, sheet["key"])

    def show(self, text: str) -> Locator:
        """Return the row that says it, searched for where it is not drawn."""
        self.sheet()
        content = self.page.locator(CONTENT)
        row = content.locator(ROW).filter(has_text=text)
        return row if row.count() else self.search(content, text, text)

    def search(self, root: Locator, text: str, row: str) -> Locator:
        root.locator(SEARCH).fill(text)
        found = root.locator(ROW).filter(has_text=row)
        expect(root.locator(ROW)).to_have_count(1)
        return found

    def members(self, org: str, *, until: str = "") -> Listing:
        self.open("/manage/users/members", org)
        return self.walk(until=until)

    def accounts(self, org: str, *, until: str = "") -> Listing:
        self.open("/manage/accounts/adv", org)
        return self.walk(until=until)

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
        box = row.locator('label[class*="-checkbox"]')
        box.click()
        require("-checked" in box.evaluate("e => e.outerHTML"), aadvid)
        return row

    def require_ticked(self, dialog: Locator, *aadvids: str) -> None:
        """Read back, without the search, that nothing else is ticked in what the list shows."""
        search = dialog.locator(SEARCH)
        if search.count() and search.input_value():
            before = self.sheet(DIALOG)["key"]
            search.fill("")
            self.sheet(DIALOG, before)
        ticked = dialog.locator(ROW).filter(has=self.page.locator('[class*="-checked"]')).all_inner_texts()
        require(all(any(each in row for each in aadvids) for row in ticked), "what is ticked")

    def partners(self, org: str) -> Listing:
        self.open("/manage/users/partners", org)
        return self.walk()

    def shares(self, org: str, partner: str) -> Listing:
        self.open("/manage/users/partners", org)
        self.show(partner).get_by_text("View", exact=True).click()
        self.page.locator(CONTENT).get_by_text("You've shared", exact=True).wait_for()
        return self.walk()

    def grant(self, dialog: Locator, item: Job, *, primary: bool | None) -> None:
        self.tick(dialog, item["aadvid"])
        self.require_ticked(dialog, item["aadvid"])
        self.turn_on(dialog, WORDS[item["role"]])
        if primary is not None:
            self.turn_on(dialog, "Yes" if primary else "No")


def require(good: bool, what: str) -> None:  # noqa: FBT001
    if not good:
        raise RuntimeError(f"not as expected: {what}")

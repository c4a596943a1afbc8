"""A person who works with any stranger: fills its forms, whatever they look like, and sends them."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Locator, expect

from standin.api.writes import KIND_OF_PATH
from tests.standin.stranger_page import StrangePage
from tests.support.waiting import until

OPTION = "[class*='-select-option-inner-wrapper'], .vi-select-dropdown__item"

Part = Callable[[], bool]
"""Fills a part of a form where a step asks for it, and says whether it did."""


class Person(StrangePage):
    """Fills forms by what each text on them means."""

    def pick(self, screen: str, text: str, *concepts: str, search: str = "") -> None:
        """Choose in a list that opens."""
        control = self.input(screen, *concepts)
        self.opener(control).click()
        expect(self.page.locator(OPTION).filter(visible=True).first).to_be_visible()
        if search:
            self.search_box(screen, control).fill(search)
        self.note(screen)
        self.page.locator(OPTION).filter(visible=True).get_by_text(text, exact=True).click()

    def choose(self, screen: str, concept: str, *captions: str) -> None:
        """Choose one of a few, whatever they are chosen with."""
        words = self.pattern(screen, concept)
        row = self.row(screen, *captions)
        if row.locator("[class*='-popper-trigger']").count():
            row.locator("[class*='-popper-trigger']").click()
            self.note(screen)
            self.page.locator(OPTION).filter(visible=True).get_by_text(words).click()
        else:
            row.get_by_text(words).click()

    def search_box(self, screen: str, control: Locator) -> Locator:
        """Return where one types to narrow an open list: a box in it, or the control itself."""
        if not any(row["screen"] == screen for row in self.truth["search"]):
            return control
        box = self.page.get_by_placeholder(self.pattern(screen, "search")).filter(visible=True)
        return box if box.count() else control

    def opener(self, control: Locator) -> Locator:
        """Return what opens the list of a control: the kit's covers its own input."""
        cover = self.page.locator("[class*='-popper-trigger']").filter(has=control)
        return cover if cover.count() else control

    def option(self, screen: str, concept: str) -> Locator:
        """Return an entry of the list that is open."""
        return self.page.locator(OPTION).filter(visible=True).get_by_text(self.pattern(screen, concept))

    def pick_industry(self, group: str, item: str) -> None:
        """Choose in the kit's two columns, whose rows are not translated."""
        self.opener(self.input("registration", "industry", "select an industry")).click()
        labels = self.page.locator("[class*='-cascader-item-label']").filter(visible=True)
        self.note("registration")
        labels.get_by_text(group, exact=True).click()
        labels.get_by_text(item, exact=True).click()

    def tick_account(self, screen: str, aadvid: str) -> Locator:
        """Find an account in the form's list and tick it; returns its row."""
        self.form().get_by_placeholder(self.pattern(screen, "search a list")).fill(aadvid)
        rows = self.form().locator("tbody tr, [class*='-table-row']").filter(visible=True)
        expect(rows).to_have_count(1)
        expect(rows).to_contain_text(aadvid)
        rows.locator("label[class*='-checkbox']").click()
        return rows

    def declare(self) -> None:
        """Tick the box that says that all is right, where there is one."""
        box = self.page.get_by_text(self.words["looks.declaration"], exact=True).filter(visible=True)
        if box.count():
            box.click()

    def offers_accounts(self, screen: str) -> bool:
        """Whether this step lets one tick accounts."""
        return self.form().get_by_placeholder(self.pattern(screen, "search a list")).count() > 0

    def look_at_advanced(self, caption: Locator) -> None:
        """Look at the choices of the advanced permissions, wherever they are, and choose none."""
        collapsed = self.axis("advanced") == "collapsed"
        area = self.page.locator("[class*='-claps']" if collapsed else "[class*='-form-container-vertical']")
        area = area.filter(has=caption).first
        if collapsed:
            caption.click()
        shown = area.locator("label, button, span, p").filter(visible=True)
        expect(shown.last).to_be_visible()
        opener = area.locator("[class*='-popper-trigger']").filter(visible=True)
        if opener.count():
            opener.click()
            expect(self.page.locator(OPTION).filter(visible=True).first).to_be_visible()
            self.note("invitation")
            opener.click()
        else:
            expect(area.get_by_text(self.pattern("invitation", "finance manager"))).to_be_visible()
            self.note("invitation")

    def start_adding(self, choice: str) -> None:
        """Choose one of the two ways to add an ad account."""
        screen = "ad_accounts"
        self.open("/manage/accounts/adv", screen, "add advertiser account")
        self.press(screen, "add advertiser account")
        self.page.locator("p").get_by_text(self.pattern(screen, choice)).click()
        self.press(screen, "next")

    def does(self, screen: str, act: Callable[[], object], *concepts: str) -> Part:
        """Make a part of a form: what is done where this control is asked for."""

        def part() -> bool:
            asked = self.input(screen, *concepts).count() > 0
            if asked:
                act()
            return asked

        return part

    def writes(self, screen: str, text: str, *concepts: str) -> Part:
        """Make a part that types a text."""

        def write() -> None:
            field = self.input(screen, *concepts)
            field.fill(text)
            if screen == "invitation" and self.axis("emails") == "chips":
                field.press("Enter")

        return self.does(screen, write, *concepts)

    def picks(self, screen: str, text: str, *concepts: str, search: str = "") -> Part:
        """Make a part that chooses in a list that opens."""
        return self.does(screen, lambda: self.pick(screen, text, *concepts, search=search), *concepts)

    def chooses(self, screen: str, concept: str, caption: str) -> Part:
        """Make a part that chooses one of a few."""

        def part() -> bool:
            asked = self.row(screen, caption).count() > 0
            if asked:
                self.choose(screen, concept, caption)
            return asked

        return part

    def go_on_to(self, screen: str, concept: str) -> None:
        """Leave out steps that ask for nothing, until there is this button."""
        while not self.button(screen, concept).count():
            self.press(screen, "next")
            self.settle()

    def fill_steps(self, screen: str, *parts: Part) -> None:
        """Fill what each step asks for, going on in between; a part says whether it was there."""
        left = list(parts)
        while left:
            self.settle()
            done = [part for part in left if part()]
            self.note(screen)
            assert done, f"nothing of what is left is asked for on {screen}"
            left = [part for part in left if part not in done]
            if left:
                self.press(screen, "next")

    def send(self, screen: str, kind: str, *sending: str) -> dict[str, Any]:
        """Press what sends, give a code if one is wanted, and return what arrived."""
        self.declare()
        self.note(screen)
        paths = [path for path, each in KIND_OF_PATH.items() if each == kind]
        with self.page.expect_response(lambda answer: urlsplit(answer.url).path in paths):
            self.button(screen, *sending).click()
            self.give_code(kind)
        writes = [write for write in self.site.world.writes if write.kind == kind]
        assert [(write.received, write.applied) for write in writes] == [(True, True)]
        return writes[0].body

    def give_code(self, kind: str) -> None:
        """Give the code that some sites ask for before a write."""
        wanted = self.axis("codes")
        if wanted != kind and (wanted != "all" or kind == "register"):
            return
        box = self.page.get_by_placeholder(self.pattern("code", "enter verification code")).filter(visible=True)
        expect(box).to_be_visible()
        self.note("code")
        until(lambda: self.site.world.codes, "a code on its way")
        box.fill(self.site.world.codes[-1].code)
        dialog = self.page.locator("[class*='-modal-body']").filter(has=box)
        dialog.get_by_role("button", name=self.pattern("code", "confirm")).click()

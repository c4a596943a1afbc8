"""A person who works with any stranger: told by the truth what is what, and by nothing else."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from standin import seed
from standin.api.writes import KIND_OF_PATH
from standin.server import StandIn
from standin.stranger.truth import truth
from standin.words import words_for
from tests.standin.page_scripts import LOADED, WATCHED

OPTION = "[class*='-select-option-inner-wrapper'], .vi-select-dropdown__item"
FORM = ".si-page, [class*='-modal-body'], [class*='-drawer-body']"
SEEN = """
() => {
  const fields = [...document.querySelectorAll('input, textarea')].filter((one) => one.checkVisibility());
  const hints = fields.flatMap((one) => [one.placeholder, one.value]);
  return [...document.body.innerText.split(/[\\n\\t,]/), ...hints].map((text) => text.trim()).filter(Boolean);
}
"""


Part = Callable[[], bool]
"""Fills a part of a form where a step asks for it, and says whether it did."""


class Person:
    """Sees a page, knows what each text means on the screen that is open, and notes all texts seen on it."""

    def __init__(self, site: StandIn, page: Page) -> None:
        self.site, self.page = site, page
        self.words, self.truth = words_for(site.world), truth(site.world)
        self.seen: dict[str, set[str]] = {}
        page.add_init_script(WATCHED)
        page.context.request.post(f"{site.control}/sign-in", data={"email": seed.EMAIL})

    def axis(self, name: str) -> str:
        return self.site.world.axis(name)

    def open(self, path: str, screen: str, concept: str) -> None:
        """Open a screen and wait for a word that stands on it."""
        self.page.goto(f"{self.site.bc_url}{path}?org_id={seed.NORTHWIND}")
        expect(self.page.get_by_text(self.pattern(screen, concept)).filter(visible=True).first).to_be_visible()

    def pattern(self, screen: str, *concepts: str) -> re.Pattern[str]:
        """Match the texts that are right for these concepts on this screen."""
        rows = [row for concept in concepts for row in self.truth[concept] if row["screen"] == screen]
        assert rows, f"no text for {concepts} on {screen}"
        sources = [re.sub(r"\\\$\\\{\w+\\\}", ".+", re.escape(row["text"])) for row in rows]
        # Playwright ends an attribute's pattern at a bare slash.
        sources = [source.replace("/", "\\x2f") for source in sources]
        return re.compile(f"^\\s*(?:{'|'.join(sources)})\\s*$")

    def note(self, screen: str) -> None:
        """Keep all texts that are to be seen now."""
        self.seen.setdefault(screen, set()).update(self.page.evaluate(SEEN))

    def form(self) -> Locator:
        return self.page.locator(FORM).filter(visible=True).last

    def button(self, screen: str, *concepts: str) -> Locator:
        named = self.page.get_by_role("button", name=self.pattern(screen, *concepts))
        return named.filter(visible=True).last

    def press(self, screen: str, *concepts: str) -> None:
        self.note(screen)
        self.button(screen, *concepts).click()

    def row(self, screen: str, *concepts: str) -> Locator:
        """Return the form's row with this caption."""
        rows = self.page.locator("[class*='-form-container-vertical'], .vi-form-item").filter(visible=True)
        label = self.page.locator("label, .vi-form-item__label").filter(has_text=self.pattern(screen, *concepts))
        return rows.filter(has=label)

    def input(self, screen: str, *concepts: str) -> Locator:
        """Return the control with this caption, or with the placeholder that stands for it."""
        pattern = self.pattern(screen, *concepts)
        held = self.page.get_by_placeholder(pattern).filter(visible=True)
        return held if held.count() else self.row(screen, *concepts).locator("input, textarea").first

    def pick(self, screen: str, text: str, *concepts: str, search: str = "") -> None:
        """Choose in a list that opens."""
        control = self.input(screen, *concepts)
        self.opener(control).click()
        expect(self.page.locator(OPTION).filter(visible=True).first).to_be_visible()
        box = self.page.get_by_placeholder(self.pattern(screen, "search")).filter(visible=True)
        if search:
            (box if box.count() else control).fill(search)
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
            self.page.wait_for_function(LOADED)

    def fill_steps(self, screen: str, *parts: Part) -> None:
        """Fill what each step asks for, going on in between; a part says whether it was there."""
        left = list(parts)
        while left:
            self.page.wait_for_function(LOADED)
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
        box.fill(self.site.world.codes[-1].code)
        dialog = self.page.locator("[class*='-modal-body']").filter(has=box)
        dialog.get_by_role("button", name=self.pattern("code", "confirm")).click()

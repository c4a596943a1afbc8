"""What a person sees of any stranger: told by the truth what is what, and by nothing else."""

import re
from collections.abc import Iterator

from playwright.sync_api import Locator, Page, expect

from standin import seed
from standin.server import StandIn
from standin.stranger.truth import truth
from standin.words import words_for
from tests.standin.page_scripts import LOADED, WATCHED

FORM = ".si-page, [class*='-modal-body'], [class*='-drawer-body']"
ROWS = "tbody tr, [class*='-table-row'], .si-block"
SEEN = """
() => {
  const fields = [...document.querySelectorAll('input, textarea')].filter((one) => one.checkVisibility());
  const hints = fields.flatMap((one) => [one.placeholder, one.value]);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) if (walker.currentNode.parentElement.checkVisibility()) texts.push(walker.currentNode.data);
  const parts = texts.flatMap((text) => [text, ...text.split(',')]);
  return [...parts, ...hints].map((text) => text.trim()).filter(Boolean);
}
"""


class StrangePage:
    """A page of which somebody knows what each text means, with all texts that were seen on it."""

    def __init__(self, site: StandIn, page: Page) -> None:
        self.site, self.page = site, page
        self.words, self.truth = words_for(site.world), truth(site.world)
        self.seen: dict[str, set[str]] = {}
        page.add_init_script(WATCHED)
        page.context.request.post(f"{site.control}/sign-in", data={"email": seed.EMAIL})

    def axis(self, name: str) -> str:
        return self.site.world.axis(name)

    def settle(self) -> None:
        """Wait until the page, which may only begin to ask for something, asks for nothing more."""
        self.page.evaluate("window.stir && window.stir()")
        self.page.wait_for_function(LOADED)

    def rows(self) -> Locator:
        """Return the rows of the list, or its blocks."""
        return self.page.locator(".si-content").locator(ROWS).filter(visible=True)

    def parts_of_list(self, screen: str) -> Iterator[None]:
        """Look at a list part by part, to its end."""
        self.settle()
        self.note(screen)
        yield
        if self.axis("list_style") == "paged":
            for number in range(2, 9):
                page = self.page.locator("li[class*='-pager-item']").get_by_text(str(number), exact=True)
                if not page.count():
                    return
                page.click()
                self.settle()
                self.note(screen)
                yield
            return
        last = ""
        while last != (last := self.rows().last.inner_text()):
            self.rows().last.hover()
            self.page.mouse.wheel(0, 300)
            self.settle()
            self.note(screen)
            yield

    def open_row(self, screen: str, concept: str) -> None:
        """Find a row in this state and open it, whatever its actions look like."""
        wanted = self.rows().filter(has=self.page.get_by_text(self.pattern(screen, concept)))
        next(part for part in self.parts_of_list(screen) if wanted.count())
        row = wanted.first
        self.action(screen, row, "view").click()
        self.settle()
        self.note(screen)

    def action(self, screen: str, row: Locator, concept: str) -> Locator:
        """Return what does this to a row; opens the menu that holds it where there is one."""
        if self.axis("row_actions") != "menu":
            return row.get_by_text(self.pattern(screen, concept))
        row.get_by_text("\N{MIDLINE HORIZONTAL ELLIPSIS}").click()
        menu = self.page.locator("[class*='-dropdown']").filter(visible=True)
        entry = menu.get_by_text(self.pattern(screen, concept)).filter(visible=True).last
        expect(entry).to_be_visible()
        self.note(screen)
        return entry

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

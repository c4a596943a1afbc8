"""The options of an open select: read whole, told apart, and chosen.

A panel may have drawn only a part of a long list; it is then turned screen by screen. An option may carry an
explanation below its caption, a count, or be greyed out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bcflow.models.errors import CannotSee, Refused
from bcflow.models.identity import quoted
from bcflow.pages.kit import css
from bcflow.pages.kit.screen import evaluate

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from bcflow.pages.kit.screen.site import Site

MOST_SCREENS = 200
NAMED_IN_A_REFUSAL = 12
CLICK_MS = 4000
"""An option that cannot be clicked by then is in a panel that is closing."""


@dataclass(frozen=True)
class Option:
    """What one option says, on one line; `caption` is its first line."""

    text: str
    caption: str
    is_off: bool
    is_chosen: bool = False
    is_drawn: bool = False
    """Whether it is known to be drawn: its panel draws all it has."""


@dataclass(frozen=True)
class Options:
    """The options below an open panel."""

    site: Site
    panel: Locator

    def read(self) -> list[Option]:
        """Return every option, turning a panel that draws only what is in view."""
        drawn = self.site.until(self._drawn, seconds=5)
        if drawn is None:
            return []
        options, more = drawn
        if not more:
            return options
        evaluate.one(self.panel, TO_TOP)
        found: dict[str, Option] = {}
        for _ in range(MOST_SCREENS):
            self.site.until(lambda: covers(self.panel, css.OPTION), seconds=2)
            options, _ = self.site.until(self._drawn, seconds=5) or ([], False)
            found |= {each.text: each for each in options if each.text not in found}
            if evaluate.one(self.panel, TURN):
                return list(found.values())
        raise CannotSee(f"{self.site.screen}: a list of options does not end")

    def click(self, option: Option) -> None:
        """Click the one option that says this; it may have to be brought into view first."""
        if option.is_off:
            raise Refused(f"{option.text} is greyed out here, it cannot be chosen")
        if not option.is_drawn:
            self._bring(option)
        saying(self._all(), option.text).click(timeout=CLICK_MS)

    def _bring(self, option: Option) -> None:
        """Turn a panel that draws only what is in view to the option."""
        texts = self._texts()
        if option.text not in texts:
            evaluate.one(self.panel, TO_TOP)
            self.site.until(lambda: self._turned_to(option), seconds=20)
            texts = self._texts()
        if texts.count(option.text) != 1:
            raise CannotSee(f"{self.site.screen}: {quoted(option.text)} shows {texts.count(option.text)} times")

    def search(self, text: str) -> bool:
        """Type into the panel's own search box and say whether it has one."""
        box = self.panel.locator("input:not([type=checkbox]):not([type=radio])").filter(visible=True)
        if box.count() != 1:
            return False
        self.type(box, text)
        return True

    def type(self, box: Locator, text: str) -> None:
        """Type into `box` and give the options a moment to follow."""
        before = self._texts()
        box.fill(text)
        self.site.until(lambda: self._texts() != before, seconds=1)

    def _turned_to(self, option: Option) -> bool:
        """Look for the option on the screen that is drawn, and turn one on: true when found or at the end."""
        if not covers(self.panel, css.OPTION):
            return False
        return option.text in self._texts() or bool(evaluate.one(self.panel, TURN))

    def _all(self) -> Locator:
        return self.panel.locator(css.OPTION).filter(visible=True)

    def _texts(self) -> list[str]:
        read: list[str] = self._all().evaluate_all(f"all => all.map({evaluate.SAID})")
        return [" ".join(text.split()) for text in read]

    def _drawn(self) -> tuple[list[Option], bool] | None:
        read: list[dict[str, object]] = self._all().evaluate_all(_READ)
        options = [
            Option(
                text=" ".join(str(each["text"]).split()),
                caption=str(each["text"]).strip().split("\n")[0].strip(),
                is_off=bool(each["off"]),
                is_chosen=bool(each["chosen"]),
                is_drawn=not each["more"],
            )
            for each in read
        ]
        return (options, bool(read[0]["more"])) if options else None


def saying(items: Locator, text: str) -> Locator:
    """Return the one of `items` that says just this.

    Never by its place: a virtualised list draws itself anew between a look and a click, and the place is another's.
    """
    words = r"\s*".join(re.escape(word) for word in text.split())
    return items.filter(has_text=re.compile(rf"^\s*{words}\s*$", re.IGNORECASE))


def covers(panel: Locator, items: str) -> bool:
    """Say whether the drawn items fill what is in view: a virtualised list draws them only after it scrolled."""
    return bool(evaluate.one(panel, _COVERS, items))


def only(name: str, options: list[Option], picker: Callable[[list[str]], list[str]], *, wanted: str) -> Option:
    """Return the one option `picker` means: by all it says, else by its first line.

    Raises `Refused` naming the candidates when it means none or more than one.
    """
    for lines in ([each.text for each in options], [each.caption for each in options]):
        meant = picker(list(lines))
        if len(meant) > 1:
            listed = ", ".join(meant[:NAMED_IN_A_REFUSAL])
            raise Refused(f"{name}: {wanted} could be any of: {listed}")
        if meant:
            return options[lines.index(meant[0])]
    listed = ", ".join(each.text for each in options[:NAMED_IN_A_REFUSAL]) or "nothing"
    raise Refused(f"{name}: there is no {wanted}; there are: {listed}")


_SCROLLER = """panel => [panel, ...panel.querySelectorAll('*')].find(e => e.scrollHeight > e.clientHeight + 2
  && /(auto|scroll)/.test(getComputedStyle(e).overflowY))"""
_READ = f"""all => {{
  const scroller = {_SCROLLER};
  const panel = all.length && all[0].closest('{css.PANEL_OF}');
  const grid = panel && scroller(panel);
  const drawn = all.reduce((sum, e) => sum + e.getBoundingClientRect().height, 0);
  const more = !!grid && grid.scrollHeight > drawn * 1.3 + 120;
  return all.map(e => ({{
    text: ({evaluate.SAID})(e), more,
    off: !!(e.matches('[class*="disabled"]') || e.querySelector('[class*="-container-disabled"]')),
    chosen: !!(e.matches('[class*="-selected"], .selected') || e.querySelector('[class*="-container-checked"]')),
  }}));
}}"""
TO_TOP = "panel => { for (const e of [panel, ...panel.querySelectorAll('*')]) e.scrollTop = 0; }"
TURN = f"""panel => {{
  const scroller = {_SCROLLER};
  const grid = scroller(panel);
  if (!grid) return true;
  const before = grid.scrollTop;
  grid.scrollTop = before + grid.clientHeight * 0.8;
  return grid.scrollTop === before;
}}"""
_COVERS = f"""(panel, items) => {{
  const scroller = {_SCROLLER};
  const grid = scroller(panel);
  if (!grid) return true;
  const view = grid.getBoundingClientRect();
  const boxes = [...panel.querySelectorAll(items)].map(e => e.getBoundingClientRect()).filter(box => box.height);
  if (!boxes.length) return false;
  const top = Math.min(...boxes.map(box => box.top)), bottom = Math.max(...boxes.map(box => box.bottom));
  // Above the first and below the last item a panel may hold something else: a search box, a note.
  const room = boxes[0].height * 1.5, left = grid.scrollHeight - grid.scrollTop - grid.clientHeight;
  return top <= (grid.scrollTop < 2 ? view.bottom : view.top + room)
    && bottom >= (left < 2 ? view.top : view.bottom - room);
}}"""

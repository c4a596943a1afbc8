"""Form controls: what kind one is, how it is set, and what it then shows.

The kit's checkboxes, radios and switches are invisible inputs of no size, so their label is clicked and
its `-checked` class is read. A closed select's input takes no pointer events, so its trigger is clicked;
its options live in a panel under `<body>`. (Reproduced with the public kit, version 1.0.17.)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bcflow.models.errors import Refused, ScreenChanged
from bcflow.models.identity import fold, same_email
from bcflow.pages.kit import css

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from bcflow.pages.kit.site import Site

Picker = Callable[[list[str]], list[str]]
"""Given the texts of all options, returns those that are meant: exactly one must be."""


@dataclass(frozen=True)
class Toggle:
    """A radio, checkbox or switch; `caption` is the first line of its label."""

    site: Site
    label: Locator
    caption: str

    @property
    def is_on(self) -> bool:
        """Return whether it is checked, by its class."""
        return bool(self.label.evaluate(_IS_ON))

    def turn(self, *, on: bool) -> None:
        """Make it so; raise `ScreenChanged` if the click did not."""
        if self.is_on != on:
            self.site.interruptions.clear()
            self.label.click()
        if not self.site.until(lambda: self.is_on == on, seconds=5):
            raise ScreenChanged(self.site.screen, f"{self.caption!r} {'on' if on else 'off'}", found="it did not change")


def toggles(site: Site, root: Locator) -> list[Toggle]:
    """Return the visible radios, checkboxes and switches below `root`."""
    found = root.locator(css.TOGGLE).filter(visible=True)
    captions: list[str] = found.evaluate_all(_CAPTIONS)
    return [Toggle(site, found.nth(index), caption) for index, caption in enumerate(captions)]


@dataclass(frozen=True)
class Control:
    """One form control below `row`; `kind` is what it was recognised as."""

    site: Site
    row: Locator
    kind: str
    name: str

    def write(self, text: str) -> None:
        """Put `text` in and read it back; raise `ScreenChanged` if it does not stay."""
        self.site.interruptions.clear()
        if self.kind == "chips":
            entry = self.row.locator(css.CHIP_INPUT)
            entry.fill(text)
            entry.press("Enter")
        else:
            self._input().fill(text)
        if self.read() != text and not same_email(self.read(), text):
            raise ScreenChanged(self.site.screen, f"{self.name!r} holding what was typed", found=repr(self.read()))

    def read(self) -> str:
        """Return what the control shows as its value."""
        if self.kind == "chips":
            chips = self.row.locator(css.CHIP).all_inner_texts()
            return ", ".join(" ".join(chip.split()) for chip in chips)
        if self.kind == "toggles":
            return ", ".join(each.caption for each in toggles(self.site, self.row) if each.is_on)
        if self.kind == "multiple":
            return ", ".join(text.strip() for text in self.row.locator(css.CHIP).all_inner_texts())
        return " ".join(self._input().input_value().split())

    def choose(self, picker: Picker, *, wanted: str, search: str = "") -> str:
        """Choose the one option `picker` means and return its text as read back.

        `search` is typed first where the panel can be searched. Raises `Refused` naming the candidates when
        no option or more than one fits `wanted`.
        """
        if self.kind == "toggles":
            return self._choose_toggle(picker, wanted)
        panel = self._open()
        if search:
            self._search(panel, search)
        texts = self._option_texts(panel)
        if search and not picker(texts):
            self._search(panel, "")
            texts = self._option_texts(panel)
        text = _only(self.name, picker(texts), wanted, texts)
        self._option(panel, text).click()
        if self.kind != "multiple":
            self.site.until(lambda: fold(self.read()) == fold(text), seconds=5)
            if fold(self.read()) != fold(text):
                raise ScreenChanged(self.site.screen, f"{self.name!r} showing {text!r}", found=repr(self.read()))
        else:
            self.site.page.keyboard.press("Escape")
        return text

    def walk(self, *parts: str) -> str:
        """Choose in a cascader, level by level, and return the value it then shows."""
        if self.kind != "cascader":
            leaf = parts[-1]
            return self.choose(lambda texts: [t for t in texts if fold(t) == fold(leaf)], wanted=leaf)
        panel = self._open()
        for level, part in enumerate(parts):
            item = self._cascader_item(panel, level, part)
            item.click()
        self.site.until(lambda: self.read(), seconds=5)
        if fold(parts[-1]) not in fold(self.read()):
            raise ScreenChanged(self.site.screen, f"{self.name!r} showing {parts[-1]!r}", found=repr(self.read()))
        return self.read()

    def _input(self) -> Locator:
        found = self.row.locator("input:not([type=radio]):not([type=checkbox]):not([type=hidden]), textarea, select")
        found = found.filter(visible=True)
        if found.count() > 1 and self.kind == "text":
            # A telephone row has a country code select beside the number.
            found = found.and_(self.row.locator("input:not([readonly]), textarea"))
        if found.count() != 1:
            raise ScreenChanged(self.site.screen, f"one input for {self.name!r}", found=f"{found.count()} inputs")
        return found

    def _choose_toggle(self, picker: Picker, wanted: str) -> str:
        found = toggles(self.site, self.row)
        texts = [each.caption for each in found]
        text = _only(self.name, picker(texts), wanted, texts)
        found[texts.index(text)].turn(on=True)
        return text

    def _open(self) -> Locator:
        panel = self.site.page.locator(css.PANEL).filter(visible=True)
        # The panel of the field before may still be closing.
        self.site.until(lambda: not panel.count(), seconds=2)
        self.site.interruptions.clear()
        trigger = self.row.locator(css.TRIGGER)
        (trigger.first if trigger.count() else self._input()).click()
        if not self.site.until(lambda: panel.count() == 1, seconds=10):
            raise ScreenChanged(self.site.screen, f"the options of {self.name!r}", found=f"{panel.count()} open panels")
        return panel

    def _search(self, panel: Locator, text: str) -> None:
        entry = panel.locator("input:not([type=checkbox]):not([type=radio])").filter(visible=True)
        if not entry.count() and self.kind == "vi-select":
            entry = self._input().and_(self.row.locator("input:not([readonly])"))
        if entry.count() == 1:
            before = panel.locator(css.OPTION).all_inner_texts()
            entry.fill(text)
            self.site.until(lambda: panel.locator(css.OPTION).all_inner_texts() != before, seconds=1)

    def _option_texts(self, panel: Locator) -> list[str]:
        options = panel.locator(css.OPTION).filter(visible=True)
        self.site.until(lambda: options.count() > 0, seconds=5)
        return [" ".join(text.split()) for text in options.all_inner_texts()]

    def _option(self, panel: Locator, text: str) -> Locator:
        options = panel.locator(css.OPTION).filter(visible=True)
        texts = [" ".join(each.split()) for each in options.all_inner_texts()]
        return options.nth(texts.index(text))

    def _cascader_item(self, panel: Locator, level: int, part: str) -> Locator:
        column = panel.locator(css.CASCADER_COLUMN).nth(level)
        column.wait_for()
        column.evaluate(_TO_TOP)
        seen: list[str] = []
        found = self.site.until(lambda: _item_or_end(column, part, seen), seconds=20)
        if not isinstance(found, int):
            raise Refused(f"{self.name}: there is no {part!r}; there are: {', '.join(seen)}")
        return column.locator(css.CASCADER_ITEM).filter(visible=True).nth(found - 1)


def _item_or_end(column: Locator, part: str, seen: list[str]) -> int | str | None:
    """Look through the drawn part of a virtualised column and turn it one screen on.

    Returns the item's place among the drawn ones (from 1), "end" once the whole column was seen, else None.
    """
    texts = column.locator(css.CASCADER_ITEM).filter(visible=True).all_inner_texts()
    texts = [" ".join(text.split()) for text in texts]
    for index, text in enumerate(texts):
        if text not in seen:
            seen.append(text)
        if fold(text) == fold(part):
            return index + 1
    return "end" if texts and column.evaluate(_TURN) else None


def control_in(site: Site, row: Locator, *, name: str) -> Control:
    """Recognise the control below `row`; raise `ScreenChanged` if there is none we know."""
    kind: str = row.evaluate(_KIND)
    if not kind:
        raise ScreenChanged(site.screen, f"a control for {name!r}", found=row.inner_text()[:80])
    return Control(site, row, kind, name)


def _only(name: str, meant: list[str], wanted: str, texts: list[str]) -> str:
    if len(meant) == 1:
        return meant[0]
    listed = ", ".join((meant or texts)[:12]) or "nothing"
    if meant:
        raise Refused(f"{name}: {wanted} could be any of: {listed}")
    raise Refused(f"{name}: there is no {wanted}; there are: {listed}")


_IS_ON = """e => [e, ...e.querySelectorAll('*')].some(x => /(^|\\s)\\S*-checked(\\s|$)/.test(x.getAttribute('class') || '')
  || (x.classList && x.classList.contains('is-checked')))
  || !!(e.querySelector('input') && e.querySelector('input').checked)"""
_CAPTIONS = """all => all.map(e => {
  const line = (e.innerText || '').split('\\n').map(t => t.trim()).find(Boolean);
  return line || '';
})"""
_KIND = """row => {
  const has = s => [...row.querySelectorAll(s)].some(e => e.getClientRects().length);
  if (has('[class*="-multiple-input-panel"]')) return 'chips';
  if (has('[class*="-multiple-select-input-trigger"]')) return 'multiple';
  if (has('[class*="cascader"]')) return 'cascader';
  const text = [...row.querySelectorAll('input:not([type=radio]):not([type=checkbox]):not([readonly]), textarea')]
    .filter(e => e.getClientRects().length);
  const trigger = has('[class*="-popper-trigger"][class*="-select-input"]');
  if (trigger && !text.length) return 'select';
  if (has('[class*="vi-select"]')) return 'vi-select';
  if (has('select')) return 'native';
  if (has('label[class*="-radio"], label[class*="-checkbox"], label[class*="-switch"], [class*="vi-switch"]')) return 'toggles';
  return text.length ? 'text' : '';
}"""
_TO_TOP = "column => { for (const e of [column, ...column.querySelectorAll('*')]) e.scrollTop = 0; }"
_TURN = """column => {
  const grid = [column, ...column.querySelectorAll('*')].find(e => e.scrollHeight > e.clientHeight + 2
    && /(auto|scroll)/.test(getComputedStyle(e).overflowY));
  if (!grid) return true;
  const before = grid.scrollTop;
  grid.scrollTop = before + grid.clientHeight * 0.8;
  return grid.scrollTop === before;
}"""

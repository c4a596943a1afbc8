"""Form controls: what kind one is, how it is set, and what it then shows.

A closed select's input takes no pointer events, so its trigger is clicked; its options live in a panel under
`<body>`. (Reproduced with the public kit, version 1.0.17.)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.sync_api import TimeoutError as PlaywrightTimeout

from bcflow.models.errors import Refused, ScreenChanged
from bcflow.models.identity import fold, quoted
from bcflow.pages.kit import css
from bcflow.pages.kit.screen import evaluate, interruptions
from bcflow.pages.kit.screen.clicking import click
from bcflow.pages.kit.widgets import control_kinds
from bcflow.pages.kit.widgets.control_kinds import same_text, shows_way
from bcflow.pages.kit.widgets.options import CLICK_MS, TO_TOP, TURN, Option, Options, covers, only, saying
from bcflow.pages.kit.widgets.toggles import Toggle, toggles, toggles_with_state

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from bcflow.pages.kit.screen.site import Site

__all__ = ["Control", "Picker", "Toggle", "control_in", "toggles"]

Picker = Callable[[list[str]], list[str]]
"""Given the texts of all options, returns those that are meant: exactly one must be."""
TRIES = 3
ITEM_CLICKS = 3
"""A cascader draws a column anew a moment after it was scrolled or pointed at. A click that comes in between is
dropped, or closes the panel as one beside it would: its item is gone."""
TOOK_SECONDS = 1.0
_DRAWN_ANEW = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
TRIGGER_MS = 8000
LEVELS = 5
FADE_SECONDS = 2.0


@dataclass(frozen=True)
class Control:
    """One form control below `row`; `kind` is what it was recognised as."""

    site: Site
    row: Locator
    kind: str
    name: str

    def write(self, text: str) -> None:
        """Put `text` in and read it back; raise `ScreenChanged` if it does not stay."""
        self.type(text)
        self.require(text)

    def type(self, text: str) -> None:
        """Put `text` in, unread."""
        interruptions.watch(self.site)
        if self.kind == "chips":
            entry = self.row.locator(css.CHIP_INPUT)
            entry.fill(text)
            entry.press("Enter")
        else:
            self.row.locator(css.TEXT_INPUT).filter(visible=True).fill(text)

    def require(self, text: str) -> None:
        """Read back what was typed; raise `ScreenChanged` if it did not stay."""
        if not self.site.until(lambda: same_text(self.read(), text), seconds=2):
            raise ScreenChanged(
                self.site.screen, f"{quoted(self.name)} holding what was typed", found=quoted(self.read(), 255)
            )

    def read(self) -> str:
        """Return what the control shows as its value."""
        if self.kind == "toggles":
            return ", ".join(each.caption for each, on in toggles_with_state(self.site, self.row) if on)
        return control_kinds.tidy(evaluate.one(self.row, control_kinds.VALUE, [self.kind, *control_kinds.VALUE_CSS]))

    def offers(self) -> list[str]:
        """Return the captions of all that may be chosen; a select is opened for it, and closed again."""
        if self.kind == "toggles":
            return [each.caption for each in toggles(self.site, self.row)]
        if self.kind == "native":
            return self.row.locator("option").all_inner_texts()
        panel = self._open()
        found = [each.caption for each in Options(self.site, panel).read()]
        self._close(panel)
        return found

    def choose(self, picker: Picker, *, wanted: str, search: str = "") -> str:
        """Choose the one option `picker` means and return its text as read back.

        `search` is typed first where the panel can be searched. Raises `Refused` naming the candidates when
        no option or more than one fits `wanted`.
        """
        if self.kind == "toggles":
            return self._choose_toggle(picker, wanted)
        if self.kind == "native":
            return self._choose_native(picker, wanted)
        # The kit drops a click while its panel is drawn anew (seen under load): choosing is no write, it is done again.
        for attempt in range(TRIES):
            option = self._choose_option(picker, wanted, search, patient=attempt > 0)
            if option is not None:
                return option.text
        sought = f"{quoted(self.name)} showing {quoted(wanted)}"
        raise ScreenChanged(self.site.screen, sought, found=quoted(self.read(), 255))

    def _choose_option(self, picker: Picker, wanted: str, search: str, *, patient: bool) -> Option | None:
        """Choose in the open panel; None if the control does not show it afterwards."""
        options = Options(self.site, self._open())
        offered = self._search(options, search, picker) if search else None
        option = only(self.name, offered or self._all(options, search), picker, wanted=wanted)
        try:
            if not (self.kind == "multiple" and option.is_chosen):
                options.click(option)
            if self.kind == "multiple":
                self._close(options.panel)
        except PlaywrightTimeout:
            # The panel closed under the click.
            return None
        if self.site.until(lambda: self._shows(option, picker), seconds=5 if patient else 2):
            return option
        if options.panel.count():
            self._close(options.panel)
        return None

    def take_first(self) -> None:
        """Choose whatever is offered first: for a form that is filled only to be looked at."""
        if self.kind != "cascader":
            offered = self.offers()
            self.choose(lambda texts: [each for each in texts if each in offered][:1], wanted="anything")
            return
        panel = self._open()
        for level in range(LEVELS):
            items = panel.locator(css.CASCADER_COLUMN).nth(level).locator(css.CASCADER_ITEM).filter(visible=True)
            if not self.site.until(lambda items=items: items.count() > 0, seconds=2):  # type: ignore[misc]
                break
            items.first.click(timeout=CLICK_MS)
            if self.site.until(lambda: not panel.count(), seconds=1):
                break

    def walk(self, *parts: str) -> str:
        """Choose in a cascader, level by level, and return the value it then shows."""
        if self.kind != "cascader":
            leaf = parts[-1]
            return self.choose(lambda texts: [t for t in texts if fold(t) == fold(leaf)], wanted=leaf)
        for attempt in range(TRIES):
            if self._walked(parts, patient=attempt > 0):
                return self.read()
        raise ScreenChanged(
            self.site.screen, f"{quoted(self.name)} showing {quoted(parts[-1])}", found=quoted(self.read(), 255)
        )

    def _walked(self, parts: Sequence[str], *, patient: bool) -> bool:
        """Open the panel, walk it level by level and say whether the control shows the way then."""
        panel = self._open()
        # Where the next column does not come, or the panel closes under the click, the control tells it below.
        with suppress(PlaywrightTimeout):
            for level, part in enumerate(parts[:-1]):
                self._open_group(panel, level, part, patient=patient)
            leaf = self._cascader_item(panel, len(parts) - 1, parts[-1])
            self._click_until(leaf, lambda: not panel.count() or shows_way(self.read(), parts), patient=patient)
        if self.site.until(lambda: shows_way(self.read(), parts), seconds=5 if patient else 2):
            return True
        if panel.count():
            self._close(panel)
        return False

    def _choose_toggle(self, picker: Picker, wanted: str) -> str:
        found = toggles(self.site, self.row)
        options = [Option(each.caption, each.caption, is_off=False) for each in found]
        option = only(self.name, options, picker, wanted=wanted)
        found[options.index(option)].turn(on=True)
        return option.text

    def _choose_native(self, picker: Picker, wanted: str) -> str:
        select = self.row.locator("select")
        texts = [" ".join(text.split()) for text in select.locator("option").all_inner_texts()]
        option = only(self.name, [Option(text, text, is_off=False) for text in texts], picker, wanted=wanted)
        select.select_option(index=texts.index(option.text))
        return self.read()

    def _shows(self, option: Option, picker: Picker) -> bool:
        shown = self.read()
        if self.kind == "multiple":
            return fold(option.caption) in fold(shown)
        return fold(shown) in (fold(option.text), fold(option.caption)) or picker([shown]) == [shown] != [""]

    def _open(self) -> Locator:
        panel = self.site.page.locator(css.PANEL).filter(visible=True)
        # The panel of the field before may still be closing.
        self.site.until(lambda: not panel.count(), seconds=2)
        interruptions.watch(self.site)
        self._press_trigger()
        if not self.site.until(lambda: panel.count() == 1, seconds=10):
            raise ScreenChanged(
                self.site.screen, f"the options of {quoted(self.name)}", found=f"{panel.count()} open panels"
            )
        return panel

    def close(self) -> None:
        """Close its options, where a choice that was not there left them open."""
        panel = self.site.page.locator(css.PANEL).filter(visible=True)
        if self.kind not in ("toggles", "native") and panel.count():
            self._close(panel)

    def _close(self, panel: Locator) -> None:
        """Click the trigger again: Escape would close the dialog around it as well."""
        click(self._trigger())
        if not self.site.until(lambda: not panel.count(), seconds=5):
            raise ScreenChanged(self.site.screen, f"the options of {quoted(self.name)} closed", found="they stay open")
        # They fade: until they are gone, what they say stands on the screen twice.
        options = self.site.page.locator(css.OPTION).filter(visible=True)
        self.site.until(lambda: not options.count(), seconds=FADE_SECONDS)

    def _press_trigger(self) -> None:
        trigger = self._trigger()
        try:
            click(trigger, timeout=TRIGGER_MS)
        except PlaywrightTimeout as error:
            found = f"{trigger.count()} to click" if trigger.count() != 1 else "it takes no click"
            raise ScreenChanged(self.site.screen, f"the select {quoted(self.name)}", found=found) from error

    def _trigger(self) -> Locator:
        if self.kind in ("select", "multiple", "cascader", "vi-select"):
            # One that is known by its placeholder alone has no row around it: it is its own.
            own = self.row.and_(self.site.page.locator(css.TRIGGER))
            trigger = self.row.locator(css.TRIGGER).or_(own).filter(visible=True)
            return trigger.locator(css.ARROW) if self.kind == "multiple" else trigger
        raise ScreenChanged(self.site.screen, f"a select for {quoted(self.name)}", found=f"a {self.kind} field")

    def _search(self, options: Options, text: str, picker: Picker) -> list[Option] | None:
        """Return the options found by typing, if what is meant is among them."""
        if not options.search(text):
            box = self.row.locator(css.TRIGGER).locator("input:not([readonly])").filter(visible=True)
            if box.count() != 1:
                return None
            options.type(box, text)
        found = options.read()
        return found if picker([each.text for each in found]) or picker([each.caption for each in found]) else None

    def _all(self, options: Options, searched: str) -> list[Option]:
        if searched:
            options.search("")
        return options.read()

    def _open_group(self, panel: Locator, level: int, part: str, *, patient: bool) -> None:
        """Click a group until the column it leads to is drawn; where it was open before, nothing changes."""
        following = panel.locator(css.CASCADER_COLUMN).nth(level + 1).locator(css.CASCADER_ITEM)
        before = following.all_inner_texts()
        group = self._cascader_item(panel, level, part)
        self._click_until(group, lambda: following.all_inner_texts() != before, patient=patient)

    def _click_until(self, item: Locator, took: Callable[[], bool], *, patient: bool) -> None:
        """Click an item once more while its click was dropped; one that was dropped before is pointed at first."""
        for clicks in range(ITEM_CLICKS):
            if patient or clicks:
                item.hover(timeout=CLICK_MS)
                item.evaluate(_DRAWN_ANEW)
            item.click(timeout=CLICK_MS)
            if self.site.until(took, seconds=TOOK_SECONDS):
                return

    def _cascader_item(self, panel: Locator, level: int, part: str) -> Locator:
        column = panel.locator(css.CASCADER_COLUMN).nth(level)
        column.wait_for(timeout=CLICK_MS)
        evaluate.one(column, TO_TOP)
        seen: list[str] = []
        found = self.site.until(lambda: _item_or_end(column, part, seen), seconds=20)
        if not found or not found[0]:
            raise Refused(f"{self.name}: there is no {quoted(part)}; there are: {', '.join(seen)}")
        return saying(column.locator(css.CASCADER_ITEM).filter(visible=True), found[0])


def _item_or_end(column: Locator, part: str, seen: list[str]) -> list[str] | None:
    """Look through the drawn part of a virtualised column and turn it one screen on.

    Returns the item's own text, alone; an empty one once the whole column was seen; None while there is more.
    """
    if not covers(column, css.CASCADER_ITEM):
        return None
    texts = column.locator(css.CASCADER_ITEM).filter(visible=True).all_inner_texts()
    texts = [" ".join(text.split()) for text in texts]
    seen += [text for text in texts if text not in seen]
    meant = [text for text in texts if fold(text) == fold(part)]
    if meant:
        return meant[:1]
    return [""] if texts and evaluate.one(column, TURN) else None


def control_in(site: Site, row: Locator, *, name: str) -> Control:
    """Recognise the one control below `row`; raise `ScreenChanged` if there is none we know, or several."""
    found = control_kinds.about(row)
    if len(found) != 1 or not found[0]["kind"] or found[0]["many"]:
        raise ScreenChanged(site.screen, f"one control for {quoted(name)}", found="several" if found else "none")
    return Control(site, row, found[0]["kind"], name)

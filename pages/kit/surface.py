"""A dialog, a drawer, or the page itself: whatever the user would act on now.

The kit's modals and drawers have no role, and the same form may be any of the three, so a page object
never asks which it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bcflow.models.errors import ScreenChanged
from bcflow.models.identity import fold
from bcflow.pages.kit import css
from bcflow.pages.kit.controls import Control, Toggle, control_in, toggles

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from bcflow.pages.kit.site import Site

_HOLDS_A_CONTROL = (
    ".//input[not(@type='hidden')] or .//textarea or .//select or "
    ".//*[contains(@class,'-select-input') or contains(@class,'-multiple-input')]"
)


@dataclass(frozen=True)
class Surface:
    """What is on top now; `root` is where everything is looked for."""

    site: Site
    root: Locator
    is_page: bool

    @property
    def title(self) -> str:
        """Return the heading of the dialog, or what the page is called."""
        if self.is_page:
            return f"the page {self.site.path}"
        heading = self.root.locator(css.DIALOG_HEADING)
        text = heading.first.inner_text() if heading.count() else ""
        return " ".join(text.split()) or "a dialog without a heading"

    def still_there(self) -> bool:
        """Say whether this surface is still what the user would act on."""
        return self.root.is_visible() and self.same_as(self.site.surface())

    def same_as(self, other: Surface) -> bool:
        """Say whether both are the same element and bear the same heading."""
        if self.is_page or other.is_page:
            return self.is_page == other.is_page
        mine, theirs = self.root.element_handle(), other.root.element_handle()
        return bool(mine.evaluate("(a, b) => a === b", theirs))

    def button(self, *concepts: str) -> Locator:
        """Return the one visible button with any of these words; raise `ScreenChanged` if there is not one."""
        found = self.find_button(*concepts)
        if found is None:
            raise ScreenChanged(self.site.screen, f"the button {self._words(concepts)}", found=self._buttons())
        return found

    def find_button(self, *concepts: str) -> Locator | None:
        """Return the one visible button with any of these words, or None; two are an error."""
        for concept in concepts:
            name = self.site.words.pattern(concept)
            found = self.root.get_by_role("button", name=name).or_(self.root.get_by_role("link", name=name))
            found = found.filter(visible=True)
            if found.count() == 1:
                return found
            if found.count() > 1:
                raise ScreenChanged(self.site.screen, f"a single button {self._words([concept])}", found="several")
        return None

    def press(self, *concepts: str) -> None:
        """Click a button that only leads on: never one that sends."""
        self.site.interruptions.clear()
        self.button(*concepts).click()

    def pick(self, *concepts: str) -> None:
        """Click the card or text with one of these words."""
        found = self.find_text(*concepts)
        if found is None:
            raise ScreenChanged(self.site.screen, f"the choice {self._words(concepts)}", found=self._buttons())
        self.site.interruptions.clear()
        found.click()

    def find_text(self, *concepts: str) -> Locator | None:
        """Return the visible text with one of these words, or None; the first concept that is there counts."""
        for concept in concepts:
            found = self.root.get_by_text(self.site.words.pattern(concept)).filter(visible=True)
            if found.count() == 1:
                return found
            if found.count() > 1:
                raise ScreenChanged(self.site.screen, f"a single {self._words([concept])}", found="several")
        return None

    def has(self, *concepts: str) -> bool:
        """Say whether one of these words shows on the surface."""
        patterns = [self.site.words.pattern(concept) for concept in concepts]
        return any(self.root.get_by_text(each).filter(visible=True).count() for each in patterns)

    def text(self) -> str:
        """Return all visible text, a line per block."""
        return self.root.inner_text()

    def find_field(self, *concepts: str) -> Control | None:
        """Return the form control captioned (or, failing that, filled with the placeholder) by these words."""
        for concept in concepts:
            row = self._row(concept)
            if row is not None:
                return control_in(self.site, row, name=concept)
            holder = self.root.get_by_placeholder(self.site.words.pattern(concept)).filter(visible=True)
            if holder.count() == 1:
                return control_in(self.site, holder.locator("xpath=.."), name=concept)
            if holder.count() > 1:
                raise ScreenChanged(self.site.screen, f"a single field {concept!r}", found="several")
        return None

    def field(self, *concepts: str) -> Control:
        """Return the form control with this caption; raise `ScreenChanged` if there is none."""
        found = self.find_field(*concepts)
        if found is None:
            raise ScreenChanged(self.site.screen, f"the field {self._words(concepts)}", found=self._captions())
        return found

    def find_toggle(self, *concepts: str) -> Toggle | None:
        """Return the radio, checkbox or switch whose own label begins with one of these words."""
        matching = [
            each for each in toggles(self.site, self.root)
            if any(self.site.words.matches(concept, each.caption) for concept in concepts)
        ]
        if len(matching) > 1:
            raise ScreenChanged(self.site.screen, f"a single choice {self._words(concepts)}", found="several")
        return matching[0] if matching else None

    def errors(self) -> list[str]:
        """Return the form's own error texts, each with its field's caption in front."""
        found = self.root.locator(css.FIELD_ERROR).filter(visible=True)
        texts = [" ".join(text.split()) for text in found.all_inner_texts()]
        captions = [
            " ".join(one.evaluate(_CAPTION_OF).split()) for one in found.all()
        ]
        return [f"{caption}: {text}" if caption else text for caption, text in zip(captions, texts, strict=True) if text]

    def required_but_empty(self) -> list[str]:
        """Return the captions of fields the form marks as required and that hold nothing."""
        found: list[str] = self.root.evaluate(_REQUIRED_EMPTY)
        return [" ".join(caption.split()) for caption in found]

    def close(self) -> None:
        """Leave the dialog by Cancel or Escape without sending anything."""
        if not self.is_page:
            self.site.page.keyboard.press("Escape")

    def _row(self, concept: str) -> Locator | None:
        caption = self.site.words.pattern(concept)
        labels = self.root.get_by_text(_with_mark(caption)).filter(visible=True)
        rows = [
            row for label in labels.all()
            if (row := label.locator(f"xpath=ancestor-or-self::*[{_HOLDS_A_CONTROL}][1]")).count()
            and row.evaluate("(row, root) => root !== row && root.contains(row)", self.root.element_handle())
        ]
        named = [row for row in rows if row.locator(css.LABEL).count() <= 1 and not row.locator(css.LIST).count()]
        if len(named) > 1:
            raise ScreenChanged(self.site.screen, f"a single field {concept!r}", found="several")
        return named[0] if named else None

    def _words(self, concepts: tuple[str, ...] | list[str]) -> str:
        return " / ".join(self.site.words.of(concept)[0] for concept in concepts)

    def _buttons(self) -> str:
        names = self.root.get_by_role("button").filter(visible=True).all_inner_texts()
        return ", ".join(fold(name) for name in names[:12]) or "no button"

    def _captions(self) -> str:
        names = self.root.locator(css.LABEL).filter(visible=True).all_inner_texts()
        return ", ".join(" ".join(name.split()) for name in names[:12]) or "no captioned field"


def _with_mark(pattern: re.Pattern[str]) -> re.Pattern[str]:
    """Let a caption carry the asterisk or colon that marks a field."""
    body = pattern.pattern.removeprefix("^").removesuffix("$")
    return re.compile(rf"^\s*\*?\s*(?:{body})\s*[*:：]?\s*$", pattern.flags)


_CAPTION_OF = """e => {
  const row = e.closest('[class*="-form-container"][class*="-form-container-with-help"], [class*="-form-item"]');
  const label = row && row.querySelector('[class*="-form-container-label"], [class*="-form-item__label"]');
  return label ? label.innerText : '';
}"""
_REQUIRED_EMPTY = """root => {
  const rows = [...root.querySelectorAll('[class*="-form-container-label-required"], .is-required')];
  const shown = e => e.getClientRects().length > 0;
  return rows.map(e => e.matches('label') ? e.parentElement : e).filter(shown).filter(row => {
    if (row.querySelector('[class*="-radio-checked"], [class*="-checkbox-checked"], [class*="-tag-closable"], .is-checked')) return false;
    const inputs = [...row.querySelectorAll('input:not([type=radio]):not([type=checkbox]), textarea')].filter(shown);
    return inputs.length ? inputs.every(i => !i.value) : !!row.querySelector('input');
  }).map(row => row.querySelector('label') ? row.querySelector('label').innerText : '').filter(Boolean);
}"""

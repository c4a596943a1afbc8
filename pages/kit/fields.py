"""Which control a caption stands for.

The kit's form row is a label and its content side by side, tied by nothing (reproduced with the public kit,
version 1.0.17); other forms put a plain text above the control. A caption counts only for a control that is
the only one in its row, or the first thing after it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bcflow.models.errors import ScreenChanged
from bcflow.models.identity import fold
from bcflow.pages.kit import css, reading
from bcflow.pages.kit.controls import Control, about

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Locator

    from bcflow.pages.kit.surface import Surface

_HOLDS_A_CONTROL = (
    "(.//input[not(@type='hidden')] or .//textarea or .//select or "
    ".//*[contains(@class,'-select-input') or contains(@class,'-multiple-input')])"
)
_ROW = f"xpath=ancestor-or-self::*[{_HOLDS_A_CONTROL}][1]"
_NEXT_ROW = (
    f"xpath=ancestor-or-self::*[following-sibling::*[{_HOLDS_A_CONTROL}]][1]"
    f"/following-sibling::*[{_HOLDS_A_CONTROL}][1]"
)

_WIDGET = (
    "contains(@class,'-popper-trigger') or contains(@class,'-input-trigger') or contains(@class,'-input-panel') or "
    "contains(concat(@class,' '),'-select ') or contains(concat(@class,' '),'-cascader ')"
)


def find(surface: Surface, concepts: Sequence[str]) -> Control | None:
    """Return the control with one of these captions or placeholders; see `Surface.find_field`."""
    for look in (_captioned, _held):
        found = look(surface, concepts)
        if len(found) > 1 and len(concepts) > 1:
            found = next((each for concept in concepts if (each := look(surface, [concept]))), [])
        if len(found) > 1:
            raise ScreenChanged(surface.site.screen, f"a single field {concepts[0]!r}", found="several")
        if found:
            return found[0]
    return None


def _captioned(surface: Surface, concepts: Sequence[str]) -> list[Control]:
    """Return the controls beside a caption, else those right below one that stands alone."""
    caption = _with_mark(surface.site.words.pattern(*concepts))
    labels = surface.root.get_by_text(caption).filter(visible=True)
    inside = surface.root.locator("*")
    rows = labels.locator(_ROW).and_(inside)
    read = about(rows)
    found = [
        Control(surface.site, rows.nth(index), each["kind"], concepts[0])
        for index, each in enumerate(read)
        if each["kind"] and not each["many"] and not each["list"] and each["captions"] <= 1
    ]
    if found or not any(each["many"] or not each["captions"] for each in read):
        return found
    below = labels.locator(_NEXT_ROW).and_(inside)
    return [
        Control(surface.site, below.nth(index), each["kind"], concepts[0])
        for index, each in enumerate(about(below))
        if each["kind"] and not each["many"] and not each["list"] and not each["captions"]
    ]


def _held(surface: Surface, concepts: Sequence[str]) -> list[Control]:
    """Return the controls that show one of these words as their placeholder."""
    holders = surface.root.get_by_placeholder(surface.site.words.pattern(*concepts)).filter(visible=True)
    rows = holders.locator(f"xpath=ancestor::*[{_WIDGET}][1] | self::*[not(ancestor::*[{_WIDGET}])]/..")
    return [
        Control(surface.site, rows.nth(index), each["kind"], concepts[0])
        for index, each in enumerate(about(rows))
        if each["kind"]
    ]


def mentioned(root: Locator) -> str:
    """Return every text and placeholder below `root` as one folded text, shown or not.

    A caption that is not in it need not be looked for, which costs more than all the rest of a look.
    """
    return fold(str(reading.one(root, _MENTIONED)))


def errors(root: Locator) -> list[str]:
    """Return the error texts below `root`, each with its field's caption in front."""
    read: list[tuple[str, str]] = root.locator(css.FIELD_ERROR).filter(visible=True).evaluate_all(_ERRORS)
    pairs = [(" ".join(caption.split()), " ".join(text.split())) for caption, text in read]
    return [f"{caption}: {text}" if caption else text for caption, text in pairs if text]


def required_but_empty(root: Locator) -> list[str]:
    """Return the captions of fields marked as required (by class or by an asterisk) that hold nothing."""
    found: list[str] = reading.one(root, _REQUIRED_EMPTY, [css.LABEL, css.TRIGGER])
    return list(dict.fromkeys(" ".join(caption.split()) for caption in found))


def captions(root: Locator) -> str:
    """Return the captions shown below `root`, for a message."""
    names = root.locator(css.LABEL).filter(visible=True).all_inner_texts()
    return ", ".join(" ".join(name.split()) for name in names[:12]) or "no captioned field"


def _with_mark(pattern: re.Pattern[str]) -> re.Pattern[str]:
    """Let a caption carry the asterisk or colon that marks a field."""
    body = pattern.pattern.removeprefix("^").removesuffix("$")
    return re.compile(rf"^\s*\*?\s*(?:{body})\s*[*:：]?\s*$", pattern.flags)  # noqa: RUF001 - a CJK colon


_MENTIONED = """root => {
  const found = [];
  const gather = top => {
    const walk = document.createTreeWalker(top, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let at = walk.currentNode; at; at = walk.nextNode()) {
      if (at.nodeType === Node.ELEMENT_NODE) {
        if (at.placeholder) found.push(' ', at.placeholder, ' ');
        if (at.shadowRoot) gather(at.shadowRoot);
      } else if (at.nodeType === Node.TEXT_NODE && !['SCRIPT', 'STYLE'].includes(at.parentNode.nodeName)) {
        found.push(at.nodeValue);
      }
    }
  };
  gather(root);
  return found.join('');
}"""
_ERRORS = """all => all.map(e => {
  const item = '[class*="-form-item"]:not([class*="-form-item__"])';
  const row = e.closest(`[class*="-form-container"][class*="-form-container-with-help"], ${item}`);
  const label = row && row.querySelector('[class*="-form-container-label"], [class*="-form-item__label"]');
  return [label ? label.innerText : '', e.innerText];
})"""
_REQUIRED_EMPTY = """(root, [label, trigger]) => {
  const shown = e => e.getClientRects().length > 0;
  const starred = [...root.querySelectorAll(label)].filter(e => /^\\s*\\*|\\*\\s*$/.test(e.innerText || ''));
  const marked = [...root.querySelectorAll('[class*="-form-container-label-required"], .is-required')];
  const rows = new Set([...marked, ...starred].map(e => e.matches('label') || e.matches(label) ? e.parentElement : e));
  const empty = row => {
    const on = '[class*="-radio-checked"], [class*="-checkbox-checked"], [class*="-tag-closable"], .is-checked';
    if (row.querySelector(on)) return false;
    const inputs = [...row.querySelectorAll('input:not([type=radio]):not([type=checkbox]), textarea')].filter(shown);
    if (inputs.length) return inputs.every(input => !input.value);
    if (row.querySelector('select')) return !row.querySelector('select').value;
    return !!row.querySelector(`input[type=radio], input[type=checkbox]:not([class*="-switch"] *), ${trigger}`);
  };
  const caption = row => (row.querySelector(label) || row.querySelector('label') || {innerText: ''}).innerText;
  const plain = text => text.replace(/\\*/g, '').trim();
  return [...rows].filter(shown).filter(empty).map(row => plain(caption(row))).filter(Boolean);
}"""

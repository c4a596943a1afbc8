"""What control a row of a form holds and what it shows, read in one message to the browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypedDict

from bcflow.models.identity import canonical_name, fold, same_email
from bcflow.pages.kit import css
from bcflow.pages.kit.screen import evaluate
from bcflow.pages.kit.widgets.toggles import IS_ON

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from playwright.sync_api import Locator

_PHONE = re.compile(r"\+?[\d\s().-]{6,}")
DIGITS_OF_A_PHONE = 15
"""At most; more of them are an id, of which no digit may be missing (ITU-T E.164)."""


class HeldControl(TypedDict):
    """What a row holds: the `kind` of its control ("" for none), whether `many`, its captions, and if it is a list."""

    kind: str
    many: bool
    captions: list[str]
    list: bool


class NamedControl(HeldControl):
    """The same of a row whose captions were looked at: the `names` they stand for, and the control's `value`."""

    names: list[str]
    value: str


def about(rows: Locator) -> list[HeldControl]:
    """Say of each of `rows` what control it holds."""
    read: list[HeldControl] = rows.evaluate_all(f"(rows, css) => rows.map(row => ({_ABOUT})(row, css))", _ABOUT_CSS)
    return read


def named(rows: Locator, captions: Mapping[str, re.Pattern[str]]) -> list[NamedControl]:
    """Say of each of `rows` what control it holds, which of the `captions` stand in it, and what it shows."""
    read: list[NamedControl] = rows.evaluate_all(
        _NAMED,
        {"css": _ABOUT_CSS, "value": VALUE_CSS, "captions": [[name, each.pattern] for name, each in captions.items()]},
    )
    return read


def tidy(shown: str) -> str:
    """Return what a control shows on one line."""
    return " ".join(shown.split())


_ABOUT_CSS: dict[str, Any] = {"trigger": css.TRIGGER, "text": css.TEXT_INPUT, "chips": css.CHIPS, "toggle": css.TOGGLE}
_ABOUT_CSS |= {"group": css.TOGGLE_GROUP, "label": css.LABEL, "list": css.LIST, "menu": css.MENU_ITEM}
VALUE_CSS = [css.TRIGGER, css.CHIP, css.TEXT_INPUT, css.TOGGLE]
_ABOUT = """(row, css) => {
  const folded = FOLDED;
  const shown = e => e.getClientRects().length > 0 && !folded(e);
  const all = s => [...row.querySelectorAll(s), ...(row.matches(s) ? [row] : [])].filter(shown);
  const chips = all(css.chips), toggles = all(css.toggle), natives = all('select');
  const triggers = all(css.trigger).filter(e => !chips.some(c => c.contains(e)));
  const texts = all(css.text).filter(e => ![...chips, ...triggers].some(c => c !== e && c.contains(e)));
  const groups = new Set(toggles.map(e => e.closest(css.group)).filter(Boolean));
  const solid = [...chips, ...triggers, ...texts, ...natives];
  const order = [...solid, ...toggles].sort((a, b) => a.compareDocumentPosition(b) & 4 ? -1 : 1);
  // Text between two controls captions the second one: they are two fields then, not a number and its country.
  const parted = () => {
    const walk = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const node = walk.currentNode;
      if (!node.nodeValue.trim() || !shown(node.parentElement) || order.some(e => e.contains(node))) continue;
      if (node.parentElement.closest('[class*="-tag"], [class*="-suffix"], [class*="-prefix"]')) continue;
      const after = order[0].compareDocumentPosition(node) & 4;
      if (after && order[order.length - 1].compareDocumentPosition(node) & 2) return true;
    }
    return false;
  };
  let kind = '';
  if (chips.length) kind = 'chips';
  else if (groups.size && triggers.length === 0) kind = 'toggles';
  else if (texts.length) kind = 'text';
  else if (triggers.some(e => /-multiple-select-input-trigger/.test(e.className))) kind = 'multiple';
  else if (triggers.some(e => e.closest('[class*="cascader"]'))) kind = 'cascader';
  else if (triggers.some(e => /-popper-trigger/.test(e.className))) kind = 'select';
  else if (triggers.length) kind = 'vi-select';
  else if (natives.length) kind = 'native';
  else if (toggles.length) kind = 'toggles';
  const twice = [chips, triggers, texts, natives].some(each => each.length > 1) || groups.size > 1;
  // A box that says itself what it is for is not what a text above it is about.
  const labels = all(css.label).map(e => e.textContent);
  const own = kind === 'toggles' && toggles.length === 1 && !labels.length && toggles[0].innerText.trim();
  return {
    kind, many: twice || (solid.length > 0 && order.length > 1 && kind !== 'toggles' && parted()),
    captions: own ? [own] : labels, list: all(css.list).length > 0 || all(css.menu).length > 0,
  };
}""".replace("FOLDED", evaluate.FOLDED, 1)
VALUE = f"""(row, [kind, trigger, chip, text, toggle]) => {{
  const shown = e => e.getClientRects().length > 0;
  const all = s => [...row.querySelectorAll(s), ...(row.matches(s) ? [row] : [])].filter(shown);
  if (kind === 'chips' || kind === 'multiple') return all(chip).map(e => e.innerText.trim()).join(', ');
  if (kind === 'native') return [...all('select')[0].selectedOptions].map(e => e.text).join(', ');
  if (kind === 'text') return (all(text)[0] || {{}}).value || '';
  if (kind === 'toggles') {{
    const line = e => (e.innerText || '').split('\\n').map(t => t.trim()).find(Boolean) || '';
    return all(toggle).filter({IS_ON}).map(line).join(', ');
  }}
  const at = all(trigger)[0], input = at && at.querySelector('input');
  return input ? input.value : at ? at.innerText : '';
}}"""
_NAMED = f"""(rows, given) => rows.map(row => {{
  const found = ({_ABOUT})(row, given.css);
  const texts = [row, ...row.querySelectorAll('*')].filter(e => e.getClientRects().length).map(e => e.textContent);
  const says = caption => texts.some(text => caption.test(text));
  const names = given.captions.filter(([, source]) => says(new RegExp(source, 'i'))).map(([name]) => name);
  return {{...found, names, value: found.kind ? ({VALUE})(row, [found.kind, ...given.value]) : ''}};
}})"""


def shows_way(shown: str, parts: Sequence[str]) -> bool:
    """Say whether a cascader shows the leaf, alone or with the groups above it, and no other group."""
    rest = fold(shown)
    if fold(parts[-1]) not in rest:
        return False
    for part in sorted(map(fold, parts), key=len, reverse=True):
        rest = rest.replace(part, "", 1)
    return not any(letter.isalpha() for letter in rest)


def same_text(shown: str, typed: str) -> bool:
    """Say whether a field holds what was typed: a telephone number may have been regrouped."""
    if canonical_name(shown) == canonical_name(typed) or same_email(shown, typed):
        return True
    digits = re.sub(r"\D", "", typed)
    if not _PHONE.fullmatch(typed) or len(digits) > DIGITS_OF_A_PHONE:
        return False
    return bool(shown) and digits.endswith(re.sub(r"\D", "", shown)) and len(shown) >= len(typed) - 4

"""Which control a caption stands for.

The kit's form row is a label and its content side by side, tied by nothing (reproduced with the public kit,
version 1.0.17); other forms put a plain text above the control. A caption counts only for a control that is
the only one in its row, or the first thing after it.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from bcflow.models.errors import ScreenChanged
from bcflow.models.identity import fold, quoted
from bcflow.pages.kit import css
from bcflow.pages.kit.screen import evaluate
from bcflow.pages.kit.widgets import control_kinds
from bcflow.pages.kit.widgets.controls import Control
from bcflow.pages.kit.widgets.toggles import IS_ON

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from playwright.sync_api import Locator

    from bcflow.pages.kit.screen.site import Site

_HOLDS_A_CONTROL = (
    "(.//input[not(@type='hidden')] or .//textarea or .//select or "
    ".//*[contains(@class,'-select-input') or contains(@class,'-multiple-input')])"
)
_ROW = f"xpath=ancestor-or-self::*[{_HOLDS_A_CONTROL}][1]"
_NEXT_ROW = (
    f"xpath=ancestor-or-self::*[following-sibling::*[{_HOLDS_A_CONTROL}]][1]"
    f"/following-sibling::*[{_HOLDS_A_CONTROL}][1]"
)

_MARKS = re.compile(r"^\W+|[^\w)]+$")
_WIDGET = (
    "contains(@class,'-popper-trigger') or contains(@class,'-input-trigger') or contains(@class,'-input-panel') or "
    "contains(concat(@class,' '),'-select ') or contains(concat(@class,' '),'-cascader ')"
)


def find(site: Site, root: Locator, concepts: Sequence[str]) -> Control | None:
    """Return the control with one of these captions or placeholders; see `Surface.find_field`."""
    for look in (_captioned, _held):
        found = look(site, root, concepts)
        if len(found) > 1 and len(concepts) > 1:
            found = next((each for concept in concepts if (each := look(site, root, [concept]))), [])
        if len(found) > 1:
            raise ScreenChanged(site.screen, f"a single field {quoted(concepts[0])}", found="several")
        if found:
            return found[0]
    return None


def _captioned(site: Site, root: Locator, concepts: Sequence[str]) -> list[Control]:
    """Return the controls beside a caption, else those right below one that stands alone."""
    rows, wanted = _rows(site, root, concepts), _with_mark(site.words.pattern(*concepts))
    read = control_kinds.about(rows)
    at = [number for number, each in enumerate(read) if _is_about(each, wanted)]
    if len(at) > 1:
        # A section may have a word for its heading that is known for the one field in it, too.
        outer: list[int] = rows.evaluate_all(_HOLDS_ANOTHER)
        at = [number for number in at if number not in outer]
    found = [Control(site, rows.nth(number), read[number]["kind"], concepts[0]) for number in at]
    if found or not any(each["many"] or not each["captions"] for each in read):
        return found
    below = _rows(site, root, concepts, _NEXT_ROW)
    return [
        Control(site, below.nth(at), each["kind"], concepts[0])
        for at, each in enumerate(control_kinds.about(below))
        if _is_one(each) and not each["captions"]
    ]


def _rows(site: Site, root: Locator, concepts: Sequence[str], way: str = _ROW) -> Locator:
    """Return the rows to which a caption with one of these words leads."""
    labels = evaluate.shown(root.get_by_text(_with_mark(site.words.pattern(*concepts))))
    return labels.locator(way).and_(root.locator("*"))


def _is_one(row: control_kinds.HeldControl) -> bool:
    """Whether the row is one field with at most one caption."""
    return bool(row["kind"]) and not row["many"] and not row["list"] and len(row["captions"]) <= 1


def _is_about(row: control_kinds.HeldControl, caption: re.Pattern[str]) -> bool:
    """Whether the row is one field, and has no other caption of its own than this: a heading stands above several."""
    # The mark of a field that must be filled may be any sign.
    said = [{text, _MARKS.sub("", text)} for each in row["captions"] if (text := " ".join(each.split()))]
    return _is_one(row) and all(any(map(caption.search, texts)) for texts in said)


def _held(site: Site, root: Locator, concepts: Sequence[str]) -> list[Control]:
    """Return the controls that show one of these words as their placeholder."""
    holders = evaluate.shown(root.get_by_placeholder(site.words.pattern(*concepts)))
    rows = holders.locator(f"xpath=ancestor::*[{_WIDGET}][1] | self::*[not(ancestor::*[{_WIDGET}])]/..")
    return [
        Control(site, rows.nth(index), each["kind"], concepts[0])
        for index, each in enumerate(control_kinds.about(rows))
        if each["kind"]
    ]


def captioned(site: Site, root: Locator, wanted: Mapping[str, Sequence[str]]) -> dict[str, tuple[Control, str]]:
    """Return, of the `wanted` names, the fields that stand alone beside one of their captions, with what they show.

    One message tells it of all. A name that is missing here may still be there: `find` looks closer.
    """
    words = site.words
    captions = {name: _with_mark(words.pattern(*concepts)) for name, concepts in wanted.items()}
    if not captions:
        return {}
    every = dict.fromkeys(concept for concepts in wanted.values() for concept in concepts)
    read = control_kinds.named(_rows(site, root, tuple(every)), captions)
    found = {}
    for name, concepts in wanted.items():
        rows = [each for each in read if name in each["names"]]
        # Nothing else may lead to the same row, nor this name to another one.
        if len(rows) == 1 and _is_about(rows[0], captions[name]) and rows[0]["names"] == [name]:
            row = _rows(site, root, concepts).nth(0)
            found[name] = (
                Control(site, row, rows[0]["kind"], concepts[0]),
                control_kinds.tidy(rows[0]["value"]),
            )
    return found


def mentioned(root: Locator) -> str:
    """Return every text and placeholder below `root` as one folded text, shown or not.

    A caption that is not in it need not be looked for, which costs more than all the rest of a look.
    """
    return fold(str(evaluate.one(root, _MENTIONED)))


def errors(root: Locator) -> list[str]:
    """Return the error texts below `root`, each with its field's caption in front."""
    read: list[tuple[str, str]] = (
        root.locator(css.FIELD_ERROR).filter(visible=True).evaluate_all(f"all => all.map({ERROR})")
    )
    return worded(read)


def lines(root: Locator) -> list[str]:
    """Return every text that shows below `root`, to tell later what is new."""
    found: list[str] = evaluate.one(root, f"root => ({_TEXTS})(root).map(([, text]) => text)")
    return list(dict.fromkeys(found))


def controls(root: Locator) -> list[str]:
    """Return what each control that shows below `root` is, whatever it holds."""
    found: list[str] = evaluate.shown(
        root.locator(f"{css.TEXT_INPUT}, {css.TRIGGER}, {css.TOGGLE}, select")
    ).evaluate_all(_CONTROLS, css.TOGGLE)
    return found


_CONTROLS = """(all, toggle) => all.map(e => {
  const input = e.matches('input, textarea') ? e : e.querySelector('input, textarea');
  const own = input ? [input.tagName, input.type, input.readOnly, input.placeholder] : [];
  return [e.tagName, ...own, e.matches(toggle) ? e.innerText.trim() : ''].join(' ');
})"""


def news(root: Locator, before: Sequence[str]) -> list[str]:
    """Return what shows below `root` and did not before, each with the caption of the field that it stands at.

    A form may complain in any text, not only in those of the kit.
    """
    script = (
        f"(root, before) => ({_TEXTS})(root).filter(([, text]) => !before.includes(text)).map(([e]) => ({ERROR})(e))"
    )
    read: list[tuple[str, str]] = evaluate.one(root, script, list(before))
    return list(dict.fromkeys(worded(read)))


def worded(read: Sequence[tuple[str, str]]) -> list[str]:
    """Return what `ERROR` said of each element as one text: the field's caption in front, if it has one."""
    pairs = [(" ".join(caption.split()), " ".join(text.split())) for caption, text in read]
    return [f"{caption}: {text}" if caption else text for caption, text in pairs if text]


def required_but_empty(root: Locator) -> list[str]:
    """Return the captions of fields and boxes marked as required (by class, asterisk or attribute) that hold nothing.

    A box without a caption goes by its own text, a field by its placeholder.
    """
    found: list[str] = evaluate.one(root, _REQUIRED_EMPTY, [css.LABEL, css.TRIGGER, css.TOGGLE])
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
_NAME = """(row, label, toggle) => {
  const plain = text => text.replace(/^[*\\s]+|[*\\s]+$/g, '');
  const line = e => ((e && e.innerText) || '').split('\\n').map(plain).find(Boolean) || '';
  const own = row.querySelector(label) || row.querySelector(`label:not(:is(${toggle}))`);
  const box = row.matches(toggle) ? row : row.querySelector(toggle);
  const held = row.querySelector('[placeholder]');
  return line(own) || line(box).slice(0, 120) || (held ? held.placeholder : '');
}"""
"""Of a row of a form, as JavaScript: what its field is called."""
ERROR = f"""e => {{
  const item = '[class*="-form-item"]:not([class*="-form-item__"])', toggle = {json.dumps(css.TOGGLE)};
  const row = e.closest(`[class*="-form-container"][class*="-form-container-with-help"], ${{item}}`);
  // One that stands in no row of the form is about the one box right before it.
  const prior = !row && e.previousElementSibling;
  const boxes = prior ? [prior, ...prior.querySelectorAll('*')].filter(x => x.matches(toggle)) : [];
  const about = row || (boxes.length === 1 ? boxes[0] : null);
  return [about ? ({_NAME})(about, {json.dumps(css.LABEL)}, toggle) : '', e.innerText];
}}"""
"""Of an error text, as JavaScript: the caption of its field, and what it says."""
_HOLDS_ANOTHER = """rows => [...rows.keys()].filter(at =>
  rows.some(other => other !== rows[at] && rows[at].contains(other)))"""
_TEXTS = f"""root => {{
  const shown = {evaluate.SHOWN}, found = [], walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {{
    const text = walk.currentNode.nodeValue.trim(), e = walk.currentNode.parentElement;
    if (/\\p{{L}}/u.test(text) && !['SCRIPT', 'STYLE'].includes(e.tagName) && shown(e)) found.push([e, text]);
  }}
  return found;
}}"""
_REQUIRED_EMPTY = f"""(root, [label, trigger, toggle]) => {{
  const shown = e => e.getClientRects().length > 0, isOn = {IS_ON};
  const star = /^\\s*\\*|\\*\\s*$/;
  const starred = [...root.querySelectorAll(`${{label}}, ${{toggle}}`)].filter(e => star.test(e.innerText || ''));
  const by = '[class*="-form-container-label-required"], .is-required, [required], [aria-required="true"]';
  const item = `${{toggle}}, [class*="-form-container"]:not([class*="-form-container-"]), [class*="-form-item"]`;
  const rowOf = e => {{
    if (e.matches(toggle)) return e;
    if (e.matches('input, textarea, select')) return e.closest(item) || e.parentElement;
    return e.matches('label') || e.matches(label) ? e.parentElement : e;
  }};
  const rows = new Set([...root.querySelectorAll(by), ...starred].map(rowOf));
  const empty = row => {{
    if ([row, ...row.querySelectorAll(toggle)].some(e => e.matches(toggle) && isOn(e))) return false;
    if (row.querySelector('[class*="-tag-closable"]')) return false;
    const inputs = [...row.querySelectorAll('input:not([type=radio]):not([type=checkbox]), textarea')].filter(shown);
    if (inputs.length) return inputs.every(input => !input.value);
    if (row.querySelector('select')) return !row.querySelector('select').value;
    return !!row.querySelector(`input[type=radio], input[type=checkbox]:not([class*="-switch"] *), ${{trigger}}`);
  }};
  return [...rows].filter(shown).filter(empty).map(row => ({_NAME})(row, label, toggle)).filter(Boolean);
}}"""

"""Where a form says one ad account: its row with a box, what was chosen in a select, and the control for its role."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bcflow.models.errors import ScreenChanged
from bcflow.pages.kit import css
from bcflow.pages.kit.screen import evaluate
from bcflow.pages.kit.widgets.controls import Control, control_in
from bcflow.pages.kit.widgets.toggles import IS_ON

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from bcflow.pages.kit.widgets.surface import Surface


def any_box(form: Surface) -> bool:
    """Say whether the form has a box for any ad account."""
    return bool(evaluate.one(form.root, _OFFERED, [css.TOGGLE, f"{css.LABEL}, {css.MULTIPLE}"]))


def ticked(form: Surface) -> dict[str, list[str]]:
    """Return the ids of the rows that are ticked and drawn now, with what the selects in their rows show."""
    read: list[tuple[str, list[str]]] = evaluate.one(
        form.root, _TICKED, [css.TOGGLE, css.CHIP, css.TRIGGER, _LEVEL_CSS]
    )
    return dict(read)


def row(form: Surface, aadvid: str) -> Locator | None:
    """Return the widest block that is about this account alone and holds its checkbox."""
    shown = form.root.get_by_text(aadvid).filter(visible=True)
    heights: list[int] = shown.evaluate_all(_HEIGHTS)
    return _block(form, aadvid, shown, heights)


def _block(form: Surface, aadvid: str, shown: Locator, heights: list[int]) -> Locator | None:
    found = [(at, height) for at, height in enumerate(heights) if height]
    if len(found) > 1:
        raise ScreenChanged(form.site.screen, f"ad account {aadvid} once", found=f"{len(found)} times")
    return shown.nth(found[0][0]).locator(f"xpath=ancestor-or-self::*[{found[0][1]}]") if found else None


def role_control(form: Surface, aadvid: str) -> Control | None:
    """Return the control for the role of this account alone: a select in its row, or below what was chosen."""
    name, found = f"role for {aadvid}", row(form, aadvid)
    if found is None or not found.locator(css.TRIGGER).filter(visible=True).count():
        shown = form.root.get_by_text(aadvid).filter(visible=True)
        found = _block(form, aadvid, shown, shown.evaluate_all(_LEVELS, _LEVEL_CSS))
        if found is not None and (group := found.locator(css.TOGGLE_GROUP)).count() == 1:
            return Control(form.site, group, "toggles", name)
    trigger = found.locator(css.TRIGGER).filter(visible=True) if found is not None else None
    if trigger is None or trigger.count() != 1:
        return None
    return control_in(form.site, trigger.locator("xpath=.."), name=name)


_BLOCK = """e => {
  const other = 'button, table, input:not([readonly]):not([type=checkbox]):not([type=radio])';
  let height = 0, level = 1, block = null;
  for (let at = e; at && at !== document.body; at = at.parentElement, level++) {
    const ids = new Set((SAID)(at).match(/(?<!\\d)[67]\\d{18}(?!\\d)/g) || []);
    const boxes = at.querySelectorAll('input[type=checkbox], input[type=radio]').length;
    // A row ends where the form's own captions begin: a box beyond them is about something else.
    if (ids.size > 1 || boxes > 1 || at.querySelector(other) || at.querySelector(FIELD)) break;
    if (boxes === 1) { height = level; block = at; }
  }
  return {height, block};
}""".replace("SAID", evaluate.SAID).replace("FIELD", json.dumps(f"{css.LABEL}, {css.MULTIPLE}"))
"""The widest block round an element that is about one ad account at most and holds its one checkbox."""
_LEVEL = """(e, [trigger, group, several]) => {
  for (let at = e, height = 1; at && at !== document.body; at = at.parentElement, height++) {
    const ids = new Set((SAID)(at).match(/(?<!\\d)[67]\\d{18}(?!\\d)/g) || []);
    // What is beyond its own box is about all of them.
    if (ids.size > 1 || at.querySelector('table, input:not([readonly]):not([type=radio])')) break;
    const groups = [...at.querySelectorAll(group)].filter(each => each.querySelector('input[type=radio]'));
    const controls = [...at.querySelectorAll(trigger), ...groups].filter(each => each.getClientRects().length);
    if (controls.length > 1 || controls.some(each => each.matches(several))) return null;
    if (controls.length) return {height, control: controls[0]};
  }
  return null;
}""".replace("SAID", evaluate.SAID)
"""The one control in the nearest block round an element that is about one ad account alone and has any."""
_LEVELS = f"(all, css) => all.map(e => (({_LEVEL})(e, css) || {{height: 0}}).height)"
_LEVEL_CSS = [css.TRIGGER, css.TOGGLE_GROUP, css.MULTIPLE]
_HEIGHTS = f"all => all.map(e => ({_BLOCK})(e).height)"
_OFFERED = """(root, [toggle, field]) => [...root.querySelectorAll(toggle)].some(e => {
  if (!e.getClientRects().length) return false;
  const box = 'input[type=checkbox], input[type=radio]', typed = `input:not([readonly]):not(:is(${box}))`;
  for (let at = e; at && at !== root; at = at.parentElement) {
    const ids = new Set((SAID)(at).match(/(?<!\\d)[67]\\d{18}(?!\\d)/g) || []);
    if (ids.size > 1 || at.querySelectorAll(box).length > 1 || at.querySelector(`${typed}, ${field}`)) return false;
    if (ids.size) return true;
  }
  return false;
})""".replace("SAID", evaluate.SAID)
"""Whether a box stands with one id, as that of an ad account does, and not with all that the form says."""
_TICKED = f"""(root, [toggle, chip, trigger, css]) => {{
  const isOn = {IS_ON}, blockOf = {_BLOCK}, levelOf = {_LEVEL};
  // Beyond these it is no row: a choice of the form must not be read as a tick for an id elsewhere on it.
  const box = 'input[type=checkbox], input[type=radio]', typed = `input:not([readonly]):not(:is(${{box}}))`;
  const shown = e => e.getClientRects().length > 0;
  const idsIn = e => [...new Set(({evaluate.SAID})(e).match(/(?<!\\d)[67]\\d{{18}}(?!\\d)/g) || [])];
  const says = e => {{ const input = e.querySelector('input'); return (input ? input.value : e.innerText).trim(); }};
  // One that is greyed out is given already: the form shows it, and does not give it once more.
  const grey = /(^|\\s)(\\S*-disabled|is-disabled)(\\s|$)/;
  const isOff = e => grey.test(e.className) || !!e.querySelector('input:disabled');
  const mayTick = e => shown(e) && isOn(e) && !isOff(e);
  // What was chosen in a select may stand below it, each with a control of its own.
  const saying = id => [...root.querySelectorAll('*')].filter(e => shown(e) && [...e.childNodes]
    .some(node => node.nodeType === Node.TEXT_NODE && node.nodeValue.includes(id)));
  const ticks = e => [...e.querySelectorAll(toggle)].filter(isOn).map(each => each.innerText.trim()).join(', ');
  const levels = id => [...new Set(saying(id).map(e => levelOf(e, css)).filter(Boolean).map(one => one.control))]
    .map(e => e.matches(trigger) ? says(e) : ticks(e));
  const ticked = [...root.querySelectorAll(toggle)].filter(mayTick).map(e => {{
    for (let at = e; at && at !== root; at = at.parentElement) {{
      const ids = idsIn(at), block = blockOf(e).block;
      if (ids.length > 1 || at.querySelectorAll(box).length > 1 || at.querySelector(typed)) return null;
      if (!ids.length) continue;
      const own = block ? [...block.querySelectorAll(trigger)].filter(shown).map(says) : [];
      return [ids[0], own.length ? own : levels(ids[0])];
    }}
    return null;
  }});
  const chosen = [...root.querySelectorAll(chip)].filter(shown).flatMap(idsIn).map(id => [id, levels(id)]);
  return [...ticked.filter(Boolean), ...chosen];
}}"""

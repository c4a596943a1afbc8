"""Choosing ad accounts in a form: a searchable list with a checkbox a row, and a role for each or for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.models.errors import Refused, ScreenChanged
from bcflow.pages.kit import css, reading
from bcflow.pages.kit.calls import SITE_ID
from bcflow.pages.kit.controls import Control, Toggle, control_in, toggles
from bcflow.pages.kit.table import TYPING_SECONDS, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.sync_api import Locator

    from bcflow.pages.kit.surface import Surface

ROLE_CAPTIONS = ("access permission", "asset permission", "role")
ROLES = ("admin", "operator", "analyst")
SELECT_CAPTIONS = ("advertiser accounts", "accounts", "assign assets", "assets")


def choose(form: Surface, roles: Mapping[str, str]) -> None:
    """Tick the ad accounts `roles` names and give each its role.

    Raises `Refused` when an account is not offered or the form cannot give different roles.
    """
    for aadvid, role in roles.items():
        _tick(form, aadvid)
        control = _role_control(form, aadvid)
        if control is not None:
            choose_role(form, control, role)
    _clear_search(form)
    together = form.find_field(*ROLE_CAPTIONS) if not _roles_per_row(form) else None
    if together is None:
        return
    if len(set(roles.values())) > 1:
        raise Refused("this form gives one role to all its ad accounts: ask for one role at a time")
    choose_role(form, together, next(iter(roles.values())))


def choose_role(form: Surface, control: Control, role: str) -> None:
    """Choose admin, operator or analyst by the page's own word for it."""
    words = form.site.words
    control.choose(lambda texts: [text for text in texts if words.matches(role, first_line(text))], wanted=role)


def first_line(text: str) -> str:
    """Return the caption of an option that may carry an explanation below."""
    return text.split("\n", 1)[0].strip()


def ticked(form: Surface) -> list[str]:
    """Return the ids of the rows that are ticked and drawn now."""
    ids: list[str] = reading.one(form.root, _TICKED, [css.TOGGLE, css.CHIP])
    return ids


def _tick(form: Surface, aadvid: str) -> None:
    select = _select(form)
    if select is not None:
        select.choose(
            lambda texts: [text for text in texts if aadvid in SITE_ID.findall(text)], wanted=aadvid, search=aadvid
        )
        return
    box = _checkbox(form, aadvid)
    if box is None:
        search = Table(form.site, form.root).search_box()
        if search is not None:
            _search(form, search, aadvid)
        box = form.site.until(lambda: _checkbox(form, aadvid), seconds=8)
    if box is None:
        raise Refused(f"ad account {aadvid} is not offered here; it may belong to another Business Center")
    box.turn(on=True)


def _select(form: Surface) -> Control | None:
    """Return the select that takes several accounts, where the form has one instead of a list."""
    if not form.root.locator(css.MULTIPLE).filter(visible=True).count():
        return None
    field = form.find_field(*SELECT_CAPTIONS)
    return field if field is not None and field.kind == "multiple" else None


def _checkbox(form: Surface, aadvid: str) -> Toggle | None:
    row = _row(form, aadvid)
    if row is None:
        return None
    boxes = toggles(form.site, row)
    if len(boxes) != 1:
        raise ScreenChanged(form.site.screen, f"one checkbox for ad account {aadvid}", found=f"{len(boxes)}")
    return boxes[0]


def _row(form: Surface, aadvid: str) -> Locator | None:
    """Return the widest block that is about this account alone and holds its checkbox."""
    shown = form.root.get_by_text(aadvid).filter(visible=True)
    heights: list[int] = shown.evaluate_all(_HEIGHTS)
    if len(heights) > 1:
        raise ScreenChanged(form.site.screen, f"ad account {aadvid} once", found=f"{len(heights)} times")
    return shown.locator(f"xpath=ancestor-or-self::*[{heights[0]}]") if heights and heights[0] else None


def _role_control(form: Surface, aadvid: str) -> Control | None:
    row = _row(form, aadvid)
    if row is None:
        return None
    trigger = row.locator(css.TRIGGER).filter(visible=True)
    if trigger.count() != 1:
        return None
    return control_in(form.site, trigger.locator("xpath=.."), name=f"role for {aadvid}")


def _roles_per_row(form: Surface) -> bool:
    return any(_role_control(form, aadvid) is not None for aadvid in ticked(form))


def _clear_search(form: Surface) -> None:
    search = Table(form.site, form.root).search_box()
    if search is not None and search.input_value():
        _search(form, search, "")


def _search(form: Surface, box: Locator, text: str) -> None:
    """Search the form's list; Enter only where typing alone does nothing."""
    before = form.text()
    box.fill(text)
    if not form.site.until(lambda: form.text() != before, seconds=TYPING_SECONDS):
        box.press("Enter")


_HEIGHTS = """all => all.map(e => {
  const other = 'button, table, input:not([readonly]):not([type=checkbox]):not([type=radio])';
  let height = 0, level = 1;
  for (let at = e; at && at !== document.body; at = at.parentElement, level++) {
    const ids = new Set((at.innerText || '').match(/(?<!\\d)[67]\\d{18}(?!\\d)/g) || []);
    const boxes = at.querySelectorAll('input[type=checkbox], input[type=radio]').length;
    if (ids.size > 1 || boxes > 1 || at.querySelector(other)) break;
    if (boxes === 1) height = level;
  }
  return height;
})"""
_TICKED = """(root, [toggle, chip]) => {
  const on = e => [e, ...e.querySelectorAll('*')].some(x => /-checked(\\s|$)/.test(x.getAttribute('class') || ''));
  const ids = [...root.querySelectorAll(toggle)].filter(e => e.getClientRects().length && on(e)).map(e => {
    for (let at = e; at && at !== root; at = at.parentElement) {
      const found = (at.innerText || '').match(/(?<!\\d)[67]\\d{18}(?!\\d)/g);
      if (found) return found.length === 1 ? found[0] : '';
    }
    return '';
  });
  const chosen = [...root.querySelectorAll(chip)].filter(e => e.getClientRects().length)
    .flatMap(e => e.innerText.match(/(?<!\\d)[67]\\d{18}(?!\\d)/g) || []);
  return [...ids.filter(Boolean), ...chosen];
}"""


def shows_a_list(form: Surface) -> bool:
    """Say whether the form has drawn a list, be it empty."""
    return form.root.locator(css.LIST).filter(visible=True).count() > 0


def offered(form: Surface) -> bool | None:
    """Say whether the form has a list to choose ad accounts from (None: not, or not yet)."""
    if toggles(form.site, form.root) and SITE_ID.search(form.text()):
        return True
    return True if _select(form) is not None else None

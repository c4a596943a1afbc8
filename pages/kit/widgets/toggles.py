"""Radios, checkboxes and switches.

The kit's inputs are invisible and of no size, so the label is clicked and its `-checked` class is read
(reproduced with the public kit, version 1.0.17). Where a label holds a link, only its box is clicked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bcflow.models.errors import Refused, ScreenChanged
from bcflow.models.identity import quoted
from bcflow.pages.kit import css
from bcflow.pages.kit.screen import evaluate, interruptions
from bcflow.pages.kit.screen.clicking import click

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from bcflow.pages.kit.screen.site import Site


@dataclass(frozen=True)
class Toggle:
    """A radio, checkbox or switch; `caption` is the first line of its label, or of the text beside it."""

    site: Site
    label: Locator
    caption: str

    @property
    def is_on(self) -> bool:
        """Return whether it is checked, by its class."""
        return "on" in self._state()

    def turn(self, *, on: bool) -> None:
        """Make it so; raise `Refused` if it is greyed out, `ScreenChanged` if the click did not change it."""
        state = self._state()
        if ("on" in state) == on:
            return
        if "off limits" in state:
            raise Refused(f"{self.caption or 'the switch'}: greyed out here, it cannot be changed")
        interruptions.watch(self.site)
        # The kit may drop a click while it draws anew: this is no write, so it is done again, once.
        for seconds in (2, 5):
            click(self.label.locator(css.TOGGLE_BOX) if "link" in state else self.label)
            if self.site.until(lambda: self.is_on == on, seconds=seconds):
                return
        raise ScreenChanged(
            self.site.screen, f"{quoted(self.caption)} {'on' if on else 'off'}", found="it did not change"
        )

    def _state(self) -> list[str]:
        state: list[str] = evaluate.one(self.label, _STATE)
        return state


@dataclass(frozen=True)
class State:
    """A toggle, whether it is on, the number of the group it belongs to (-1: none), and whether it is folded away."""

    toggle: Toggle
    is_on: bool
    group: int
    is_folded: bool


def toggles(site: Site, root: Locator) -> list[Toggle]:
    """Return the visible radios, checkboxes and switches below `root`, in the page's order."""
    return [toggle for toggle, _ in toggles_with_state(site, root)]


def toggles_with_state(site: Site, root: Locator) -> list[tuple[Toggle, bool]]:
    """Return the toggles below `root`, each with whether it is on."""
    return [(each.toggle, each.is_on) for each in states(site, root)]


def states(site: Site, root: Locator) -> list[State]:
    """Return the visible toggles below `root` and how they stand, in the page's order."""
    found = evaluate.shown(root.locator(css.TOGGLE))
    read: list[tuple[str, bool, int, bool]] = found.evaluate_all(_READ, css.TOGGLE_GROUP)
    return [
        State(Toggle(site, found.nth(index), caption), on, group, folded)
        for index, (caption, on, group, folded) in enumerate(read)
    ]


IS_ON = """e => [e, ...e.querySelectorAll('*')].some(x =>
    /(^|\\s)\\S*-checked(\\s|$)/.test(x.getAttribute('class') || '') || x.classList.contains('is-checked'))
  || !!(e.querySelector('input') && e.querySelector('input').checked)"""
_STATE = f"""e => {{
  const isOn = {IS_ON};
  const input = e.querySelector('input');
  const blocked = (input && input.disabled) || /(^|\\s)(\\S*-disabled|is-disabled)(\\s|$)/.test(e.className);
  return [isOn(e) && 'on', blocked && 'off limits', e.querySelector('a') && 'link'].filter(Boolean);
}}"""
_READ = f"""(all, group) => {{
  const isOn = {IS_ON}, folded = {evaluate.FOLDED};
  // The class of a box in a group says that, too.
  const groupOf = e => e.parentElement.closest(group);
  const groups = [...new Set(all.map(groupOf).filter(Boolean))];
  const line = e => (e.innerText || '').split('\\n').map(t => t.trim()).find(Boolean) || '';
  const beside = e => {{
    if (e.closest('tr, [class*="-table-row"]')) return '';
    for (let at = e.parentElement; at && at !== document.body; at = at.parentElement) {{
      if (all.filter(other => at.contains(other)).length > 1 || at.querySelector('textarea, [readonly]')) return '';
      if (line(at)) return line(at);
    }}
    return '';
  }};
  return all.map(e => [line(e) || beside(e), isOn(e), groups.indexOf(groupOf(e)), folded(e)]);
}}"""

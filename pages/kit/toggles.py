"""Radios, checkboxes and switches.

The kit's inputs are invisible and of no size, so the label is clicked and its `-checked` class is read
(reproduced with the public kit, version 1.0.17). Where a label holds a link, only its box is clicked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bcflow.models.errors import Refused, ScreenChanged
from bcflow.pages.kit import css, reading

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from bcflow.pages.kit.site import Site


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
        self.site.interruptions.watch()
        # The kit may drop a click while it draws anew: this is no write, so it is done again, once.
        for seconds in (2, 5):
            (self.label.locator(css.TOGGLE_BOX) if "link" in state else self.label).click()
            if self.site.until(lambda: self.is_on == on, seconds=seconds):
                return
        raise ScreenChanged(self.site.screen, f"{self.caption!r} {'on' if on else 'off'}", found="it did not change")

    def _state(self) -> list[str]:
        state: list[str] = reading.one(self.label, _STATE)
        return state


def toggles(site: Site, root: Locator) -> list[Toggle]:
    """Return the visible radios, checkboxes and switches below `root`, in the page's order."""
    return [toggle for toggle, _ in toggles_with_state(site, root)]


def toggles_with_state(site: Site, root: Locator) -> list[tuple[Toggle, bool]]:
    """Return the toggles below `root`, each with whether it is on."""
    found = root.locator(css.TOGGLE).filter(visible=True)
    read: list[tuple[str, bool]] = found.evaluate_all(_READ)
    return [(Toggle(site, found.nth(index), caption), on) for index, (caption, on) in enumerate(read)]


_IS_ON = """e => [e, ...e.querySelectorAll('*')].some(x =>
    /(^|\\s)\\S*-checked(\\s|$)/.test(x.getAttribute('class') || '') || x.classList.contains('is-checked'))
  || !!(e.querySelector('input') && e.querySelector('input').checked)"""
_STATE = f"""e => {{
  const isOn = {_IS_ON};
  const input = e.querySelector('input');
  const blocked = (input && input.disabled) || /(^|\\s)(\\S*-disabled|is-disabled)(\\s|$)/.test(e.className);
  return [isOn(e) && 'on', blocked && 'off limits', e.querySelector('a') && 'link'].filter(Boolean);
}}"""
_READ = f"""all => {{
  const isOn = {_IS_ON};
  const line = e => (e.innerText || '').split('\\n').map(t => t.trim()).find(Boolean) || '';
  const beside = e => {{
    if (e.closest('tr, [class*="-table-row"]')) return '';
    for (let at = e.parentElement; at && at !== document.body; at = at.parentElement) {{
      if (all.filter(other => at.contains(other)).length > 1 || at.querySelector('textarea, [readonly]')) return '';
      if (line(at)) return line(at);
    }}
    return '';
  }};
  return all.map(e => [line(e) || beside(e), isOn(e)]);
}}"""

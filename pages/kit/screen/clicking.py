"""Clicking what a bar covers in part: one that stays in its place while the page scrolls, as with a form's own buttons.

Playwright clicks the middle. It scrolls to what is out of the window, and tries again where something lies over the
middle; where the page ends before that comes out from under the bar, it tries until the time is over. A person clicks
what still shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Position


def click(found: Locator, *, timeout: float | None = None) -> None:
    """Click the one that was `found`, where it shows if a bar lies over its middle wherever it is scrolled to.

    Raises what Playwright's `click` raises; `timeout` is in milliseconds.
    """
    at: list[Position | None] = found.evaluate_all(_WHERE)
    found.click(timeout=timeout, position=at[0] if at else None)


# A bar is small: what is as high as half the window is a dialog, and what that covers is not to be clicked. Nor is a
# link in a text, which leads elsewhere.
_WHERE = """all => {
  if (all.length !== 1) return [];
  const [e] = all, root = e.getRootNode();
  const hit = (x, y) => (root.elementFromPoint ? root : document).elementFromPoint(x, y);
  const isCovered = () => {
    const box = e.getBoundingClientRect(), over = hit(box.left + box.width / 2, box.top + box.height / 2);
    for (let at = over; at && !at.contains(e); at = at.parentElement) {
      if (e.contains(at)) return false;
      if (/fixed|sticky/.test(getComputedStyle(at).position)) return at.clientHeight < innerHeight / 2;
    }
    return false;
  };
  const box = e.getBoundingClientRect();
  if (!box.height || (box.top >= 0 && box.bottom <= innerHeight && !isCovered())) return [];
  e.scrollIntoView({block: 'center', inline: 'nearest', behavior: 'instant'});
  if (!isCovered()) return [];
  const now = e.getBoundingClientRect(), steps = [0.5, 0.3, 0.7, 0.1, 0.9];
  for (const down of steps) for (const right of [...steps, 0.02]) {
    const at = hit(now.left + now.width * right, now.top + now.height * down), link = at && at.closest('a');
    if (at && e.contains(at) && (!link || link.contains(e)))
      return [{x: now.width * right - e.clientLeft, y: now.height * down - e.clientTop}];
  }
  return [];
}"""

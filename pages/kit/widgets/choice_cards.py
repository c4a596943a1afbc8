"""Cards of which one is to be chosen, and how the page shows which one is: by whatever came with the click.

A page marks a chosen card as it likes: by a class, an attribute, a border, a tick. What it is cannot be known; that it
was not there before the click, and that no other card has it, can be seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.pages.kit.screen import evaluate, interruptions
from bcflow.pages.kit.screen.clicking import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from bcflow.pages.kit.screen.site import Site

MOVES_SECONDS = 1.5
"""How long a card may take to look as it will."""

Look = frozenset[str]


def choose(site: Site, caption: Locator) -> Callable[[], list[str]]:
    """Click the card with this caption, and return what tells the captions of the cards that are chosen by then.

    Where the click changes nothing, it may have been chosen before: another one is clicked first, to see the mark.
    """
    interruptions.watch(site)
    site.page.mouse.move(0, 0)
    seen = _clicked(site, caption)
    if seen is None and evaluate.one(caption, _CLICK_ANOTHER):
        seen = _clicked(site, caption)

    def chosen() -> list[str]:
        if seen is None:
            return []
        level, marks = seen
        read: list[tuple[str, list[str]]] = evaluate.one(caption, _DECK, level)
        return [text for text, look in read if marks.issubset(look)]

    return chosen


def _clicked(site: Site, caption: Locator) -> tuple[int, Look] | None:
    """Click, and return how far above its caption the card is, and what it has since that it had not."""
    before = _looks(caption)
    click(caption)
    # What is under the mouse, or has the focus, looks otherwise for that alone.
    site.page.mouse.move(0, 0)
    found = [before]

    def is_still() -> bool:
        found.append(_looks(caption))
        return found[-1] == found[-2] != before

    site.until(is_still, seconds=MOVES_SECONDS)
    changes = (now - then for then, now in zip(before, found[-1], strict=False))
    return next(((level, marks) for level, marks in enumerate(changes) if marks), None)


def _looks(caption: Locator) -> list[Look]:
    """Return how the caption looks, and each block round it with all that is in it."""
    read: list[list[str]] = evaluate.one(caption, _LEVELS)
    return [frozenset(each) for each in read]


# Without the colour of its text, which it may have from farther up.
_LOOK = """x => {
  const found = new Set();
  for (const each of [x, ...x.querySelectorAll('*')]) {
    for (const name of each.classList) found.add('class ' + name);
    for (const {name, value} of each.attributes)
      if (/^(aria|data)-/.test(name) && value.length < 20) found.add(`${name} ${value}`);
    if (each.checked) found.add('checked');
    if (each.matches('svg, img')) found.add(each.tagName);
    const style = getComputedStyle(each);
    for (const name of ['borderTopColor', 'backgroundColor']) found.add(`${name} ${style[name]}`);
  }
  return [...found];
}"""
_LEVELS = f"""e => {{
  const found = [];
  for (let at = e; at && at !== document.body && found.length < 5; at = at.parentElement) {{
    if (at.contains(document.activeElement)) document.activeElement.blur();
    found.push(({_LOOK})(at));
  }}
  return found;
}}"""
_DECK = f"""(e, level) => {{
  const line = x => (x.innerText || '').split('\\n').map(t => t.trim()).find(Boolean) || '';
  let at = e;
  for (; level; level--) at = at.parentElement;
  // Each may stand in a column of its own.
  while (at.parentElement !== document.body && at.parentElement.children.length === 1) at = at.parentElement;
  return [...at.parentElement.children].map(x => [line(x), ({_LOOK})(x)]);
}}"""
# Farther up stands what is about something else: the form's own buttons.
_CLICK_ANOTHER = """e => {
  const clickable = x => getComputedStyle(x).cursor === 'pointer';
  const isAlike = (a, b) => a.tagName === b.tagName && !!a.innerText.trim()
    && (a.className === b.className || [...a.classList].some(name => b.classList.contains(name)));
  let card = e;
  while (card.parentElement && clickable(card.parentElement)) card = card.parentElement;
  for (let at = card, up = 0; at.parentElement && at !== document.body && up < 2; at = at.parentElement, up++) {
    const beside = [...at.parentElement.children].filter(x => x !== at);
    const other = beside.flatMap(x => [x, ...x.querySelectorAll('*')]).find(x => clickable(x) && isAlike(x, card));
    if (other && clickable(card)) return other.click(), true;
  }
  return false;
}"""

"""Cards of which one is to be chosen, and how the page shows which one is: by whatever came with the click.

A page marks a chosen card as it likes: by a class, an attribute, a border, a tick. What it is cannot be known; that it
was not there before the click, and that no other card has it, can be seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.pages.kit.screen import evaluate, interruptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from bcflow.pages.kit.screen.site import Site

MOVES_SECONDS = 1.5
"""How long a card may take to look as it will."""


def choose(site: Site, caption: Locator) -> Callable[[], list[str]]:
    """Click the card with this caption, and return what tells the captions of the cards that are chosen by then.

    Where the click changes nothing, it may have been chosen before: another one is clicked first, to see the mark.
    """
    interruptions.watch(site)
    site.page.mouse.move(0, 0)
    marks = _clicked(site, caption)
    if not marks and evaluate.one(caption, _CLICK_ANOTHER):
        marks = _clicked(site, caption)

    def chosen() -> list[str]:
        return [text for text, look in _deck(caption) if marks and marks <= look]

    return chosen


def _clicked(site: Site, caption: Locator) -> frozenset[str]:
    """Click, and return what the card has since that it had not: its looks count where nothing else does."""
    before = _own(caption)
    caption.click()
    # What is under the mouse, or has the focus, looks otherwise for that alone.
    site.page.mouse.move(0, 0)
    found: list[frozenset[str]] = [before]

    def is_still() -> bool:
        found.append(_own(caption))
        return found[-1] == found[-2] != before

    site.until(is_still, seconds=MOVES_SECONDS)
    news = found[-1] - before
    return frozenset(one for one in news if not one.startswith("look ")) or news


def _own(caption: Locator) -> frozenset[str]:
    looks = [look for text, look in _deck(caption, own=True)]
    return looks[0] if looks else frozenset()


def _deck(caption: Locator, *, own: bool = False) -> list[tuple[str, frozenset[str]]]:
    """Return the cards beside that one, itself among them, or its `own` alone: what each is called and how it looks."""
    read: list[tuple[str, list[str], bool]] = evaluate.one(caption, _LOOKS)
    return [(text, frozenset(look)) for text, look, is_own in read if is_own or not own]


_DECK = """e => {
  const clickable = x => getComputedStyle(x).cursor === 'pointer';
  const isAlike = (a, b) => a !== b && a.tagName === b.tagName && !!a.innerText.trim()
    && (a.className === b.className || [...a.classList].some(name => b.classList.contains(name)));
  let card = e;
  if (clickable(e)) while (card.parentElement && clickable(card.parentElement)) card = card.parentElement;
  for (let at = card; at.parentElement && at !== document.body; at = at.parentElement) {
    const beside = [...at.parentElement.children].filter(x => x !== at);
    // Each may stand in a column of its own.
    const others = clickable(e) ? beside.flatMap(x => [x, ...x.querySelectorAll('*')]).filter(clickable) : beside;
    const own = clickable(e) ? card : at;
    const alike = others.filter(x => isAlike(x, own) && !others.some(y => y !== x && y.contains(x)));
    if (alike.length) return {card: own, deck: [own, ...alike]};
  }
  return {card, deck: [card]};
}"""
_LOOKS = f"""e => {{
  const {{card, deck}} = ({_DECK})(e);
  if (card.contains(document.activeElement)) document.activeElement.blur();
  const line = x => (x.innerText || '').split('\\n').map(t => t.trim()).find(Boolean) || '';
  const look = x => {{
    const found = new Set();
    for (const each of [x, ...x.querySelectorAll('*')]) {{
      for (const name of each.classList) found.add('class ' + name);
      for (const {{name, value}} of each.attributes)
        if (/^(aria|data)-/.test(name) && value.length < 20) found.add(`${{name}} ${{value}}`);
      if (each.checked) found.add('checked');
      if (each.matches('svg, img')) found.add(each.tagName);
      const style = getComputedStyle(each);
      for (const name of ['borderTopColor', 'backgroundColor', 'color']) found.add(`look ${{name}} ${{style[name]}}`);
    }}
    return [...found];
  }};
  return deck.map(x => [line(x), look(x), x === card]);
}}"""
_CLICK_ANOTHER = f"""e => {{
  const {{card, deck}} = ({_DECK})(e), other = deck.find(x => x !== card && getComputedStyle(x).cursor === 'pointer');
  if (other) other.click();
  return !!other;
}}"""

"""Reading the page in one message to the browser.

`Locator.evaluate` takes three (find the element, ask it, let it go), which is most of what a look costs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from bcflow.pages.kit import css

if TYPE_CHECKING:
    from playwright.sync_api import Locator


def one(element: Locator, script: str, argument: object = None) -> Any:  # noqa: ANN401 - whatever the script returns
    """Return what `script`, called with the one `element` and `argument`, says.

    An element that is not there yet, or a document that is being replaced, is waited for as Playwright does.
    """
    try:
        found = element.evaluate_all(f"(all, given) => all.length === 1 ? [({script})(all[0], given)] : null", argument)
    except PlaywrightTimeout:
        raise
    except PlaywrightError:
        found = None
    return element.evaluate(script, argument) if found is None else found[0]


def shown(found: Locator) -> Locator:
    """Return those that are drawn: a closed drawer is of full size, and waits beyond the edge of the window."""
    return found.filter(visible=True).and_(found.page.locator(css.NOT_AWAY))


FOLDED = """e => {
  for (let at = e; at && at !== document.body; at = at.parentElement)
    if (at.clientHeight === 0 && at.scrollHeight > 2 && getComputedStyle(at).overflowY !== 'visible'
      && at.getBoundingClientRect().height < 2) return true;
  return false;
}"""
"""Whether an element is in a section that is folded away: of full size, behind a block of no height. JavaScript."""

SHOWN = """e => {
  const beyond = x => {
    const box = x.getBoundingClientRect();
    return box.right <= 0 || box.left >= innerWidth;
  };
  if (!e.getClientRects().length || getComputedStyle(e).visibility === 'hidden') return false;
  // What a wide table scrolls to is there. In a layer that is fixed over the page nothing scrolls to what lies beyond.
  for (let at = e; beyond(e) && at; at = at.parentElement) {
    const style = getComputedStyle(at);
    if (/auto|scroll/.test(style.overflowX) && at.scrollWidth > at.clientWidth && !beyond(at)) return true;
    if (style.position === 'fixed') return false;
  }
  return true;
}"""
"""Whether an element is drawn, and not in a closed panel that waits beyond the edge of the window. JavaScript."""

IS_OPEN_TAB = "e => /-active/.test((e.closest('[class*=\"-tab-bar-item\"]:not(span)') || e).className)"
"""Whether a tab is the one whose page shows. JavaScript."""

SAID = """e => {
  const said = (e.innerText || '').trim();
  if (!e.childElementCount) return said;
  const range = document.createRange(), plain = said.toLowerCase(), texts = [];
  const walk = document.createTreeWalker(e, NodeFilter.SHOW_TEXT);
  let end = 0;
  while (walk.nextNode()) {
    const text = walk.currentNode.nodeValue.trim().replace(/\\s+/g, ' ').toLowerCase();
    range.selectNodeContents(walk.currentNode);
    const box = range.getBoundingClientRect();
    const style = getComputedStyle(walk.currentNode.parentElement);
    if (!text || !box.width || style.visibility !== 'visible') continue;
    const at = plain.indexOf(text, end);
    // Where one text is not where it should be, nothing is known of where the others are.
    if (at < 0 || plain.length !== said.length) return said;
    texts.push({at, end: end = at + text.length, box, blank: parseFloat(style.fontSize) / 4});
  }
  // What is narrower than a blank is a padding round a part of a word that is marked.
  const between = (before, {at, box, blank}) => {
    const written = said.slice(before.end, at), middle = (box.top + box.bottom) / 2;
    const gap = Math.max(box.left - before.box.right, before.box.left - box.right);
    if (middle < before.box.top || middle > before.box.bottom) return written;
    if (!written) return gap < blank ? '' : '\\n';
    return /^\\n+$/.test(written) && gap > -1 && gap < blank ? '' : written;
  };
  return texts.reduce((told, text, number) => {
    const next = texts[number + 1];
    return told + said.slice(text.at, text.end) + (next ? between(text, next) : said.slice(text.end));
  }, texts.length ? said.slice(0, texts[0].at) : said);
}"""
"""What an element says as it is drawn. JavaScript.

`innerText` goes by the source: it makes one word of a text and the badge that a style sets apart from it, and two of a
word of which a flexible box has a marked part. Here what stands apart in a line ends a line, and what touches is one
word.
"""

LINE = f"""e => {{
  while (getComputedStyle(e).display.startsWith('inline') && e.parentElement) e = e.parentElement;
  return ({SAID})(e);
}}"""
"""What the block says in which an element stands: a part of a text that is marked is no text of its own. JavaScript."""

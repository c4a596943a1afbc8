"""Reading the page in one message to the browser.

`Locator.evaluate` takes three (find the element, ask it, let it go), which is most of what a look costs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import TimeoutError as PlaywrightTimeout

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


FOLDED = """e => {
  for (let at = e; at && at !== document.body; at = at.parentElement)
    if (at.clientHeight === 0 && at.scrollHeight > 2 && getComputedStyle(at).overflowY !== 'visible'
      && at.getBoundingClientRect().height < 2) return true;
  return false;
}"""
"""Whether an element is in a section that is folded away: of full size, behind a block of no height. JavaScript."""

IS_OPEN_TAB = "e => /-active/.test((e.closest('[class*=\"-tab-bar-item\"]:not(span)') || e).className)"
"""Whether a tab is the one whose page shows. JavaScript."""

SAID = """e => {
  const said = (e.innerText || '').trim();
  if (!e.childElementCount) return said;
  const texts = [], walk = document.createTreeWalker(e, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) if (walk.currentNode.nodeValue.trim()) texts.push(walk.currentNode);
  const box = node => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return range.getBoundingClientRect();
  };
  const parted = (a, b) => {
    const [left, right] = [box(a), box(b)];
    return left.width && right.width && left.top < right.bottom && right.top < left.bottom
      && Math.max(right.left - left.right, left.left - right.right) > 1.5;
  };
  const line = node => node.nodeValue.trim().replace(/\\s+/g, ' ');
  return texts.slice(1).reduce((whole, after, at) => {
    const [a, b] = [line(texts[at]), line(after)];
    return whole.includes(a + b) && parted(texts[at], after) ? whole.replace(a + b, () => `${a}\\n${b}`) : whole;
  }, said);
}"""
"""What an element says as it is drawn: texts that stand apart in a line are lines of their own, not one word, though
their source has no blank between them. JavaScript."""

"""Blocks instead of a list: each about the one id that it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.pages.kit import css
from bcflow.pages.kit.screen import evaluate

if TYPE_CHECKING:
    from playwright.sync_api import Locator


def about(root: Locator, text: str) -> list[str]:
    """Return the lines of the widest visible block that is about the id `text` alone; none where nothing names it."""
    found: list[list[str]] = root.get_by_text(text).filter(visible=True).evaluate_all(_BLOCKS, css.TAB)
    return [line for line in (found[0] if found else []) if line]


def rows(root: Locator, *, but: str | None) -> list[tuple[str, ...]]:
    """Return the cells of every visible block that is about one id, none of the page's own Business Center (`but`).

    Each is marked, so that it is found as a row of a list is.
    """
    read: list[list[str]] = evaluate.one(root, _ROWS, [css.TAB, css.BLOCK_MARK, but or ""])
    return [tuple(cells) for cells in read]


_BLOCK = """(e, tab) => {
  const ids = at => new Set((at.innerText || '').match(/(?<!\\d)[67]\\d{18}(?!\\d)/g) || []);
  let block = e;
  const others = tab + ', nav, input, h1, h2, h3, [class*="-pager"]';
  const isOne = at => at && at !== document.body && ids(at).size <= 1 && !at.querySelector(others);
  for (let at = e.parentElement; isOne(at); at = at.parentElement) block = at;
  return block;
}"""
_BLOCKS = f"""(all, tab) => all.map(e =>
  (({_BLOCK})(e, tab).innerText || '').split('\\n').map(line => line.trim()))"""
_ROWS = f"""(root, [tab, mark, own]) => {{
  const block = {_BLOCK}, found = new Set();
  const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {{
    const at = walk.currentNode.parentElement;
    const id = (walk.currentNode.nodeValue.match(/(?<!\\d)[67]\\d{{18}}(?!\\d)/) || [])[0];
    if (!id || id === own || !at.getClientRects().length) continue;
    if (at.closest('header, nav, aside, table, [role="dialog"], [class*="-menu"], [class*="-table-row"]')) continue;
    found.add(block(at, tab));
  }}
  for (const e of found) e.setAttribute(mark, '');
  return [...found].map(e => (e.innerText || '').split('\\n').map(line => line.trim()).filter(Boolean));
}}"""

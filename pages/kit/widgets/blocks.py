"""Blocks instead of a list: each about the one id, or the one name of something listed, that it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.pages.kit import css
from bcflow.pages.kit.screen import evaluate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Locator


def about(root: Locator, text: str) -> list[str]:
    """Return the lines of the widest visible block that is about the id `text` alone; none where nothing names it."""
    found: list[list[str]] = root.get_by_text(text).filter(visible=True).evaluate_all(_BLOCKS, css.TAB)
    return [line for line in (found[0] if found else []) if line]


def rows(root: Locator, *, but: str | None, names: Sequence[str] = ()) -> list[tuple[str, ...]]:
    """Return the cells of every visible block that is about one id, none of the page's own Business Center (`but`).

    Where no ids show, about one of `names`. Each is marked, so that it is found as a row of a list is.
    """
    read: list[list[str]] = evaluate.one(root, _ROWS, [css.TAB, css.BLOCK_MARK, but or "", list(names)])
    return [tuple(cells) for cells in read]


_BLOCK = """(e, tab, names = []) => {
  const said = SAID, lines = at => said(at).split('\\n').map(line => line.trim());
  const ids = at => new Set(names.length ? lines(at).filter(line => names.includes(line))
    : said(at).match(/(?<!\\d)[67]\\d{18}(?!\\d)/g) || []);
  let block = e;
  const others = tab + ', nav, input, h1, h2, h3, [class*="-pager"]';
  const isOne = at => at && at !== document.body && ids(at).size <= 1 && !at.querySelector(others);
  for (let at = e.parentElement; isOne(at); at = at.parentElement) block = at;
  return block;
}""".replace("SAID", evaluate.SAID)
_BLOCKS = f"""(all, tab) => all.map(e =>
  ({evaluate.SAID})(({_BLOCK})(e, tab)).split('\\n').map(line => line.trim()))"""
_ROWS = f"""(root, [tab, mark, own, names]) => {{
  const block = {_BLOCK};
  const aside = 'header, nav, aside, table, h1, h2, h3, [role="dialog"], [class*="-menu"], [class*="-table-row"], ';
  const blocks = told => {{
    const found = new Set(), walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {{
      const at = walk.currentNode.parentElement;
      if (!told(walk.currentNode.nodeValue) || !at.getClientRects().length || at.closest(aside + tab)) continue;
      found.add(at);
    }}
    return found;
  }};
  const idIn = text => {{
    const id = (text.match(/(?<!\\d)[67]\\d{{18}}(?!\\d)/) || [])[0];
    return !!id && id !== own;
  }};
  const byId = blocks(idIn);
  const found = new Set(byId.size ? [...byId].map(at => block(at, tab))
    : [...blocks(text => names.includes(text.trim()))].map(at => block(at, tab, names)));
  for (const e of found) e.setAttribute(mark, '');
  return [...found].map(e => ({evaluate.SAID})(e).split('\\n').map(line => line.trim()).filter(Boolean));
}}"""

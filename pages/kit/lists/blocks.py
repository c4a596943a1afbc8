"""Blocks instead of a list: each about the one id, or the one name of something listed, that it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bcflow.pages.kit import css
from bcflow.pages.kit.screen import evaluate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Locator


def rows(
    root: Locator, *, by: str, but: str | None, names: Sequence[str] = (), counted: bool, like: str = ""
) -> tuple[list[str], list[tuple[str, ...]], str]:
    """Return headings, cells and look of all visible blocks that show one thing matching `by` (`IDS`, `ADDRESSES`).

    That of the page's own Business Center (`but`) counts for nothing. Where nothing matches, blocks are about one of
    `names`; where none is, they look `like` the rows that this list had before. What stands beside them and looks the
    same is a row, too, whatever it shows. Each is marked, so that it is found as a row of a list is. Where no heading
    stands over the parts of the blocks, each of their lines is a cell. Only where something `counted` them is a block
    left out that stands farther from the pager than others: then it would be missed.
    """
    if not by:
        return [], [], like
    read: dict[str, Any] = evaluate.one(
        root, _ROWS, [css.TAB, css.BLOCK_MARK, but or "", list(names), by, counted, like]
    )
    return read["headings"], [tuple(cells) for cells in read["rows"]], read["look"]


IDS = r"(?<!\d)[67]\d{18}(?!\d)"
ADDRESSES = r"[^\s@<>()|,;]+@[^\s@<>()|,;]+\.[^\s@<>()|,;]+"
"""What a block may be about one of, as JavaScript and Python write it."""

_BLOCK = """(e, tab, by, names = []) => {
  const said = SAID, lines = at => said(at).split('\\n').map(line => line.trim());
  const told = at => new Set(names.length ? lines(at).filter(line => names.includes(line))
    : said(at).match(new RegExp(by, 'g')) || []);
  let block = e;
  const others = tab + ', nav, input, h1, h2, h3, [class*="-pager"]';
  const isOne = at => at && at !== document.body && told(at).size <= 1 && !at.querySelector(others);
  for (let at = e.parentElement; isOne(at); at = at.parentElement) block = at;
  return block;
}""".replace("SAID", evaluate.SAID)
# What stands farther from the pager is none of its list: the login's own address in a corner, the page's own id.
_ROWS = f"""(root, [tab, mark, own, names, by, counted, like]) => {{
  const block = {_BLOCK}, said = {evaluate.SAID}, drawn = {evaluate.SHOWN}, kind = new RegExp(by, 'g');
  const aside = 'header, nav, aside, table, h1, h2, h3, [role="dialog"], [class*="-menu"], [class*="-table-row"], '
    + tab;
  const isAside = at => {{
    const found = at.closest(aside);
    return !!found && found !== root && root.contains(found);
  }};
  const blocks = told => {{
    const found = new Set(), walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {{
      const at = walk.currentNode.parentElement;
      if (told(walk.currentNode.nodeValue) && drawn(at) && !isAside(at)) found.add(at);
    }}
    return found;
  }};
  const shown = blocks(text => (text.match(kind) || []).some(one => one !== own));
  const found = [...new Set(shown.size ? [...shown].map(at => block(at, tab, by))
    : [...blocks(text => names.includes(text.trim()))].map(at => block(at, tab, by, names)))];
  const pager = counted && [...root.querySelectorAll('[class*="-pager"]')].find(drawn);
  const nearness = e => {{
    let depth = 0, at = e.parentElement;
    while (at && !at.contains(pager)) at = at.parentElement;
    for (; at; at = at.parentElement) depth++;
    return depth;
  }};
  const nearest = pager ? Math.max(...found.map(nearness)) : 0;
  const parts = e => {{
    while (e.children.length === 1) e = e.children[0];
    return [...e.children];
  }};
  const line = e => said(e).replace(/\\s+/g, ' ');
  const left = e => Math.round(e.getBoundingClientRect().left);
  // A row's state may be one of its classes: one that they share is enough, or parts that stand below each other.
  const look = e => ({{tag: e.tagName, classes: [...e.classList], lefts: parts(e).map(left)}});
  const isAlike = (a, b) => a.tag === b.tag && a.lefts.length > 1 && a.lefts.length === b.lefts.length
    && (a.classes.some(one => b.classes.includes(one)) || a.lefts.every((x, at) => Math.abs(x - b.lefts[at]) < 12));
  const before = like ? JSON.parse(like) : null;
  const alike = before && !found.length ? [...root.querySelectorAll(before.tag)].filter(e =>
    isAlike(look(e), before) && drawn(e) && !isAside(e) && line(e) && line(e) !== before.head) : [];
  const listed = [...found.filter(e => !pager || nearness(e) === nearest), ...alike];
  const first = listed[0] && parts(listed[0]);
  const isHead = e => {{
    const over = parts(e);
    if (first.length < 2 || over.length !== first.length || line(e).match(kind) || !over.some(line)) return false;
    // A heading may have an inset of its own: then all its parts stand as far beside the columns.
    const off = over.map((part, at) => left(part) - left(first[at]));
    const isOver = Math.max(...off) - Math.min(...off) < 12 && Math.abs(off[0]) < 48;
    return isOver && over.every(part => line(part).length < 40);
  }};
  let head = null;
  for (let at = listed[0], up = 0; at && at !== root && up < 4; at = at.parentElement, up++) {{
    const above = [];
    for (let e = at.previousElementSibling; e; e = e.previousElementSibling) above.push(e);
    // The uppermost: what follows it may be rows that do not show what they are about.
    head = above.reverse().find(isHead) || head;
  }}
  // One that looks like a row beside it is a row, whatever it shows.
  const looks = [...new Map(listed.map(look).map(one => [JSON.stringify(one), one])).values()];
  const parents = new Set(listed.map(e => e.parentElement));
  const beside = [...parents].flatMap(at => [...at.children]).filter(e => looks.some(one => isAlike(look(e), one)));
  const row = new Set([...listed, ...beside.filter(e => e !== head && drawn(e) && !isAside(e) && line(e))]);
  const all = [...root.querySelectorAll('*')].filter(e => row.has(e));
  for (const e of root.querySelectorAll(`[${{mark}}]`)) if (!all.includes(e)) e.removeAttribute(mark);
  for (const e of all) e.setAttribute(mark, '');
  const cells = e => said(e).split('\\n').map(text => text.trim()).filter(Boolean);
  const under = e => parts(e).map(part => said(part));
  const heads = head ? parts(head) : [];
  const told = listed.length && parts(listed[0]).length > 1
    ? JSON.stringify({{...look(listed[0]), head: head ? line(head) : ''}}) : like;
  return {{look: told, ...(head && all.every(e => parts(e).length === heads.length)
    ? {{headings: heads.map(line), rows: all.map(under)}} : {{headings: [], rows: all.map(cells)}})}};
}}"""

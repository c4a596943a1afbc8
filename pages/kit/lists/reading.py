"""One reading of a list as it is drawn now: rows, pager, filters, signs of loading.

Both table variants of the kit, the wizard's own, and any of them with fixed columns drawn a second time: rows
at the same height are one row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bcflow.models.identity import fold
from bcflow.pages.kit import css
from bcflow.pages.kit.screen import evaluate
from bcflow.pages.kit.screen.site_api import SITE_ID, whole
from bcflow.pages.labels import pager_total

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from bcflow.pages.kit.screen.site import Site
    from bcflow.pages.labels import Words

    Blocks = Callable[[bool], tuple[list[str], list[tuple[str, ...]]]]


@dataclass(frozen=True)
class Row:
    """One row's cells by column heading and in order; each cell's lines as shown.

    `told` is what the site's answers say of a row that does not show who or what it is.
    """

    cells: tuple[str, ...]
    headings: tuple[str, ...]
    told: str = ""

    @property
    def text(self) -> str:
        """Return all cells, a line each."""
        return "\n".join(self.cells)

    @property
    def lines(self) -> list[str]:
        """Return every visible line of the row."""
        return [line.strip() for cell in self.cells for line in cell.split("\n") if line.strip()]

    @property
    def ids(self) -> list[str]:
        """Return the 19-digit ids shown in the row; where it shows none, those it is known to have."""
        return SITE_ID.findall(self.text) or SITE_ID.findall(self.told)

    def under(self, matches: Callable[[str], bool]) -> str | None:
        """Return the cell under the first heading that `matches`, or None."""
        for heading, cell in zip(self.headings, self.cells, strict=False):
            if matches(heading):
                return cell
        return None


@dataclass(frozen=True)
class DrawnList:
    """What the list shows on this page of it."""

    rows: list[Row]
    headings: tuple[str, ...]
    total: int | None
    page: str
    more: bool
    last: bool
    """Whether there is a pager, and it offers no further page."""
    empty: bool
    loading: bool
    filters: tuple[str, ...]
    searched: bool
    """Whether the list's search box holds something."""
    answered: int
    """How many requests of the page have been answered so far: another number means news."""

    @property
    def key(self) -> str:
        """Return all rows as one text, to tell whether they changed."""
        return fold(" ".join(row.text for row in self.rows))

    @property
    def is_drawn(self) -> bool:
        """Say whether the list shows rows, or says that there are none."""
        return not self.loading and bool(self.rows or self.empty or self.total == 0)


@dataclass(frozen=True)
class Listing:
    """The rows of a whole list, and how they are known to be all."""

    rows: list[Row]
    proof: str


def by_text(row: Row) -> str:
    """Know a row by all that it shows."""
    return row.text


def lines_of(found: Locator) -> list[tuple[str, int]]:
    """Return the lines in which each of `found` stands, as drawn, and how far down: the same for a row and its copy."""
    read: list[tuple[str, int]] = found.evaluate_all(_LINES)
    return read


def whole_in(found: Locator, text: str) -> list[int]:
    """Return which of `found` show `text` as no part of a longer one."""
    return [at for at, (line, _) in enumerate(lines_of(found)) if whole(text).search(line)]


def list_landmark(site: Site) -> Locator:
    """Return what shows that a list has been drawn, full or empty."""
    return site.page.locator(css.LIST)


def read(root: Locator, words: Words, *, answered: int, blocks: Blocks) -> DrawnList:
    """Read the list below `root` once, whatever state it is in; `answered`: how many requests were answered by now.

    `blocks` returns headings and cells of what may stand there instead of a list, told whether something counts it.
    """
    raw = evaluate.one(root, _READ, words.search_pattern().pattern)
    total = _total(words, raw["totals"], of_pager=raw["counted"])
    if not raw["rows"] and not raw["headings"] and not raw["empty"]:
        said, found = blocks(total is not None)
        # One alone, under no pager, may be anything that the page says beside a list which is still to come.
        is_list = len(found) > 1 or total is not None or raw["page"]
        raw |= {"headings": said, "rows": found} if is_list else {}
        # Rows and pager are read one after the other here: a list that was drawn anew meanwhile was not read yet.
        now = evaluate.one(root, _READ, words.search_pattern().pattern)
        raw["loading"] = now["loading"] or any(now[each] != raw[each] for each in ("page", "more", "last", "totals"))
    headings = tuple(" ".join(text.split()) for text in raw["headings"])
    return DrawnList(
        rows=[Row(tuple(cells), headings) for cells in raw["rows"]],
        headings=headings,
        total=total,
        page=raw["page"],
        more=raw["more"],
        last=raw["last"],
        empty=raw["empty"],
        loading=raw["loading"],
        filters=tuple(value for value in raw["filters"] if value and not words.matches("all", value)),
        searched=raw["searched"],
        answered=answered,
    )


def search_box(root: Locator, words: Words) -> Locator | None:
    """Return the search box of the list below `root`; None: it has none."""
    mark: str = evaluate.one(root, _SEARCH, [words.search_pattern().pattern, MARK])
    return root.locator(f'[{MARK}="{mark}"]') if mark else None


def _total(words: Words, texts: list[str], *, of_pager: bool) -> int | None:
    """Return how many rows the list says it has, the greatest number where it says several; None: it does not say."""
    counts = [count for text in texts if (count := pager_total(words, " ".join(text.split()))) is not None]
    if not counts and of_pager and len(numbers := re.findall(r"\d+", texts[0])) == 1:
        return int(numbers[0])
    return max(counts, default=None)


# The block of the page that is about the list: from its rows up to where a menu begins beside it, which is what
# pages mark as one, or any tall column at the left edge that holds no select. What stands above the list is about
# it, but for the page's own header.
_HOME = """(root, rows, shown) => {
  const left = rows.getBoundingClientRect().left;
  const marked = 'nav, aside, [role="navigation"], [class*="-menu"]';
  const menu = e => {
    const box = e.getBoundingClientRect();
    if (!shown(e) || box.left > 8 || box.right > left + 1) return false;
    const filters = e.querySelector('[class*="-select-input"], .vi-select, select');
    return e.matches(marked) || (box.height >= innerHeight * 0.4 && !filters);
  };
  let home = rows;
  while (home !== root && home.parentElement && home.parentElement !== document.documentElement) {
    const beside = [...home.parentElement.children].filter(e => e !== home);
    if (beside.some(e => menu(e) || [...e.querySelectorAll(marked)].some(menu))) break;
    home = home.parentElement;
  }
  return home;
}"""
_LIST = 'table, [class*="-table-body"], [class*="-empty"], [class*="-table__empty-text"], [class*="-pager-record"]'
# Open shadow roots are looked into, as Playwright's own selectors do.
_BOXES = """(root, home, search, shown) => {
  const roots = [root];
  for (let at = 0; at < roots.length; at++)
    for (const e of roots[at].querySelectorAll('*')) if (e.shadowRoot) roots.push(e.shadowRoot);
  const within = e => {
    let at = e;
    while (at && at !== home) at = at.parentNode || at.host;
    return at === home;
  };
  const fits = new RegExp(search, 'i');
  const inputs = roots.flatMap(top => [...top.querySelectorAll('input:not([readonly])')]);
  const boxes = inputs.filter(e => shown(e) && fits.test(e.placeholder));
  const near = boxes.filter(within);
  return near.length ? near : boxes;
}"""
_LINES = f"all => all.map(e => [({evaluate.LINE})(e), Math.round(e.getBoundingClientRect().top / 3)])"
MARK = "data-bcflow-search"
_SEARCH = (
    """(root, [search, mark]) => {
  const shown = SHOWN;
  const rows = [...root.querySelectorAll('LIST')].find(shown);
  const [box] = (BOXES)(root, rows ? (HOME)(root, rows, shown) : root, search, shown);
  if (!box) return '';
  if (!box.hasAttribute(mark)) box.setAttribute(mark, Math.random().toString(36).slice(2));
  return box.getAttribute(mark);
}""".replace("LIST", _LIST)
    .replace("HOME", _HOME)
    .replace("SHOWN", evaluate.SHOWN)
    .replace("BOXES", _BOXES)
)
_READ = (
    """(root, search) => {
  const shown = SHOWN;
  const text = SAID;
  const all = s => [...root.querySelectorAll(s)].filter(shown);
  const cellsOf = (row, s) => [...row.querySelectorAll(s)].map(text);
  // A copy of the row for the columns that stay in view adds what the row itself leaves blank.
  const merge = (cells, copy) => cells.length === copy.length
    ? cells.map((cell, at) => cell || copy[at])
    : [...cells, ...copy.filter(cell => cell && !cells.includes(cell))];
  const gather = (rows, cells) => {
    const found = [];
    for (const row of rows) {
      const top = row.getBoundingClientRect().top, table = row.closest('table, [class*="-table-container"]');
      const same = found.find(each => each.table !== table && Math.abs(each.top - top) < 3);
      if (same) same.cells = merge(same.cells, cells(row));
      else found.push({table, top, cells: cells(row)});
    }
    return found.map(each => each.cells);
  };
  let headings = gather(all('thead tr'), row => cellsOf(row, 'th')).pop() || [];
  let rows = gather(all('tbody tr'), row => cellsOf(row, 'td, th'));
  if (!headings.length && !rows.length) {
    headings = all('[class*="-table-head"] [class*="-table-cell-head"]').map(text);
    const cells = row => cellsOf(row, '[class*="-table-cell-body"]');
    rows = gather(all('[class*="-table-body"] [class*="-table-row"]'), cells);
  }
  rows = rows.filter(cells => cells.some(Boolean));
  const record = all('[class*="-pager-record"], [class*="-pagination__total"]')[0];
  const current = all('[class*="-pager-item-checked"], .vi-pager li.active')[0];
  const next = all('[class*="-pager-item"]:has([class*="-icon-right"]), .btn-next').pop();
  const blocked = next && (/-pager-item-disabled/.test(next.className) || next.disabled);
  const empties = all('[class*="-empty"], [class*="-table__empty-text"]');
  if (empties.some(e => rows.length === 1 && e.closest('tr'))) rows = [];
  const anchor = all('LIST')[0];
  const home = anchor ? (HOME)(root, anchor, shown) : root;
  const aside = '[class*="-pager"], [class*="-pagination"], table, [class*="-table-body"], nav, aside, '
    + '[role="dialog"], [class*="-modal-show"], [class*="-drawer-dialog-show"]';
  const header = e => {
    const at = e.closest('header, [role="banner"]');
    return at && !at.closest('main, section, article, [role="main"]') && !boxes.some(box => at.contains(box));
  };
  const boxes = (BOXES)(root, home, search, shown);
  const besides = e => {
    if (!anchor && e.getBoundingClientRect().top < 64) return false;
    const at = e.closest(aside);
    return home.contains(e) && !header(e) && (!at || at.contains(root));
  };
  const single = all('[class*="-select-input"] input[readonly], .vi-select input').filter(besides).map(e => e.value);
  const tags = all('[class*="-tag-closable"]').filter(besides)
    .filter(e => !e.closest('[class*="-multiple-input-panel"], [class*="-form-container"]')).map(text);
  // A page that counts its rows elsewhere than in a pager.
  const counts = () => {
    const found = [], walk = document.createTreeWalker(home, NodeFilter.SHOW_ELEMENT);
    while (walk.nextNode()) {
      const at = walk.currentNode;
      const others = 'table, [class*="-table-body"], button, select, script, style';
      if (at.childElementCount > 3 || at.closest(others)) continue;
      const said = (at.textContent || '').trim();
      if (said.length < 50 && /\\d/.test(said) && shown(at)) found.push(said);
    }
    return found;
  };
  return {
    searched: boxes.some(e => e.value),
    headings, rows, totals: record ? [text(record)] : counts(), counted: !!record,
    page: current ? text(current) : '', more: !!next && !blocked, last: !!next && !!blocked,
    empty: empties.length > 0, filters: [...single, ...tags],
    loading: all('[class*="-loading-mask"]').some(e => getComputedStyle(e).opacity !== '0'),
  };
}""".replace("LIST", _LIST)
    .replace("HOME", _HOME)
    .replace("SHOWN", evaluate.SHOWN)
    .replace("BOXES", _BOXES)
    .replace("SAID", evaluate.SAID)
)

"""One reading of a list as it is drawn now: rows, pager, filters, signs of loading.

Both table variants of the kit, the wizard's own, and any of them with fixed columns drawn a second time: rows
at the same height are one row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bcflow.models.identity import fold
from bcflow.pages.kit import reading
from bcflow.pages.kit.calls import SITE_ID
from bcflow.pages.labels import pager_total

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from bcflow.pages.labels import Words


@dataclass(frozen=True)
class Row:
    """One row's cells by column heading and in order; each cell's lines as shown."""

    cells: tuple[str, ...]
    headings: tuple[str, ...]

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
        """Return the 19-digit ids shown in the row."""
        return SITE_ID.findall(self.text)

    def under(self, matches: Callable[[str], bool]) -> str | None:
        """Return the cell under the first heading that `matches`, or None."""
        for heading, cell in zip(self.headings, self.cells, strict=False):
            if matches(heading):
                return cell
        return None


@dataclass(frozen=True)
class Sheet:
    """What the list shows on this page of it."""

    rows: list[Row]
    total: int | None
    page: str
    more: bool
    empty: bool
    loading: bool
    filters: tuple[str, ...]
    searched: bool
    """Whether the list's search box holds something."""
    calls: int
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


def read(root: Locator, words: Words) -> Sheet:
    """Read the list below `root` once, whatever state it is in."""
    raw = reading.one(root, _READ, words.search_pattern().pattern)
    headings = tuple(" ".join(text.split()) for text in raw["headings"])
    return Sheet(
        rows=[Row(tuple(cells), headings) for cells in raw["rows"]],
        total=pager_total(words, raw["total"]) if raw["total"] else None,
        page=raw["page"],
        more=raw["more"],
        empty=raw["empty"],
        loading=raw["loading"],
        filters=tuple(value for value in raw["filters"] if value and not words.matches("all", value)),
        searched=raw["searched"],
        calls=raw["calls"],
    )


_READ = """(root, search) => {
  const shown = e => e && e.getClientRects().length > 0 && getComputedStyle(e).visibility !== 'hidden';
  const text = e => (e.innerText || '').trim();
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
  const aside = '[class*="-pager"], [class*="-pagination"], table, [class*="-table-body"], nav, aside, '
    + '[role="dialog"], [class*="-modal-show"], [class*="-drawer-dialog-show"]';
  const besides = e => { const at = e.closest(aside); return !at || at.contains(root); };
  const single = all('[class*="-select-input"] input[readonly], .vi-select input').filter(besides).map(e => e.value);
  const tags = all('[class*="-tag-closable"]').filter(besides)
    .filter(e => !e.closest('[class*="-multiple-input-panel"], [class*="-form-container"]')).map(text);
  // Open shadow roots are looked into, as Playwright's own selectors do.
  const roots = [root];
  for (let at = 0; at < roots.length; at++)
    for (const e of roots[at].querySelectorAll('*')) if (e.shadowRoot) roots.push(e.shadowRoot);
  const typed = roots.flatMap(top => [...top.querySelectorAll('input:not([readonly])')]).filter(e => e.value);
  return {
    searched: typed.some(e => shown(e) && new RegExp(search, 'i').test(e.placeholder)),
    headings, rows, total: record ? text(record) : '', page: current ? text(current) : '',
    more: !!next && !blocked, empty: empties.length > 0, filters: [...single, ...tags],
    loading: all('[class*="-loading-mask"]').some(e => getComputedStyle(e).opacity !== '0'),
    calls: performance.getEntriesByType('resource').filter(e => /fetch|xmlhttprequest/.test(e.initiatorType)).length,
  };
}"""

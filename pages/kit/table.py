"""Lists: both table variants of the kit, the wizard's own, and the pager below.

A list is read whole or not at all: filters and search cleared and read back, every page walked, and the
rows counted against the pager's total. Otherwise it raises `CannotSee` and nothing is concluded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bcflow.models.errors import CannotSee
from bcflow.models.identity import fold
from bcflow.pages.kit import css
from bcflow.pages.kit.wire import SITE_ID
from bcflow.pages.labels import pager_total

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Locator

    from bcflow.pages.kit.site import Site

MOST_PAGES = 500
WALK_UP_TO = 60
"""Longer lists are searched when their search can be shown to work; walking them costs a page load each."""


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
class Listing:
    """Rows and how they are known to be all."""

    rows: list[Row]
    proof: str


@dataclass(frozen=True)
class _Sheet:
    rows: list[Row]
    total: int | None
    page: str
    more: bool
    empty: bool
    loading: bool
    key: str = field(default="")


class Table:
    """The list below `root` (a page, a tab, a dialog)."""

    def __init__(self, site: Site, root: Locator) -> None:
        """Look at the list below `root`."""
        self._site = site
        self._root = root

    def read_all(self) -> Listing:
        """Read every row; raise `CannotSee` if the list cannot be shown to be whole."""
        self.clear_search()
        self._require_no_filter()
        return self._walk()

    def find(self, text: str, *, is_it: Callable[[Row], bool], known: Callable[[Row], str | None]) -> Listing:
        """Return the rows for `text`, by walking a short list or by a search shown to work.

        A search counts only after a control: the same box, asked for what `known` names in the first row,
        finds exactly that row's like.
        """
        self.clear_search()
        self._require_no_filter()
        sheet = self._settled()
        box = self.search_box()
        if box is None or (sheet.total or 0) <= WALK_UP_TO:
            whole = self._walk()
            return Listing([row for row in whole.rows if is_it(row)], whole.proof)
        return self._search(box, text, sheet, is_it=is_it, known=known)

    def row(self, *texts: str) -> Locator:
        """Return the one row on this page whose text holds all of `texts`; raise `CannotSee` otherwise."""
        rows = self._root.locator(_ROWS).filter(visible=True)
        for text in texts:
            rows = rows.filter(has_text=text)
        if rows.count() != 1:
            raise CannotSee(f"{self._site.screen}: {rows.count()} rows show {' and '.join(texts)}")
        return rows

    def show(self, text: str) -> Locator:
        """Turn pages (or search) until the one row holding `text` is drawn, and return it."""
        self.clear_search()
        box = self.search_box()
        if box is not None:
            self._type(box, text)
            if self._root.locator(_ROWS).filter(visible=True).filter(has_text=text).count():
                return self.row(text)
            self.clear_search()
        for _ in self._pages():
            if self._root.locator(_ROWS).filter(visible=True).filter(has_text=text).count():
                return self.row(text)
        raise CannotSee(f"{self._site.screen}: no row shows {text}")

    def clear_search(self) -> None:
        """Empty the search box and read it back."""
        box = self.search_box()
        if box is not None and box.input_value():
            self._type(box, "")
            if box.input_value():
                raise CannotSee(f"{self._site.screen}: the search box cannot be emptied")

    def search_box(self) -> Locator | None:
        """Return the list's search box, if it has one."""
        boxes = self._root.get_by_placeholder(self._site.words.search_pattern()).filter(visible=True)
        boxes = boxes.and_(self._root.locator("input:not([readonly])"))
        return boxes.first if boxes.count() else None

    def _search(
        self, box: Locator, text: str, sheet: _Sheet, *, is_it: Callable[[Row], bool], known: Callable[[Row], str | None]
    ) -> Listing:
        control = next((name for row in sheet.rows if (name := known(row)) and not is_it(row)), None)
        if control is None:
            whole = self._walk()
            return Listing([row for row in whole.rows if is_it(row)], whole.proof)
        self._type(box, control)
        shown = [known(row) for row in self._walk().rows]
        if control not in shown or len(shown) >= (sheet.total or 0):
            raise CannotSee(f"{self._site.screen}: searching for the known row {control!r} did not find just it")
        self._type(box, text)
        found = self._walk()
        self.clear_search()
        rows = [row for row in found.rows if is_it(row)]
        return Listing(rows, f"searched for it among {sheet.total} rows; the same search found the known row {control}")

    def _type(self, box: Locator, text: str) -> None:
        before = self._sheet().key
        box.fill(text)
        box.press("Enter")
        self._site.until(lambda: not self._site.wire.idle() or self._sheet().key != before, seconds=1.5)
        self._settled()

    def _require_no_filter(self) -> None:
        found = self._filters()
        if not found:
            return
        reset = self._root.get_by_role("button", name=self._site.words.pattern("clear filters")).filter(visible=True)
        if reset.count() == 1:
            reset.click()
            self._settled()
            found = self._filters()
        if found:
            raise CannotSee(f"{self._site.screen}: the list is filtered by {', '.join(found)}")

    def _filters(self) -> list[str]:
        values: list[str] = self._root.evaluate(_FILTERS)
        return [value for value in values if value and not self._site.words.matches("all", value)]

    def _walk(self) -> Listing:
        rows: list[Row] = []
        total: int | None = None
        pages = 0
        for sheet in self._pages():
            pages += 1
            total = sheet.total if total is None else total
            if sheet.total != total:
                raise CannotSee(f"{self._site.screen}: the list changed while it was read")
            rows += sheet.rows
        if total is None and not rows:
            return Listing([], "the list says that it is empty")
        if total is None:
            return Listing(rows, f"{len(rows)} rows on {pages} pages; the list gives no total")
        if len(rows) != total:
            raise CannotSee(f"{self._site.screen}: {len(rows)} rows were read, the list counts {total}")
        return Listing(rows, f"{len(rows)} of {total} rows read")

    def _pages(self) -> Iterator[_Sheet]:
        self._to_first_page()
        for _ in range(MOST_PAGES):
            sheet = self._settled()
            yield sheet
            if not sheet.more:
                return
            self._root.locator(_NEXT).filter(visible=True).last.click()
            if not self._site.until(lambda sheet=sheet: self._turned(sheet), seconds=15):  # type: ignore[misc]
                raise CannotSee(f"{self._site.screen}: the next page of the list did not come")
        raise CannotSee(f"{self._site.screen}: the list has more than {MOST_PAGES} pages")

    def _turned(self, before: _Sheet) -> bool:
        now = self._sheet()
        return now.page != before.page and not now.loading and now.key != before.key and self._site.wire.idle()

    def _to_first_page(self) -> None:
        sheet = self._settled()
        if sheet.page in ("", "1"):
            return
        first = self._root.locator(_NUMBERS).filter(visible=True).filter(has_text="1").first
        first.click()
        self._site.until(lambda: self._sheet().page == "1", seconds=15)

    def _settled(self) -> _Sheet:
        found = self._site.until(self._complete)
        if found is None:
            raise CannotSee(f"{self._site.screen}: the list did not finish loading")
        return found

    def _complete(self) -> _Sheet | None:
        if not self._site.wire.idle():
            return None
        sheet = self._sheet()
        if sheet.loading or not (sheet.rows or sheet.empty or sheet.total == 0):
            return None
        return sheet

    def _sheet(self) -> _Sheet:
        raw = self._root.evaluate(_READ)
        headings = tuple(" ".join(text.split()) for text in raw["headings"])
        rows = [Row(tuple(cells), headings) for cells in raw["rows"]]
        total = pager_total(self._site.words, raw["total"]) if raw["total"] else None
        return _Sheet(
            rows=rows,
            total=total,
            page=raw["page"],
            more=raw["more"],
            empty=raw["empty"],
            loading=raw["loading"],
            key=fold(" ".join(row.text for row in rows)),
        )


_ROWS = ", ".join(
    [
        "tbody tr",
        '[class*="-table-body"] [class*="-table-row"]',
    ]
)
_NEXT = ", ".join(['[class*="-pager-item"]:has([class*="-icon-right"])', ".btn-next"])
_NUMBERS = ", ".join(['li[class*="-pager-item"]', ".vi-pager li.number"])
_FILTERS = """root => {
  const skip = '[class*="-pager"], [class*="-pagination"], table, [class*="-table-body"]';
  const shown = e => e.getClientRects().length > 0 && !e.closest(skip);
  const single = [...root.querySelectorAll('[class*="-select-input"] input[readonly], .vi-select input')].filter(shown).map(e => e.value);
  const several = [...root.querySelectorAll('[class*="-multiple-select-input-trigger"]')].filter(shown)
    .flatMap(e => [...e.querySelectorAll('[class*="-tag-closable"]')].map(t => t.innerText.trim()));
  return [...single, ...several];
}"""
_READ = """root => {
  const shown = e => e && e.getClientRects().length > 0 && getComputedStyle(e).visibility !== 'hidden';
  const text = e => (e.innerText || '').trim();
  const all = s => [...root.querySelectorAll(s)].filter(shown);
  let headings = all('thead th').map(text), rows = all('tbody tr').map(r => [...r.querySelectorAll('td, th')].map(text));
  if (!headings.length && !rows.length) {
    headings = all('[class*="-table-head"] [class*="-table-cell-head"]').map(text);
    rows = all('[class*="-table-body"] [class*="-table-row"]')
      .map(r => [...r.querySelectorAll('[class*="-table-cell-body"]')].map(text));
  }
  rows = rows.filter(cells => cells.some(Boolean));
  const record = all('[class*="-pager-record"], [class*="-pagination__total"]')[0];
  const current = all('[class*="-pager-item-checked"], .vi-pager li.active')[0];
  const next = all('[class*="-pager-item"]:has([class*="-icon-right"]), .btn-next').pop();
  const blocked = next && (/-pager-item-disabled/.test(next.className) || next.disabled);
  const empties = all('[class*="-empty"], [class*="-table__empty-text"]');
  if (empties.some(e => rows.length === 1 && e.closest('tr'))) rows = [];
  return {
    headings, rows, total: record ? text(record) : '', page: current ? text(current) : '',
    more: !!next && !blocked, empty: empties.length > 0,
    loading: all('[class*="-loading-mask"]').some(e => getComputedStyle(e).opacity !== '0'),
  };
}"""

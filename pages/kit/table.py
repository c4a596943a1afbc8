"""Lists: both table variants of the kit, the wizard's own, and the pager below.

A list is read whole or not at all: filters and search cleared and read back, every page walked, and the
rows counted against the pager's total. Otherwise it raises `CannotSee` and nothing is concluded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.models.errors import CannotSee
from bcflow.pages.kit import css
from bcflow.pages.kit import sheet as sheets
from bcflow.pages.kit.sheet import Listing, Row, Sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Locator

    from bcflow.pages.kit.site import Site

    IsIt = Callable[[Row], bool]
    Known = Callable[[Row], str | None]

__all__ = ["Listing", "Row", "Table"]

MOST_PAGES = 500
WALK_UP_TO = 60
"""Longer lists are searched when their search can be shown to work; walking them costs a page load each."""
WALK_TOGETHER_UP_TO = 1200
"""Nor are they walked for many looks at once: before the end was reached, the beginning would be too old."""
EMPTY_STANDS_SECONDS = 0.7
"""A list may say "No Data" for a moment before it asks for its rows: only an emptiness that stays counts."""
ANSWERED_STANDS_SECONDS = 0.05
"""The same once the page holds the answer to a request that named what was searched, and has only to draw it."""
TYPING_SECONDS = 0.4
"""By then a search box that needs no Enter has begun to search; Enter costs time where it is not needed."""
NO_PAGER_FROM = 10
"""A list of this many rows and no total may hold more below: it is scrolled to its end."""


class Table:
    """The list below `root` (a page, a tab, a dialog)."""

    def __init__(self, site: Site, root: Locator, *, name: str = "") -> None:
        """Look at the list below `root`; looks of one visit share what they read under the same `name`."""
        self._site = site
        self._root = root
        self._name = name

    def read_all(self) -> Listing:
        """Read every row; raise `CannotSee` if the list cannot be shown to be whole."""
        return self._walk(self._bare())

    def find(self, text: str, *, is_it: IsIt, known: Known, was_absent: bool = False) -> Listing:
        """Return the rows for `text`, by walking a short list or by a search shown to work.

        What a search shows is there. What it does not show is absent only after a control: the same box, asked
        for what `known` names in the first row, finds exactly that row's like. Of what was proven absent before
        it was sent, the first page that shows it is enough.
        """
        shared = self.shared()
        if shared is not None:
            try:
                return _those(shared, is_it)
            except CannotSee:
                if len(shared.rows) <= WALK_UP_TO:
                    raise
                # Some row cannot be told from the wanted one; a search may leave it out.
        first = self._from_first_page(self._bare())
        if (first.total or 0) > WALK_UP_TO:
            box = self.search_box()
            control = next((name for row in first.rows if (name := known(row)) and not is_it(row)), None)
            if box is not None and control is not None:
                return self._search(box, text, control, first=first, is_it=is_it, known=known)
        return _those(self._walk(first, enough=is_it if was_absent else None), is_it)

    def shared(self, *, get_there: Callable[[], bool] = lambda: True) -> Listing | None:
        """Return the whole list as the looks of a visit share it, read by the first one; None: look by yourself.

        `get_there` goes where the list is, if it has to be read, and says whether there is one.
        """
        visit, org = self._site.visit, self._site.proven_place
        if visit is None or not self._name or org is None:
            return None
        key = (org, self._name)
        if not visit.knows(key) and visit.looks > 1 and get_there():
            visit.keep(key, self._walked_for(visit.looks))
        found = visit.listing(key)
        if found is not None:
            visit.stay_on((self._site.screen, org, self._site.page.url))
        return found

    def _walked_for(self, looks: int) -> Listing | None:
        """Walk the list if that is worth it for so many looks; of a long one that cannot be walked, say None."""
        first = self._bare()
        total = first.total or 0
        if total > min(WALK_UP_TO * looks, WALK_TOGETHER_UP_TO):
            return None
        try:
            return self._walk(first)
        except CannotSee:
            if total <= WALK_UP_TO:
                raise
            return None

    def row(self, *texts: str) -> Locator:
        """Return the one row on this page whose text holds all of `texts`; raise `CannotSee` otherwise.

        Where fixed columns are drawn a second time, the returned locator holds the row and its copy.
        """
        rows = self._root.locator(css.ROWS).filter(visible=True)
        for text in texts:
            rows = rows.filter(has_text=text)
        count: int = rows.evaluate_all(_AT_HEIGHTS)
        if count != 1:
            raise CannotSee(f"{self._site.screen}: {count} rows show {' and '.join(texts)}")
        return rows

    def show(self, text: str) -> Locator:
        """Turn pages (or search) until the one row holding `text` is drawn, and return it, to be clicked."""
        if self._site.visit:
            self._site.visit.leave_page()
        self.clear_search()
        if self._shows(text):
            return self.row(text)
        box = self.search_box()
        if box is not None:
            self._type(box, text, self._sheet())
            if self._shows(text):
                return self.row(text)
            self.clear_search()
        for _ in self._pages(self._settled()):
            if self._shows(text):
                return self.row(text)
        raise CannotSee(f"{self._site.screen}: no row shows {text}")

    def clear_search(self) -> None:
        """Empty the search box and read it back."""
        box = self.search_box()
        if box is not None and box.input_value():
            self._type(box, "", self._sheet())
            if box.input_value():
                raise CannotSee(f"{self._site.screen}: the search box cannot be emptied")

    def search_box(self) -> Locator | None:
        """Return the list's search box, if it has one."""
        boxes = self._root.get_by_placeholder(self._site.words.search_pattern()).filter(visible=True)
        boxes = boxes.and_(self._root.locator("input:not([readonly])"))
        return boxes.first if boxes.count() else None

    def _search(self, box: Locator, text: str, control: str, *, first: Sheet, is_it: IsIt, known: Known) -> Listing:
        total, found = first.total or 0, self._type(box, text, first)
        rows = [row for row in self._walk(found).rows if is_it(row)]
        if rows:
            return Listing(rows, f"searched for it among {total} rows")
        shown = [known(row) for row in self._walk(self._type(box, control, self._sheet())).rows]
        if control not in shown or len(shown) >= total:
            raise CannotSee(f"{self._site.screen}: searching for the known row {control!r} did not find just it")
        return Listing([], f"searched for it among {total} rows; the same search found the known row {control}")

    def _type(self, box: Locator, text: str, before: Sheet) -> Sheet:
        wire = self._site.wire
        earlier = wire.answers_about(text)

        def is_answered(now: Sheet) -> bool:
            return bool(text) and wire.answers_about(text) > earlier and now.calls > before.calls

        box.fill(text)
        if self._site.until(lambda: self._moves(before), seconds=TYPING_SECONDS):
            found = self._settled(is_answered)
            if found.key != before.key:
                return found
        box.press("Enter")
        self._site.until(lambda: self._moves(before), seconds=1.5)
        return self._settled(is_answered)

    def _moves(self, before: Sheet) -> bool:
        return not self._site.wire.idle() or self._is_news(before)

    def _is_news(self, before: Sheet) -> bool:
        now = self._sheet()
        return now.calls != before.calls or now.key != before.key or now.loading

    def _bare(self) -> Sheet:
        """Return the list as it stands without search and filter; raise `CannotSee` if one stays."""
        sheet = self._settled()
        if sheet.searched:
            self.clear_search()
            sheet = self._settled()
        if not sheet.filters:
            return sheet
        clear = self._site.words.pattern("clear filters")
        reset = self._root.get_by_role("button", name=clear).filter(visible=True)
        if reset.count() == 1:
            reset.click()
            self._site.until(lambda: self._moves(sheet), seconds=1.5)
            sheet = self._settled()
        if sheet.filters:
            raise CannotSee(f"{self._site.screen}: the list is filtered by {', '.join(sheet.filters)}")
        return sheet

    def _walk(self, first: Sheet, *, enough: IsIt | None = None) -> Listing:
        rows: list[Row] = []
        total: int | None = None
        for pages, sheet in enumerate(self._pages(first), 1):
            total = sheet.total if total is None else total
            if sheet.total != total:
                raise CannotSee(f"{self._site.screen}: the list changed while it was read")
            rows += sheet.rows
            if enough and any(map(enough, sheet.rows)):
                return Listing(sheet.rows, f"seen on page {pages} of the list")
        if total is None:
            return self._without_total(rows, pages)
        if len(rows) != total:
            raise CannotSee(f"{self._site.screen}: {len(rows)} rows were read, the list counts {total}")
        return Listing(rows, f"{len(rows)} of {total} rows read")

    def _without_total(self, rows: list[Row], pages: int) -> Listing:
        if not rows:
            return Listing([], "the list says that it is empty")
        if pages == 1 and len(rows) >= NO_PAGER_FROM:
            rows = self._scrolled_to_the_end()
        return Listing(rows, f"{len(rows)} rows on {pages} pages; the list gives no total")

    def _scrolled_to_the_end(self) -> list[Row]:
        """Return the rows of a list that loads more when its last row comes into view."""
        sheet = self._settled()
        for _ in range(MOST_PAGES):
            self._root.locator(css.ROWS).filter(visible=True).last.scroll_into_view_if_needed()
            if not self._site.until(lambda sheet=sheet: self._is_news(sheet), seconds=0.7):  # type: ignore[misc]
                return sheet.rows
            longer = self._settled()
            if sheet.rows and longer.rows[:1] != sheet.rows[:1]:
                raise CannotSee(f"{self._site.screen}: the list draws only the rows in view and gives no total")
            sheet = longer
        raise CannotSee(f"{self._site.screen}: the list has no end")

    def _pages(self, first: Sheet) -> Iterator[Sheet]:
        sheet = self._from_first_page(first)
        for _ in range(MOST_PAGES):
            yield sheet
            if not sheet.more:
                return
            self._root.locator(css.NEXT).filter(visible=True).last.click()
            turned = self._site.until(lambda sheet=sheet: self._turned(sheet), seconds=15)  # type: ignore[misc]
            if turned is None:
                raise CannotSee(f"{self._site.screen}: the next page of the list did not come")
            sheet = turned
        raise CannotSee(f"{self._site.screen}: the list has more than {MOST_PAGES} pages")

    def _turned(self, before: Sheet) -> Sheet | None:
        now = self._complete()
        return now if now is not None and now.page != before.page and now.key != before.key else None

    def _from_first_page(self, sheet: Sheet) -> Sheet:
        if sheet.page in ("", "1"):
            return sheet
        first = self._root.locator(css.NUMBERS).filter(visible=True).filter(has_text="1").first
        first.click()
        turned = self._site.until(lambda: self._turned(sheet), seconds=15)
        if turned is None or turned.page != "1":
            raise CannotSee(f"{self._site.screen}: the first page of the list did not come")
        return turned

    def _settled(self, is_answered: Callable[[Sheet], bool] = lambda _sheet: False) -> Sheet:
        """Return the list once it stands; `is_answered` says whether the site has answered what was asked of it."""
        found = self._site.until(self._complete)
        if found is not None and not found.rows:
            # It may only not have asked for its rows yet.
            empty = found
            seconds = ANSWERED_STANDS_SECONDS if is_answered(empty) else EMPTY_STANDS_SECONDS
            self._site.until(lambda: self._moves(empty), seconds=seconds)
            found = self._site.until(self._complete)
        if found is None:
            raise CannotSee(f"{self._site.screen}: the list did not finish loading")
        refused = [] if found.rows else self._site.wire.lists_refused()
        if refused:
            raise CannotSee(f"{self._site.screen}: the list shows nothing, and the site gave no data for {refused[0]}")
        return found

    def _complete(self) -> Sheet | None:
        if not self._site.wire.idle():
            return None
        sheet = self._sheet()
        return sheet if sheet.is_drawn and self._site.wire.idle() else None

    def _shows(self, text: str) -> bool:
        return self._root.locator(css.ROWS).filter(visible=True).filter(has_text=text).count() > 0

    def _sheet(self) -> Sheet:
        return sheets.read(self._root, self._site.words)


def _those(whole: Listing, is_it: IsIt) -> Listing:
    return Listing([row for row in whole.rows if is_it(row)], whole.proof)


_AT_HEIGHTS = "rows => new Set(rows.map(row => Math.round(row.getBoundingClientRect().top / 3))).size"

"""Walking a list to its end: pages, parts that come when it is scrolled, rows that are drawn only in view.

The end is known by a total (the page's, or its answer's), by a pager that offers no further page, or, of a list
that keeps its rows drawn, by its lowest edge where nothing more comes. Otherwise `CannotSee`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bcflow.models.errors import CannotSee
from bcflow.models.identity import quoted
from bcflow.pages.kit import css
from bcflow.pages.kit.lists import answers, blocks, reading
from bcflow.pages.kit.lists.reading import DrawnList, Listing, Row
from bcflow.pages.kit.screen import evaluate, interruptions
from bcflow.pages.kit.screen.polling import Rest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Locator

    from bcflow.pages.kit.screen.site import Site

    IsIt = Callable[[Row], bool]
    Identity = Callable[[Row], str | None]

MOST_PAGES, MOST_CLICKS = 500, 3
_FIRST = re.compile(r"^\s*1\s*$")
EMPTY_STANDS_SECONDS = 0.7
"""A list may say "No Data" for a moment before it asks for its rows: only an emptiness that stays counts."""
ANSWERED_STANDS_SECONDS = 0.05
"""The same once the page holds the answer to a request that named what was searched, and has only to draw it."""
END_STANDS_SECONDS = 2.5
"""So long nothing more must come at the lowest edge of a list that counts its rows nowhere."""
SCROLLED_SECONDS = 0.3
"""By then rows that are drawn only in view have been drawn after a scroll."""
NOT_COMING_SECONDS = 4.0
"""A page that asks for nothing, shows no sign of loading and does not change for so long draws no list."""
AT_REST_SECONDS = 1.5
"""The same where there may well be none."""


class Unproven(CannotSee):
    """`rows` were read, and are not all, or not shown to be all."""

    def __init__(self, message: str, rows: list[Row]) -> None:
        """Keep the rows: what stands in one of them is there all the same."""
        super().__init__(message)
        self.rows = rows


class NoEnd(Unproven):
    """Nothing counts the rows, and nothing shows that they are all."""


class ListWalk:
    """Reads the list called `name` below `root`; `identity` returns what a row is known by."""

    def __init__(self, site: Site, root: Locator, *, name: str, identity: Identity, by: str) -> None:
        """Read nothing yet; what is listed may stand in blocks, each about one thing that matches `by`, if any."""
        self._by = by
        self._look = ""
        self._site = site
        self._root = root
        self._name = name
        self._identity = identity

    @property
    def called(self) -> str:
        """Return screen and list, to begin a message with."""
        return f"{self._site.screen}: the list of {self._name}" if self._name else f"{self._site.screen}: the list"

    def whole(self, first: DrawnList, *, enough: IsIt | None = None) -> Listing:
        """Read all rows; with `enough`, up to the page that shows such a row. Raises `CannotSee`."""
        rows: list[Row] = []
        total: int | None = None
        for pages, drawn in enumerate(self.pages(first), 1):
            total = drawn.total if total is None else total
            if drawn.total != total:
                raise CannotSee(f"{self.called} changed while it was read")
            found = self.identified(drawn.rows)
            rows += found
            if enough and any(map(enough, found)):
                return Listing(found, f"seen on page {pages} of the list")
        if not rows and not total:
            return self._empty(total)
        if total is None:
            total = answers.total(self._site, self.known(drawn.rows))
        if pages == 1 and (not drawn.last if total is None else len(rows) < total):
            rows = self._scrolled(drawn, total)
        if total is not None and len(rows) != total:
            raise Unproven(f"{self._site.screen}: {len(rows)} rows were read, the list counts {total}", rows)
        if total is None:
            return Listing(rows, f"{len(rows)} rows on {pages} pages, read to the end; the list gives no total")
        return Listing(rows, f"{len(rows)} of {total} rows read")

    def identified(self, rows: list[Row]) -> list[Row]:
        """Return rows with what the answers tell of those that show no identity."""
        return answers.identified(self._site, rows, self._identity)

    def known(self, rows: list[Row]) -> list[str]:
        """Return what these rows are known by."""
        return [one for row in rows if (one := self._identity(row))]

    def settled(self, is_answered: Callable[[DrawnList], bool] = lambda _drawn: False) -> DrawnList:
        """Return the list once it stands; `is_answered` says whether the site has answered what was asked of it."""
        found = self._once_drawn()
        if not found.rows:
            # It may only not have asked for its rows yet.
            seconds = ANSWERED_STANDS_SECONDS if is_answered(found) else EMPTY_STANDS_SECONDS
            empty = found
            self._site.until(lambda: self.moves(empty), seconds=seconds)
            found = self._once_drawn()
        refused = None if found.rows else answers.refused(self._site, self._name)
        if refused:
            raise CannotSee(f"{self._site.screen}: the list shows nothing, and the site gave no data for {refused}")
        return found

    def comes(self) -> bool:
        """Wait until the list is drawn, and say so; False where the page has come to rest without one."""
        try:
            self._once_drawn(still=AT_REST_SECONDS)
        except CannotSee:
            if self._is_loading():
                raise
            return False
        return True

    def moves(self, before: DrawnList) -> bool:
        """Say whether the page is about to change, or the list has changed since."""
        return not self._site.traffic.idle() or self.is_news(before)

    def is_news(self, before: DrawnList) -> bool:
        """Say whether the list is not as it was."""
        now = self.drawn()
        return now.answered != before.answered or now.key != before.key or now.loading

    def drawn(self) -> DrawnList:
        """Read what is drawn now."""
        return reading.read(self._root, self._site.words, answered=self._site.traffic.answered, blocks=self._blocks)

    def _blocks(self, counted: bool) -> tuple[list[str], list[tuple[str, ...]]]:  # noqa: FBT001 - as it is read
        own, names, like = self._site.org_in_url, answers.names_told(self._site), self._look
        found = blocks.rows(self._root, by=self._by, but=own, names=names, counted=counted, like=like)
        headings, rows, self._look = found
        return headings, rows

    def pages(self, first: DrawnList) -> Iterator[DrawnList]:
        """Turn the pages, from the first one."""
        drawn = self.from_first_page(first)
        for _ in range(MOST_PAGES):
            yield drawn
            if not drawn.more:
                return
            following = str(int(drawn.page) + 1) if drawn.page.isdigit() else ""
            drawn = self._turn(self._root.locator(css.NEXT), drawn, to=following)
        raise CannotSee(f"{self._site.screen}: the list has more than {MOST_PAGES} pages")

    def _turn(self, button: Locator, before: DrawnList, *, to: str) -> DrawnList:
        """Turn to the page numbered `to`, or where pages have no numbers, to what comes.

        A click that a list lost while it was drawn anew is made again, of numbered pages only: where both clicks
        counted, a page would be passed over.
        """
        for _ in range(MOST_CLICKS if to else 1):
            button.filter(visible=True).last.click()
            rest = Rest(NOT_COMING_SECONDS)
            turned = self._site.until(
                lambda rest=rest: self._turned(before) or self._rests(rest),  # type: ignore[misc]
                seconds=15,
            )
            if isinstance(turned, DrawnList):
                if to and turned.page != to:
                    raise CannotSee(f"{self.called} turned from page {before.page} to page {turned.page or '?'}")
                return turned
        raise CannotSee(f"{self._site.screen}: {f'page {to}' if to else 'the next page'} of the list did not come")

    def _rests(self, rest: Rest) -> bool:
        return rest.is_over(self._site.traffic.answered, self._is_loading(), self._root.inner_text)

    def from_first_page(self, drawn: DrawnList) -> DrawnList:
        """Return the first page of the list, turning to it if need be."""
        if drawn.page in ("", "1"):
            return drawn
        return self._turn(self._root.locator(css.NUMBERS).filter(has_text=_FIRST), drawn, to="1")

    def parts(self, drawn: DrawnList, *, end: float = END_STANDS_SECONDS) -> Iterator[DrawnList]:
        """Scroll down from the top of the list, and press "Load more", until nothing more comes for `end` seconds."""
        self._scroll(to_top=True)
        for _ in range(MOST_PAGES):
            self._site.until(lambda drawn=drawn: self.moves(drawn), seconds=SCROLLED_SECONDS)  # type: ignore[misc]
            drawn = self._once_drawn()
            yield drawn
            if self._scroll():
                continue
            more = self._root.get_by_role("button", name=self._site.words.pattern("load more")).filter(visible=True)
            if more.count():
                interruptions.watch(self._site)
                more.last.click()
            if not self._grows(drawn, end):
                return
        raise CannotSee(f"{self.called} has no end")

    def _empty(self, total: int | None) -> Listing:
        if total is None and not answers.says_empty(self._site):
            raise CannotSee(f"{self.called} shows nothing, and no answer of the site says that it is empty")
        return Listing([], "the list says that it is empty")

    def _grows(self, before: DrawnList, seconds: float) -> bool:
        """Wait for more rows, for `seconds` and for what is asked for by then."""

        def grown() -> bool:
            return self.drawn().key != before.key

        if self._site.until(grown, seconds=seconds):
            return True
        self._site.until(lambda: grown() or self._site.traffic.idle())
        return bool(self._site.until(grown, seconds=SCROLLED_SECONDS))

    def _scrolled(self, first: DrawnList, total: int | None) -> list[Row]:
        """Return the rows of a list that loads more, or draws only those in view, each once."""
        once: dict[str, Row] = {}
        rows, kept = self.identified(first.rows), True
        for drawn in self.parts(first):
            kept = kept and (not first.rows or drawn.rows[:1] == first.rows[:1])
            found = self.identified(drawn.rows)
            once.update({self._identity(row) or row.text: row for row in found})
            # Rows that look the same count each, as long as all of them are drawn at once.
            rows = found if kept else list(once.values())
            if total is None and not kept:
                raise NoEnd(f"{self.called} draws only the rows in view and gives no total", rows)
            if total is not None and len(rows) >= total:
                return rows
        below = "" if total is not None else self._below()
        if below:
            raise NoEnd(f"{self.called} gives no total, and {quoted(below)} below it may show more", rows)
        return rows

    def _scroll(self, *, to_top: bool = False) -> bool:
        """Scroll the list by most of what is in view; say whether it moved."""
        rows = self._root.locator(css.ROWS).filter(visible=True)
        return bool(rows.first.evaluate(_SCROLL, to_top)) if rows.count() else False

    def _below(self) -> str:
        """Return what a button below the last row says, on the row's own surface, if there is one."""
        rows = self._root.locator(css.ROWS).filter(visible=True)
        return str(rows.last.evaluate(_BELOW, css.DIALOG)) if rows.count() else ""

    def _turned(self, before: DrawnList) -> DrawnList | None:
        now = self._complete()
        return now if now is not None and now.page != before.page and now.key != before.key else None

    def _once_drawn(self, *, still: float = NOT_COMING_SECONDS) -> DrawnList:
        """Wait until the list is drawn; give up where nothing can be expected any more, and say what was missing."""
        rest = Rest(still)

        def look() -> DrawnList | bool | None:
            return self._complete() or self._rests(rest)

        found = self._site.until(self._complete, seconds=EMPTY_STANDS_SECONDS) or self._site.until(look)
        if isinstance(found, DrawnList):
            return found
        if found:
            raise CannotSee(f"{self.called} did not come: no rows, and nothing that says there are none")
        raise CannotSee(f"{self.called} did not finish loading")

    def _is_loading(self) -> bool:
        return not self._site.traffic.idle() or self.drawn().loading

    def _complete(self) -> DrawnList | None:
        if not self._site.traffic.idle():
            return None
        drawn = self.drawn()
        return drawn if drawn.is_drawn and self._site.traffic.idle() else None


_SCROLL = """(row, toTop) => {
  const scrolls = e => /auto|scroll|overlay/.test(getComputedStyle(e).overflowY) && e.scrollHeight > e.clientHeight + 1;
  let box = row.parentElement;
  while (box && !scrolls(box)) box = box.parentElement;
  box = box || document.scrollingElement;
  const before = box.scrollTop;
  box.scrollTop = toTop ? 0 : before + box.clientHeight * 0.8;
  return Math.abs(box.scrollTop - before) >= 1;
}"""
_BELOW = """(row, dialog) => {
  const shown = SHOWN, own = row.closest(dialog), box = row.getBoundingClientRect();
  const beside = '[class*="-pager"], [class*="-pagination"], [class*="-footer"], footer';
  const fixed = e => e && (getComputedStyle(e).position === 'fixed' || fixed(e.parentElement));
  const found = [...(own || document).querySelectorAll('button, [role="button"]')].find(e => {
    const at = e.getBoundingClientRect();
    return shown(e) && e.closest(dialog) === own && (own || !fixed(e)) && !e.closest(beside)
      && at.top >= box.bottom - 1 && at.left < box.right && at.right > box.left;
  });
  return found ? (found.innerText || found.getAttribute('aria-label') || 'a button').trim().slice(0, 40) : '';
}""".replace("SHOWN", evaluate.SHOWN)

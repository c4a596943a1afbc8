"""Lists: both table variants of the kit, the wizard's own, and the pager below.

A list is read whole or not at all: filters and search cleared and read back, every page walked, and the rows
counted against a total. That something is not in it is a claim of its own: every row must be known by something,
and no answer of the site may name what no row shows. Otherwise it raises `CannotSee` and nothing is concluded.
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING

from bcflow.models.errors import CannotSee
from bcflow.models.identity import fold
from bcflow.pages.kit import css
from bcflow.pages.kit.evidence import sought
from bcflow.pages.kit.lists import answers, blocks, reading
from bcflow.pages.kit.lists.reading import DrawnList, Listing, Row, by_text, list_landmark
from bcflow.pages.kit.lists.walk import ListWalk, NoEnd, Unproven
from bcflow.pages.kit.screen.site_api import whole
from bcflow.pages.kit.widgets.surface import page_surface

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from bcflow.pages.kit.screen.site import Site

    IsIt = Callable[[Row], bool]
    Identity = Callable[[Row], str | None]

__all__ = ["Listing", "Row", "Table", "list_landmark"]

WALK_UP_TO = 60
"""Longer lists are searched when their search can be shown to work; walking them costs a page load each."""
WALK_TOGETHER_UP_TO = 1200
"""Nor are they walked for many looks at once: before the end was reached, the beginning would be too old."""
TYPING_SECONDS = 0.4
"""By then a search box that needs no Enter has begun to search; Enter costs time where it is not needed."""


class Table:
    """The list below `root` (a page, a tab, a dialog)."""

    def __init__(
        self,
        site: Site,
        root: Locator,
        *,
        name: str = "",
        shared: bool = True,
        identity: Identity = by_text,
        by: str = blocks.IDS,
    ) -> None:
        """Look at the list called `name` below `root`; `identity` returns what a row is known by.

        The looks of one visit share what they read under the same name, unless it is not to be `shared`. What is
        listed may stand in blocks instead of rows, each with one thing that matches `by`; not where that is empty.
        """
        self._site = site
        self._root = root
        self.name = name
        self._is_shared = shared
        self._identity = identity
        self._walk = ListWalk(site, root, name=name, identity=identity, by=by)
        self.comes, self.drawn, self.moves = self._walk.comes, self._walk.drawn, self._walk.moves

    def read_all(self) -> Listing:
        """Read every row; raise `CannotSee` if the list cannot be shown to be whole."""
        return self._walk.whole(self._bare())

    def find(
        self,
        text: str,
        *,
        is_it: IsIt,
        known: Identity | None = None,
        own: str | None = None,
        was_absent: bool = False,
        several: bool = False,
    ) -> Listing:
        """Return the rows for `text`, by walking a short list or by a search shown to work.

        What is shown is there; where there may be `several`, only a whole list shows them all. What is not shown is
        absent only if every row read is `known` by something, and if the login's `own` row, where there is one, was
        among them (an empty text: it is not known which, but one there is). What a search does not show is absent
        only after a control: the same box, asked for what is `known` of another row, finds exactly that row's like.
        Of what was proven absent before it was sent, the first page that shows it is enough.
        """
        known = known or self._identity
        shared = self.shared()
        if shared is not None:
            try:
                return self._those(shared, is_it, known, own)
            except CannotSee:
                if len(shared.rows) <= WALK_UP_TO:
                    raise
                # Some row cannot be told from the wanted one; a search may leave it out.
        first = self._walk.from_first_page(self._bare())
        names = [name for row in self._walk.identified(first.rows) if not is_it(row) and (name := known(row))]
        control = own or next(iter(names), None)
        if (first.total or 0) > WALK_UP_TO and control and self._can_search():
            return self._search(text, control, first=first, is_it=is_it, known=known)
        try:
            whole = self._walk.whole(first, enough=is_it if was_absent else None)
        except Unproven as error:
            rows = [row for row in error.rows if is_it(row)]
            if rows and not several:
                return Listing(rows, f"seen among {len(error.rows)} rows of the list")
            # Rows that look alike may have been taken for one; a search that is shown to work needs no count of all.
            if not control or not self._can_search():
                raise
            return self._search(text, control, first=self._bare(), is_it=is_it, known=known)
        found = self._those(whole, is_it, known, own)
        if not found.rows and control and answers.names(self._site, text) and self._can_search():
            # An answer names it: searched for, a row that does not show what it is stands alone.
            return self._search(text, control, first=self._bare(), is_it=is_it, known=known)
        return found

    def require_known(self, rows: list[Row], known: Identity | None = None) -> None:
        """Raise `CannotSee` if a row may be anything: it is known by nothing, and no answers account for all rows."""
        known = known or self._identity
        unknown = [row for row in rows if not self._identity(row) or not known(row)]
        if unknown and not answers.account_for(self._site, rows, known):
            raise CannotSee(f"{self._site.screen}: {len(unknown)} of {len(rows)} rows do not show whose they are")

    def require_silence(self, wanted: str, *, about: str = "") -> None:
        """Raise `CannotSee` if an answer of this screen names the id or address `wanted`, which no row shows.

        `about`: only answers to requests that name this id count.
        """
        if answers.names(self._site, wanted, about=about):
            raise CannotSee(f"{self._site.screen}: an answer of the site names {wanted}, but no row shows it")

    def shared(self, *, get_there: Callable[[], bool] = lambda: True) -> Listing | None:
        """Return the whole list as the looks of a visit share it, read by the first one; None: look by yourself.

        `get_there` goes where the list is, if it has to be read, and says whether there is one.
        """
        looks, org = self._site.session.shared_looks, self._site.proven_place
        if looks is None or not self._is_shared or not self.name or org is None:
            return None
        key = (org, self.name)
        if not looks.knows(key) and looks.expected > 1 and get_there():
            whole = self.walked_for(looks.expected)
            looks.keep(key, whole and replace(whole, proof=f"{whole.proof}, once for several looks"))
        found: Listing | None = looks.listing(key)
        if found is not None:
            looks.stay_on((self._site.screen, org, self._site.page.url))
        return found

    def walked_for(self, looks: int) -> Listing | None:
        """Walk the list if that is worth it for so many looks; of a long one that cannot be walked, say None."""
        first = self._bare()
        total = first.total or 0
        if total > min(WALK_UP_TO * looks, WALK_TOGETHER_UP_TO):
            return None
        try:
            return self._walk.whole(first)
        except NoEnd:
            return None
        except CannotSee:
            if total <= WALK_UP_TO:
                raise
            return None

    def row(self, *texts: str) -> Locator:
        """Return the one row on this page that shows all of `texts`, each whole; raise `CannotSee` otherwise.

        Where fixed columns are drawn a second time, the returned locator holds the row and its copy.
        """
        rows = self._root.locator(css.ROWS).filter(visible=True)
        for text in texts:
            rows = rows.filter(has_text=text)
        read = reading.lines_of(rows)
        tops = {top for line, top in read if all(whole(text).search(line) for text in texts)}
        if len(tops) != 1:
            raise CannotSee(f"{self._site.screen}: {len(tops)} rows show {' and '.join(texts)}")
        # A copy does not say what its row does: what it does not show is hidden in it.
        found = [rows.nth(number) for number, (_, top) in enumerate(read) if top in tops]
        return rows if len(found) == len(read) else reduce(lambda several, one: several.or_(one), found)

    def show(self, text: str) -> Locator:
        """Turn pages (or search, or scroll) until the one row holding `text` is drawn, and return it, to be clicked."""
        if self._site.session.shared_looks:
            self._site.session.shared_looks.leave_page()
        self.clear_search()
        if (row := self._row_of(text)) is not None:
            return row
        if (box := self.search_box()) is not None:
            self._type(box, text, self._walk.drawn())
            if (row := self._row_of(text)) is not None:
                return row
            self.clear_search()
        first = self._walk.settled()
        for parts_of in (self._walk.pages, self._walk.parts):
            for _ in parts_of(first):
                if (row := self._row_of(text)) is not None:
                    return row
        raise CannotSee(f"{self._site.screen}: no row shows {text}")

    def _row_of(self, text: str) -> Locator | None:
        """Return the one row here that shows `text`, or that the answers say is it."""
        rows = self._root.locator(css.ROWS).filter(visible=True)
        if reading.whole_in(rows.filter(has_text=text), text):
            return self.row(text)
        read = answers.searched(self._site, self._walk.identified(self._walk.drawn().rows), text)
        at = [number for number, row in enumerate(read) if whole(fold(text)).search(row.told)]
        return rows.nth(at[0]) if len(at) == 1 and rows.count() == len(read) else None

    def clear_search(self) -> None:
        """Empty the search box and read it back."""
        box = self.search_box()
        if box is not None and box.input_value():
            self._type(box, "", self._walk.drawn())
            if box.input_value():
                raise CannotSee(f"{self._site.screen}: the search box cannot be emptied")

    def search_box(self) -> Locator | None:
        """Return the list's search box, if it has one; the page's header may have another."""
        return reading.search_box(self._root, self._site.words)

    def _can_search(self) -> bool:
        """Say whether there is a search box; one in unknown words is told by where it stands, its control proves it."""
        return self.search_box() is not None or page_surface(self._site).learn(sought.search(self._site))

    def _search(self, text: str, control: str, *, first: DrawnList, is_it: IsIt, known: Identity) -> Listing:
        box = self.search_box()
        if box is None:
            raise CannotSee(f"{self._site.screen}: the list's search box is gone")
        answers.learn_path(self._site, self.name, self._walk.known(first.rows))
        among = f"{first.total} rows" if first.total else "rows that are not counted"
        hits = answers.searched(self._site, self._walk.identified(self._hits(box, text, first)), text)
        rows = [row for row in hits if is_it(row)]
        if rows:
            return Listing(rows, f"searched for it among {among}")
        self.require_known(hits, known)
        found = self._walk.identified(self._hits(box, control, self._walk.drawn()))
        alike = [known(row) == control or fold(control) in fold(row.text) for row in found]
        just_it = len(found) < first.total if first.total else all(alike)
        if control not in map(known, found) or not just_it:
            raise CannotSee(f"{self._site.screen}: searching for the known row '{control}' did not find just it")
        return Listing([], f"searched for it among {among}; the same search found the known row {control}")

    def _hits(self, box: Locator, text: str, before: DrawnList) -> list[Row]:
        """Return what a search shows; that it shows all of it, the control proves."""
        found = self._type(box, text, before)
        rows = [row for drawn in self._walk.pages(found) for row in drawn.rows]
        if found.total not in (None, before.total, len(rows)):
            raise Unproven(f"{self._site.screen}: {len(rows)} rows were found, the list counts {found.total}", rows)
        return rows

    def _type(self, box: Locator, text: str, before: DrawnList) -> DrawnList:
        traffic = self._site.traffic
        earlier = traffic.answers_about(text)

        def is_answered(now: DrawnList) -> bool:
            return bool(text) and traffic.answers_about(text) > earlier and now.answered > before.answered

        box.fill(text)
        if self._site.until(lambda: self._walk.moves(before), seconds=TYPING_SECONDS):
            found = self._walk.settled(is_answered)
            if found.key != before.key:
                return found
        box.press("Enter")
        self._site.until(lambda: self._walk.moves(before), seconds=1.5)
        return self._walk.settled(is_answered)

    def _bare(self) -> DrawnList:
        """Return the list as it stands without search and filter; raise `CannotSee` if one stays."""
        drawn = self._walk.settled()
        if drawn.searched:
            self.clear_search()
            drawn = self._walk.settled()
        if not self._filters(drawn):
            return drawn
        clear = self._site.words.pattern("clear filters")
        reset = self._root.get_by_role("button", name=clear).filter(visible=True)
        if reset.count() == 1:
            reset.click()
            self._site.until(lambda: self._walk.moves(drawn), seconds=1.5)
            drawn = self._walk.settled()
        if filters := self._filters(drawn):
            raise CannotSee(f"{self._site.screen}: the list is filtered by {', '.join(filters)}")
        return drawn

    def _filters(self, drawn: DrawnList) -> list[str]:
        """Return what the list is filtered by, without what an operator said is no filter."""
        return [each for each in drawn.filters if fold(each) not in self._site.session.no_filters]

    def _those(self, whole: Listing, is_it: IsIt, known: Identity, own: str | None) -> Listing:
        rows = [row for row in whole.rows if is_it(row)]
        if not rows:
            self.require_known(whole.rows, known)
            if own is not None and (own not in map(known, whole.rows) if own else not whole.rows):
                raise CannotSee(f"{self._site.screen}: the list does not show this login's own row")
            answers.learn_path(self._site, self.name, self._walk.known(whole.rows))
        return Listing(rows, whole.proof)

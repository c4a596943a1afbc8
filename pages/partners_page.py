from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bcflow.models.accounts import Partner
from bcflow.models.errors import CannotSee, ScreenChanged
from bcflow.models.identity import quoted
from bcflow.pages.kit.evidence import sought
from bcflow.pages.kit.evidence.asking import ask, is_plain, settle
from bcflow.pages.kit.lists import answers, blocks, rows
from bcflow.pages.kit.lists.reading import Row
from bcflow.pages.kit.lists.table import Table, list_landmark
from bcflow.pages.kit.screen.arrival import arrive, open_screen
from bcflow.pages.kit.screen.declared import SEARCH, State, button, column, tab
from bcflow.pages.kit.screen.place import require_place
from bcflow.pages.kit.widgets import menu
from bcflow.pages.kit.widgets.surface import page_surface
from bcflow.pages.offers import open_row, why_missing

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from bcflow.models.unknown import UnknownWord
    from bcflow.pages.kit.evidence.sought import Sought
    from bcflow.pages.kit.screen.site import Site

OVERVIEW = "/manage/overview"
GUESS = "/manage/users/partners"
UNDER = ("users", "management", "organization")
ADD = ("add partner", "share with partner")
STATUSES = ("request pending", "active", "request declined")
LIST = State(
    "Partners", "list", (button(*ADD), *column("status", STATUSES, needed=False), tab("requests", needed=False), SEARCH)
)


class PartnersPage:
    def __init__(self, site: Site) -> None:
        self._site = site
        self.table = Table(site, page_surface(site).root, name="partners", identity=_id)
        self._listed: set[str] = set()

    @classmethod
    def open(cls, site: Site, org: str) -> PartnersPage:
        """Its route is not known for sure, so the menu is the way; the last route that worked is tried first."""
        known = site.session.routes.get("Partners")
        if known is not None:
            open_screen(site, "Partners", known, org=org, landmark=lambda: _landmark(site))
        else:
            open_screen(site, "Overview", OVERVIEW, org=org, landmark=lambda: menu.landmark(site))
            _go(site, org)
            site.session.routes["Partners"] = site.path
        require_place(site, org)
        site.shows(LIST)
        return cls(site)

    def why_not_add(self, org: str) -> str:
        """Why no partner can be added here; empty: it is offered."""
        return why_missing(self._site, org, *ADD)

    def find(self, partner_id: str, *, was_absent: bool = False) -> tuple[Partner | None, str]:
        found = self.table.find(partner_id, is_it=lambda row: partner_id in row.ids, was_absent=was_absent)
        if found.rows:
            self._listed.add(partner_id)
            return self._partner(found.rows[0]), found.proof
        requested, proof = self._find_requested(partner_id)
        if requested is None:
            self.table.require_silence(partner_id)
        return requested, f"{found.proof}; {proof}" if proof else found.proof

    def is_active(self, row: Row) -> bool:
        """Whether a row is that of a partner who has accepted."""
        return self._partner(row).status == "active"

    def has_page(self, partner_id: str) -> bool:
        """Whether it was found in the list itself, from where its page opens, and not under Requests only."""
        return partner_id in self._listed

    def read_partners(self) -> list[Partner]:
        return [self._partner(row) for row in self.table.read_all().rows]

    def start_adding(self) -> None:
        page_surface(self._site).press(*ADD)

    def open_details(self, partner_id: str) -> None:
        shown, row = self._show(partner_id)
        lines = [line.strip() for line in row.inner_text().split("\n")]
        open_row(self._site, row, self._name_in(lines, [partner_id]) or shown)

    def _show(self, partner_id: str) -> tuple[str, Locator]:
        """What its row is found by, and the row: by its id, or by its name where rows show no ids."""
        try:
            return partner_id, self.table.show(partner_id)
        except CannotSee:
            found = self.table.find(partner_id, is_it=lambda row: partner_id in row.ids).rows
            if not found or not found[0].told:
                raise
            name = self._partner(found[0]).name
            return name, self.table.show(name)

    def _find_requested(self, partner_id: str) -> tuple[Partner | None, str]:
        """A partner that has not accepted yet may stand under Requests only."""
        root = page_surface(self._site).root
        # Those that stand in blocks are looked for below: what the page counts may be the other tab's.
        table = Table(self._site, root, name="partner requests", identity=_id, by="")
        listing = table.shared(get_there=lambda: self._open_requests(root) and table.comes())
        if listing is None:
            if not self._open_requests(root):
                return None, ""
            if not table.comes():
                return self._find_in_blocks(root, partner_id)
            listing = table.read_all()
        found = [row for row in listing.rows if partner_id in row.ids]
        if not found:
            table.require_known(listing.rows)
            menu.tab(self._site, root, "partners")
            return None, f"requests: {listing.proof}"
        self._require_told()
        partner = self._partner(found[0])
        declined = partner.status == "request declined"
        return (partner if declined else partner.model_copy(update={"status": "request pending"})), ""

    def _find_in_blocks(self, root: Locator, partner_id: str) -> tuple[Partner | None, str]:
        """Requests may stand in blocks of their own, each with an id, or with a name to which the answers give one."""
        own, names = self._site.org_in_url, answers.names_told(self._site)
        headings, cells, _ = blocks.rows(root, by=blocks.IDS, but=own, names=names, counted=False)
        shown = answers.identified(self._site, [Row(each, tuple(headings)) for each in cells], _id)
        found = [row for row in shown if partner_id in row.ids]
        if not found:
            if partner_id in page_surface(self._site).text():
                raise CannotSee(f"{self._site.screen}: {partner_id} is shown, but in no block of its own")
            menu.tab(self._site, root, "partners")
            return None, "requests: shown without a list, and none of them names it"
        self._require_told()
        name = next((line for line in found[0].lines if partner_id not in line), "")
        return Partner(partner_id=partner_id, name=name, status="request pending"), ""

    def _open_requests(self, root: Locator) -> bool:
        """A tab whose word nobody knows may be this one: what it holds must not be taken for absent."""
        is_there = menu.tab(self._site, root, "requests")
        if not is_there and menu.tabs(self._site).filter(visible=True).count() > 1:
            other = sought.tab(self._site, "requests", closed=True)
            is_there = page_surface(self._site).learn(other) and menu.tab(self._site, root, "requests")
        if not is_there:
            return False
        if self._site.session.shared_looks:
            self._site.session.shared_looks.leave_page()
        return True

    def _require_told(self) -> None:
        """Have a person asked what the tab is, where only evidence says so: who stands there may have been refused."""
        guessed = {text for concept, text in self._site.session.learnt.guessed if concept == "requests"}
        words = page_surface(self._site).unknown(sought.tab(self._site, "requests")) if guessed else []
        for word in words:
            likely = [one for one in word.candidates if one.text in guessed]
            ask(self._site, [word.model_copy(update={"candidates": likely or word.candidates})])

    def _name_in(self, lines: list[str], ids: list[str]) -> str:
        """The line that an answer of the site calls a partner by; else the first that says anything but an id."""
        said = [line for line in lines if re.search(r"\w", line) and not any(one in line for one in ids)]
        return next((line for line in said if answers.is_name(self._site, line)), said[0] if said else "")

    def _partner(self, row: Row) -> Partner:
        words = self._site.words
        statuses = rows.words_in(words, row, heading="status", among=STATUSES)
        name = row.under(lambda text: words.matches("partner name", text)) or self._name_in(row.lines, row.ids)
        if not row.ids:
            raise ScreenChanged(self._site.screen, "the partner's id in its row", found=row.text[:80])
        return Partner(
            partner_id=row.ids[0],
            name=name.split("\n")[0].strip(),
            status=statuses[0] if len(statuses) == 1 else None,
            unknown_words=rows.unknown_in(self._site, row, heading="status", among=STATUSES),
        )


def _id(row: Row) -> str | None:
    return row.ids[0] if len(row.ids) == 1 else None


def _go(site: Site, org: str) -> None:
    """Take the menu; where its entries cannot be told, the guessed route, if that really is the page."""
    site.screen = "Partners"
    site.traffic.moved()
    entry = sought.entry(site, "partners")
    try:
        taken = _enter(site, entry)
    except ScreenChanged:
        _guess(site, org, entry)
        return
    try:
        arrive(site, _landmark(site))
    except ScreenChanged:
        if taken:
            # The evidence was wrong: which entry it is only a person can say.
            ask(site, taken)
        raise


def _enter(site: Site, entry: Sought) -> list[UnknownWord]:
    """Choose the menu's entry, and return what was taken for it where evidence alone spoke for one."""
    try:
        menu.choose(site, "partners", under=UNDER)
    except ScreenChanged:
        taken = page_surface(site).unknown(entry)
        if not all(map(is_plain, taken)) or not settle(site, taken):
            raise
        menu.choose(site, "partners", under=UNDER)
        return taken
    return []


def _guess(site: Site, org: str, entry: Sought) -> None:
    """Try the route it may have; where that is no such page, ask which entry of the menu leads there."""
    open_screen(site, "Partners", GUESS, org=org, landmark=lambda: _landmark(site))
    if site.path == GUESS and menu.tabs(site).or_(_add_button(site)).filter(visible=True).count():
        return
    open_screen(site, "Overview", OVERVIEW, org=org, landmark=lambda: menu.landmark(site))
    site.screen = "Partners"
    if not page_surface(site).learn(entry):
        missing = f"the menu entry {quoted(site.words.of('partners')[0])}"
        raise ScreenChanged("Partners", missing, found=f"the page {site.path}")
    menu.choose(site, "partners", under=UNDER)
    arrive(site, _landmark(site))


def _landmark(site: Site) -> Locator:
    """Return what shows that the page has been drawn, whatever its words and be it blocks instead of a list."""
    return list_landmark(site).or_(_add_button(site)).or_(menu.tabs(site))


def _add_button(site: Site) -> Locator:
    return site.page.get_by_role("button", name=site.words.pattern(*ADD))

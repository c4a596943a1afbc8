from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bcflow.models.accounts import AdAccount
from bcflow.models.errors import CannotSee
from bcflow.models.identity import canonical_name, quoted
from bcflow.pages import other_tabs
from bcflow.pages.kit.evidence import sought
from bcflow.pages.kit.lists import answers, blocks, rows
from bcflow.pages.kit.lists.table import Listing, Table, list_landmark
from bcflow.pages.kit.screen import interruptions
from bcflow.pages.kit.screen.arrival import open_screen
from bcflow.pages.kit.screen.declared import SEARCH, State, button, card, column
from bcflow.pages.kit.screen.place import require_place
from bcflow.pages.kit.widgets import menu
from bcflow.pages.kit.widgets.surface import on_top, page_surface
from bcflow.pages.offers import why_missing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from playwright.sync_api import Locator

    from bcflow.pages.kit.evidence.sought import Sought
    from bcflow.pages.kit.lists.table import Row
    from bcflow.pages.kit.screen.site import Site
    from bcflow.pages.kit.widgets.surface import Surface

ROUTE = "/manage/accounts/adv"
STATUSES = ("in review", "approved", "disapproved", "suspended", "contract has not taken effect", "disabled")
RELATIONS = ("request pending", "request declined")
ROLES = ("admin", "operator", "analyst")
ADD = ("add advertiser account",)
REQUEST, CREATE = "request access", "create new"
LIST = State(
    "Ad accounts",
    "list",
    (
        button(*ADD, REQUEST),
        *column("status", (*STATUSES, *RELATIONS)),
        *column("role assigned", (*RELATIONS, *ROLES), needed=False),
        SEARCH,
    ),
)
ONWARD = button("next", "confirm", needed=False)
CHOOSERS = {each: State("Ad accounts", "what to add", (card(each), ONWARD), is_form=True) for each in (REQUEST, CREATE)}
"""What each of the choices needs of the chooser: a flow does not stop at the other one."""
EMPTY_STANDS_SECONDS = 1.5
CHOICE_STANDS_SECONDS = 2.0
HELD = "held ad accounts"


@dataclass(frozen=True)
class Held:
    """Which ad accounts a list shows: the `names` of those in it, by id.

    What is not in it is surely not if the list was read `whole` and no answer of the screen `told` of it, or if it was
    looked for by itself (`absent`).
    """

    names: dict[str, str]
    proof: str
    whole: bool = False
    told: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()

    def tells(self, aadvids: Sequence[str]) -> bool:
        return self.whole or not set(aadvids) - self.names.keys() - self.absent

    def missing(self, aadvids: Sequence[str]) -> list[str]:
        """Those that surely are not in it."""
        return [
            one
            for one in aadvids
            if one not in self.names and (one in self.absent or (self.whole and one not in self.told))
        ]


class AdAccountsPage:
    def __init__(self, site: Site) -> None:
        self._site, self._made_here = site, False
        self.table = Table(site, page_surface(site).root, name="ad accounts", identity=_id)

    @classmethod
    def open(cls, site: Site, org: str) -> AdAccountsPage:
        open_screen(site, "Ad accounts", ROUTE, org=org, landmark=lambda: list_landmark(site).or_(_big_buttons(site)))
        require_place(site, org)
        site.shows(LIST)
        return cls(site)

    @property
    def may_add(self) -> bool:
        page = page_surface(self._site)
        return page.find_button(*ADD) is not None or page.find_button(REQUEST) is not None

    def why_not_add(self, org: str) -> str:
        """Why no account can be added here; empty: it is offered."""
        return "" if self.may_add else why_missing(self._site, org, *ADD)

    @property
    def is_empty(self) -> bool:
        """A Business Center without any account shows two big buttons instead of a list, and is sent none.

        The same two buttons may stand above a list that only has not come yet.
        """
        listed = list_landmark(self._site).filter(visible=True)
        if listed.count() or page_surface(self._site).find_button(REQUEST) is None:
            return False
        if self._site.until(lambda: listed.count() > 0, seconds=EMPTY_STANDS_SECONDS):
            return False
        return self._site.traffic.idle() and answers.says_empty(self._site)

    def find(self, aadvid: str, *, was_absent: bool = False, made_here: bool = False) -> tuple[AdAccount | None, str]:
        self._made_here = made_here
        found, proof = self._find(aadvid, lambda row: aadvid in row.ids, _id, was_absent=was_absent)
        if not found:
            self.table.require_silence(aadvid)
        return (found[0] if found else None), proof

    def find_named(self, name: str) -> tuple[list[AdAccount], str]:
        wanted, self._made_here = canonical_name(name), True
        return self._find(name, lambda row: canonical_name(_name(row)) == wanted, _name, several=True)

    @classmethod
    def held(cls, site: Site, org: str, aadvids: Sequence[str]) -> Held:
        """Which of these the Business Center has; the looks of one visit read the list once."""
        looks = site.session.shared_looks
        held = looks.listing((org, HELD)) if looks else None
        if held is None or not held.tells(aadvids):
            held = cls.open(site, org).read_held(org, aadvids, held or Held({}, ""))
            if site.session.shared_looks:
                site.session.shared_looks.keep((org, HELD), held)
        return held

    def read_accounts(self) -> list[AdAccount]:
        return [] if self.is_empty else [self._account(row) for row in self.table.read_all().rows]

    def open_details(self, aadvid: str) -> bool:
        """Open an account's details, and say whether its row offers any."""
        view = rows.find_action(self._site, self.table.show(aadvid), "view")
        if view is None:
            return False
        interruptions.watch(self._site)
        view.click()
        return True

    def start_request(self) -> None:
        self._start(REQUEST)

    def start_creation(self) -> None:
        self._start(CREATE)
        confirm = self._site.until(self._confirm_or_form, seconds=15)
        now = on_top(self._site)
        if confirm is None and not now.is_page and not now.unknown(sought.field(self._site, "ad account name")):
            confirm = "confirm"
        if confirm == "confirm":
            now.press("confirm", "submit", leads="on")

    def _start(self, choice: str) -> None:
        page = page_surface(self._site)
        if self.is_empty or (page.find_button(*ADD) is None and page.find_button(REQUEST) is not None):
            page.press(choice)
            return
        page.press(*ADD)
        chooser = self._site.until(lambda: self._chooser(choice), seconds=self._site.patience / 3) or on_top(self._site)
        self._site.shows(CHOOSERS[choice])
        if chooser.find_text(choice) is None:
            chooser.learn(sought.text(self._site, choice), *self._onward(chooser))
        chooser.pick(choice)
        if chooser.find_button("next", "confirm") is not None or self._stays(chooser, choice):
            chooser.press("next", "confirm", leads="on")

    def _onward(self, chooser: Surface) -> list[Sought]:
        """What leads on from the choice, where it is a dialog; a menu needs nothing more."""
        known = chooser.is_page or chooser.find_button("next", "confirm") is not None
        return [] if known else [sought.button(self._site, "next", "confirm", leads="on")]

    def _stays(self, chooser: Surface, choice: str) -> bool:
        """Whether the choice alone did not lead on."""

        def is_left() -> bool:
            return not chooser.same_as(on_top(self._site)) or chooser.find_text(choice) is None

        return not self._site.until(is_left, seconds=CHOICE_STANDS_SECONDS)

    def _chooser(self, choice: str) -> Surface | None:
        now = on_top(self._site)
        return now if now.find_text(choice) is not None else None

    def _confirm_or_form(self) -> str | None:
        now = on_top(self._site)
        if now.is_page and self.may_add:
            # Still the list: its heading may be taken for the caption of a field in its pager.
            return None
        if now.find_field("ad account name", "enter ad account name", "time zone", "country/region", "company name"):
            return "form"
        bare = not now.is_page and now.find_button("create new", "next") is None
        return "confirm" if bare and now.find_button("confirm", "submit") is not None else None

    def _find(
        self,
        text: str,
        is_it: Callable[[Row], bool],
        known: Callable[[Row], str | None],
        *,
        was_absent: bool = False,
        several: bool = False,
    ) -> tuple[list[AdAccount], str]:
        found = Listing([], "the Business Center shows that it has no ad account yet")
        if not self.is_empty:
            found = self.table.find(text, is_it=is_it, known=known, was_absent=was_absent, several=several)
        if found.rows:
            return [self._account(row) for row in found.rows], found.proof
        elsewhere = other_tabs.rows(self._site, is_it, by=blocks.IDS, identity=_id)
        return [self._account(row, anywhere=True) for row in elsewhere], found.proof

    def read_held(self, org: str, aadvids: Sequence[str], known: Held) -> Held:
        if menu.tabs(self._site).filter(visible=True).count() > 1:
            raise CannotSee(f"{self._site.screen}: the list has several tabs")
        if why := self.why_not_add(org):
            # Who may not add any may not be shown all.
            raise CannotSee(why)
        if self.is_empty:
            proof = "the Business Center shows that it has no ad account yet"
            return Held({}, proof, whole=True, told=answers.numbers(self._site))
        whole = self._whole(org, len(aadvids))
        if whole is None:
            return self._looked_for(aadvids, known)
        self.table.require_known(whole.rows)
        names = {one: _name(row) for row in whole.rows for one in row.ids}
        return Held(names, whole.proof, whole=True, told=answers.numbers(self._site))

    def _whole(self, org: str, looks: int) -> Listing | None:
        visit, key = self._site.session.shared_looks, (org, self.table.name)
        try:
            shared = self.table.shared()
            return shared if shared or (visit and visit.knows(key)) else self.table.walked_for(looks)
        except CannotSee:
            # A search may tell; the visit's other looks need not try again.
            if visit:
                visit.keep(key, None)
            return None

    def _looked_for(self, aadvids: Sequence[str], known: Held) -> Held:
        found = {one: self.find(one) for one in aadvids if not known.tells([one])}
        names = known.names | {one: account.name for one, (account, _) in found.items() if account}
        proofs = [proof for account, proof in found.values() if not account]
        return Held(names, next(iter(proofs), known.proof), absent=known.absent | (found.keys() - names.keys()))

    def _account(self, row: Row, *, anywhere: bool = False) -> AdAccount:
        words = self._site.words
        if not row.ids:
            raise CannotSee(f"{self._site.screen}: a row shows no id: {quoted(row.text, 80)}")
        statuses = rows.words_in(words, row, heading="status", among=(*STATUSES, *RELATIONS))
        roles = (*RELATIONS, *ROLES)
        relations = rows.words_in(words, row, heading="role assigned", among=roles)
        owner = row.under(lambda text: words.matches("owner", text))
        owned_here = self._owned_here(owner)
        is_own = self._made_here or bool(owned_here)
        # It is asked about right after a write: then an account of one's own is looked at, and another's is waited for.
        likely = (*STATUSES, *RELATIONS) if is_own else (RELATIONS[0], *STATUSES, *RELATIONS[1:])
        unknown = rows.unknown_in(self._site, row, heading="status", among=likely, anywhere=anywhere)
        # What is one's own has no relation to an owner.
        if not (unknown or is_own):
            unknown = rows.unknown_in(self._site, row, heading="role assigned", among=roles, always=False)
        return AdAccount.model_validate(
            {
                "aadvid": row.ids[0],
                "name": _name(row),
                "status": next((word for word in statuses if word in STATUSES), None),
                "relation": next((word for word in (*relations, *statuses) if word in RELATIONS), None),
                "role": next((word for word in relations if word in ROLES), None),
                "owner": owner,
                "owned_here": owned_here,
                "unknown_words": unknown,
            }
        )

    def _owned_here(self, owner: str | None) -> bool | None:
        name = self._site.session.business_centers.get(self._site.org_in_url or "")
        lines = (owner or "").split("\n")
        return None if owner is None or not name else canonical_name(name) in map(canonical_name, lines)


def _id(row: Row) -> str | None:
    return row.ids[0] if len(row.ids) == 1 else None


def _name(row: Row) -> str:
    """The line above the id, in whichever cell that is."""
    cell = next((cell for cell in row.cells if any(one in cell for one in row.ids)), "")
    lines = [line.strip() for line in cell.split("\n") if line.strip()]
    named = [line for line in lines if not any(one in line for one in row.ids)]
    return named[0] if named else (row.lines[0] if row.lines else "")


def _big_buttons(site: Site) -> Locator:
    return site.page.get_by_role("button", name=site.words.pattern(REQUEST))

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bcflow.models.accounts import Member
from bcflow.models.errors import CannotSee
from bcflow.models.identity import fold, same_email
from bcflow.pages import other_tabs
from bcflow.pages.kit.lists import blocks, rows
from bcflow.pages.kit.lists.table import Table, list_landmark
from bcflow.pages.kit.screen.arrival import open_screen
from bcflow.pages.kit.screen.declared import SEARCH, State, button, column
from bcflow.pages.kit.screen.place import require_place
from bcflow.pages.kit.widgets.surface import on_top, page_surface
from bcflow.pages.offers import open_row, why_missing

if TYPE_CHECKING:
    from bcflow.pages.kit.lists.table import Listing, Row
    from bcflow.pages.kit.screen.site import Site
    from bcflow.pages.kit.widgets.surface import Surface

ROUTE = "/manage/users/members"
INVITE = "invite member"
ROLES = ("admin", "standard")
LEVELS = ("admin", "operator", "analyst")
STATUSES = ("pending", "active", "suspended")
FINANCE = {"manager": "finance manager", "analyst": "finance analyst"}
NAMED = (*ROLES, *FINANCE.values())
LIST = State("Members", "list", (button(INVITE), *column("role", NAMED), *column("status", STATUSES), SEARCH))
DETAILS = State("Members", "details", column("access permission", LEVELS))


class MembersPage:
    def __init__(self, site: Site) -> None:
        self._site = site
        self.table = Table(site, page_surface(site).root, name="members", identity=_address, by=blocks.ADDRESSES)

    @classmethod
    def open(cls, site: Site, org: str) -> MembersPage:
        open_screen(site, "Members", ROUTE, org=org, landmark=lambda: list_landmark(site))
        require_place(site, org)
        site.shows(LIST)
        return cls(site)

    def why_no_invitation(self, org: str) -> str:
        """Why nobody can be invited here; empty: it is offered."""
        return why_missing(self._site, org, INVITE)

    def find(self, email: str, *, was_absent: bool = False) -> tuple[list[Member], str]:
        own = fold(self._site.session.own_email or "")
        found = self.table.find(email, is_it=lambda row: self._is(row, email), own=own, was_absent=was_absent)
        if found.rows:
            return [self._member(row) for row in found.rows], found.proof
        elsewhere = other_tabs.rows(
            self._site, lambda row: self._is(row, email), by=blocks.ADDRESSES, identity=_address
        )
        if not elsewhere:
            self.table.require_silence(email)
        return [self._member(row, anywhere=True) for row in elsewhere], found.proof

    def address(self, row: Row) -> str:
        """Return the address of a row's member, or an empty text where it is not shown whole."""
        return "" if rows.masked_email(row) else rows.email(row)

    def read_all(self) -> Listing:
        return self.table.read_all()

    def read_members(self) -> list[Member]:
        return [self._member(row) for row in self.read_all().rows]

    def start_invitation(self) -> None:
        page_surface(self._site).press(INVITE)

    def read_assigned(self, email: str) -> dict[str, str] | None:
        """Level by aadvid, from the member's details; None where they show no such list, be it empty."""
        row = self.table.show(email)
        before = on_top(self._site)
        open_row(self._site, row, email)
        details = self._site.until(lambda: self._details(email, before), seconds=15)
        if details is None:
            raise CannotSee(f"{self._site.screen}: the details of {email} did not open")
        table = Table(self._site, details.root, name="assigned ad accounts", shared=False, identity=_id)
        if not table.comes():
            return {} if self._counts_none(details) else None
        self._site.shows(DETAILS)
        listed = table.read_all().rows
        table.require_known(listed)
        return {row.ids[0]: self._level(row) for row in listed}

    def _counts_none(self, details: Surface) -> bool:
        counted = details.root.get_by_text(self._site.words.pattern("assigned accounts")).filter(visible=True)
        return any(re.findall(r"\d+", text) == ["0"] for text in counted.all_inner_texts())

    def _level(self, row: Row) -> str:
        """The level in the row, or the row's own words for one that is not known."""
        words = self._site.words
        levels = rows.words_in(words, row, heading="access permission", among=LEVELS)
        shown = rows.unknown_in(self._site, row, heading="access permission", among=LEVELS)
        if len(levels) == 1 or shown:
            return levels[0] if len(levels) == 1 else shown
        raise CannotSee(f"{self._site.screen}: the row of ad account {row.ids[0]} shows no level")

    def _details(self, email: str, before: Surface) -> Surface | None:
        now = on_top(self._site)
        opened = not now.is_page or before.is_page != now.is_page or self._left_the_list(now)
        return now if opened and email in now.text() and self._site.traffic.idle() else None

    def _left_the_list(self, now: Surface) -> bool:
        """Whether the page shows one member: another route, or the same one without the list's own button."""
        return self._site.path != ROUTE or now.find_button(INVITE) is None

    def _is(self, row: Row, email: str) -> bool:
        shown = rows.email(row)
        if rows.masked_email(row):
            rows.cannot_tell(self._site, row, email)
        return same_email(shown, email)

    def _member(self, row: Row, *, anywhere: bool = False) -> Member:
        words = self._site.words
        roles = rows.words_in(words, row, heading="role", among=NAMED)
        statuses = rows.words_in(words, row, heading="status", among=STATUSES)
        unknown = rows.unknown_in(self._site, row, heading="status", among=STATUSES, anywhere=anywhere)
        finance = [name for name, concept in FINANCE.items() if concept in roles]
        return Member.model_validate(
            {
                "email": rows.email(row),
                "role": next((role for role in ROLES if role in roles), None),
                "finance_role": finance[0] if finance else None,
                "status": statuses[0] if len(statuses) == 1 else None,
                "unknown_words": unknown or rows.unknown_in(self._site, row, heading="role", among=NAMED, several=True),
            }
        )


def _address(row: Row) -> str | None:
    return fold(rows.email(row)) or None


def _id(row: Row) -> str | None:
    return row.ids[0] if len(row.ids) == 1 else None

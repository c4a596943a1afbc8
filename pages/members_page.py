from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.models.errors import CannotSee
from bcflow.models.identity import same_email
from bcflow.models.members import Member
from bcflow.pages.kit import assets, rows
from bcflow.pages.kit.table import Table
from bcflow.pages.offers import open_row, why_missing

if TYPE_CHECKING:
    from bcflow.pages.kit.site import Site
    from bcflow.pages.kit.surface import Surface
    from bcflow.pages.kit.table import Listing, Row

ROUTE = "/manage/users/members"
STATUSES = ("active", "pending", "suspended")
FINANCE = {"manager": "finance manager", "analyst": "finance analyst"}


class MembersPage:
    def __init__(self, site: Site) -> None:
        self._site = site
        self.table = Table(site, site.page_surface().root, name="members")

    @classmethod
    def open(cls, site: Site, org: str) -> MembersPage:
        site.open("Members", ROUTE, org=org, landmark=site.list_landmark)
        site.require_place(org)
        return cls(site)

    @property
    def may_invite(self) -> bool:
        return self._site.page_surface().find_button("invite member") is not None

    def why_no_invitation(self, org: str) -> str:
        return why_missing(self._site, org, "invite member")

    def find(self, email: str, *, was_absent: bool = False) -> tuple[list[Member], str]:
        found = self.table.find(
            email,
            is_it=lambda row: self._is(row, email),
            known=lambda row: rows.email(row) or None,
            was_absent=was_absent,
        )
        return [self._member(row) for row in found.rows], found.proof

    def read_all(self) -> Listing:
        return self.table.read_all()

    def read_members(self) -> list[Member]:
        return [self._member(row) for row in self.read_all().rows]

    def start_invitation(self) -> None:
        self._site.page_surface().press("invite member")

    def read_assigned(self, email: str) -> dict[str, str]:
        """Role by aadvid, from the member's details."""
        row = self.table.show(email)
        before = self._site.surface()
        open_row(self._site, row, email)
        details = self._site.until(lambda: self._details(email, before), seconds=15)
        if details is None:
            raise CannotSee(f"{self._site.screen}: the details of {email} did not open")
        return assets.read_roles(details)

    def _details(self, email: str, before: Surface) -> Surface | None:
        now = self._site.surface()
        opened = not now.is_page or before.is_page != now.is_page or self._left_the_list(now)
        return now if opened and email in now.text() and self._site.wire.idle() else None

    def _left_the_list(self, now: Surface) -> bool:
        """Whether the page shows one member: another route, or the same one without the list's own button."""
        return self._site.path != ROUTE or now.find_button("invite member") is None

    def _is(self, row: Row, email: str) -> bool:
        shown = rows.email(row)
        if rows.masked_email(row):
            rows.cannot_tell(self._site, row, email)
        return same_email(shown, email)

    def _member(self, row: Row) -> Member:
        words = self._site.words
        roles = rows.words_in(words, row, heading="role", among=("admin", "standard", *FINANCE.values()))
        statuses = rows.words_in(words, row, heading="status", among=STATUSES)
        finance = [name for name, concept in FINANCE.items() if concept in roles]
        return Member.model_validate(
            {
                "email": rows.email(row),
                "role": next((role for role in ("admin", "standard") if role in roles), None),
                "finance_role": finance[0] if finance else None,
                "status": statuses[0] if len(statuses) == 1 else None,
            }
        )

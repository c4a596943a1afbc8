from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.models.accounts import SharedAccount
from bcflow.pages.kit.evidence import sought
from bcflow.pages.kit.lists import answers, rows
from bcflow.pages.kit.lists.table import Table
from bcflow.pages.kit.screen.declared import State, button, column, tab
from bcflow.pages.kit.widgets import menu
from bcflow.pages.kit.widgets.surface import on_top, wait_for_surface
from bcflow.pages.offers import why_missing

if TYPE_CHECKING:
    from bcflow.pages.kit.lists.table import Row
    from bcflow.pages.kit.screen.site import Site
    from bcflow.pages.kit.widgets.surface import Surface

STATUSES = ("active", "shared", "request pending", "request declined")
ROLES = ("admin", "operator", "analyst")
SHARE, SHARED = "share assets", "you've shared"
PAGE = State(
    "Partners",
    "a partner's page",
    (tab(SHARED), button(SHARE), *column("access permission", ROLES), *column("status", STATUSES, needed=False)),
)


class PartnerDetailsPage:
    def __init__(self, site: Site, partner_id: str) -> None:
        self._site = site
        self._partner_id = partner_id
        self.view: Surface = wait_for_surface(
            site,
            lambda: self._shown(partner_id),
            title=f"the page of partner {partner_id}",
            by=[sought.tab(site, SHARED)],
        )
        for each in (SHARED, "advertiser accounts"):
            menu.tab(site, self.view.root, each)
        site.shows(PAGE)

    def why_not_share(self, org: str) -> str:
        """Why nothing can be shared here; empty: it is offered."""
        return why_missing(self._site, org, SHARE)

    def find_share(self, aadvid: str, *, was_absent: bool = False) -> tuple[SharedAccount | None, str]:
        table = Table(self._site, self.view.root, name="shared ad accounts", shared=False, identity=_id)
        if not table.comes() and answers.counts_none(self._site, about=self._partner_id):
            return None, "the page shows no list, and the site's answer counts none"
        found = table.find(aadvid, is_it=lambda row: aadvid in row.ids, was_absent=was_absent)
        if not found.rows:
            # Other answers may speak of the account for other reasons.
            table.require_silence(aadvid, about=self._partner_id)
        return (self._share(aadvid, found.rows[0]) if found.rows else None), found.proof

    def start_sharing(self) -> None:
        self.view.press(SHARE)

    def _share(self, aadvid: str, row: Row) -> SharedAccount:
        words = self._site.words
        roles = rows.words_in(words, row, heading="access permission", among=ROLES)
        statuses = rows.words_in(words, row, heading="status", among=STATUSES)
        return SharedAccount(
            aadvid=aadvid,
            role=roles[0] if len(roles) == 1 else None,  # type: ignore[arg-type]
            status=statuses[0] if len(statuses) == 1 else None,
            unknown_words=rows.unknown_in(self._site, row, heading="status", among=STATUSES)
            or rows.unknown_in(self._site, row, heading="access permission", among=ROLES),
        )

    def _shown(self, partner_id: str) -> Surface | None:
        now = on_top(self._site)
        named = partner_id in now.text() or partner_id in self._site.page.url
        here = named and menu.find_tab(self._site, now.root, SHARED) is not None
        return now if here and self._site.traffic.idle() else None


def _id(row: Row) -> str | None:
    return row.ids[0] if len(row.ids) == 1 else None

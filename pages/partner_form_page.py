from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.models.errors import Refused
from bcflow.models.identity import canonical_name, quoted
from bcflow.pages.kit.lists import assets
from bcflow.pages.kit.widgets.surface import on_top, wait_for_form, wait_for_surface
from bcflow.pages.kit.writing.commit import Commit
from bcflow.pages.kit.writing.filling import Filling
from bcflow.pages.kit.writing.forms import Entry, Plan, fill_through
from bcflow.pages.kit.writing.parts import Accounts, Answer

if TYPE_CHECKING:
    from bcflow.models.jobs import AssetRole, ShareWithPartner
    from bcflow.models.looks import Effect
    from bcflow.pages.kit.screen.site import Site
    from bcflow.pages.kit.widgets.surface import Surface

ID_CAPTIONS = ("partner's business center id", "enter partner's business center id")
SENDING = ("confirm", "assign", "submit", "share with partner", "add partner")
PRIMARY = "primary media agency"
ANSWERS = {True: "yes", False: "no"}


class PartnerFormPage:
    """Adding a partner by id, or sharing more with one: both end in choosing ad accounts and a role."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def fill_new(self, job: ShareWithPartner, first: AssetRole, *, shared: Effect) -> Commit:
        filling = Filling(wait_for_form(self._site, *ID_CAPTIONS, title="the form that adds a partner"))
        return self._grant(filling, job, first, also=(shared,))

    def fill_share(self, job: ShareWithPartner, item: AssetRole) -> Commit:
        filling = Filling(wait_for_surface(self._site, self._choosing, title="the form that shares ad accounts"))
        filling.known("partner_id", job.partner_id)
        return self._grant(filling, job, item, also=())

    def _grant(self, filling: Filling, job: ShareWithPartner, item: AssetRole, *, also: tuple[Effect, ...]) -> Commit:
        shown: list[Surface] = []
        name = canonical_name(job.expect_partner_name or "")

        def on_step(step: Surface) -> None:
            """The first step after the partner's id says whose it is."""
            if not shown and name not in canonical_name(step.text()):
                raise Refused(
                    f"the partner shown is not {quoted(job.expect_partner_name, 255)}: {_named(step)}. Nothing was sent"
                )
            shown.append(step)

        sending = fill_through(filling, plan(job, item, new=bool(also)), on_step=on_step if also else None)
        offered = "ad_accounts" in filling.shown
        return Commit.on(
            filling.form,
            *sending,
            org=job.business_center,
            ids=frozenset({job.partner_id, item.aadvid} if offered else {job.partner_id}),
            filling=filling,
            also=also if offered else (),
            subject=item.aadvid,
        )

    def _choosing(self) -> Surface | None:
        now = on_top(self._site)
        return now if assets.offered(now) or (not now.is_page and assets.shows_a_list(now)) else None


def plan(job: ShareWithPartner, item: AssetRole, *, new: bool) -> Plan:
    """Return what the form is to be given for one ad account of `job`; a `new` partner's id is asked first."""
    return Plan(
        "a new partner" if new else "what is shared",
        SENDING,
        (Entry("partner_id", job.partner_id, ID_CAPTIONS),) if new else (),
        (Accounts({item.aadvid: item.role}), Answer("primary_agency", job.primary_agency, ANSWERS, PRIMARY)),
        needed=frozenset({"partner_id"} if new else ()),
    )


def _named(step: Surface) -> str:
    return " ".join(step.text().split())[:120]

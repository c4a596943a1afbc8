from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.models.errors import Refused
from bcflow.models.identity import canonical_name
from bcflow.pages.kit.evidence import sought
from bcflow.pages.kit.screen import interruptions
from bcflow.pages.kit.widgets import assets
from bcflow.pages.kit.widgets.surface import on_top, wait_for_form, wait_for_surface
from bcflow.pages.kit.writing.commit import Commit
from bcflow.pages.kit.writing.filling import Filling
from bcflow.pages.offers import goes_on

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
        form = wait_for_form(self._site, *ID_CAPTIONS, title="the form that adds a partner")
        filling = Filling(form)
        filling.write("partner_id", job.partner_id, *ID_CAPTIONS)
        onward = filling.onward(*SENDING)
        if onward is None:
            filling.require_words()
            return self._grant(filling, job, first, also=(shared,))
        heading = form.title
        filling.leave()
        onward.click()
        step = wait_for_surface(
            self._site,
            lambda: self._second_step(form, heading),
            title="the step that chooses ad accounts",
            by=[sought.button(self._site, *SENDING, leads="sends")],
        )
        if job.expect_partner_name and canonical_name(job.expect_partner_name) not in canonical_name(step.text()):
            raise Refused(f"the partner shown is not {job.expect_partner_name!r}: {_named(step)}. Nothing was sent")
        filling.go_on(step)
        return self._grant(filling, job, first, also=(shared,))

    def fill_share(self, job: ShareWithPartner, item: AssetRole) -> Commit:
        sends = sought.button(self._site, *SENDING, leads="sends")
        form = wait_for_surface(self._site, self._choosing, title="the form that shares ad accounts", by=[sends])
        filling = Filling(form)
        filling.known("partner_id", job.partner_id)
        return self._grant(filling, job, item, also=())

    def _grant(self, filling: Filling, job: ShareWithPartner, item: AssetRole, *, also: tuple[Effect, ...]) -> Commit:
        form = filling.form
        offered = self._offers_accounts(form)
        if not offered and assets.shows_a_list(form):
            raise Refused(f"ad account {item.aadvid} is not offered here: the list of ad accounts is empty")
        if offered:
            filling.accounts({item.aadvid: item.role})
            self._primary(filling, wanted=job.primary_agency)
        return Commit.on(
            form,
            *SENDING,
            org=job.business_center,
            ids=frozenset({job.partner_id, item.aadvid} if offered else {job.partner_id}),
            filling=filling,
            also=also if offered else (),
            subject=item.aadvid,
        )

    def _primary(self, filling: Filling, *, wanted: bool | None) -> None:
        question = filling.form.find_field(PRIMARY)
        if question is None:
            return
        if wanted is None:
            raise Refused("the form asks whether you are the primary media agency; give primary_agency in the job")
        filling.choose("primary_agency", wanted, ANSWERS, question, (PRIMARY,))

    def _second_step(self, first: Surface, heading: str) -> Surface | None:
        problems = first.errors()
        if problems:
            raise Refused("; ".join(problems))
        interruptions.clear(self._site)
        now = on_top(self._site)
        onward = now.find_field(*ID_CAPTIONS) is None and goes_on(heading, now)
        return now if onward and now.find_button(*SENDING) is not None else None

    def _choosing(self) -> Surface | None:
        now = on_top(self._site)
        return now if now.find_button("assign", "confirm", "submit") and self._offers_accounts(now) else None

    def _offers_accounts(self, form: Surface) -> bool:
        return self._site.until(lambda: assets.offered(form), seconds=5) is not None


def _named(step: Surface) -> str:
    return " ".join(step.text().split())[:120]

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.models.errors import Refused, ScreenChanged
from bcflow.models.identity import same_email
from bcflow.pages.kit import assets
from bcflow.pages.kit.commit import Commit
from bcflow.pages.kit.forms import choose_word
from bcflow.pages.offers import goes_on

if TYPE_CHECKING:
    from collections.abc import Callable

    from bcflow.models.jobs import InviteMember
    from bcflow.pages.kit.site import Site
    from bcflow.pages.kit.surface import Surface

SENDING = ("send invitation", "confirm", "submit", "invite member", "assign")
FINANCE = {"manager": "finance manager", "analyst": "finance analyst"}


class InvitationPage:
    def __init__(self, site: Site) -> None:
        self._site = site
        self.form = site.wait_for_form("email", "enter email", title="the invitation form")
        self._heading = self.form.title

    def fill(self, job: InviteMember) -> Commit:
        email = self.form.field("email", "enter email")
        email.write(job.email)
        choose_word(self.form, job.role, captions=("access settings", "role"))
        self._choose_finance(job.finance_role)
        onward = self.form.find_button("next")
        if onward is None:
            if job.ad_accounts:
                self._require_accounts()
                assets.choose(self.form, _roles(job))
            return self._commit(self.form, job, SENDING, check=lambda: self._check(job))
        self._check(job)
        onward.click()
        return self._assign(job)

    def _assign(self, job: InviteMember) -> Commit:
        step = self._site.until(self._second_step, seconds=10)
        if step is None:
            problems = self.form.errors()
            if problems:
                raise Refused("; ".join(problems))
            raise ScreenChanged(self._site.screen, "the step that assigns assets", found=self._site.surface().title)
        if not job.ad_accounts:
            return self._commit(step, job, ("skip", *SENDING))
        assets.choose(step, _roles(job))
        return self._commit(step, job, SENDING)

    def _second_step(self) -> Surface | None:
        self._site.interruptions.clear()
        now = self._site.surface()
        left = now.find_button("next") is None and now.find_field("email", "enter email") is None
        return now if left and goes_on(self._heading, now) and now.find_button("skip", *SENDING) is not None else None

    def _require_accounts(self) -> None:
        if self._site.until(lambda: assets.offered(self.form), seconds=5) is None:
            raise Refused("this invitation has no ad accounts to assign; invite without ad_accounts. Nothing was sent")

    def _choose_finance(self, wanted: str | None) -> None:
        if wanted is not None:
            choose_word(self.form, FINANCE[wanted], captions=("advanced permissions",))

    def _check(self, job: InviteMember) -> None:
        shown = self.form.field("email", "enter email").read()
        if not same_email(shown, job.email):
            raise ScreenChanged(self._site.screen, f"{job.email} alone in the e-mail field", found=shown)

    def _commit(
        self, form: Surface, job: InviteMember, sending: tuple[str, ...], *, check: Callable[[], None] | None = None
    ) -> Commit:
        ids = frozenset(_roles(job))
        return Commit.on(form, *sending, org=job.business_center, ids=ids, subject=job.email, check=check)


def _roles(job: InviteMember) -> dict[str, str]:
    return {item.aadvid: item.role for item in job.ad_accounts}

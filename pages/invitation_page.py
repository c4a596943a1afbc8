from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.models.errors import Refused, ScreenChanged
from bcflow.pages.kit.evidence import sought
from bcflow.pages.kit.screen import interruptions
from bcflow.pages.kit.widgets import assets
from bcflow.pages.kit.widgets.surface import on_top, wait_for_form
from bcflow.pages.kit.writing.commit import Commit
from bcflow.pages.kit.writing.filling import Filling
from bcflow.pages.offers import goes_on

if TYPE_CHECKING:
    from bcflow.models.jobs import InviteMember
    from bcflow.pages.kit.screen.site import Site
    from bcflow.pages.kit.widgets.surface import Surface

SENDING = ("send invitation", "confirm", "submit", "invite member", "assign")
ROLES = {"admin": "admin", "standard": "standard"}
FINANCE = {"manager": "finance manager", "analyst": "finance analyst"}
ADVANCED = "advanced permissions"


class InvitationPage:
    def __init__(self, site: Site) -> None:
        self._site = site
        self.form = wait_for_form(site, "email", "enter email", title="the invitation form")
        self._heading = self.form.title
        self._filling = Filling(self.form)

    def fill(self, job: InviteMember) -> Commit:
        self._filling.write("email", job.email, "email", "enter email")
        self._filling.word("role", job.role, ROLES, ("access settings", "role"))
        self._choose_finance(job.finance_role)
        onward = self._filling.onward(*SENDING)
        if onward is None:
            self._filling.require_words()
            if job.ad_accounts:
                self._require_accounts()
            self._filling.accounts(_roles(job))
            return self._commit(job, SENDING)
        self._filling.leave()
        onward.click()
        return self._assign(job)

    def _assign(self, job: InviteMember) -> Commit:
        step = self._site.until(self._second_step, seconds=10)
        if step is None:
            problems = self.form.errors()
            if problems:
                raise Refused("; ".join(problems))
            step = self._in_other_words()
        if step is None:
            raise ScreenChanged(self._site.screen, "the step that assigns assets", found=on_top(self._site).title)
        if not job.ad_accounts and self._skips(step):
            self._filling.go_on(step, skipped=True)
            return self._commit(job, ("skip",))
        self._filling.go_on(step)
        self._filling.accounts(_roles(job))
        return self._commit(job, SENDING)

    def _skips(self, step: Surface) -> bool:
        if step.find_button("skip") is not None:
            return True
        return step.find_button(*SENDING) is None and step.learn(
            sought.button(self._site, "skip", leads="skips"), sought.button(self._site, *SENDING, leads="sends")
        )

    def _second_step(self) -> Surface | None:
        interruptions.clear(self._site)
        now = on_top(self._site)
        left = now.find_button("next") is None and now.find_field("email", "enter email") is None
        return now if left and goes_on(self._heading, now) and now.find_button("skip", *SENDING) is not None else None

    def _in_other_words(self) -> Surface | None:
        """The second step, where none of its buttons goes by a known word."""
        now = on_top(self._site)
        left = now.find_field("email", "enter email") is None
        return now if left and now.unknown(sought.button(self._site, *SENDING, leads="sends")) else None

    def _require_accounts(self) -> None:
        if self._site.until(lambda: assets.offered(self.form), seconds=5) is None:
            raise Refused("this invitation has no ad accounts to assign; invite without ad_accounts. Nothing was sent")

    def _choose_finance(self, wanted: str | None) -> None:
        if wanted is None:
            self._filling.unasked("finance_role", FINANCE, (ADVANCED,))
        else:
            self._filling.word("finance_role", wanted, FINANCE, (ADVANCED,), under=ADVANCED)

    def _commit(self, job: InviteMember, sending: tuple[str, ...]) -> Commit:
        ids, form = frozenset(_roles(job)), self._filling.form
        return Commit.on(form, *sending, org=job.business_center, ids=ids, filling=self._filling, subject=job.email)


def _roles(job: InviteMember) -> dict[str, str]:
    return {item.aadvid: item.role for item in job.ad_accounts}

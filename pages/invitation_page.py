from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.models.errors import Refused
from bcflow.pages.kit.widgets.surface import wait_for_form
from bcflow.pages.kit.writing.commit import Commit
from bcflow.pages.kit.writing.filling import Filling
from bcflow.pages.kit.writing.forms import Entry, Plan, fill_through
from bcflow.pages.kit.writing.parts import Accounts, Choice, NotAsked

if TYPE_CHECKING:
    from bcflow.models.jobs import InviteMember
    from bcflow.pages.kit.screen.site import Site
    from bcflow.pages.kit.writing.parts import Part

SENDING = ("send invitation", "confirm", "submit", "invite member", "assign")
EMAIL = ("email", "enter email")
ROLES = {"admin": "admin", "standard": "standard"}
FINANCE = {"manager": "finance manager", "analyst": "finance analyst"}
ADVANCED = "advanced permissions"
UNDER_IT = ("finance role", ADVANCED)
"""What the choice is called: by itself, or by the part of the form that holds it, which may have to be opened first."""


class InvitationPage:
    def __init__(self, site: Site) -> None:
        self._site = site
        self.form = wait_for_form(site, *EMAIL, title="the invitation form")

    def fill(self, job: InviteMember) -> Commit:
        filling, roles = Filling(self.form), {item.aadvid: item.role for item in job.ad_accounts}
        sending = fill_through(filling, plan(job))
        if roles and "ad_accounts" not in filling.shown and not filling.roles_to_come:
            filling.require_words()
            raise Refused("this invitation has no ad accounts to assign; invite without ad_accounts. Nothing was sent")
        ids, form = frozenset(roles), filling.form
        return Commit.on(form, *sending, org=job.business_center, ids=ids, filling=filling, subject=job.email)


def plan(job: InviteMember) -> Plan:
    """Return what the form is to be given for `job`."""
    roles = Accounts({item.aadvid: item.role for item in job.ad_accounts})
    parts = (Choice("role", job.role, ROLES, ("access settings", "role")), _finance(job), roles)
    entries = (Entry("email", job.email, EMAIL),)
    return Plan("the invitation", SENDING, entries, parts, skips=True, needed=frozenset({"email"}))


def _finance(job: InviteMember) -> Part:
    """Return the finance role that was asked for; one that was not must not come by itself."""
    if job.finance_role is None:
        return NotAsked("finance_role", FINANCE, UNDER_IT)
    return Choice("finance_role", job.finance_role, FINANCE, UNDER_IT, under=ADVANCED)

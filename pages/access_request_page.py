from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.models.errors import Refused
from bcflow.pages.kit.widgets.surface import wait_for_form
from bcflow.pages.kit.writing.commit import Commit
from bcflow.pages.kit.writing.filling import Filling
from bcflow.pages.kit.writing.forms import Entry, Plan, fill_through
from bcflow.pages.kit.writing.parts import Choice, Switch

if TYPE_CHECKING:
    from bcflow.models.jobs import AddAdAccount
    from bcflow.pages.kit.screen.site import Site
    from bcflow.pages.kit.writing.parts import Part

SENDING = ("confirm", "submit", "request access")
ID_CAPTIONS = ("account id", "enter account id")
ROLES = {"admin": "admin", "operator": "operator", "analyst": "analyst"}


class AccessRequestPage:
    def __init__(self, site: Site) -> None:
        self.form = wait_for_form(site, *ID_CAPTIONS, title="the form that asks for access")

    def fill(self, job: AddAdAccount) -> Commit:
        filling = Filling(self.form)
        sending = fill_through(filling, plan(job))
        problems = filling.form.errors()
        if problems:
            raise Refused(f"{'; '.join(problems)} (said before anything was sent)")
        ids = frozenset({job.aadvid})
        return Commit.on(filling.form, *sending, org=job.business_center, ids=ids, filling=filling, subject=job.aadvid)


def plan(job: AddAdAccount) -> Plan:
    """Return what the form is to be given for `job`."""
    parts: list[Part] = [Choice("role", job.role, ROLES, ("access permission", "role"))]
    if job.notify_owner is not None:
        parts.append(Switch("notify_owner", job.notify_owner, "notify owner"))
    entries = (Entry("aadvid", job.aadvid, ID_CAPTIONS),)
    return Plan("the request", SENDING, entries, tuple(parts), needed=frozenset({"aadvid"}))

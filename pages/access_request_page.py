from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.models.errors import Refused
from bcflow.pages.kit.widgets.surface import wait_for_form
from bcflow.pages.kit.writing.commit import Commit
from bcflow.pages.kit.writing.filling import Filling

if TYPE_CHECKING:
    from bcflow.models.jobs import AddAdAccount
    from bcflow.pages.kit.screen.site import Site

SENDING = ("confirm", "submit", "request access", "next")
ID_CAPTIONS = ("account id", "enter account id")
ROLES = {"admin": "admin", "operator": "operator", "analyst": "analyst"}


class AccessRequestPage:
    def __init__(self, site: Site) -> None:
        self.form = wait_for_form(site, *ID_CAPTIONS, title="the form that asks for access")

    def fill(self, job: AddAdAccount) -> Commit:
        filling = Filling(self.form)
        filling.write("aadvid", job.aadvid, *ID_CAPTIONS)
        filling.word("role", job.role, ROLES, ("access permission", "role"))
        if job.notify_owner is not None:
            filling.turn("notify_owner", on=job.notify_owner, concept="notify owner")
        problems = self.form.errors()
        if problems:
            raise Refused(f"{'; '.join(problems)} (said before anything was sent)")
        ids = frozenset({job.aadvid})
        return Commit.on(self.form, *SENDING, org=job.business_center, ids=ids, filling=filling, subject=job.aadvid)

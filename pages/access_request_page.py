from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.models.errors import Refused, ScreenChanged
from bcflow.pages.kit.commit import Commit
from bcflow.pages.kit.forms import choose_word, require_complete

if TYPE_CHECKING:
    from bcflow.models.jobs import AddAdAccount
    from bcflow.pages.kit.site import Site

SENDING = ("confirm", "submit", "request access", "next")
ID_CAPTIONS = ("account id", "enter account id")


class AccessRequestPage:
    def __init__(self, site: Site) -> None:
        self._site = site
        self.form = site.wait_for_form(*ID_CAPTIONS, title="the form that asks for access")

    def fill(self, job: AddAdAccount) -> Commit:
        field = self.form.field(*ID_CAPTIONS)
        field.write(job.aadvid)
        choose_word(self.form, job.role, captions=("access permission", "role"))
        self._notify(wanted=job.notify_owner)
        problems = self.form.errors()
        if problems:
            raise Refused(f"{'; '.join(problems)} (said before anything was sent)")
        require_complete(self.form)
        return Commit.on(
            self.form,
            *SENDING,
            org=job.business_center,
            ids=frozenset({job.aadvid}),
            check=lambda: self._check(job),
            subject=job.aadvid,
        )

    def _notify(self, *, wanted: bool | None) -> None:
        box = self.form.find_toggle("notify owner")
        if box is not None and wanted is not None:
            box.turn(on=wanted)

    def _check(self, job: AddAdAccount) -> None:
        shown = self.form.field(*ID_CAPTIONS).read()
        if shown != job.aadvid:
            raise ScreenChanged(self._site.screen, f"{job.aadvid} in the account id field", found=shown)

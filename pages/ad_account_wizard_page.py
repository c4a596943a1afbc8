from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.pages.kit.widgets.surface import wait_for_form
from bcflow.pages.kit.writing.commit import Commit
from bcflow.pages.kit.writing.filling import Filling
from bcflow.pages.kit.writing.forms import Entry, Plan, fill_through

if TYPE_CHECKING:
    from bcflow.models.jobs import CreateAdAccount
    from bcflow.pages.kit.screen.site import Site

SENDING = ("confirm", "submit", "create")
CAPTIONS = {
    "name": ("ad account name", "enter ad account name"),
    "country": ("country/region", "select where your business is registered"),
    "company": ("company name", "search by company name", "legal name"),
    "website": ("website",),
    "industry": ("industry", "select an industry"),
    "time_zone": ("time zone", "select a time zone"),
    "currency": ("currency", "select a currency"),
    "street": ("street",),
    "city": ("city",),
    "state": ("state",),
    "postal_code": ("postal code", "enter postal code"),
    "tax_id": ("tax id",),
}
NEEDED = frozenset({"name", "country", "time_zone", "currency", "company"})
KINDS = ("country", "time_zone", "currency", "industry")


class AdAccountWizardPage:
    def __init__(self, site: Site) -> None:
        self._site = site
        captions = [caption for group in CAPTIONS.values() for caption in group]
        self.form = wait_for_form(site, *captions, title="the ad account wizard")

    def fill(self, job: CreateAdAccount) -> Commit:
        filling = Filling(self.form)
        sending = fill_through(filling, plan(job))
        return Commit.on(filling.form, *sending, org=job.business_center, filling=filling, subject=job.name)


def plan(job: CreateAdAccount) -> Plan:
    """Return what the form is to be given for `job`."""
    entries = (
        Entry(name, getattr(job, name), captions, kind=name if name in KINDS else "text")
        for name, captions in CAPTIONS.items()
    )
    return Plan("the wizard", SENDING, tuple(entries), tick=bool(job.accept_terms), needed=NEEDED)

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import Error as PlaywrightError

from bcflow.models.errors import ScreenChanged
from bcflow.pages.kit.evidence import sought
from bcflow.pages.kit.widgets.surface import page_surface
from bcflow.pages.kit.writing.commit import Commit
from bcflow.pages.kit.writing.filling import Filling
from bcflow.pages.kit.writing.forms import Entry, Plan, fill_through
from bcflow.pages.kit.writing.parts import Choice

if TYPE_CHECKING:
    from bcflow.models.jobs import CreateBusinessCenter
    from bcflow.pages.kit.screen.site import Site

ROUTES = (
    "/account/create?source=TTBC_HOME",
    "/self-serve-bc/registration?attr_source=BC_home&pagetype=normal&source=BC_home",
)
SENDING = ("create", "submit", "confirm")
CAPTIONS = {
    "company": ("legal name", "enter the full legal name of your business", "company name"),
    "country": ("country/region", "select where your business is registered"),
    "industry": ("industry", "select an industry"),
    "contact_name": ("contact name",),
    "phone": ("phone",),
    "website": ("website",),
    "name": ("business center name", "enter business center name"),
    "time_zone": ("time zone", "select a time zone"),
    "currency": ("currency", "select a currency"),
    "ad_account_name": ("ad account name", "enter ad account name"),
}
NEEDED = frozenset({"name", "company", "country", "time_zone", "currency"})
KINDS = ("country", "time_zone", "currency", "industry")
CARDS = {"advertiser": "i am an advertiser", "agency": "i am an agency"}


class RegistrationPage:
    """The old form (two cards, five fields) or the combined one that makes the first ad account too."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.form = page_surface(site)

    @classmethod
    def open(cls, site: Site) -> RegistrationPage:
        for route in ROUTES:
            site.show("the registration", route)
            if site.until(lambda: _is_registration(site), seconds=site.patience / 3):
                return cls(site)
            site.require_signed_in()
            if _may_be_registration(site):
                return cls(site)
        raise ScreenChanged("the registration", "the form that creates a Business Center", found=site.path)

    @property
    def makes_ad_account(self) -> bool:
        return self.form.find_field(*CAPTIONS["ad_account_name"]) is not None

    def fill(self, job: CreateBusinessCenter) -> Commit:
        filling = Filling(self.form)
        sending = fill_through(filling, plan(job))
        return Commit.on(filling.form, *sending, org=None, filling=filling, subject=job.name)


def plan(job: CreateBusinessCenter) -> Plan:
    """Return what the form is to be given for `job`."""
    kind = () if job.kind is None else (Choice("kind", job.kind, CARDS, ()),)
    entries = (
        Entry(name, getattr(job, name), captions, kind=name if name in KINDS else "text")
        for name, captions in CAPTIONS.items()
    )
    return Plan("the form", SENDING, tuple(entries), kind, tick=bool(job.accept_terms), needed=NEEDED)


def _is_registration(site: Site) -> bool:
    form = page_surface(site)
    try:
        named = form.find_field(*CAPTIONS["company"], *CAPTIONS["name"]) is not None
        # Its first step may ask for nothing but what kind of business it is.
        return site.traffic.idle() and (named or form.has(*CARDS.values()))
    except PlaywrightError:
        # One route may lead to the other: the page is being replaced under our eyes, so look again.
        return False


def _may_be_registration(site: Site) -> bool:
    """Whether the page that a route led to may be the form, in words that nobody knows."""
    if not any(site.path == route.partition("?")[0] for route in ROUTES):
        return False
    captions = (CAPTIONS["name"], CAPTIONS["company"])
    cards = [sought.card(site, word) for word in CARDS.values()]
    return bool(page_surface(site).unknown(*(sought.field(site, *each) for each in captions), *cards))

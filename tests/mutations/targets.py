"""What a change may strike: the words of the stand-in's screens, and what each is to the flows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from standin import seed
from tests.support.flow_jobs import KNOWN_PERSON

if TYPE_CHECKING:
    from collections.abc import Mapping

INVITE, ADD, SHARE = "invite-member", "add-ad-account", "share-with-partner"
CREATE, REGISTER = "create-ad-account", "create-business-center"

Part = Literal["button", "field", "choice", "card", "tab", "column", "status", "caption", "heading", "idle", "search"]


@dataclass(frozen=True)
class Target:
    """One thing on a screen: its word's `key`, the keys that stand for it `also`, which `flow` comes to it."""

    key: str
    part: Part
    flow: str
    stops: frozenset[str] = frozenset()
    """The flows that need it: they stop where it is gone, or goes by a word that nobody knows."""
    also: tuple[str, ...] = ()
    axes: Mapping[str, str] | None = None
    job: Mapping[str, Any] | None = None
    hidden: str = ""
    """Why no visit sees its word, if none does."""
    insisted_on: bool = False
    """Whether the stand-in's form insists on it: it cannot be taken away by hiding it."""


def needed(part: Part, flow: str, key: str, *also: str, **more: Any) -> Target:  # noqa: ANN401 - a target's own fields
    """Return what its flow stops without."""
    return Target(key, part, flow, frozenset({flow, *more.pop("others", ())}), also, **more)


def spare(part: Part, flow: str, *keys: str) -> list[Target]:
    """Return what its flow ends right without."""
    return [Target(key, part, flow) for key in keys]


SHARED_MORE = {
    "partner_id": seed.DELTA_MEDIA,
    "ad_accounts": [{"aadvid": seed.TWIN_B, "role": "operator"}],
}
"""What is shared with a partner who is there: then its page is opened."""

TARGETS: tuple[Target, ...] = (
    needed("button", INVITE, "members.invite"),
    needed("button", INVITE, "members.next"),
    needed("button", INVITE, "members.skip"),
    needed("button", INVITE, "members.confirm", axes={"asset_step": "no"}),
    needed("field", INVITE, "members.email", "members.email.placeholder"),
    needed("field", INVITE, "members.access", axes={"role_widget": "select"}),
    needed("choice", INVITE, "members.role.standard"),
    needed("choice", INVITE, "members.role.admin", job={"role": "admin"}),
    needed("choice", INVITE, "members.finance.analyst", job={"role": "admin", "finance_role": "analyst"}),
    needed("status", INVITE, "members.status.pending"),
    *spare("column", INVITE, "members.column.username", "members.column.role", "members.column.assets"),
    needed("status", INVITE, "members.status.active", job={"email": KNOWN_PERSON}),
    *spare("caption", INVITE, "members.access", "members.email", "members.advanced"),
    *spare("heading", INVITE, "members.title", "members.assets.title"),
    *spare("idle", INVITE, "members.cancel", "members.back"),
    *spare("search", INVITE, "members.search"),
    needed("button", ADD, "accounts.addAgency", others=(CREATE,)),
    needed("button", ADD, "accounts.next", others=(CREATE,)),
    needed("button", ADD, "accounts.send"),
    needed("card", ADD, "accounts.request"),
    needed("field", ADD, "accounts.request.id", "accounts.request.idHint"),
    needed("choice", ADD, "accounts.role.operator"),
    needed("choice", ADD, "accounts.role.analyst", job={"role": "analyst"}),
    needed("status", ADD, "accounts.relation.pending", hidden="no row of the list's first page says it"),
    needed("status", ADD, "accounts.status.approved"),
    *spare("column", ADD, "accounts.column.name", "accounts.column.status", "accounts.column.owner"),
    *spare("column", ADD, "accounts.column.role", "accounts.column.action"),
    *spare("caption", ADD, "accounts.request.role"),
    *spare("heading", ADD, "accounts.title"),
    *spare("idle", ADD, "accounts.cancel", "accounts.request.notify", "accounts.filter.owner"),
    *spare("idle", ADD, "accounts.create"),
    needed("card", CREATE, "accounts.create"),
    needed("field", CREATE, "wizard.name", "wizard.nameHint"),
    needed("field", CREATE, "wizard.country", "wizard.countryHint"),
    needed("field", CREATE, "wizard.company", "wizard.companyHint", "wizard.companySearch"),
    needed("field", CREATE, "wizard.currency", "wizard.currencyHint"),
    needed("field", CREATE, "wizard.timeZone", "wizard.timeZoneHint"),
    needed("field", CREATE, "wizard.street", "wizard.streetHint", insisted_on=True),
    needed("field", CREATE, "wizard.industry", "wizard.industryHint", insisted_on=True),
    needed("button", CREATE, "wizard.next"),
    needed("button", CREATE, "wizard.submit"),
    needed("choice", CREATE, "wizard.terms", insisted_on=True),
    *spare("heading", CREATE, "wizard.title", "wizard.review"),
    *spare("idle", CREATE, "wizard.back", "wizard.tax"),
    *spare("caption", CREATE, "accounts.detail.country", "accounts.detail.company", "accounts.detail.currency"),
    needed("button", SHARE, "partners.add"),
    needed("button", SHARE, "partners.next"),
    needed("button", SHARE, "partners.share", job=SHARED_MORE),
    needed("button", SHARE, "partners.assign", job=SHARED_MORE),
    needed("field", SHARE, "partners.id", "partners.id.placeholder"),
    needed("choice", SHARE, "partners.level.operator", job=SHARED_MORE),
    needed("tab", SHARE, "partners.you_shared", job=SHARED_MORE),
    *spare("tab", SHARE, "partners.tab.partners", "partners.other_assets"),
    *spare("column", SHARE, "partners.column.name", "partners.column.id", "partners.column.status"),
    *spare("heading", SHARE, "partners.title"),
    needed("status", SHARE, "partners.status.active", job=SHARED_MORE),
    needed("status", SHARE, "partners.status.requested"),
    *spare("idle", SHARE, "partners.cancel"),
    *spare("search", SHARE, "partners.search"),
    needed("field", REGISTER, "registration.bcName", "registration.bcNameHint"),
    needed("field", REGISTER, "registration.legalName", "registration.legalNameHint"),
    needed("field", REGISTER, "registration.country", "registration.countryHint"),
    needed("field", REGISTER, "registration.timeZone", "registration.timeZoneHint"),
    needed("field", REGISTER, "registration.currency", "registration.currencyHint"),
    needed("field", REGISTER, "registration.phone", "registration.phoneHint", insisted_on=True),
    needed("field", REGISTER, "registration.contact", "registration.contactHint", insisted_on=True),
    needed("button", REGISTER, "registration.create"),
    needed("choice", REGISTER, "registration.terms", insisted_on=True),
    *spare("heading", REGISTER, "registration.title", "registration.section.bc"),
    needed("caption", REGISTER, "registration.website"),
    *spare("caption", REGISTER, "registration.account"),
)

"""What each flow gives back when its effect was seen."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel, ConfigDict


class _Result(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class BusinessCenterCreated(_Result):
    """`status` is the site's own word; `aadvid` only if the form made an ad account too."""

    business_center_id: str | None = None
    aadvid: str | None = None
    status: str | None = None


class AdAccountCreated(_Result):
    """The new ad account and its status, such as "In review"."""

    aadvid: str | None = None
    status: str | None = None


class AdAccountAdded(_Result):
    """The ad account asked for and how far the request is."""

    aadvid: str
    status: str | None = None


class MemberInvited(_Result):
    """The address invited and the status of its row."""

    email: str
    status: str | None = None


class Share(_Result):
    """One ad account shared with a partner."""

    aadvid: str
    role: str
    status: str | None = None


class PartnerShared(_Result):
    """What the partner was given, item by item."""

    partner_id: str
    shares: tuple[Share, ...] = ()


Result = BusinessCenterCreated | AdAccountCreated | AdAccountAdded | MemberInvited | PartnerShared

RESULTS: Final[dict[str, type[_Result]]] = {
    "create-business-center": BusinessCenterCreated,
    "create-ad-account": AdAccountCreated,
    "add-ad-account": AdAccountAdded,
    "invite-member": MemberInvited,
    "share-with-partner": PartnerShared,
}


def referable(flow: str) -> list[str]:
    """Return the fields of a flow's result that another job can refer to: single texts."""
    return [name for name in RESULTS[flow].model_fields if name != "shares"]

"""A job of each flow as an operator would write it; a test names only what matters to it."""

from typing import Any

from bcflow.models.jobs import (
    AddAdAccount,
    AssetRole,
    CreateAdAccount,
    CreateBusinessCenter,
    InviteMember,
    JobBase,
    ShareWithPartner,
    job_adapter,
)
from standin import seed
from standin.world import World

NEW_PERSON = "new.person@client.example"
KNOWN_PERSON = "ana.lima@agency.example"


def asset(aadvid: str, role: str = "operator") -> AssetRole:
    return AssetRole.model_validate({"aadvid": aadvid, "role": role})


def make_invite_member(**overrides: Any) -> InviteMember:  # noqa: ANN401 - a job's own fields
    given = {"business_center": seed.NORTHWIND, "email": NEW_PERSON, "role": "standard"}
    return InviteMember.model_validate(given | overrides)


def make_add_ad_account(**overrides: Any) -> AddAdAccount:  # noqa: ANN401 - a job's own fields
    given = {"business_center": seed.NORTHWIND, "aadvid": seed.REQUESTABLE, "role": "operator"}
    return AddAdAccount.model_validate(given | overrides)


def make_share_with_partner(**overrides: Any) -> ShareWithPartner:  # noqa: ANN401 - a job's own fields
    given = {
        "business_center": seed.NORTHWIND,
        "partner_id": seed.OMEGA,
        "ad_accounts": [{"aadvid": seed.OWNED_APPROVED, "role": "operator"}],
        "primary_agency": False,
    }
    return ShareWithPartner.model_validate(given | overrides)


def make_create_ad_account(**overrides: Any) -> CreateAdAccount:  # noqa: ANN401 - a job's own fields
    given = {
        "business_center": seed.NORTHWIND,
        "name": "Zephyr US",
        "country": "US",
        "time_zone": "America/New_York",
        "currency": "USD",
        "company": "Zephyr Inc.",
        "industry": "E-Commerce > Online Shops",
        "website": "https://zephyr.example",
        "street": "1 Main Street",
        "city": "New York",
        "state": "NY",
        "postal_code": "10001",
        "accept_terms": True,
    }
    return CreateAdAccount.model_validate(given | overrides)


def make_create_business_center(**overrides: Any) -> CreateBusinessCenter:  # noqa: ANN401 - a job's own fields
    given = {
        "name": "Zephyr",
        "company": "Zephyr Inc.",
        "country": "US",
        "time_zone": "America/New_York",
        "currency": "USD",
        "industry": "E-Commerce > Online Shops",
        "contact_name": "Zoe Zephyr",
        "phone": "+1 212 555 0100",
        "website": "https://zephyr.example",
        "ad_account_name": "Zephyr first",
        "accept_terms": True,
    }
    return CreateBusinessCenter.model_validate(given | overrides)


MAKE = {
    "invite-member": make_invite_member,
    "add-ad-account": make_add_ad_account,
    "share-with-partner": make_share_with_partner,
    "create-ad-account": make_create_ad_account,
    "create-business-center": make_create_business_center,
}
FLOWS = list(MAKE)
WRITE_KIND = {
    "invite-member": "invite",
    "add-ad-account": "request",
    "share-with-partner": "share",
    "create-ad-account": "create",
    "create-business-center": "register",
}
"""What the stand-in calls the write of each flow, in its log and in its faults."""


def make_for(world: World, flow: str, **more: Any) -> JobBase:  # noqa: ANN401 - a job's own fields
    """Make a job that the forms of this site can take: the old registration asks what kind of business it is."""
    asks_kind = flow == "create-business-center" and world.axis("registration") == "old"
    return make(flow, **{**({"kind": "advertiser"} if asks_kind else {}), **more})


def make_full(world: World, flow: str) -> JobBase:
    """Make a job that asks for all that the forms of this site have a control for."""
    more: dict[str, Any] = {}
    if flow == "invite-member":
        more = {"role": "admin", "finance_role": "analyst"}
        if world.axis("asset_step") == "yes":
            more["ad_accounts"] = [asset(each).model_dump() for each in (seed.OWNED_APPROVED, seed.TWIN_A)]
    return make_for(world, flow, **more)


def make(flow: str, **overrides: Any) -> JobBase:  # noqa: ANN401 - a job's own fields
    job = {"flow": flow, **MAKE[flow]().model_dump(mode="json", exclude_none=True), **overrides}
    found: JobBase = job_adapter().validate_python({key: value for key, value in job.items() if value is not None})
    return found

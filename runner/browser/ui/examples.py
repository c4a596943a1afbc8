"""Jobs that are asked for by nobody: their forms are filled to see what is in them, and left unsent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bcflow.models.jobs import AddAdAccount, CreateAdAccount, CreateBusinessCenter, InviteMember, ShareWithPartner
from bcflow.pages.kit.writing.form_reading import ANYTHING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bcflow.models.jobs import JobBase

NOBODY: Final = "bcflow-check@example.com"
"""RFC 2606: no mailbox can have this address."""
NO_ACCOUNT, NO_PARTNER = "7000000000000000001", "7000000000000000002"
_FIRM: Final = {
    "country": "US",
    "time_zone": "America/New_York",
    "currency": "USD",
    "company": "bcflow check",
    "website": "https://example.com",
    "accept_terms": True,
}


def examples(org: str, *, partners: Sequence[str], accounts: Sequence[str]) -> list[JobBase]:
    """Return a job for each form that the Business Center `org` has; `partners` and `accounts` are some of its own.

    Without any of them, what is shared with a partner that is there cannot be looked at.
    """
    granted = {"ad_accounts": [{"aadvid": (accounts or [NO_ACCOUNT])[0], "role": "analyst"}], "primary_agency": False}
    account = {"name": "bcflow check", "street": "1 Example Street", "city": "New York", "state": "NY"}
    registration = {"name": "bcflow check", "contact_name": "bcflow check", "phone": "+1 212 555 0100"}
    anything = {"industry": ANYTHING}
    return [
        InviteMember.model_validate({"business_center": org, "email": NOBODY, "role": "standard"}),
        AddAdAccount.model_validate({"business_center": org, "aadvid": NO_ACCOUNT, "role": "operator"}),
        CreateAdAccount.model_validate({"business_center": org, "postal_code": "10001", **account, **_FIRM}).model_copy(
            update=anything
        ),
        *(
            ShareWithPartner.model_validate({"business_center": org, "partner_id": partner, **granted})
            for partner in (NO_PARTNER, *partners[:1])
        ),
        CreateBusinessCenter.model_validate({"ad_account_name": "bcflow check", **registration, **_FIRM}).model_copy(
            update=anything
        ),
    ]

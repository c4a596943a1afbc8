"""The five jobs that both sides do, in a world that is fresh for each."""

from __future__ import annotations

from typing import Any

from standin import seed

BUSINESS_CENTER = seed.NORTHWIND
FIRST, SECOND = seed.OWNED_APPROVED, seed.TWIN_A

_PLACE = {"country": "US", "time_zone": "America/New_York", "currency": "USD"}
_FIRM = {"company": "Acme Incorporated", "website": "https://acme.example"}
_INDUSTRY = "E-Commerce > Online Shops"

JOBS: dict[str, dict[str, Any]] = {
    "create-business-center": {
        "name": "Acme",
        **_PLACE,
        **_FIRM,
        "industry": _INDUSTRY,
        "contact_name": "Ana Lima",
        "phone": "+12125550100",
        "ad_account_name": "Acme First",
        "accept_terms": True,
    },
    "create-ad-account": {
        "business_center": BUSINESS_CENTER,
        "name": "Acme Direct",
        **_PLACE,
        **_FIRM,
        "industry": _INDUSTRY,
        "street": "1 Main Street",
        "city": "New York",
        "state": "New York",
        "postal_code": "10001",
        "accept_terms": True,
    },
    "add-ad-account": {
        "business_center": BUSINESS_CENTER,
        "aadvid": seed.REQUESTABLE,
        "role": "operator",
    },
    "invite-member": {
        "business_center": BUSINESS_CENTER,
        "email": "ana@acme.example",
        "role": "admin",
        "finance_role": "analyst",
        "ad_accounts": [{"aadvid": FIRST, "role": "operator"}, {"aadvid": SECOND, "role": "analyst"}],
    },
    "share-with-partner": {
        "business_center": BUSINESS_CENTER,
        "partner_id": seed.OMEGA,
        "ad_accounts": [{"aadvid": FIRST, "role": "operator"}, {"aadvid": SECOND, "role": "analyst"}],
        "primary_agency": False,
    },
}

"""Registration of a Business Center: the older form and the one that also makes the first ad account.

One payload serves both (`POST /api/v3/bm/bp/create/`). Names need not be unique: the site makes a
second Business Center of the same name without a word.
"""

from __future__ import annotations

import re
from typing import Any

from starlette.routing import Route

from standin.api.writes import Call, read, write
from standin.areas import choices
from standin.areas.accounts import build_account
from standin.areas.refusals import refusal
from standin.world import BusinessCenter, Member, World

MAX_BUSINESS_CENTERS = 30
"""Business Centers a login may be in, unless `world.notes["business_center_quota"]` says otherwise."""
SELF_SERVICE, SELF_SERVICE_AGENCY = 5, 6
PHONE_LIKE = re.compile(r"\+?\d[\d ()-]{5,19}")
WEBSITE_LIKE = re.compile(r"(https?://)?[^\s/.]+(\.[^\s/.]+)+(/\S*)?", re.IGNORECASE)


def routes() -> list[Route]:
    """Return the routes of this area."""
    path = "/api/v3/bm/bp/create/"
    return [
        Route("/api/v3/bm/bp/options/", read(read_options)),
        Route(path, write("register", create, path=path), methods=["POST"]),
    ]


def read_options(call: Call) -> dict[str, Any]:
    """Return the choices of both forms."""
    return choices.options(call.world.axis("language"), call.world.axis("edition"))


def create(call: Call) -> dict[str, Any]:
    """Make a Business Center, with the login as its Admin, and perhaps its first ad account."""
    quota = int(call.world.notes.get("business_center_quota", MAX_BUSINESS_CENTERS))
    if len(call.world.business_centers_of(call.email)) >= quota:
        raise refusal(call, "registration.refused.full")
    center = _build(call)
    _check(call)
    account = None
    if (call.body.get("account_info") or {}).get("account_name"):
        call.body["account_info"] |= {"currency": center.currency, "timezone": center.time_zone}
        account = build_account(call, center)
    call.world.business_centers[center.bc_id] = center
    if account is not None:
        call.world.ad_accounts[account.aadvid] = account
    return {"org_id": center.bc_id, "account_id": account.aadvid if account else ""}


def _part(call: Call, name: str) -> dict[str, Any]:
    found = call.body.get(name)
    return found if isinstance(found, dict) else {}


def _build(call: Call) -> BusinessCenter:
    company, wanted = _part(call, "company_info"), _part(call, "business_center_info")
    values = [
        str(part.get(key) or "").strip()
        for part, key in (
            (wanted, "business_center_name"),
            (company, "company_name"),
            (company, "registered_area"),
            (wanted, "payment_currency"),
            (wanted, "timezone"),
        )
    ]
    if not all(values) or values[3] not in choices.CURRENCIES:
        raise refusal(call, "registration.refused.badInput")
    kind = "agency" if wanted.get("business_center_type") == SELF_SERVICE_AGENCY else "advertiser"
    name, company_name, country, currency, zone = values
    made = BusinessCenter(call.world.new_id(), name, kind, company_name, country, currency, zone)
    made.created_at = call.world.clock()
    made.members.append(_first_member(call.world, call.email, made.created_at))
    made.details = {"industry": company.get("industry", ""), "contact": _part(call, "contact_info")}
    return made


def _first_member(world: World, email: str, at: float) -> Member:
    login = world.logins[email]
    return Member(login.user_id, email, login.name, "admin", "manager", created_at=at)


def _check(call: Call) -> None:
    phone = str(_part(call, "contact_info").get("phone") or "")
    if phone and not PHONE_LIKE.fullmatch(phone):
        raise refusal(call, "registration.refused.phone")
    website = str(_part(call, "qualification_info").get("website") or "")
    if website and not WEBSITE_LIKE.fullmatch(website):
        raise refusal(call, "registration.refused.website")

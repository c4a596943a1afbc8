"""Members of a Business Center: the list, a member's ad accounts, inviting, resending, cancelling.

Rules are those of the help pages (20 Admins at most, an e-mail domain allow-list); the words of a
refusal are not published, so they are invented and marked so in `words/members.json`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from starlette.routing import Route

from standin.api.writes import Call, read, write
from standin.areas.lists import matches, ordered, page_of
from standin.areas.refusals import refusal
from standin.world import AdAccount, BusinessCenter, Member, Relation

MAX_ADMINS = 20
"""Admins a Business Center may have (help page "Add users", 2024)."""
MAX_EMAILS = 50
LEVELS = ("admin", "operator", "analyst")
ORG_ROLES = {1: "admin", 2: "standard"}
FINANCE_ROLES = {None: None, 5: "manager", 6: "analyst"}
ATTACHED = {"owned", "partner", "bound"}
"""Relations with which a Business Center can use an ad account."""

# Refusals that belong to the address field have codes of their own: the form shows them there.
MALFORMED_EMAIL = 40021
DOMAIN_NOT_APPROVED = 40022

_EMAIL = re.compile(r"[^\s@,;]+@[^\s@,;.]+(\.[^\s@,;.]+)*\.[^\s@,;.]{2,}")


def routes() -> list[Route]:
    """Return the routes of the Members screen."""
    base = "/api/v2/bm"
    posts: list[tuple[str, str, Callable[[Call], dict[str, Any]]]] = [
        ("invite", f"{base}/admin/user/invite/", _invite),
        ("resend", f"{base}/admin/user/resend_invite/", _resend),
        ("cancel_invitation", f"{base}/admin/user/cancel_invite/", _cancel),
    ]
    return [
        Route(f"{base}/user/list/", read(_list)),
        Route(f"{base}/user/assets/", read(_assets)),
        Route(f"{base}/user/assignable/", read(_assignable)),
        *(Route(path, write(kind, handler, path=path), methods=["POST"]) for kind, path, handler in posts),
    ]


def attached_accounts(call: Call) -> list[AdAccount]:
    """Return the ad accounts this Business Center owns or was given, in the order of axis `list_order`."""
    found = (row for row in call.data.ad_accounts.values() if _is_attached(row.relations.get(call.org_id)))
    return ordered(call, found)


def _is_attached(relation: Relation | None) -> bool:
    return relation is not None and relation.state in ATTACHED


def account_row(account: AdAccount, **more: object) -> dict[str, Any]:
    """Return one ad account as the pickers and detail lists show it."""
    return {"id": account.aadvid, "name": account.name, "status": account.status, **more}


def account_page(call: Call, accounts: Iterable[AdAccount]) -> dict[str, Any]:
    """Return the asked page of those accounts whose name or id holds the keyword."""
    keyword = call.query.get("keyword", "")
    return page_of(call, [account_row(row) for row in accounts if matches(keyword, row.name, row.aadvid)])


# --- reads ---
def _list(call: Call) -> dict[str, Any]:
    call.me  # noqa: B018 - a stranger to this Business Center sees nothing
    keyword = call.query.get("keyword", "")
    rows = [row for row in ordered(call, call.bc.members) if matches(keyword, row.name, row.email)]
    return page_of(call, [_member_row(row) for row in rows])


def _member_row(member: Member) -> dict[str, Any]:
    return {
        "user_id": member.user_id,
        "user_name": member.name,
        "email": member.email,
        "status": member.status,
        "role": member.role,
        "finance_role": member.finance,
        "asset_count": len(member.assets),
    }


def _assets(call: Call) -> dict[str, Any]:
    member = _by_id(call.bc, call.query.get("user_id", ""))
    assets = member.assets if member else {}
    if member and member.status == "pending" and call.world.axis("assigned") == "empty":
        assets = {}  # what an invitation gives shows once the person has accepted
    accounts = call.data.ad_accounts
    rows = [account_row(accounts[key], level=level) for key, level in assets.items() if key in accounts]
    return page_of(call, rows)


def _assignable(call: Call) -> dict[str, Any]:
    call.me  # noqa: B018 - a stranger to this Business Center sees nothing
    return account_page(call, attached_accounts(call))


def _by_id(center: BusinessCenter, user_id: str) -> Member | None:
    return next((row for row in center.members if row.user_id == user_id), None)


# --- writes ---
def _invite(call: Call) -> dict[str, Any]:
    call.need_admin()
    emails = _emails(call)
    role = ORG_ROLES.get(call.body.get("org_role") or 0)
    finance = call.body.get("finance_role")
    if role is None or finance not in FINANCE_ROLES:
        raise refusal(call, "members.refused.bad_role")
    assets = _asked_assets(call)
    for email in emails:
        _check_new(call, email)
    _check_quota(call, role, len(emails))
    for email in emails:
        row = Member(call.world.new_id(), email, "", role, FINANCE_ROLES[finance], "pending")
        row.assets, row.created_at = dict(assets), call.world.clock()
        call.bc.members.append(row)
    return {"email_list": emails}


def _emails(call: Call) -> list[str]:
    given = call.body.get("email_list")
    emails = [str(email).strip() for email in given] if isinstance(given, list) else []
    if not 0 < len(emails) <= MAX_EMAILS or not all(_EMAIL.fullmatch(email) for email in emails):
        raise refusal(call, "members.refused.malformed", MALFORMED_EMAIL)
    return list({email.casefold(): email for email in emails}.values())


def _asked_assets(call: Call) -> dict[str, str]:
    allowed = {account.aadvid for account in attached_accounts(call)}
    found: dict[str, str] = {}
    for item in call.body.get("advertiser_list") or []:
        level = str(item.get("advertiser_role", "")).lower()
        if level not in LEVELS:
            raise refusal(call, "members.refused.level")
        if item.get("advertiser_id") not in allowed:
            raise refusal(call, "members.refused.unknown_account")
        found[item["advertiser_id"]] = level
    return found


def _check_new(call: Call, email: str) -> None:
    known = call.bc.member(email)
    if known is not None:
        pending = known.status == "pending"
        raise refusal(call, f"members.refused.already_{'invited' if pending else 'member'}", name=email)
    domains = call.bc.details.get("allowed_domains")
    if domains and email.rpartition("@")[2].casefold() not in domains:
        raise refusal(call, "members.refused.domain", DOMAIN_NOT_APPROVED)


def _check_quota(call: Call, role: str, wanted: int) -> None:
    admins = sum(row.role == "admin" for row in call.bc.members)
    if role == "admin" and admins + wanted > MAX_ADMINS:
        raise refusal(call, "members.refused.admin_quota")


def _pending(call: Call) -> Member:
    call.need_admin()
    member = _by_id(call.bc, str(call.body.get("user_id", "")))
    if member is None or member.status != "pending":
        raise refusal(call, "members.refused.not_pending")
    return member


def _resend(call: Call) -> dict[str, Any]:
    member = _pending(call)
    return {"user_id": member.user_id}


def _cancel(call: Call) -> dict[str, Any]:
    member = _pending(call)
    call.bc.members.remove(member)
    return {"user_id": member.user_id}

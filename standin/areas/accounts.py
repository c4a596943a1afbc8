"""Ad accounts of a Business Center: list, details, creation and requests for access.

States and relations follow the public API (STATUS_*, PENDING/BOUND/REJECTED) and the help pages;
the words of the refusals are invented where none is published (`words/accounts.json`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.routing import Route

from standin.api import writes
from standin.api.writes import Call
from standin.areas import choices, lists
from standin.areas.refusals import refusal
from standin.world import AdAccount, BusinessCenter, Relation

MAX_ACCOUNTS = 150
"""Accounts a Business Center may own unless its `details["ad_account_quota"]` says otherwise."""
REJECTED = {"disapproved", "disabled"}


@dataclass(frozen=True)
class Listed:
    """An ad account as one Business Center sees it, with what the list is ordered by."""

    account: AdAccount
    relation: Relation
    name: str
    created_at: float


def routes() -> list[Route]:
    """Return the reads and writes of this area."""
    api = "/api/v2/bm/account/"
    create, request = f"{api}create/", f"{api}request/"
    return [
        Route(f"{api}list/", writes.read(list_accounts)),
        Route(f"{api}detail/", writes.read(read_account)),
        Route(f"{api}options/", writes.read(read_options)),
        Route(create, writes.write("create", create_account, path=create), methods=["POST"]),
        Route(request, writes.write("request", request_access, path=request), methods=["POST"]),
    ]


def _listed(call: Call) -> list[Listed]:
    rows = []
    me = call.me
    for account in call.data.ad_accounts.values():
        relation = account.relations.get(call.org_id)
        if relation is None or (me.role != "admin" and account.aadvid not in me.assets):
            continue
        rows.append(Listed(account, relation, account.name, max(account.created_at, relation.created_at)))
    return lists.ordered(call, rows)


def _ownership(call: Call, account: AdAccount) -> str:
    if account.owner == call.org_id:
        return "owned"
    return "partner" if account.owner in call.data.business_centers else "individual"


def _row(call: Call, listed: Listed) -> dict[str, Any]:
    account, relation, me = listed.account, listed.relation, call.me
    owner = call.data.business_centers.get(account.owner)
    return {
        "aadvid": account.aadvid,
        "name": account.name,
        "status": account.status,
        "ownership": _ownership(call, account),
        "owner_name": owner.name if owner else "",
        "relation": relation.state,
        "role": relation.role if me.role == "admin" else me.assets[account.aadvid],
    }


def list_accounts(call: Call) -> dict[str, Any]:
    """One page of accounts; `ownership` and `status` narrow it (help page, Jul 2024).

    Where those that were asked for have a tab of their own, `group` says whose list it is.
    """
    wanted = {key: call.query[key] for key in ("ownership", "status") if call.query.get(key)}
    keyword = call.query.get("keyword", "")
    rows = [_row(call, listed) for listed in _listed(call)]
    if group := call.query.get("group"):
        rows = [row for row in rows if (row["relation"] in ("pending", "declined")) == (group == "requests")]
    found = [
        row
        for row in rows
        if all(row[key] == value for key, value in wanted.items())
        and lists.matches(keyword, row["name"], row["aadvid"])
    ]
    return lists.page_of(call, found)


def read_account(call: Call) -> dict[str, Any]:
    """Return what the details page shows of one account."""
    listed = next((row for row in _listed(call) if row.account.aadvid == call.query.get("aadvid")), None)
    if listed is None:
        raise refusal(call, "accounts.refused.unknown")
    account = listed.account
    language = call.world.axis("language")
    return _row(call, listed) | {
        "country": choices.country_label(account.country, language),
        "currency": account.currency,
        "time_zone": choices.zone_label(account.time_zone, language),
        "company": account.company,
        "industry": account.details.get("industry", ""),
        "website": account.details.get("website", ""),
        "members": _members(call, account.aadvid),
        "partners": _partners(call, account.aadvid),
    }


def _members(call: Call, aadvid: str) -> list[dict[str, str]]:
    rows = [row for row in call.bc.members if row.status == "active" and aadvid in row.assets]
    return [{"email": row.email, "name": row.name, "role": row.assets[aadvid]} for row in rows]


def _partners(call: Call, aadvid: str) -> list[dict[str, str]]:
    shares = [(row, row.shares[aadvid]) for row in call.bc.partners if aadvid in row.shares]
    return [
        {"bc_id": row.bc_id, "name": row.name, "role": share.level, "status": share.status} for row, share in shares
    ]


def read_options(call: Call) -> dict[str, Any]:
    """Return the choices of the wizard and which of its two forms this Business Center gets."""
    made = choices.options(call.world.axis("language"), call.world.axis("edition"))
    return made | {"kind": call.bc.kind, "companies": _companies(call)}


def _companies(call: Call) -> list[str]:
    """List the companies of this Business Center's own accounts, for "Search by company name"."""
    names = {row.company for row in call.world.ad_accounts.values() if row.owner == call.org_id}
    return sorted(name for name in names | {call.bc.company} if name)


def create_account(call: Call) -> dict[str, Any]:
    """Make an account that waits for its review. Names need not be unique."""
    call.need_admin()
    check_quota(call, call.bc)
    account = build_account(call, call.bc)
    call.world.ad_accounts[account.aadvid] = account
    return {"account_id": account.aadvid, "status": account.status}


def check_quota(call: Call, center: BusinessCenter) -> None:
    """Raise Refused when the Business Center owns as many accounts as it may."""
    owned = [row for row in call.world.ad_accounts.values() if row.owner == center.bc_id]
    if len(owned) >= int(center.details.get("ad_account_quota", MAX_ACCOUNTS)):
        raise refusal(call, "accounts.refused.full")


def build_account(call: Call, center: BusinessCenter) -> AdAccount:
    """Make an account from a form's payload. Raises Refused when a mandatory value is missing."""
    info, company = call.body.get("account_info") or {}, call.body.get("company_info") or {}
    values = {
        "name": str(info.get("account_name") or "").strip(),
        "country": str(company.get("registered_area") or ""),
        "currency": str(info.get("currency") or ""),
        "time_zone": str(info.get("timezone") or ""),
        "company": str(company.get("company_name") or "").strip(),
    }
    if not all(values.values()) or values["currency"] not in choices.CURRENCIES:
        raise refusal(call, "accounts.refused.badInput")
    made = AdAccount(call.world.new_id(), values.pop("name"), center.bc_id, status="in_review")
    made.country, made.currency, made.time_zone, made.company = (
        values[key] for key in ("country", "currency", "time_zone", "company")
    )
    made.created_at = call.world.clock()
    made.relations[center.bc_id] = Relation("owned", "admin", created_at=made.created_at)
    made.details = {
        "industry": company.get("industry", ""),
        "website": (call.body.get("qualification_info") or {}).get("website", ""),
        "billing": call.body.get("billing_info") or {},
    }
    return made


def request_access(call: Call) -> dict[str, Any]:
    """Ask for an account somebody else owns; bound at once when the login administers it itself."""
    call.need_admin()
    account = _requestable(call)
    role = str(call.body.get("role") or "")
    if role not in {"admin", "operator", "analyst"}:
        raise refusal(call, "accounts.refused.badInput")
    state = "bound" if _administers(call, account) else "pending"
    account.relations[call.org_id] = Relation(state, role, call.email, call.world.clock())
    if call.body.get("notify_owner"):
        account.details["owner_notified"] = call.body.get("email") or account.owner
    return {"account_id": account.aadvid, "relation": state}


def _requestable(call: Call) -> AdAccount:
    account = call.world.ad_accounts.get(str(call.body.get("account_id") or ""))
    if account is None:
        raise refusal(call, "accounts.refused.unknown")
    relation = account.relations.get(call.org_id)
    if relation is not None and relation.state == "pending":
        raise refusal(call, "accounts.refused.pending")
    if relation is not None and relation.state != "declined":
        raise refusal(call, "accounts.refused.already")
    if account.status in REJECTED:
        raise refusal(call, "accounts.refused.rejected")
    if account.details.get("not_shareable"):
        owner = call.world.business_centers.get(account.owner)
        raise refusal(call, "accounts.refused.notShareable", owner=owner.name if owner else account.owner)
    return account


def _administers(call: Call, account: AdAccount) -> bool:
    if account.owner == call.email:
        return True
    owner = call.world.business_centers.get(account.owner)
    row = owner.member(call.email) if owner else None
    return row is not None and row.status == "active" and row.role == "admin"

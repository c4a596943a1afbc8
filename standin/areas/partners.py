"""Partners of a Business Center: adding one by its id, sharing ad accounts, requests both ways.

Two stories are public about acceptance (at once in 2024, a step on the other side in 2026): axis
`partner_acceptance`. Words of refusals are invented and marked so in `words/partners.json`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from starlette.routing import Route

from standin.api.writes import Call, read, write
from standin.areas.lists import matches, ordered, page_of
from standin.areas.members import ATTACHED, LEVELS, account_page, account_row, attached_accounts
from standin.areas.refusals import refusal
from standin.words import words_for
from standin.world import AdAccount, Partner, Relation, Share

UNKNOWN_PARTNER = 40031
_BC_ID = re.compile(r"[67]\d{18}")


def routes() -> list[Route]:
    """Return the routes of the Partners screens."""
    base = "/api/v2/bm/partner"
    posts: list[tuple[str, str, Callable[[Call], dict[str, Any]]]] = [
        ("share", f"{base}/add/", _add),
        ("share", f"{base}/asset/share/", _share),
        ("accept_partner", f"{base}/request/accept/", _accept),
    ]
    return [
        Route(f"{base}/list/", read(_list)),
        Route(f"{base}/requests/", read(_requests)),
        Route(f"{base}/lookup/", read(_look_up)),
        Route(f"{base}/detail/", read(_detail)),
        Route(f"{base}/assets/", read(_assets)),
        Route(f"{base}/shareable/", read(_shareable)),
        *(Route(path, write(kind, handler, path=path), methods=["POST"]) for kind, path, handler in posts),
    ]


# --- reads ---
def _row(partner: Partner, **more: str) -> dict[str, Any]:
    return {"partner_id": partner.bc_id, "partner_name": partner.name, "status": partner.state, **more}


def _page(call: Call, rows: list[dict[str, Any]]) -> dict[str, Any]:
    keyword = call.query.get("keyword", "")
    return page_of(call, [row for row in rows if matches(keyword, row["partner_name"], row["partner_id"])])


def _received(call: Call, partner: Partner) -> bool:
    """Tell whether that partner asked us, and not we them."""
    return (partner.bc_id, call.org_id) in call.world.notes.get("partner_requests", ())


def _list(call: Call) -> dict[str, Any]:
    call.me  # noqa: B018 - a stranger to this Business Center sees nothing
    # The older screen showed what is still asked for under "Requests" only.
    hidden = {"requested"} if call.world.axis("edition") == "2024" else set()
    rows = [row for row in ordered(call, call.bc.partners) if row.state not in hidden]
    return _page(call, [_row(row) for row in rows if row.state != "requested" or not _received(call, row)])


def _requests(call: Call) -> dict[str, Any]:
    call.me  # noqa: B018 - a stranger to this Business Center sees nothing
    rows = [row for row in ordered(call, call.bc.partners) if row.state != "active"]
    return _page(call, [_row(row, direction="received" if _received(call, row) else "sent") for row in rows])


def _look_up(call: Call) -> dict[str, Any]:
    call.need_admin()
    asked = call.query.get("partner_id", "").strip()
    _check_addable(call, asked)
    return {"partner_id": asked, "partner_name": call.data.business_centers[asked].name}


def _detail(call: Call) -> dict[str, Any]:
    call.me  # noqa: B018 - a stranger to this Business Center sees nothing
    return _row(_known(call, call.query.get("partner_id", "")))


def _known(call: Call, partner_id: str) -> Partner:
    partner = call.bc.partner(partner_id)
    if partner is None:
        raise refusal(call, "partners.refused.not_partner")
    return partner


def _assets(call: Call) -> dict[str, Any]:
    partner = _known(call, call.query.get("partner_id", ""))
    received = call.query.get("direction") == "received"
    return page_of(call, _given_by(call, partner.bc_id) if received else _given_to(call, partner))


def _given_to(call: Call, partner: Partner) -> list[dict[str, Any]]:
    accounts = call.data.ad_accounts
    return [
        account_row(accounts[aadvid], level=share.level, share_status=share.status)
        for aadvid, share in partner.shares.items()
        if aadvid in accounts
    ]


def _given_by(call: Call, partner_id: str) -> list[dict[str, Any]]:
    """List what the partner owns and this Business Center was given."""
    found = []
    for account in call.data.ad_accounts.values():
        relation = account.relations.get(call.org_id)
        if account.owner == partner_id and relation is not None and relation.state in ATTACHED:
            found.append(account_row(account, level=relation.role, share_status="active"))
    return found


def _shareable(call: Call) -> dict[str, Any]:
    call.need_admin()
    return account_page(call, attached_accounts(call))


# --- writes ---
def _check_addable(call: Call, partner_id: str) -> None:
    if not _BC_ID.fullmatch(partner_id):
        raise refusal(call, "partners.refused.malformed_id", UNKNOWN_PARTNER)
    if partner_id == call.org_id:
        raise refusal(call, "partners.refused.own_id", UNKNOWN_PARTNER)
    center = call.data.business_centers.get(partner_id)
    if center is None:
        raise refusal(call, "partners.refused.unknown_id", UNKNOWN_PARTNER)
    partner = call.bc.partner(partner_id)
    if partner is not None:
        already = "requested" if partner.state == "requested" else "partner"
        raise refusal(call, f"partners.refused.already_{already}", UNKNOWN_PARTNER, name=center.name)


def _add(call: Call) -> dict[str, Any]:
    call.need_admin()
    partner_id = str(call.body.get("partner_id", "")).strip()
    _check_addable(call, partner_id)
    # In 2024 adding and sharing are one request; since then a partner may come first.
    may_be_empty = call.world.axis("edition") != "2024"
    accounts = _asked_accounts(call, None, may_be_empty=may_be_empty)
    needs_acceptance = call.world.axis("partner_acceptance") == "needed"
    state, now = "requested" if needs_acceptance else "active", call.world.clock()
    other = call.data.business_centers[partner_id]
    partner = Partner(partner_id, other.name, state, created_at=now)
    call.bc.partners.append(partner)
    if other.partner(call.org_id) is None:
        other.partners.append(Partner(call.org_id, call.bc.name, state, created_at=now))
    call.world.notes.setdefault("partner_requests", set()).add((call.org_id, partner_id))
    _give(call, partner, accounts)
    return _row(partner)


def _share(call: Call) -> dict[str, Any]:
    call.need_admin()
    partner = _known(call, str(call.body.get("partner_id", "")))
    accounts = _asked_accounts(call, partner, may_be_empty=False)
    _give(call, partner, accounts)
    return _row(partner)


def _asked_accounts(call: Call, partner: Partner | None, *, may_be_empty: bool) -> list[AdAccount]:
    ids = call.body.get("asset_ids") or []
    if not ids and may_be_empty:
        return []
    if not ids:
        raise refusal(call, "partners.refused.no_accounts")
    if _level(call) not in LEVELS:
        raise refusal(call, "partners.refused.permission")
    return [_check_shareable(call, partner, str(aadvid)) for aadvid in ids]


def _level(call: Call) -> str:
    return str(call.body.get("advertiser_role", "")).lower()


def _check_shareable(call: Call, partner: Partner | None, aadvid: str) -> AdAccount:
    account = call.data.ad_accounts.get(aadvid)
    relation = account.relations.get(call.org_id) if account else None
    if account is None or relation is None:
        raise refusal(call, "partners.refused.unknown_account")
    if account.owner != call.org_id:
        raise refusal(call, "partners.refused.not_owned", name=account.name)
    if account.status in {"disapproved", "disabled"}:
        raise refusal(call, "partners.refused.not_shareable", name=account.name)
    share = partner.shares.get(aadvid) if partner else None
    if share is not None and share.status != "declined":
        level = words_for(call.world)[f"partners.level.{share.level}"]
        raise refusal(call, "partners.refused.already_shared", name=account.name, level=level)
    return account


def _give(call: Call, partner: Partner, accounts: list[AdAccount]) -> None:
    """Share the accounts; the partner uses them once it has accepted."""
    active = call.world.axis("partner_acceptance") == "none"
    primary, now = call.body.get("primary_media_agency"), call.world.clock()
    for account in accounts:
        level = _level(call)
        partner.shares[account.aadvid] = Share(level, "active" if active else "requested", primary, now)
        if active:
            account.relations[partner.bc_id] = Relation("partner", level, created_at=now)


def _accept(call: Call) -> dict[str, Any]:
    call.need_admin()
    ours = _known(call, str(call.body.get("partner_id", "")))
    theirs = call.data.business_centers[ours.bc_id].partner(call.org_id)
    if ours.state != "requested" or not _received(call, ours) or theirs is None:
        raise refusal(call, "partners.refused.not_partner")
    ours.state = theirs.state = "active"
    for aadvid, share in theirs.shares.items():
        share.status = "active"
        account = call.data.ad_accounts[aadvid]
        account.relations[call.org_id] = Relation("partner", share.level, created_at=call.world.clock())
    return _row(ours)

"""The control API: what a person, an owner or TikTok would do. For tests only; pages cannot reach it."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from standin import seed
from standin.api.codes import totp_now
from standin.stranger.truth import describe, truth
from standin.switches import parse_fault
from standin.world import AdAccount, BusinessCenter, World

Action = Callable[[World, dict[str, Any]], dict[str, Any]]


def _guarded(work: Callable[[Request], Awaitable[Any]]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        if "sec-fetch-site" in request.headers:
            return JSONResponse({"error": "not for pages"}, status_code=403)
        try:
            return JSONResponse(await work(request))
        except (KeyError, ValueError) as error:
            return JSONResponse({"error": f"{type(error).__name__}: {error}"}, status_code=400)

    return endpoint


def _world(request: Request) -> World:
    world: World = request.app.state.world
    return world


async def _body(request: Request) -> dict[str, Any]:
    return await request.json() if await request.body() else {}


async def _state(request: Request) -> dict[str, Any]:
    world = _world(request)
    return {
        "axes": {name: world.axis(name) for name in world.axes},
        "faults": [dataclasses.asdict(fault) for fault in world.faults],
        "clock": world.clock(),
        "business_centers": {key: dataclasses.asdict(row) for key, row in world.business_centers.items()},
        "ad_accounts": {key: dataclasses.asdict(row) for key, row in world.ad_accounts.items()},
        "sessions": [{"email": row.email} for row in world.sessions.values()],
    }


async def _writes(request: Request) -> list[Any]:
    kind = request.query_params.get("kind")
    return [dataclasses.asdict(entry) for entry in _world(request).writes if kind in {None, entry.kind}]


async def _codes(request: Request) -> list[Any]:
    email = request.query_params.get("email")
    return [dataclasses.asdict(code) for code in _world(request).codes if email in {None, code.email}]


async def _events(request: Request) -> list[Any]:
    return list(_world(request).notes.get("events", []))


async def _totp(request: Request) -> dict[str, Any]:
    world = _world(request)
    return {"code": totp_now(world, world.logins[request.query_params.get("email", seed.EMAIL)])}


async def _truth(request: Request) -> dict[str, Any]:
    return truth(_world(request))


async def _stranger(request: Request) -> dict[str, Any]:
    return describe(_world(request))


async def _reset(request: Request) -> dict[str, Any]:
    given = await _body(request)
    kept = {name: given.get(name) for name in ("axes", "faults", "stranger")}
    request.app.state.standin.reset(seed_number=given.get("seed"), **kept)
    return {}


async def _axes(request: Request) -> dict[str, Any]:
    world = _world(request)
    world.set_axes({name: str(value) for name, value in (await _body(request)).items()})
    return dict(world.axes)


async def _faults(request: Request) -> dict[str, Any]:
    """Replace the list of faults (`{"faults": [...]}`), or add some (`{"add": [...]}`)."""
    world, given = _world(request), await _body(request)
    if "faults" in given:
        world.faults = []
    added = [parse_fault(text) for text in given.get("faults", given.get("add", []))]
    world.faults += added
    if any(fault.name == "near_duplicates" for fault in added):
        seed.add_near_duplicates(world)
    return {"faults": [dataclasses.asdict(fault) for fault in world.faults]}


def _center(world: World, given: dict[str, Any]) -> BusinessCenter:
    return world.business_centers[given["org_id"]]


def _account(world: World, given: dict[str, Any]) -> AdAccount:
    return world.ad_accounts[given["aadvid"]]


def approve_ad_account(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Approve, as TikTok, an ad account. Needs `aadvid`; `status` sets another one."""
    _account(world, given).status = given.get("status", "approved")
    return {}


def disapprove_ad_account(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Disapprove, as TikTok, an ad account. Needs `aadvid`."""
    _account(world, given).status = "disapproved"
    return {}


def accept_request(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Let the owner accept a BC's request for an ad account. Needs `aadvid`, `org_id`."""
    _account(world, given).relations[given["org_id"]].state = "bound"
    return {}


def decline_request(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Let the owner decline it. Needs `aadvid`, `org_id`."""
    _account(world, given).relations[given["org_id"]].state = "declined"
    return {}


def accept_invitation(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Let the invited person accept. Needs `org_id`, `email`; `name` is optional."""
    row = _center(world, given).member(given["email"])
    if row is None:
        raise KeyError(given["email"])
    row.status, row.name = "active", given.get("name", row.name or given["email"].split("@")[0])
    return {}


def accept_partner(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Let the partner accept the partnership and all that is shared. Needs `org_id`, `partner_id`."""
    return _settle_partner(world, given, "active")


def decline_partner(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Let the partner decline what is shared so far. Needs `org_id`, `partner_id`."""
    return _settle_partner(world, given, "declined")


def _settle_partner(world: World, given: dict[str, Any], status: str) -> dict[str, Any]:
    partner = _center(world, given).partner(given["partner_id"])
    if partner is None:
        raise KeyError(given["partner_id"])
    partner.state = status if status == "active" or partner.state == "requested" else partner.state
    for share in partner.shares.values():
        share.status = status if share.status == "requested" else share.status
    return {}


def expire_sessions(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Sign a login out everywhere, or everybody without `email`."""
    email = given.get("email")
    world.sessions = {token: row for token, row in world.sessions.items() if email not in {None, row.email}}
    return {}


def set_two_step(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Turn two-step verification by authenticator on or off for a login. Needs `email`, `on`."""
    world.logins[given["email"]].two_step = bool(given["on"])
    return {}


def solve_captcha(world: World, _given: dict[str, Any]) -> dict[str, Any]:
    """Let a person solve the puzzle."""
    world.captcha_solved = True
    return {}


def advance_clock(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Move the clock by `seconds`."""
    world.advance(float(given["seconds"]))
    return {"clock": world.clock()}


ACTIONS: tuple[Action, ...] = (
    approve_ad_account,
    disapprove_ad_account,
    accept_request,
    decline_request,
    accept_invitation,
    accept_partner,
    decline_partner,
    expire_sessions,
    set_two_step,
    solve_captcha,
    advance_clock,
)


def _action(action: Action) -> Callable[[Request], Awaitable[dict[str, Any]]]:
    async def work(request: Request) -> dict[str, Any]:
        return action(_world(request), await _body(request))

    return work


def routes() -> list[Route]:
    """Return everything under `/__standin__/`; an action is POST `/__standin__/<name with dashes>`."""
    reads = {"state": _state, "writes": _writes, "codes": _codes, "events": _events, "totp": _totp}
    reads |= {"truth": _truth, "stranger": _stranger}
    posts = {"reset": _reset, "axes": _axes, "faults": _faults}
    found = [Route(f"/__standin__/{name}", _guarded(work)) for name, work in reads.items()]
    found += [Route(f"/__standin__/{name}", _guarded(work), methods=["POST"]) for name, work in posts.items()]
    found += [
        Route(f"/__standin__/{action.__name__.replace('_', '-')}", _guarded(_action(action)), methods=["POST"])
        for action in ACTIONS
    ]
    return found

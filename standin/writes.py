"""Wrappers round the site's own API: who asks, for which Business Center, and which faults strike.

A handler is a plain function from a `Call` to the `data` of the answer; it raises `Refused` to say no.
"""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from standin.world import BusinessCenter, Data, Member, Session, Stale, World, Write

Endpoint = Callable[[Request], Awaitable[Response]]

SIGNED_OUT = 40101
NO_PERMISSION = 40003
TOO_MANY = 40100
BROKEN = 50000
CAPTCHA = 40110
TICKET_MISSING = 40120
ASKED_BY_ALL = frozenset({"invite", "share", "update", "create", "request"})
KIND_OF_PATH: dict[str, str] = {}
"""Path of a write to its kind, filled by `path=` of `write`: pages play `silent_confirm=unsent` with it."""


class Refused(Exception):
    """The site says no, with HTTP 200, a code other than 0 and a message."""

    def __init__(self, message: str, code: int = 40002) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass
class Call:
    """One API call by a signed-in login. `data` is what lists show, perhaps an older copy."""

    world: World
    session: Session
    org_id: str
    body: dict[str, Any] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)
    data: Data = field(default_factory=Data)

    @property
    def email(self) -> str:
        """The address of the login that asks."""
        return self.session.email

    @property
    def bc(self) -> BusinessCenter:
        """The Business Center asked about. Raises Refused when it does not exist."""
        found = self.data.business_centers.get(self.org_id)
        if found is None:
            message = "This Business Center does not exist"
            raise Refused(message, NO_PERMISSION)
        return found

    @property
    def me(self) -> Member:
        """The login's own row in the Business Center. Raises Refused when it has none."""
        found = self.bc.member(self.email)
        if found is None or found.status != "active":
            message = "You do not have permission"
            raise Refused(message, NO_PERMISSION)
        return found

    def need_admin(self) -> None:
        """Raise Refused unless the login is an Admin of this Business Center."""
        if self.me.role != "admin":
            message = "You do not have permission"
            raise Refused(message, NO_PERMISSION)


Handler = Callable[[Call], dict[str, Any]]


def session_of(request: Request) -> Session | None:
    """Return the session of the browser that asks, if any."""
    world: World = request.app.state.world
    return world.sessions.get(request.cookies.get("sessionid_ads", ""))


def answer(
    data: dict[str, Any] | None = None, *, code: int = 0, message: str = "success", status: int = 200
) -> Response:
    """Return the site's usual JSON answer."""
    return JSONResponse({"code": code, "msg": message, "data": data or {}}, status_code=status)


async def drop(request: Request) -> Response:
    """Close the connection without an answer."""
    request.scope["standin.transport"].abort()
    await asyncio.sleep(0.02)
    return Response(status_code=499)


def read(handler: Handler) -> Endpoint:
    """Wrap a GET handler: needs a session, shows stale data while a `stale_list` fault lasts, fails by `lists_fail`."""

    async def endpoint(request: Request) -> Response:
        world: World = request.app.state.world
        await asyncio.sleep(float(world.fault("slow", "read") or 0) if _only_reads(world) else 0)
        session = session_of(request)
        if session is None:
            return answer(code=SIGNED_OUT, message="not logged in", status=401)
        if request.url.path.endswith("/list/") and (how := world.take("lists_fail")) is not None:
            if how == "drop":
                return await drop(request)
            if how == "no":
                return answer(code=TOO_MANY, message="try later")
            return answer(code=BROKEN, message="try later", status=500)
        call = _call(request, world, session, {}, _data_to_show(world))
        try:
            return answer(handler(call))
        except Refused as no:
            return answer(code=no.code, message=no.message)

    return endpoint


def _only_reads(world: World) -> bool:
    return any(fault.name == "slow" and fault.kind == "read" for fault in world.faults)


def _data_to_show(world: World) -> Data:
    stale = world.stale
    if stale is None:
        return world.data
    if stale.loads is not None:
        stale.loads -= 1
        over = stale.loads < 0
    else:
        over = world.clock() >= (stale.until or 0)
    if over:
        world.stale = None
        return world.data
    return stale.data


def _call(request: Request, world: World, session: Session, body: dict[str, Any], data: Data) -> Call:
    query = dict(request.query_params)
    org_id = query.get("org_id") or str(body.get("org_id") or "")
    params = {name: str(value) for name, value in request.path_params.items()}
    return Call(world, session, org_id, body, query, params, data)


def write(kind: str, handler: Handler | None = None, *, path: str | None = None) -> Any:  # noqa: ANN401
    """Wrap a POST handler as a logged write of this kind; `write(kind, fn)` or `@write(kind)`.

    The log entry is made before anything else, so `received` holds whatever happens after.
    """
    if handler is None:
        return lambda function: write(kind, function, path=path)
    if path is not None:
        KIND_OF_PATH[path] = kind

    async def endpoint(request: Request) -> Response:
        world: World = request.app.state.world
        body = await _body(request)
        entry = _log(world, kind, request, body)
        response = await _serve(world, kind, request, body, entry, handler)
        entry.answered = response.status_code != 499
        return response

    return endpoint


def _log(world: World, kind: str, request: Request, body: dict[str, Any]) -> Write:
    org_id = request.query_params.get("org_id") or str(body.get("org_id") or "")
    entry = Write(len(world.writes) + 1, world.clock(), kind, request.method, request.url.path, org_id, body)
    world.writes.append(entry)
    return entry


async def _body(request: Request) -> dict[str, Any]:
    if not (await request.body()).strip():
        return {}
    found = await request.json()
    return found if isinstance(found, dict) else {}


async def _serve(
    world: World, kind: str, request: Request, body: dict[str, Any], entry: Write, handler: Handler
) -> Response:
    await asyncio.sleep(float(world.take("slow", kind) or 0))
    refusal = await _before(world, kind, request)
    if refusal is not None:
        return refusal
    session = session_of(request)
    if session is None:
        return answer(code=SIGNED_OUT, message="not logged in", status=401)
    try:
        data = _apply(world, _call(request, world, session, body, world.data), entry, handler)
    except Refused as no:
        return answer(code=no.code, message=no.message)
    return await _after(world, kind, request, data)


def _not_allowed(world: World, kind: str, request: Request) -> Response | None:
    session = session_of(request)
    if session is not None and world.fault("signed_out", kind) == "next_write":
        world.take("signed_out", kind)
        world.sessions.pop(session.token)
        session = None
    if session is None:
        return answer(code=SIGNED_OUT, message="not logged in", status=401)
    token = request.headers.get("x-csrftoken")
    if token != session.csrf or token != request.cookies.get("csrftoken"):
        return answer(code=40300, message="CSRF token missing or wrong", status=403)
    return None


def _not_now(world: World, kind: str) -> Response | None:
    if world.fault("captcha", kind) == "write" and not world.captcha_solved:
        return answer(code=CAPTCHA, message="Verify to continue")
    limited = world.take("rate_limit", kind)
    if limited is not None:
        return answer(code=TOO_MANY, message=limited or "Too many requests. Please try again later.")
    if world.fault("silent_confirm", kind) in {"", "accepted"}:
        world.take("silent_confirm", kind)
        return JSONResponse({})
    return None


async def _before(world: World, kind: str, request: Request) -> Response | None:
    """Everything that may end a write before it is applied."""
    refused = _not_allowed(world, kind, request)
    if refused is not None:
        return refused
    if world.take("500_before", kind) is not None:
        return Response("Internal Server Error", status_code=500)
    if world.take("drop_before", kind) is not None:
        return await drop(request)
    return _not_now(world, kind)


def _apply(world: World, call: Call, entry: Write, handler: Handler) -> dict[str, Any]:
    stale = world.fault("stale_list", entry.kind)
    before = copy.deepcopy(world.data) if stale is not None else None
    _check_ticket(world, entry.kind, call)
    data = handler(call)
    entry.applied = True
    if before is not None and stale is not None:
        world.take("stale_list", entry.kind)
        number, _, unit = (stale or "5").strip().partition(" ")
        loads = int(number) if unit.startswith("load") else None
        world.stale = Stale(before, None if loads is not None else world.clock() + float(number), loads)
    return data


def code_needed(world: World, kind: str) -> bool:
    """Whether a person must enter a mailed code before this kind of write. Removing a member always asks."""
    wanted = world.axis("codes")
    return kind in {"remove_member", wanted} or (wanted == "all" and kind in ASKED_BY_ALL)


def _check_ticket(world: World, kind: str, call: Call) -> None:
    if not code_needed(world, kind):
        return
    ticket = str(call.body.get("ticket") or "")
    if ticket not in world.tickets:
        message = "Verification is needed"
        raise Refused(message, TICKET_MISSING)
    world.tickets.remove(ticket)


async def _after(world: World, kind: str, request: Request, data: dict[str, Any]) -> Response:
    if world.fault("signed_out", kind) == "after_write":
        world.take("signed_out", kind)
        session = session_of(request)
        if session is not None:
            world.sessions.pop(session.token)
    if world.take("500_after", kind) is not None:
        return Response("Internal Server Error", status_code=500)
    if world.take("drop_after", kind) is not None:
        return await drop(request)
    return answer(data)

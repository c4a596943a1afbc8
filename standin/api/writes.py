"""Wrappers round the site's own API: who asks, for which Business Center, and which faults strike.

A handler is a plain function from a `Call` to the `data` of the answer; it raises `Refused` to say no.
"""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from standin.api import strikes
from standin.api.answers import (
    BROKEN,
    NO_PERMISSION,
    TICKET_MISSING,
    TOO_MANY,
    Refused,
    answer,
    no,
    session_of,
    signed_out,
)
from standin.api.connections import UNANSWERED, connection_of, drop
from standin.api.promises import asked_step, promise
from standin.switches import PLAYED_BY_PAGES, WRITES
from standin.world import BusinessCenter, Data, Member, Session, Stale, World, Write

Endpoint = Callable[[Request], Awaitable[Response]]

ASKED_BY_ALL = frozenset({"invite", "share", "update", "create", "request"})
KIND_OF_PATH: dict[str, str] = {}
"""Path of a write to its kind, filled by `path=` of `write`: pages play `silent_confirm=unsent` with it."""


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


def read(handler: Handler) -> Endpoint:
    """Wrap a GET handler: needs a session, shows stale data while a `stale_list` fault lasts, fails by `lists_fail`."""

    async def endpoint(request: Request) -> Response:
        world: World = request.app.state.world
        await asyncio.sleep(float(world.fault("slow", "read") or 0) if _only_reads(world) else 0)
        session = session_of(request)
        if session is None:
            return signed_out(world)
        if request.url.path.endswith("/list/") and (how := world.take("lists_fail")) is not None:
            if how == "drop":
                return await drop(request)
            if how == "no":
                return answer(code=TOO_MANY, message="try later", world=world)
            return answer(code=BROKEN, message="try later", status=500)
        if request.query_params.get("page", "1") != "1":
            slow = world.fault("slow_next")
            await asyncio.sleep(0 if slow is None else float(slow or 1.5))
        call = _call(request, world, session, {}, _data_to_show(world))
        try:
            return answer(handler(call), world=world)
        except Refused as refused:
            return no(refused, world)

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

    The log entry is made before anything else: one for each arrival, whatever happens after.
    """
    if handler is None:
        return lambda function: write(kind, function, path=path)
    if path is not None:
        KIND_OF_PATH[path] = kind

    async def endpoint(request: Request) -> Response:
        world: World = request.app.state.world
        entry = _log(world, kind, request)
        if kind in WRITES:
            for name in PLAYED_BY_PAGES:
                world.take(name, kind)
        try:
            entry.body = await _body(request)
        except ClientDisconnect:
            return Response(status_code=UNANSWERED)
        entry.received = True
        entry.org_id = entry.org_id or str(entry.body.get("org_id") or "")
        response = await _serve(world, kind, request, entry, handler)
        entry.answered = response.status_code != UNANSWERED
        return response

    return endpoint


def _log(world: World, kind: str, request: Request) -> Write:
    number, path, org_id = len(world.writes) + 1, request.url.path, request.query_params.get("org_id", "")
    entry = Write(number, world.clock(), kind, request.method, path, org_id, {}, received=False)
    connection = connection_of(request)
    entry.connection, entry.reused = connection.number, connection.requests > 1
    world.writes.append(entry)
    return entry


async def _body(request: Request) -> dict[str, Any]:
    if not (await request.body()).strip():
        return {}
    found = await request.json()
    return found if isinstance(found, dict) else {}


async def _serve(world: World, kind: str, request: Request, entry: Write, handler: Handler) -> Response:
    await asyncio.sleep(float(world.take("slow", kind) or 0))
    ended = await strikes.before(world, kind, request)
    if ended is not None:
        return ended
    session = session_of(request)
    if session is None:
        return signed_out(world)
    try:
        data = _apply(world, _call(request, world, session, entry.body, world.data), entry, handler)
    except Refused as refused:
        return no(refused, world)
    return await _after(world, kind, request, data)


async def _after(world: World, kind: str, request: Request, data: dict[str, Any]) -> Response:
    """Return the answer to a write that was applied, or what happens to it."""
    return await strikes.after(world, kind, request, answer(data, world=world))


def _apply(world: World, call: Call, entry: Write, handler: Handler) -> dict[str, Any]:
    stale = world.fault("stale_list", entry.kind)
    before = copy.deepcopy(world.data) if stale is not None else None
    _check_ticket(world, entry.kind, call)
    step = asked_step(world, entry.kind)
    if step is None:
        data = handler(call)
        entry.applied = entry.kind != "precheck"
    else:
        # The promise is kept on what the data is by then.
        data = promise(world, entry, lambda: handler(replace(call, data=world.data)), step)
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

"""What faults do to a write on the server's side: before it is applied, and to its answer."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from standin.api.answers import BROKEN, CAPTCHA, TOO_MANY, answer, session_of, signed_out
from standin.api.connections import cut, drop
from standin.world import World

SYSTEM_ERROR = "System error, please try again later."

Strike = Callable[[World, str, Request], Awaitable[Response | None]]


async def before(world: World, kind: str, request: Request) -> Response | None:
    """Everything that may end a write before it is applied."""
    for strike in (_not_allowed, _status("before"), _system_error("before"), _cut_before, _not_now):
        ended = await strike(world, kind, request)
        if ended is not None:
            return ended
    return None


async def after(world: World, kind: str, request: Request, given: Response) -> Response:
    """Everything that may happen to the answer of a write that was applied."""
    if world.fault("signed_out", kind) == "after_write":
        world.take("signed_out", kind)
        session = session_of(request)
        if session is not None:
            world.sessions.pop(session.token)
    for strike in (_status("after"), _system_error("after")):
        ended = await strike(world, kind, request)
        if ended is not None:
            return ended
    if world.take("drop_after", kind) is not None:
        return await drop(request)
    for name in ("cut_fin", "cut_rst"):
        where = world.take(name, kind)
        if where is not None:
            return await cut(request, where or "unanswered", given, reset=name == "cut_rst")
    return given


def _status(when: str) -> Strike:
    async def strike(world: World, kind: str, _request: Request) -> Response | None:
        status = "500" if world.take(f"500_{when}", kind) is not None else world.take(f"answer_{when}", kind)
        if status is None:
            return None
        return Response(HTTPStatus(int(status)).phrase, status_code=int(status))

    return strike


def _system_error(when: str) -> Strike:
    async def strike(world: World, kind: str, _request: Request) -> Response | None:
        if world.take(f"internal_error_{when}", kind) is None:
            return None
        return answer(code=BROKEN, message=SYSTEM_ERROR, world=world)

    return strike


async def _cut_before(world: World, kind: str, request: Request) -> Response | None:
    if world.take("drop_before", kind) is not None:
        return await drop(request)
    for name in ("cut_fin", "cut_rst"):
        if world.fault(name, kind) == "before-applied":
            world.take(name, kind)
            return await cut(request, "before-applied", None, reset=name == "cut_rst")
    return None


async def _not_allowed(world: World, kind: str, request: Request) -> Response | None:
    session = session_of(request)
    if session is not None and world.fault("signed_out", kind) == "next_write":
        world.take("signed_out", kind)
        world.sessions.pop(session.token)
        session = None
    if session is None:
        return signed_out(world)
    # A beacon has no headers of its own: its token is in the address.
    token = request.headers.get("x-csrftoken") or request.query_params.get("csrf_token")
    if token != session.csrf or token != request.cookies.get("csrftoken"):
        return answer(code=40300, message="CSRF token missing or wrong", status=403)
    return None


async def _not_now(world: World, kind: str, _request: Request) -> Response | None:
    puzzle = world.fault("captcha", kind)
    if puzzle in {"write", "page", "page_sso"} and not world.captcha_solved:
        return _puzzle(world, puzzle)
    limited = world.take("rate_limit", kind)
    if limited is not None:
        message = limited or "Too many requests. Please try again later."
        return answer(code=TOO_MANY, message=message, world=world)
    if world.fault("silent_confirm", kind) in {"", "accepted"}:
        world.take("silent_confirm", kind)
        return JSONResponse({})
    return None


def _puzzle(world: World, how: str | None) -> Response:
    if how != "page_sso":
        return answer(code=CAPTCHA, message="Verify to continue", world=world)
    conf = json.dumps({"code": "10000", "type": "verify", "subtype": "slide"})
    told = {"error_code": 1107, "description": "Verify to continue", "verify_center_decision_conf": conf}
    return JSONResponse({"data": told, "message": "error", **told})

"""Codes that a person types: mailed, texted or from an authenticator, at sign-in and before some writes."""

from __future__ import annotations

from typing import Any

import pyotp
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from standin.api.answers import Refused, answer, no, session_of, signed_out
from standin.api.promises import keep
from standin.api.writes import Call
from standin.world import MAIL_CODE_LIFETIME, Login, World

WRONG_CODE = 1202
WRONG_TEXT = "Verification code is incorrect or has expired. Please try again."
"""Invented: the site's own words are not known."""


def totp_now(world: World, login: Login) -> str:
    """Return the code the authenticator of this login shows now, by the site's clock."""
    return pyotp.TOTP(login.totp_secret).at(int(world.clock()))


def accept_totp(world: World, login: Login, code: str) -> None:
    """Use up an authenticator code; one step of 30 s to either side is fine.

    Raises Refused for a wrong or used one.
    """
    right = pyotp.TOTP(login.totp_secret)
    moment = int(world.clock())
    good = {right.at(moment + shift) for shift in (-30, 0, 30)}
    if code not in good or code in world.used_totp:
        raise Refused(WRONG_TEXT, WRONG_CODE)
    world.used_totp.add(code)


def accept_mailed(world: World, email: str, purpose: str, code: str) -> None:
    """Use up the newest mailed code of this purpose.

    Raises Refused for a wrong, used, old or replaced one.
    """
    sent = [row for row in world.codes if row.email == email and row.purpose == purpose]
    newest = sent[-1] if sent else None
    if newest is None or newest.used or newest.code != code or world.clock() - newest.at > MAIL_CODE_LIFETIME:
        raise Refused(WRONG_TEXT, WRONG_CODE)
    newest.used = True


def event(world: World, kind: str, **more: Any) -> None:  # noqa: ANN401
    """Note something that is no write of the Business Center: a sign-in, a code sent or tried."""
    world.notes.setdefault("events", []).append({"at": world.clock(), "kind": kind, **more})


def _send_code(call: Call) -> dict[str, Any]:
    purpose = str(call.body.get("kind") or "")
    event(call.world, "send_code", email=call.email, purpose=purpose)
    call.world.new_code(call.email, purpose)
    return {}


def _check_code(call: Call) -> dict[str, Any]:
    purpose, code = str(call.body.get("kind") or ""), str(call.body.get("code") or "")
    event(call.world, "check_code", email=call.email, purpose=purpose)
    accept_mailed(call.world, call.email, purpose, code)
    request_id = str(call.body.get("request_id") or "")
    if request_id:
        keep(call.world, request_id, "code")
    ticket = call.world.new_token()
    call.world.tickets.add(ticket)
    return {"ticket": ticket}


def _secured(handler: Any) -> Any:  # noqa: ANN401
    async def endpoint(request: Request) -> Response:
        world: World = request.app.state.world
        session = session_of(request)
        if session is None:
            return signed_out(world)
        if request.headers.get("x-csrftoken") != session.csrf:
            return answer(code=40300, message="CSRF token missing or wrong", status=403)
        body = await request.json()
        try:
            return answer(
                handler(Call(world, session, str(body.get("org_id") or ""), body, data=world.data)), world=world
            )
        except Refused as refused:
            return no(refused, world)

    return endpoint


def routes() -> list[Route]:
    """Return the calls that send and check a code before a write. They are not in the log of writes."""
    return [
        Route("/api/v2/bm/security/send_code/", _secured(_send_code), methods=["POST"]),
        Route("/api/v2/bm/security/check_code/", _secured(_check_code), methods=["POST"]),
    ]

"""What the site answers: its JSON, its codes, and who asks."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from standin.world import Session, World

SIGNED_OUT = 40101
NO_PERMISSION = 40003
REFUSED = 40002
TOO_MANY = 40100
BROKEN = 50000
CAPTCHA = 40110
TICKET_MISSING = 40120


class Refused(Exception):
    """The site says no, with HTTP 200, a code other than 0 and a message."""

    def __init__(self, message: str, code: int = REFUSED) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def answer(
    data: dict[str, Any] | None = None, *, code: int = 0, message: str = "success", status: int = 200
) -> Response:
    """Return the site's usual JSON answer."""
    return JSONResponse({"code": code, "msg": message, "data": data or {}}, status_code=status)


def no(refused: Refused) -> Response:
    """Return the answer that says no."""
    return answer(code=refused.code, message=refused.message)


def signed_out() -> Response:
    """Return the answer to whoever has no session."""
    return answer(code=SIGNED_OUT, message="not logged in", status=401)


def session_of(request: Request) -> Session | None:
    """Return the session of the browser that asks, if any."""
    world: World = request.app.state.world
    return world.sessions.get(request.cookies.get("sessionid_ads", ""))

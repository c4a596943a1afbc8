"""What the site answers: its JSON, its codes, and who asks."""

from __future__ import annotations

import re
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
ROLE_NUMBERS = {"admin": 1, "standard": 2, "operator": 3, "analyst": 4}
"""Role to its number under axis `role_type`; pages know the same (`web/boot.js`)."""
_ID = re.compile(r"[67]\d{18}")


class Refused(Exception):
    """The site says no, with HTTP 200, a code other than 0 and a message."""

    def __init__(self, message: str, code: int = REFUSED) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def answer(
    data: dict[str, Any] | None = None,
    *,
    code: int = 0,
    message: str = "success",
    status: int = 200,
    world: World | None = None,
) -> Response:
    """Return the site's usual JSON answer; with a `world`, in the types its axes ask for."""
    if world is None:
        return JSONResponse({"code": code, "msg": message, "data": data or {}}, status_code=status)
    told = str(code) if world.axis("code_type") == "text" else code
    return JSONResponse({"code": told, "msg": message, "data": _typed(world, data or {})}, status_code=status)


def no(refused: Refused, world: World | None = None) -> Response:
    """Return the answer that says no."""
    return answer(code=refused.code, message=refused.message, world=world)


def signed_out(world: World | None = None) -> Response:
    """Return the answer to whoever has no session."""
    return answer(code=SIGNED_OUT, message="not logged in", status=401, world=world)


def _typed(world: World, value: Any, key: str = "") -> Any:  # noqa: ANN401 - any JSON
    """Turn ids and roles into numbers where axes `ids` and `role_type` want them so."""
    if isinstance(value, dict):
        return {name: _typed(world, each, name) for name, each in value.items()}
    if isinstance(value, list):
        return [_typed(world, each) for each in value]
    if not isinstance(value, str):
        return value
    ids = world.axis("ids")
    is_id = value in world.business_centers or (ids == "all" and _ID.fullmatch(value))
    if ids != "text" and is_id:
        return int(value)
    if key in {"role", "level"} and world.axis("role_type") == "number":
        return ROLE_NUMBERS.get(value, value)
    return value


def session_of(request: Request) -> Session | None:
    """Return the session of the browser that asks, if any."""
    world: World = request.app.state.world
    return world.sessions.get(request.cookies.get("sessionid_ads", ""))

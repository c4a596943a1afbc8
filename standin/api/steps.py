"""Requests round a write, which some faults make pages send: a check before it, a second one after it, a fee.

And a request beside a list, which is always refused.
"""

from __future__ import annotations

from typing import Any

from starlette.routing import Route

from standin.api.answers import NO_PERMISSION, REFUSED, Refused
from standin.api.promises import keep
from standin.api.writes import Call, read, write

THINGS = {
    "invite": "user",
    "resend": "user",
    "cancel_invitation": "user",
    "share": "partner",
    "accept_partner": "partner",
    "create": "account",
    "request": "account",
    "register": "bp",
}
"""Kind of write to the name of its thing in the addresses of `precheck` and `bind`."""

NOT_NOW = "This action is not available for your Business Center right now."
"""Invented."""


def routes() -> list[Route]:
    """Return the calls; a page asks for them only under a fault."""
    return [
        Route("/api/v3/bm/{thing}/precheck/", write("precheck", _precheck), methods=["POST"]),
        Route("/api/v3/bm/{thing}/bind/", write("bind", _bind), methods=["POST"]),
        Route("/api/v3/bm/account/gmv_max/", read(_gmv_max)),
        Route("/api/v2/bm/billing/accept_fee/", write("fee", _accept_fee), methods=["POST"]),
    ]


def _precheck(call: Call) -> dict[str, Any]:
    for kind, thing in THINGS.items():
        if thing == call.params["thing"] and call.world.fault("precheck", kind) == "no":
            call.world.take("precheck", kind)
            raise Refused(NOT_NOW, REFUSED)
    return {}


def _bind(call: Call) -> dict[str, Any]:
    keep(call.world, str(call.body.get("request_id") or ""), "bind")
    return {}


def _accept_fee(call: Call) -> dict[str, Any]:
    fees = call.world.notes.setdefault("fees", [])
    fees.append(call.org_id)
    return {}


def _gmv_max(_call: Call) -> dict[str, Any]:
    message = "You do not have permission"
    raise Refused(message, NO_PERMISSION)

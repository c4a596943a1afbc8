"""The outermost layer of both sites: connections that stay open, and ways to break one at any byte."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections import deque
from collections.abc import MutableMapping
from dataclasses import dataclass
from email.utils import formatdate
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

KEEP_ALIVE = 75
"""Seconds an idle connection stays open, as on common web servers."""
UNANSWERED = 499
"""Status of a `Response` that never reached whoever asked."""
CUTS = ("before-applied", "unanswered", "headers", "body")
"""Where a connection is cut: before the write was applied, or after that before, in or after the answer's headers."""

_A_MOMENT = 0.02
_numbers = count(1)


QUIET = ("/kit/", "/web/", "/__standin__")
"""What pages are made of, and what tests ask: not in the log of arrivals."""


@dataclass
class Arrival:
    """One request of any kind as it came, and the status of its answer: 0 before it, `UNANSWERED` for none."""

    method: str
    path: str
    query: str
    status: int = 0


@dataclass
class Connection:
    """One TCP connection and the number of requests that came on it so far."""

    number: int
    requests: int = 0


class Edge:
    """Gives every request its connection and transport, and every answer the site's own time.

    Connections stay open between requests, so a browser re-uses them, and may send a request again by
    itself when a re-used one breaks.
    """

    def __init__(self, app: Starlette, arrivals: deque[Arrival]) -> None:
        self.app: ASGIApp = app
        self._arrivals = arrivals
        self.state = app.state
        self._open: MutableMapping[asyncio.Transport, Connection] = WeakKeyDictionary()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        transport: asyncio.Transport = send.__self__.transport  # type: ignore[attr-defined]
        connection = self._open.setdefault(transport, Connection(0))
        connection.number = connection.number or next(_numbers)
        connection.requests += 1
        scope["standin.transport"] = transport
        scope["standin.connection"] = connection

        arrival = Arrival(scope["method"], scope["path"], scope["query_string"].decode())
        if not arrival.path.startswith(QUIET):
            self._arrivals.append(arrival)

        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                arrival.status = message["status"]
                message = {**message, "headers": [*message.get("headers", []), (b"date", self._date())]}
            await send(message)

        await self.app(scope, receive, dated)

    def _date(self) -> bytes:
        return formatdate(self.state.world.clock(), usegmt=True).encode()


def connection_of(request: Request) -> Connection:
    """Return the connection a request came on; its `requests` counts this one. Behind another edge it is not known."""
    found: Connection = request.scope.get("standin.connection") or Connection(0)
    return found


async def drop(request: Request) -> Response:
    """Close the connection without an answer."""
    return await cut(request, "unanswered", None, reset=False)


async def cut(request: Request, where: str, answer: Response | None, *, reset: bool) -> Response:
    """Send a part of the answer and end the connection: in order (FIN), or by `reset` (RST).

    `where` is one of CUTS, with `@N` for the number of bytes of the headers or the body that still go out
    (half of them without it). Returns a response that nobody gets.
    """
    transport: Any = request.scope["standin.transport"]
    part = _first_part(where, answer) if answer is not None else b""
    if part:
        transport.write(part)
        await asyncio.sleep(_A_MOMENT)
    if reset:
        # Without lingering, closing a socket resets the connection.
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
    await asyncio.sleep(_A_MOMENT)
    return Response(status_code=UNANSWERED)


def _first_part(where: str, answer: Response) -> bytes:
    place, _, given = where.partition("@")
    lines = [b"HTTP/1.1 %d OK" % answer.status_code, *(b": ".join(pair) for pair in answer.raw_headers)]
    head, body = b"\r\n".join(lines) + b"\r\n\r\n", bytes(answer.body)
    if place == "headers":
        return head[: min(int(given or len(head) // 2), len(head) - 1)]
    if place == "body":
        return head + body[: min(int(given or len(body) // 2), len(body) - 1)]
    return b""

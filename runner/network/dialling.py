"""Connections to the network: straight, or through an HTTP proxy of the user's own, under TLS if it is an https one."""

from __future__ import annotations

import asyncio
import base64
import ssl
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

if TYPE_CHECKING:
    from collections.abc import Callable

    Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
CHUNK: Final = 1 << 18
DIAL_SECONDS: Final = 30.0


async def dial(host: str, port: int, *, proxy_for: Callable[[str], str | None]) -> Streams:
    """Connect to `host`, through the proxy that `proxy_for(host)` names if there is one.

    Raises OSError or TimeoutError where that is not possible.
    """
    proxy = None if host in LOOPBACK else proxy_for(host)
    async with asyncio.timeout(DIAL_SECONDS):
        if proxy is None:
            return await asyncio.open_connection(host, port, limit=CHUNK)
        return await _through(proxy, host, port)


def system_proxy(host: str) -> str | None:
    """Return the address of the user's own proxy for `host` (environment, or the system's settings), or None."""
    if proxy_bypass(host):
        return None
    known = getproxies()
    return known.get("https") or known.get("all") or known.get("http")


async def _through(proxy: str, host: str, port: int) -> Streams:
    """Open a connection to `host` through an HTTP proxy; raise OSError if it will not."""
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    if parts.scheme not in ("http", "https"):
        raise OSError(f"a {parts.scheme} proxy cannot be used; name an http or https one")
    secure = ssl.create_default_context() if parts.scheme == "https" else None
    at = parts.port or (443 if secure else 8080)
    reader, writer = await asyncio.open_connection(parts.hostname, at, ssl=secure, limit=CHUNK)
    target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        lines.append(f"Proxy-Authorization: Basic {base64.b64encode(pair.encode()).decode()}")
    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
    head = await reader.readuntil(b"\r\n\r\n")
    status = head.split(b" ", 2)[1:2]
    if status != [b"200"]:
        writer.transport.abort()
        raise OSError(f"the proxy said {b''.join(status).decode('ascii', 'replace')}")
    return reader, writer


def why(error: OSError) -> str:
    """Return what went wrong, without addresses of a proxy."""
    if isinstance(error, TimeoutError):
        return "no answer"
    return error.strerror or str(error)

"""The way from the browser to the network: tunnels that we open, so that a guarded request cannot be sent twice.

Chromium sends a request again by itself, a POST too, when a connection that was used before closes before the
answer's headers came; the DevTools protocol shows nothing of it (reproduced with Chromium 156: the server gets two
requests, the page and every observer see one). What cannot be seen can still be kept from travelling: the browser
reaches the network through a SOCKS proxy of ours on 127.0.0.1, TLS stays end to end, and while a write is under way

- it travels on a connection opened for it: every tunnel to its host is closed first;
- no other tunnel to that host opens before the write has ended;
- when the host closes a tunnel, all others to it are closed *before* the browser hears of it.

So there is nothing left that could carry it a second time. A proxy of the user's own (`HTTPS_PROXY`, or the system's
on macOS) is dialled through; its credentials never reach the browser.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import urlsplit

from loguru import logger

from bcflow.runner.network.dialling import CHUNK, dial, system_proxy, why

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any, Self

HERE: Final = "127.0.0.1"
AFTER_BREAK_SECONDS: Final = 1.0
"""How long a new connection to a host that broke off is kept waiting for news of the guarded request."""
CALL_SECONDS: Final = 5.0

_GRANTED, _FAILED, _REFUSED, _NOT_SUPPORTED = 0, 1, 5, 7
_IPV4, _NAME, _IPV6 = 1, 3, 4
_AT_ONCE = struct.pack("ii", 1, 0)

Place = tuple[str, int]
T = TypeVar("T")


@dataclass(eq=False)
class _Tunnel:
    """One connection through us: the browser's end and the network's."""

    place: Place
    browser: asyncio.StreamWriter
    network: asyncio.StreamWriter
    was_cut: bool = False

    def cut(self) -> None:
        """Close both ends at once."""
        self.was_cut = True
        for end in (self.network, self.browser):
            end.transport.abort()


@dataclass(eq=False)
class _Guard:
    """One request under way to `place`: how many connections may still be opened, and whether one broke off."""

    place: Place
    fresh: int
    opened: int = 0
    broken: bool = False
    over: bool = False
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self) -> None:
        """Wake whoever waits for a connection to the guarded host."""
        self.changed.set()
        self.changed = asyncio.Event()


class Gateway:
    """A SOCKS5 proxy for one browser, in a thread of its own. Use it as a context manager."""

    def __init__(self, *, proxy_for: Callable[[str], str | None] = system_proxy) -> None:
        """Take how to find the user's own proxy for a host."""
        self._proxy_for = proxy_for
        self._tunnels: set[_Tunnel] = set()
        self._guard: _Guard | None = None
        self._serving: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="gateway", daemon=True)
        self.failure = ""
        """Why the latest connection to the network could not be made, in words that may be shown."""

    def __enter__(self) -> Self:
        """Start listening."""
        self._thread.start()
        self._server = self._call(asyncio.start_server(self._accepted, HERE, 0, limit=CHUNK))
        return self

    def __exit__(self, *_: object) -> None:
        """Close every tunnel and end the thread."""
        self._call(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(CALL_SECONDS)
        self._loop.close()

    @property
    def address(self) -> str:
        """Return the proxy's address, as a browser takes it."""
        return f"socks5://{HERE}:{self._server.sockets[0].getsockname()[1]}"

    def guard(self, url: str, *, others: int = 0) -> None:
        """See to it that the request to `url` that is let go next is received at most once.

        `others` are requests to the same host that are under way and cannot be waited for: each will want a
        connection of its own again.
        """
        self._call(self._begin(place_of(url), others))

    def let_go(self) -> bool:
        """End the guard; say whether any connection to the guarded host was open since it began."""
        return self._call(self._stop_guarding())

    def _call(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(CALL_SECONDS)

    async def _begin(self, place: Place, others: int) -> None:
        await self._stop_guarding()
        self._guard = _Guard(place, fresh=1 + others)
        self._cut(place)

    async def _stop_guarding(self) -> bool:
        guard, self._guard = self._guard, None
        if guard is None:
            return True
        guard.over = True
        guard.tell()
        return guard.opened > 0

    async def _end(self) -> None:
        self._server.close()
        await self._stop_guarding()
        for tunnel in tuple(self._tunnels):
            tunnel.cut()
        for task in tuple(self._serving):
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    def _cut(self, place: Place, *, but: _Tunnel | None = None) -> None:
        for tunnel in tuple(self._tunnels):
            if tunnel.place == place and tunnel is not but:
                tunnel.cut()

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - asyncio calls this in a task
        self._serving.add(task)
        try:
            await self._serve(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError) as error:
            logger.trace("a tunnel ended: {}", type(error).__name__)
        finally:
            self._serving.discard(task)
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        place = await _asked_for(reader, writer)
        if place is None or not await self._may_open(place):
            _answer(writer, _NOT_SUPPORTED if place is None else _REFUSED)
            await writer.drain()
            return
        try:
            network = await dial(*place, proxy_for=self._proxy_for)
        except (OSError, TimeoutError, ssl.SSLError) as error:
            self.failure = f"{place[0]}: {why(error)}"
            logger.debug("no connection to {}: {}", place[0], why(error))
            _answer(writer, _REFUSED)
            await writer.drain()
            return
        tunnel = _Tunnel(place, writer, network[1])
        self._tunnels.add(tunnel)
        try:
            if self._guard is not None and self._guard.place == place:
                self._guard.opened += 1
            _answer(writer, _GRANTED)
            await self._carry(tunnel, reader, network[0])
        finally:
            self._tunnels.discard(tunnel)
            network[1].transport.abort()

    async def _may_open(self, place: Place) -> bool:
        """Wait until a connection to `place` may be opened; say false if it must not be."""
        while (guard := self._guard) is not None and guard.place == place and not guard.over:
            if guard.fresh and not guard.broken:
                guard.fresh -= 1
                return True
            if not guard.broken:
                await guard.changed.wait()
                continue
            # The browser may want it to send the guarded request again: it hears a no, unless the request has ended.
            with suppress(TimeoutError):
                await asyncio.wait_for(guard.changed.wait(), AFTER_BREAK_SECONDS)
            if self._guard is guard:
                return False
        return True

    async def _carry(self, tunnel: _Tunnel, browser: asyncio.StreamReader, network: asyncio.StreamReader) -> None:
        out = asyncio.ensure_future(_pump(browser, tunnel.network))
        in_order = False
        try:
            in_order = await _pump(network, tunnel.browser)
        finally:
            # The order is the protection: the browser hears last that the host has hung up.
            guard = self._guard
            if guard is not None and guard.place == tunnel.place and not tunnel.was_cut:
                guard.broken = True
                self._cut(tunnel.place, but=tunnel)
                guard.tell()
            out.cancel()
            await asyncio.gather(out, return_exceptions=True)
        if not in_order:
            # The browser must not take a torn answer for a whole one: it hears of a reset as it happened.
            tunnel.browser.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
            return
        with suppress(OSError):
            tunnel.browser.write_eof()
            await tunnel.browser.drain()
            tunnel.browser.close()
            await tunnel.browser.wait_closed()


def place_of(url: str) -> Place:
    """Return the host and port a request to `url` goes to."""
    parts = urlsplit(url)
    return (parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))


async def _asked_for(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Place | None:
    """Greet as SOCKS5 says (RFC 1928) and return where the browser wants to go; None for what we do not do."""
    _, methods = await reader.readexactly(2)
    await reader.readexactly(methods)
    writer.write(b"\x05\x00")
    _, command, _, kind = await reader.readexactly(4)
    if kind == _NAME:
        (length,) = await reader.readexactly(1)
        host = (await reader.readexactly(length)).decode("ascii")
    elif kind in (_IPV4, _IPV6):
        family = socket.AF_INET if kind == _IPV4 else socket.AF_INET6
        host = socket.inet_ntop(family, await reader.readexactly(4 if kind == _IPV4 else 16))
    else:
        return None
    port = int.from_bytes(await reader.readexactly(2), "big")
    return (host, port) if command == 1 else None


def _answer(writer: asyncio.StreamWriter, code: int) -> None:
    writer.write(bytes((5, code, 0, _IPV4, 0, 0, 0, 0, 0, 0)))


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> bool:
    """Pass on what comes until it ends; say whether that was in order, and no reset."""
    try:
        while data := await source.read(CHUNK):
            sink.write(data)
            await sink.drain()
    except OSError:
        return False
    return True

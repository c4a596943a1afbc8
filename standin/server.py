"""Starts the two sites of the stand-in on 127.0.0.1."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import importlib.util
import socket
import threading
from collections import deque
from collections.abc import Iterator
from types import ModuleType, TracebackType
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from standin import control, seed
from standin.api import background, codes, steps
from standin.api.connections import KEEP_ALIVE, Arrival
from standin.api.connections import Edge as _Edge
from standin.api.writes import KIND_OF_PATH
from standin.front import kits, login, shell
from standin.switches import parse_axis, parse_fault

LAST_ARRIVALS = 500
"""How many requests the log of arrivals keeps."""
AREAS = ("members", "partners", "accounts", "registration")


class _Server(uvicorn.Server):
    """A server that says when it answers and leaves signals to whoever started it."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start as usual, then say so."""
        await super().startup(sockets)
        self.ready.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Do nothing."""
        yield


def _area_modules() -> list[ModuleType]:
    names = [f"standin.areas.{name}" for name in AREAS]
    return [importlib.import_module(name) for name in names if importlib.util.find_spec(name) is not None]


def _routes(attribute: str) -> list[Route]:
    found: list[Route] = []
    for module in _area_modules():
        make = getattr(module, attribute, None)
        if make is not None:
            found += make()
    return found


def _other_versions(routes: list[Route]) -> list[Route]:
    """Return the same writes under v3 of the API where they are under v2, and the other way round."""
    swapped = str.maketrans("23", "32")
    writes = [(row.path.split("/"), row.endpoint) for row in routes if row.path in KIND_OF_PATH]
    return [
        Route("/".join((start, api, version.translate(swapped), *rest)), endpoint, methods=["POST"])
        for (start, api, version, *rest), endpoint in writes
    ]


async def _no_such_call(_request: Any) -> JSONResponse:  # noqa: ANN401
    return JSONResponse({"code": 404, "msg": "no such call", "data": {}}, status_code=404)


def _listen(port: int) -> socket.socket:
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind(("127.0.0.1", port))
    return made


class StandIn:
    """Both sites in one thread. Use it as a context manager, or `start()` and `stop()`.

    Options: `bc_port`, `ads_port` (0: a free one), `seed`, `axes` and `faults` (as on the command
    line: `["edition=2024"]` or `{"edition": "2024"}`; `["500_after:invite:1"]`), `stranger` (the seed
    of other words and looks; 0: none).
    Raises KitsMissing when the kits are not installed, ValueError for an unknown switch.
    """

    def __init__(
        self,
        *,
        bc_port: int = 0,
        ads_port: int = 0,
        seed: int = 1,
        axes: dict[str, str] | list[str] | None = None,
        faults: list[str] | None = None,
        stranger: int = 0,
    ) -> None:
        kits.check_kits()
        self.seed = seed
        self.stranger = stranger
        self.axes = dict(axes if isinstance(axes, dict) else [parse_axis(text) for text in axes or []])
        self.faults = list(faults or [])
        self._sockets = (_listen(bc_port), _listen(ads_port))
        self.bc_url, self.ads_url = (f"http://127.0.0.1:{made.getsockname()[1]}" for made in self._sockets)
        self.control = f"{self.bc_url}/__standin__"
        self.arrivals: deque[Arrival] = deque(maxlen=LAST_ARRIVALS)
        self._apps = (self._bc_app(), self._ads_app())
        self.reset()
        self._servers = [_Server(self._config(app)) for app in self._apps]
        self._thread: threading.Thread | None = None

    def reset(
        self,
        *,
        seed_number: int | None = None,
        axes: dict[str, str] | None = None,
        faults: list[str] | None = None,
        stranger: int | None = None,
    ) -> None:
        """Start again with a fresh world; what is not given stays as it was."""
        self.seed = self.seed if seed_number is None else seed_number
        self.stranger = self.stranger if stranger is None else stranger
        self.axes = self.axes if axes is None else axes
        self.faults = self.faults if faults is None else faults
        faults_now = [parse_fault(text) for text in self.faults]
        world = seed.build(seed=self.seed, axes=self.axes, faults=faults_now, stranger=self.stranger)
        for app in self._apps:
            app.state.world = world
        self.world = world
        self.arrivals.clear()

    def _config(self, app: Starlette) -> uvicorn.Config:
        return uvicorn.Config(
            _Edge(app, self.arrivals),
            log_level="warning",
            access_log=False,
            lifespan="off",
            date_header=False,
            ws="none",
            http="h11",
            timeout_keep_alive=KEEP_ALIVE,
            timeout_graceful_shutdown=1,
        )

    def _app(self, routes: list[Route]) -> Starlette:
        app = Starlette(routes=routes)
        app.state.bc_url, app.state.ads_url, app.state.standin = self.bc_url, self.ads_url, self
        return app

    def _bc_app(self) -> Starlette:
        own = [
            *kits.routes(),
            *control.routes(),
            *codes.routes(),
            *background.routes(),
            *steps.routes(),
            *login.shared_routes(),
            *shell.routes(),
        ]
        lost = [Route("/api/{path:path}", _no_such_call, methods=["GET", "POST"])]
        areas = _routes("routes")
        return self._app([*own, *areas, *_other_versions(areas), *lost, *shell.last_routes()])

    def _ads_app(self) -> Starlette:
        return self._app([*kits.routes(), *login.routes(), *_routes("ads_routes")])

    async def serve(self) -> None:
        """Serve until `stop()`."""
        pairs = zip(self._servers, self._sockets, strict=True)
        await asyncio.gather(*(server.serve(sockets=[made]) for server, made in pairs))

    def start(self) -> Self:
        """Serve in a thread; returns when both sites answer."""
        self._thread = threading.Thread(target=lambda: asyncio.run(self.serve()), name="standin", daemon=True)
        self._thread.start()
        if not all(server.ready.wait(10) for server in self._servers):
            raise RuntimeError("the stand-in did not start")
        return self

    def stop(self) -> None:
        """Stop serving; waits for the thread."""
        for server in self._servers:
            server.should_exit = True
        if self._thread is not None:
            self._thread.join(5)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

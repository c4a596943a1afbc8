"""What pages send beside their work: telemetry as the real site's, and many small resources. Only under faults."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from standin.world import World

TELEMETRY = ("/v1/user/webid", "/web/common", "/api/attrib/trace/init/", "/v1/list")
"""Same-origin POSTs that change nothing."""


async def _telemetry(request: Request) -> Response:
    world: World = request.app.state.world
    await request.body()
    seen = world.notes.setdefault("telemetry", {})
    seen[request.url.path] = seen.get(request.url.path, 0) + 1
    return JSONResponse({"e": 0, "code": 0, "web_id": "7000000000000000001"})


async def _chunk(request: Request) -> Response:
    return JSONResponse({"chunk": request.path_params["number"]}, headers={"Cache-Control": "no-store"})


def routes() -> list[Route]:
    """Return the calls."""
    posts = [Route(path, _telemetry, methods=["POST"]) for path in TELEMETRY]
    return [*posts, Route("/static/chunk/{number:int}.json", _chunk)]

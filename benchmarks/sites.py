"""The stand-in in a process of its own, so that neither side of the comparison shares its processor time.

It counts what arrives, by kind of request: that is how the two sides are held to the same page loads.
Talks by lines of JSON: the addresses first, then for each line it is sent a fresh world and the counts so far.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

import uvicorn
from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from standin.server import StandIn

ROOT = Path(__file__).resolve().parents[1]


class Sites:
    """The running stand-in, seen from the benchmark's process."""

    def __init__(self, to: IO[str], of: IO[str]) -> None:
        """Take both ends of the talk with the stand-in's process."""
        self._to, self._of = to, of
        self.addresses: dict[str, str] = json.loads(of.readline())

    def start_again(self) -> dict[str, int]:
        """Make a fresh world in which who was signed in still is; return the requests since the last time."""
        self._to.write("again\n")
        self._to.flush()
        counts: dict[str, int] = json.loads(self._of.readline())
        return counts


@contextmanager
def sites_running() -> Iterator[Sites]:
    """Run the stand-in for as long as the context lasts."""
    command = [sys.executable, "-m", "benchmarks.sites"]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, text=True, **pipes) as process:
        to, of = cast("IO[str]", process.stdin), cast("IO[str]", process.stdout)
        try:
            yield Sites(to, of)
        finally:
            to.close()


class _Counting(StandIn):
    """A stand-in that counts the requests it gets."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        super().__init__()

    def _config(self, app: Starlette) -> uvicorn.Config:
        config = super()._config(app)
        inner: Any = config.app

        async def counting(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http":
                self.counts[_kind(scope)] += 1
            await inner(scope, receive, send)

        config.app = counting
        return config


def _kind(scope: Scope) -> str:
    headers = dict(scope["headers"])
    if headers.get(b"sec-fetch-dest") == b"document":
        return f"page {scope['path']}"
    if scope["method"] == "POST":
        return f"write {scope['path']}"
    return f"data {scope['path']}" if scope["path"].startswith("/api/") else "files"


def main() -> None:
    """Serve until stdin ends."""
    with _Counting() as sites:
        print(json.dumps({"bc": sites.bc_url, "ads": sites.ads_url, "control": sites.control}), flush=True)
        for _ in sys.stdin:
            sessions = sites.world.sessions
            sites.reset()
            sites.world.sessions = sessions
            print(json.dumps(sites.counts), flush=True)
            sites.counts.clear()


if __name__ == "__main__":
    main()

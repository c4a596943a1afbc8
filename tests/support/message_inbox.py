"""Somewhere on this machine that BCFLOW_NOTIFY may name: keeps the messages and the heartbeats that come."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Inbox(ThreadingHTTPServer):
    """Takes what apprise posts to json://; `status` is what it answers."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Receiver)
        self.messages: list[dict[str, Any]] = []
        self.beats: list[str] = []
        self.status = 200

    def url(self, user: str = "") -> str:
        return f"json://{user}127.0.0.1:{self.server_port}/planted-token"


class Receiver(BaseHTTPRequestHandler):
    server: Inbox

    def do_GET(self) -> None:
        self.server.beats.append(self.path)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"OK")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.messages.append(json.loads(body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@contextmanager
def listening() -> Iterator[Inbox]:
    """Take messages for as long as the context lasts."""
    with Inbox() as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()

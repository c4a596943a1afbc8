"""A site of a few pages on this machine, for what the stand-in does not play: plain HTML and JSON by path."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

Answer = str | dict[str, object]
Served = Answer | Callable[["SmallSite"], Answer]

LOGIN = """<h2>Log in</h2>
<form onsubmit="event.preventDefault(); go()"><input name=email><input name=password type=password>
<button type=submit class=login-btn>Log in</button></form>
<script>async function go() {
  const answer = await fetch('/sign-in', {method: 'POST'});
  location = (await answer.json()).next;
}</script>"""


class SmallSite(ThreadingHTTPServer):
    """Answers with `pages`; a text is HTML, a dict is JSON. `got` are the requests that came, in order."""

    daemon_threads = True

    def __init__(self, pages: dict[str, Served]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages = pages
        self.cookies: dict[str, str] = {}
        self.got: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: SmallSite
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._answer()

    def _answer(self) -> None:
        path = urlsplit(self.path).path
        self.server.got.append(f"{self.command} {path}")
        page = self.server.pages.get(path, "<p>Nothing here</p>")
        answer = page(self.server) if callable(page) else page
        is_text = isinstance(answer, str)
        body = (f"<!doctype html>{answer}" if is_text else json.dumps(answer)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8" if is_text else "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in self.server.cookies.items():
            self.send_header("Set-Cookie", f"{name}={value}; Path=/")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        """Say nothing on stderr."""


@contextmanager
def small_site(pages: dict[str, Served]) -> Iterator[SmallSite]:
    """Serve `pages` for as long as this lasts."""
    with SmallSite(pages) as server:
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()

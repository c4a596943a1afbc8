"""A server of a few lines that keeps its connections, counts what it receives, and hangs up where it is told to.

HTTP/1.1 and HTTP/2, in clear text or under TLS. A POST to `/WHERE/HOW` is cut: WHERE is `unanswered`, `headers` or
`body`, HOW is `fin` or `rst` (HTTP/2 also `goaway`: it says that it took nothing, and hangs up). Any other POST is
answered. Nothing of it knows the product.
"""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

import h2.config
import h2.connection
import h2.events
import h2.settings
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

PAGE = b"<title>raw</title><h1>raw</h1>"
JSON = b'{"code": 0, "msg": "ok", "data": {}}'
Post = tuple[int, int, str]
"""Which connection it came on, the how manieth request of it, and its path."""


def certificate(folder: Path) -> Path:
    """Write a key and a certificate for 127.0.0.1 into one file, and return it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "raw.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "raw.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


class RawSite:
    """The server; use it as a context manager. `protocol` is h1 or h2 (TLS only)."""

    def __init__(self, *, protocol: str = "h1", pem: Path | None = None) -> None:
        self._protocol = protocol
        self._tls: ssl.SSLContext | None = None
        if pem is not None:
            self._tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            self._tls.load_cert_chain(pem)
            self._tls.set_alpn_protocols(["h2" if protocol == "h2" else "http/1.1"])
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self.posts: list[Post] = []

    @property
    def url(self) -> str:
        """Return its address, without a trailing slash."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self._listening.getsockname()[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        # Closing alone does not wake who waits in accept().
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for one in tuple(self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        number = 0
        while True:
            try:
                taken, _ = self._listening.accept()
            except OSError:
                return
            number += 1
            threading.Thread(target=self._serve, args=(taken, number), daemon=True).start()

    def _serve(self, plain: socket.socket, number: int) -> None:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with suppress(OSError, ValueError), closing(plain):
            taken = self._tls.wrap_socket(plain, server_side=True) if self._tls else plain
            self._open.add(taken)
            try:
                (self._http2 if self._protocol == "h2" else self._http1)(taken, number)
            finally:
                self._open.discard(taken)
                with suppress(OSError):
                    taken.close()

    def _http1(self, taken: socket.socket, number: int) -> None:
        reader = taken.makefile("rb")
        for nth in range(1, 1000):
            line = reader.readline().decode()
            if not line:
                return
            method, path, _ = line.split(" ", 2)
            length = 0
            while (header := reader.readline().decode().strip()) != "":
                name, _, value = header.partition(":")
                length = int(value) if name.lower() == "content-length" else length
            reader.read(length)
            if method != "POST":
                self._answer(taken, PAGE, "text/html")
                continue
            self.posts.append((number, nth, path))
            if self._cut(taken, path):
                return
            self._answer(taken, JSON, "application/json")

    def _answer(self, taken: socket.socket, body: bytes, kind: str) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        taken.sendall(head.encode() + body)

    def _cut(self, taken: socket.socket, path: str) -> bool:
        where, _, how = path.strip("/").partition("/")
        if where not in ("unanswered", "headers", "body"):
            return False
        if where == "headers":
            taken.sendall(b"HTTP/1.1 200 OK\r\nContent-Ty")
        if where == "body":
            taken.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{")
        _hang_up(taken, reset=how == "rst")
        return True

    def _http2(self, taken: socket.socket, number: int) -> None:
        talk = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
        talk.initiate_connection()
        taken.sendall(talk.data_to_send())
        asked: dict[int, tuple[str, str]] = {}
        nth = 0
        while data := taken.recv(65536):
            for event in talk.receive_data(data):
                if isinstance(event, h2.events.RequestReceived) and event.stream_id is not None:
                    headers = {str(name): str(value) for name, value in event.headers or []}
                    asked[event.stream_id] = (headers[":method"], headers[":path"])
                elif isinstance(event, h2.events.StreamEnded) and event.stream_id is not None:
                    nth += 1
                    method, path = asked.pop(event.stream_id)
                    if method == "POST":
                        self.posts.append((number, nth, path))
                        if self._cut2(taken, talk, event.stream_id, path):
                            return
                    body, kind = (JSON, "application/json") if method == "POST" else (PAGE, "text/html")
                    talk.send_headers(event.stream_id, [(":status", "200"), ("content-type", kind)])
                    talk.send_data(event.stream_id, body, end_stream=True)
            taken.sendall(talk.data_to_send())

    def _cut2(self, taken: socket.socket, talk: h2.connection.H2Connection, stream: int, path: str) -> bool:
        where, _, how = path.strip("/").partition("/")
        if where not in ("unanswered", "headers", "body"):
            return False
        if where != "unanswered":
            talk.send_headers(stream, [(":status", "200"), ("content-type", "application/json")])
        if where == "body":
            talk.send_data(stream, b"{")
        if how == "goaway":
            talk.close_connection(last_stream_id=0)
        taken.sendall(talk.data_to_send())
        _hang_up(taken, reset=how == "rst")
        return True


def _hang_up(taken: socket.socket, *, reset: bool) -> None:
    """Close the connection below any TLS: in order, or with a reset."""
    if reset:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        taken.close()
        return
    with suppress(OSError):
        taken.shutdown(socket.SHUT_RDWR)
    taken.close()


class OwnProxy:
    """A user's own proxy: HTTP CONNECT under TLS, with a password; `asked` are the places it was asked for."""

    def __init__(self, pem: Path) -> None:
        self._tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._tls.load_cert_chain(pem)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.asked: list[str] = []
        self.passwords: list[str] = []

    @property
    def address(self) -> str:
        """Return its address with user name and password."""
        return f"https://agency:s%40fe@localhost:{self._listening.getsockname()[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                taken, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(taken,), daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        with suppress(OSError), closing(self._tls.wrap_socket(plain, server_side=True)) as taken:
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                head += taken.recv(1)
            lines = head.decode().split("\r\n")
            place = lines[0].split(" ")[1]
            self.asked.append(place)
            self.passwords += [line for line in lines if line.startswith("Proxy-Authorization")]
            host, _, port = place.rpartition(":")
            with socket.create_connection((host, int(port))) as there:
                taken.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                back = threading.Thread(target=_carry, args=(there, taken), daemon=True)
                back.start()
                _carry(taken, there)
                back.join()


def _carry(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    for one in (sink, source):
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)

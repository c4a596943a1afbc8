"""Looks for secrets in files the way somebody would who has them all: containers are opened, texts are decoded."""

from __future__ import annotations

import base64
import binascii
import gzip
import html
import io
import json
import pickletools
import re
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote_to_bytes

DEEPEST = 5
"""Containers within containers: a URL in a JSON text in a zip in base64, and one to spare."""
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{12,}={0,2}")
_HEX = re.compile(rb"[0-9a-fA-F]{12,}")
_ESCAPE = re.compile(rb"\\u[0-9a-fA-F]{4}|\\.")


def secrets_in(files: Iterable[Path], secrets: Collection[str]) -> list[str]:
    """Return one line for each secret found in each file: the file's name and how the secret was wrapped."""
    return [f"{path}: {how}" for path in files for how in _found(path.read_bytes(), secrets, path)]


def secrets_in_text(text: str, secrets: Collection[str]) -> list[str]:
    """Return how each secret that is in `text` was wrapped."""
    return sorted(_found(text.encode(errors="surrogatepass"), secrets, None))


def _found(data: bytes, secrets: Collection[str], path: Path | None) -> set[str]:
    wanted = [(secret.encode(), _pattern(secret)) for secret in secrets]
    found: set[str] = set()
    for how, blob in _opened(data, path):
        # To look for plain bytes is a hundred times quicker than for a pattern.
        hits = [each for plain, each in wanted if plain in blob and each.search(blob)]
        found.update(f"a secret of {len(each.pattern)} signs, {how}" for each in hits)
    return found


def _pattern(secret: str) -> re.Pattern[bytes]:
    plain = re.escape(secret.encode())
    # The digits of a code may be part of a longer number by chance.
    return re.compile(rb"(?<!\d)" + plain + rb"(?!\d)" if secret.isdigit() else plain)


def _opened(data: bytes, path: Path | None) -> Iterator[tuple[str, bytes]]:
    """Yield `data` and everything it can be opened or decoded to, each once, with how it was got at."""
    seen: set[int] = set()
    todo = [("plain", data, 0)]
    if path is not None and data.startswith(b"SQLite format 3\0"):
        todo += [("SQLite", cell, 1) for cell in _cells(path)]
    while todo:
        how, blob, depth = todo.pop()
        if hash(blob) in seen:
            continue
        seen.add(hash(blob))
        yield how, blob
        if depth < DEEPEST:
            todo += [
                (f"{how}, {name}", inner, depth + 1) for name, open_up in _WAYS for inner in open_up(blob) if inner
            ]


def _cells(path: Path) -> Iterator[bytes]:
    """Yield every value of a database, those only in its write-ahead log too."""
    with tempfile.TemporaryDirectory() as folder:
        for each in path.parent.glob(f"{path.name}*"):
            shutil.copy(each, folder)
        connection = sqlite3.connect(Path(folder) / path.name)
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for name in names:
            for row in connection.execute(f'SELECT * FROM "{name}"'):  # noqa: S608 - its own names
                yield from (value if isinstance(value, bytes) else str(value).encode() for value in row)
        connection.close()


def _zip(blob: bytes) -> Iterator[bytes]:
    if not blob.startswith(b"PK\x03\x04"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(blob)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield archive.read(name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        # A decoding of something else that begins like one.
        return


def _compressed(blob: bytes) -> Iterator[bytes]:
    for start, unpack in ((b"\x1f\x8b", gzip.decompress), (b"x", zlib.decompress)):
        if blob.startswith(start):
            try:
                yield unpack(blob)
            except (OSError, zlib.error, EOFError):
                continue


def _pickle(blob: bytes) -> Iterator[bytes]:
    if not (blob.startswith(b"\x80") or blob.endswith(b".")):
        return
    try:
        for _, value, _ in pickletools.genops(blob):
            if isinstance(value, str | bytes | bytearray):
                yield value.encode(errors="surrogatepass") if isinstance(value, str) else bytes(value)
    except (ValueError, EOFError, UnicodeDecodeError, IndexError):
        return


def _base64(blob: bytes) -> Iterator[bytes]:
    for found in _BASE64.finditer(blob):
        text = found.group().rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
        # Signs that stand before it by chance shift the reading by some letters.
        for shift in range(4):
            part = text[shift:]
            try:
                yield base64.b64decode(part[: len(part) - (len(part) % 4 == 1)] + b"==")
            except binascii.Error:
                continue


def _hex(blob: bytes) -> Iterator[bytes]:
    for found in _HEX.finditer(blob):
        digits = found.group().decode()
        yield bytes.fromhex(digits[: len(digits) // 2 * 2])


def _url(blob: bytes) -> Iterator[bytes]:
    if b"%" in blob or b"+" in blob:
        yield unquote_to_bytes(blob)
        yield unquote_to_bytes(blob.replace(b"+", b" "))


def _escaped(blob: bytes) -> Iterator[bytes]:
    if b"\\" in blob:
        yield _ESCAPE.sub(_unescaped, blob)


def _unescaped(found: re.Match[bytes]) -> bytes:
    try:
        plain: str = json.loads(b'"' + found.group() + b'"')
    except ValueError:
        return found.group()[1:]
    return plain.encode(errors="surrogatepass")


def _html(blob: bytes) -> Iterator[bytes]:
    if b"&" in blob:
        text = blob.decode("utf-8", "surrogateescape")
        yield html.unescape(text).encode("utf-8", "surrogateescape")


def _wide(blob: bytes) -> Iterator[bytes]:
    if blob.count(0) * 5 >= len(blob):
        for order in ("utf-16-le", "utf-16-be"):
            for start in range(2):
                yield blob[start:].decode(order, "ignore").encode("utf-8", "ignore")


_WAYS: tuple[tuple[str, Callable[[bytes], Iterable[bytes]]], ...] = (
    ("zip", _zip),
    ("compressed", _compressed),
    ("pickle", _pickle),
    ("base64", _base64),
    ("hex", _hex),
    ("URL", _url),
    ("escaped", _escaped),
    ("HTML", _html),
    ("UTF-16", _wide),
)

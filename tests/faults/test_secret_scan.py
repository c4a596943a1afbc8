"""The search for secrets itself: it finds one planted on purpose in every kind of container."""

import base64
import gzip
import html
import io
import json
import pickle
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from tests.faults.secret_scan import secrets_in

PLANTED = 'Plant"ed & <Horse>/7 ü'
CODE = "482913"


def zipped(secret: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("trace.json", json.dumps({"value": secret}))
    return made.getvalue()


def encoded(secret: str) -> bytes:
    return base64.b64encode(json.dumps({"cookies": [secret]}).encode())


CONTAINERS: dict[str, Callable[[str], bytes]] = {
    "plain": str.encode,
    "URL": lambda secret: f"https://a.example/?q={quote(secret, safe='')}&x=1".encode(),
    "form": lambda secret: f"password={quote_plus(secret)}".encode(),
    "JSON": lambda secret: json.dumps({"typed": secret}).encode(),
    "JSON in JSON": lambda secret: json.dumps({"body": json.dumps({"typed": secret})}).encode(),
    "HTML": lambda secret: f"<td>{html.escape(secret)}</td>".encode("ascii", "xmlcharrefreplace"),
    "base64": encoded,
    "base64 after a letter": lambda secret: b"x" + encoded(secret),
    "base64 for URLs": lambda secret: base64.urlsafe_b64encode(f"a?>{secret}".encode()),
    "data URL in HTML": lambda secret: b'<img src="data:text/plain;base64,' + encoded(secret) + b'">',
    "zip": zipped,
    "zip in base64 in JSON": lambda secret: json.dumps({"trace": base64.b64encode(zipped(secret)).decode()}).encode(),
    "gzip": lambda secret: gzip.compress(secret.encode()),
    "pickle": lambda secret: pickle.dumps({"inputs": [secret]}),
    "pickle in base64": lambda secret: base64.b64encode(pickle.dumps(("step", {"password": secret}))),
    "hex": lambda secret: secret.encode().hex().encode(),
    "UTF-16": lambda secret: secret.encode("utf-16"),
}


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("secret", [PLANTED, CODE, "JBSWY3DPEHPK3PXPJBSWY3DP"])
def test_planted_secret_is_found(tmp_path: Path, container: str, secret: str) -> None:
    file = tmp_path / "left.behind"
    file.write_bytes(CONTAINERS[container](secret) + b"\n" * (container == "plain"))
    assert secrets_in([file], [secret])
    assert secrets_in([file], ["Another-Secret-1!", "771203"]) == []


@pytest.mark.parametrize("wrapped", ["plain", "pickle in base64", "JSON"])
@pytest.mark.parametrize("committed", [True, False], ids=["in the file", "in the write-ahead log"])
def test_planted_secret_is_found_in_a_database(tmp_path: Path, wrapped: str, committed: bool) -> None:
    file = tmp_path / "bcflow.sqlite3"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE events (detail)")
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("INSERT INTO events VALUES (?)", (CONTAINERS[wrapped](PLANTED),))
        connection.commit()
        if committed:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert secrets_in([file], [PLANTED])
        assert secrets_in([file], ["Another-Secret-1!"]) == []


def test_code_within_a_longer_number_is_no_find(tmp_path: Path) -> None:
    file = tmp_path / "result.json"
    file.write_text(json.dumps({"aadvid": f"7{CODE}000000000011"}), encoding="utf-8")
    assert secrets_in([file], [CODE]) == []

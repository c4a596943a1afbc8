"""The address of a mailbox, `BCFLOW_CODE_IMAP`: `imaps://user:password@host/INBOX`, percent-encoded."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_PORTS: Final = {"imaps": 993, "imap": 143}
_PLAIN: Final = re.compile(r"[ -~]+")
_HOW: Final = (
    "write imaps://user:password@host/INBOX, with @ : / ? # % in the user and password percent-encoded (%40 …)"
)


@dataclass(frozen=True)
class Mailbox:
    """Where codes arrive. `sender` is what the address (not the name) that a mail is from must contain."""

    host: str
    port: int
    user: str
    folder: str
    sender: str
    tls: bool
    password: str = field(repr=False)


def parse_mailbox(url: str) -> Mailbox:
    """Return the mailbox that `url` names: `imaps://user:password@host[:port][/FOLDER][?from=PART]`.

    Raises ValueError, never with any part of the address, for one that cannot be used.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise ValueError(_HOW) from None
    host, user, password = parts.hostname or "", unquote(parts.username or ""), unquote(parts.password or "")
    if parts.scheme not in _PORTS or not host or not user or not password or parts.fragment:
        raise ValueError(_HOW)
    if parts.scheme == "imap" and host not in _LOOPBACK:
        raise ValueError("must be imaps://; imap:// is for a server on this machine")
    query = parse_qs(parts.query, keep_blank_values=True)
    if set(query) - {"from"}:
        raise ValueError("knows no other option than ?from=")
    folder = unquote(parts.path.strip("/")) or "INBOX"
    sender = query.get("from", ["tiktok"])[-1].strip()
    if not all(_PLAIN.fullmatch(text) for text in (folder, sender)) or set('"\\') & {*folder, *sender}:
        raise ValueError("the folder and ?from= are plain letters, digits and signs, no quotes")
    if not (user + password).isprintable() or set('"\\ ') & set(user):
        raise ValueError("the user name or the password has a character that no mail server takes")
    return Mailbox(host, port or _PORTS[parts.scheme], user, folder, sender, parts.scheme == "imaps", password)

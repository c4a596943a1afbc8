"""Codes from a mailbox, `BCFLOW_CODE_IMAP`: `imaps://user:password@host/INBOX`, percent-encoded.

Reads only: the folder is opened for reading, nothing is marked as read, nothing is deleted.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from loguru import logger

if TYPE_CHECKING:
    from imaplib import IMAP4

SETTING: Final = "BCFLOW_CODE_IMAP"
# The mail server's clock is not ours, and a code may be on its way before the page has asked for it.
_SKEW: Final = timedelta(seconds=60)
_FIRST_PAUSE, _LONGEST_PAUSE = 2.0, 15.0
_ANSWER_SECONDS: Final = 20.0
_NEWEST: Final = 20
_MOST_BYTES: Final = 300_000
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_PORTS: Final = {"imaps": 993, "imap": 143}
_PLAIN: Final = re.compile(r"[ -~]+")
_ATOM: Final = re.compile(r"[A-Za-z0-9_./-]+")
# Answers of a server that is busy (RFC 5530); any other "no" to a sign-in is final.
_FOR_NOW: Final = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class MailboxClosed(Exception):
    """The mailbox cannot be used at all: trying again with the same setting will not help."""


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


def parse(url: str) -> Mailbox:
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


_HOW: Final = (
    "write imaps://user:password@host/INBOX, with @ : / ? # % in the user and password percent-encoded (%40 …)"
)


class ImapCodes:
    """Finds codes in a mailbox. Made for one login; opens a connection per wait."""

    def __init__(self, mailbox: Mailbox, *, stop: Event) -> None:
        """Take the `mailbox`; `stop`, once set, ends every wait."""
        self._mailbox = mailbox
        self._stop = stop

    def find(self, question: Mapping[str, Any], *, tried: set[str], wait: float) -> str | None:
        """Wait at most `wait` seconds for a code that is not in `tried`; return it, or None.

        `question` has `sent_after` (ISO 8601) and `to`, as the page shows the address. Raises MailboxClosed if
        the server does not let us in or has no such folder; a lost connection is made again.
        """
        until = time.monotonic() + wait
        search = _Search(self._mailbox, _sent_after(question), _mask(str(question.get("to") or "")))
        pause, warned = _FIRST_PAUSE, False
        try:
            while True:
                code = None
                try:
                    code = search.look(tried, limit=max(1.0, min(_ANSWER_SECONDS, until - time.monotonic())))
                except _lost() as error:
                    search.leave()
                    if not warned:
                        logger.warning("{}: the mail server does not answer: {}", SETTING, type(error).__name__)
                    warned = True
                left = until - time.monotonic()
                if code or left <= 0 or self._stop.wait(min(pause, left)):
                    return code
                pause = min(pause * 1.5, _LONGEST_PAUSE)
        finally:
            search.leave()


class _Search:
    """One wait for one code: the connection, and what was read already."""

    def __init__(self, mailbox: Mailbox, since: datetime, mask: re.Pattern[str] | None) -> None:
        self._mailbox = mailbox
        self._since = since - _SKEW
        self._mask = mask
        self._client: IMAP4 | None = None
        self._codes: dict[str, str | None] = {}

    def look(self, tried: set[str], *, limit: float) -> str | None:
        """Return the newest code, if it is not one of `tried`: an older one does not count any more."""
        client = self._client or self._enter(limit)
        # Many servers tell of new mail only when they are spoken to.
        client.noop()
        for uid in self._newest(client):
            if uid not in self._codes:
                self._codes[uid] = self._read(client, uid)
            if code := self._codes[uid]:
                return None if code in tried else code
        return None

    def leave(self) -> None:
        """Close the connection, if there is one."""
        client, self._client = self._client, None
        if client is not None:
            try:
                client.logout()
            except _lost() as error:
                logger.debug("the mail server was gone already: {}", type(error).__name__)

    def _enter(self, limit: float) -> IMAP4:
        self._client = client = _connected(self._mailbox, limit)
        _sign_in(client, self._mailbox)
        folder = self._mailbox.folder
        status, _ = client.select(folder if _ATOM.fullmatch(folder) else f'"{folder}"', readonly=True)
        if status != "OK":
            raise MailboxClosed("the mail server has no such folder, or does not show it")
        return client

    def _newest(self, client: IMAP4) -> list[str]:
        """Return the UIDs of mails from the sender that arrived in time, newest first."""
        # The server compares days, in a time zone of its own.
        day = self._since - timedelta(days=1)
        since = f"{day.day}-{_MONTHS[day.month - 1]}-{day.year}"
        _, found = client.uid("SEARCH", "SINCE", since, "FROM", f'"{self._mailbox.sender}"')
        uids = (found[0] or b"").decode("ascii").split()[-_NEWEST:] if found else []
        if not uids:
            return []
        _, rows = client.uid("FETCH", ",".join(uids), "(INTERNALDATE)")
        arrived = [_arrival(row) for row in rows if isinstance(row, bytes)]
        in_time = [(at, int(uid)) for at, uid in arrived if uid in uids and at >= self._since.timestamp()]
        return [str(uid) for _, uid in sorted(in_time, reverse=True)]

    def _read(self, client: IMAP4, uid: str) -> str | None:
        """Return the code of a mail that is from the sender and to the address that the page shows."""
        from bcflow.runner.codes.mail import read_mail

        _, rows = client.uid("FETCH", uid, f"(BODY.PEEK[]<0.{_MOST_BYTES}>)")
        mail = read_mail(next((row[1] for row in rows if isinstance(row, tuple)), b""))
        if self._mailbox.sender.casefold() not in mail.sender:
            return None
        if mail.forged:
            logger.warning("{}: a mail was left out: the mail server says that its signature is false", SETTING)
            return None
        if self._mask and mail.recipients and not any(self._mask.fullmatch(to) for to in mail.recipients):
            return None
        return mail.code


def _connected(box: Mailbox, limit: float) -> IMAP4:
    import imaplib
    import ssl

    if not box.tls:
        return imaplib.IMAP4(box.host, box.port, timeout=limit)
    try:
        return imaplib.IMAP4_SSL(box.host, box.port, ssl_context=ssl.create_default_context(), timeout=limit)
    except ssl.SSLCertVerificationError:
        raise MailboxClosed("the mail server's certificate is not one that this machine trusts") from None


def _sign_in(client: IMAP4, box: Mailbox) -> None:
    """Sign in. What the server says is not passed on: it may quote what it got."""
    try:
        if "AUTH=PLAIN" in client.capabilities or not (box.user + box.password).isascii():
            client.authenticate("PLAIN", lambda _: f"\0{box.user}\0{box.password}".encode())
        else:
            client.login(box.user, box.password)
    except client.abort:
        raise
    except client.error as error:
        if any(word in str(error) for word in _FOR_NOW):
            raise
        raise MailboxClosed("the mail server does not accept the user name and password") from None


def _arrival(row: bytes) -> tuple[float, str]:
    """Return when a mail came to the server (seconds since 1970) and its UID, from one line of a FETCH."""
    from imaplib import Internaldate2tuple

    uid = re.search(rb"UID (\d+)", row)
    moment = Internaldate2tuple(row)
    return (time.mktime(moment) if moment else 0.0, uid[1].decode() if uid else "")


def _lost() -> tuple[type[Exception], ...]:
    """Return what a connection that broke raises."""
    from imaplib import IMAP4

    return (IMAP4.error, OSError)


def _sent_after(question: Mapping[str, Any]) -> datetime:
    try:
        asked = datetime.fromisoformat(str(question.get("sent_after") or ""))
    except ValueError:
        return datetime.now(UTC)
    return asked if asked.tzinfo else asked.replace(tzinfo=UTC)


def _mask(to: str) -> re.Pattern[str] | None:
    """Return what an address must look like to be the one a page shows as `o***@agency.example`."""
    shown = to.strip(" .").casefold()
    if "@" not in shown:
        return None
    pieces = re.split(r"[*•…]+|\.{2,}", shown)
    return re.compile(".*".join(map(re.escape, pieces)))

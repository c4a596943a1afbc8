"""Codes from a mailbox, `BCFLOW_CODE_IMAP`.

Reads only: the folder is opened for reading, nothing is marked as read, nothing is deleted.
"""

from __future__ import annotations

import re
import ssl
import time
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from imaplib import IMAP4, IMAP4_SSL, Internaldate2tuple
from socket import EAI_NONAME, gaierror
from typing import Final

from loguru import logger

from bcflow.runner.codes.mail import read_mail
from bcflow.runner.codes.mailbox_address import Mailbox, parse_mailbox
from bcflow.runner.codes.source import Channels, CodeRequest, SourceClosed

_SETTING: Final = "BCFLOW_CODE_IMAP"
# The mail server's clock is not ours, and a code may be on its way before the page has asked for it.
_SKEW: Final = timedelta(seconds=60)
_FIRST_PAUSE: Final = 2.0
_ANSWER_SECONDS: Final = 20.0
_NEWEST: Final = 20
_MOST_BYTES: Final = 300_000
_ATOM: Final = re.compile(r"[A-Za-z0-9_./-]+")
# Answers of a server that is busy (RFC 5530); any other "no" to a sign-in is final.
_FOR_NOW: Final = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# What a connection that broke raises.
_LOST: Final = (IMAP4.error, OSError)


class MailboxCodes:
    """Finds codes in the mailbox at `url`; opens a connection per wait."""

    channels: Channels = ("email", None)

    def __init__(self, url: str) -> None:
        self._url = url
        self._used: set[str] = set()

    def find(self, request: CodeRequest) -> list[str]:
        """Look until there is a new mail with a code; a lost connection is made again.

        Raises SourceClosed if the server does not let us in or has no such folder.
        """
        try:
            mailbox = parse_mailbox(self._url)
        except ValueError as error:
            raise SourceClosed(f"{_SETTING}: {error}") from None
        warned = False
        with closing(_Search(mailbox, request, self._used)) as search:
            for left in request.attempts(_FIRST_PAUSE, growth=1.5):
                try:
                    if codes := search.look(limit=max(1.0, min(_ANSWER_SECONDS, left))):
                        return codes
                except _LOST:
                    search.close()
                    if not warned:
                        logger.warning("{}: the mail server does not answer; it is asked again", _SETTING)
                    warned = True
        return []


class _Search:
    """One wait for one code: the connection, and what was read already. Mails in `used` gave their codes before."""

    def __init__(self, mailbox: Mailbox, request: CodeRequest, used: set[str]) -> None:
        self._mailbox, self._tried, self._used = mailbox, request.tried, used
        self._since = _sent_after(request.shown("sent_after")) - _SKEW
        self._mask = _mask(request.shown("to"))
        self._client: IMAP4 | None = None
        self._codes: dict[str, tuple[str, ...]] = {}

    def look(self, *, limit: float) -> list[str]:
        """Return what may be the code in the newest mail with one, if it is new: an older one counts no more."""
        client = self._client = self._client or _opened(self._mailbox, limit)
        # Many servers tell of new mail only when they are spoken to.
        client.noop()
        for uid in self._newest(client):
            if uid not in self._codes:
                self._codes[uid] = self._read(client, uid)
            if codes := self._codes[uid]:
                new = [] if uid in self._used else [code for code in codes if code not in self._tried]
                self._used.add(uid)
                return new
        return []

    def close(self) -> None:
        """Close the connection, if there is one."""
        client, self._client = self._client, None
        if client is not None:
            try:
                client.logout()
            except _LOST as error:
                logger.debug("the mail server was gone already: {}", type(error).__name__)

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

    def _read(self, client: IMAP4, uid: str) -> tuple[str, ...]:
        """Return the codes of a mail that is from the sender and to the address that the page shows."""
        _, rows = client.uid("FETCH", uid, f"(BODY.PEEK[]<0.{_MOST_BYTES}>)")
        mail = read_mail(next((row[1] for row in rows if isinstance(row, tuple)), b""))
        if self._mailbox.sender.casefold() not in mail.sender:
            return ()
        if mail.forged:
            logger.warning("{}: a mail was left out: the mail server says that its signature is false", _SETTING)
            return ()
        if self._mask and mail.recipients and not any(self._mask.fullmatch(to) for to in mail.recipients):
            return ()
        return mail.codes


def mailbox_problem(url: str) -> str:
    """Sign in to the mailbox at `url` and open its folder; return what keeps us from it, or an empty text."""
    try:
        client = _opened(parse_mailbox(url), _ANSWER_SECONDS)
        client.logout()
    except SourceClosed as error:
        return str(error).removeprefix(f"{_SETTING}: ")
    except ValueError as error:
        return str(error)
    except _LOST:
        return "the mail server does not answer"
    return ""


def _opened(box: Mailbox, limit: float) -> IMAP4:
    """Return a connection with the folder open for reading; none stays behind if that fails."""
    client = _connected(box, limit)
    try:
        _sign_in(client, box)
        _open_folder(client, box.folder)
    except BaseException:
        with suppress(OSError):
            client.shutdown()
        raise
    return client


def _open_folder(client: IMAP4, folder: str) -> None:
    status, _ = client.select(folder if _ATOM.fullmatch(folder) else f'"{folder}"', readonly=True)
    if status != "OK":
        raise SourceClosed(f"{_SETTING}: the mail server has no such folder, or does not show it")


def _connected(box: Mailbox, limit: float) -> IMAP4:
    try:
        if not box.tls:
            return IMAP4(box.host, box.port, timeout=limit)
        return IMAP4_SSL(box.host, box.port, ssl_context=ssl.create_default_context(), timeout=limit)
    except ssl.SSLCertVerificationError:
        raise SourceClosed(f"{_SETTING}: the mail server's certificate is not one that this machine trusts") from None
    except gaierror as error:
        if error.errno != EAI_NONAME:
            raise
        raise SourceClosed(f"{_SETTING}: there is no mail server of that name") from None


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
        raise SourceClosed(f"{_SETTING}: the mail server does not accept the user name and password") from None


def _arrival(row: bytes) -> tuple[float, str]:
    """Return when a mail came to the server (seconds since 1970) and its UID, from one line of a FETCH."""
    uid = re.search(rb"UID (\d+)", row)
    moment = Internaldate2tuple(row)
    return (time.mktime(moment) if moment else 0.0, uid[1].decode() if uid else "")


def _sent_after(text: str) -> datetime:
    try:
        asked = datetime.fromisoformat(text)
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

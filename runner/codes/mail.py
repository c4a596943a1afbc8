"""A mail as far as it matters for its code: who sent it to whom, and the text that a reader sees."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from html.parser import HTMLParser
from typing import Final

from bcflow.runner.codes.candidates import codes_in

Attributes = list[tuple[str, str | None]]
_TO: Final = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Forwarded-To")
_ONE_ADDRESS: Final = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+")
_COMMENT: Final = re.compile(r"\([^()]*\)")
_FALSE: Final = frozenset({"dkim=fail", "dkim=permerror", "dkim=policy"})
_BLOCKS: Final = frozenset(
    {"address", "blockquote", "br", "center", "div", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr"}
    | {"li", "ol", "p", "pre", "section", "table", "tr", "ul"}
)
# Some mails give each character of the code a cell of its own.
_CELLS: Final = frozenset({"td", "th"})
_UNSEEN: Final = frozenset({"head", "script", "style", "title"})
_EMPTY: Final = frozenset({"br", "hr", "img", "input", "link", "meta"})
# Not `font-size: 0`: layouts set it round what is seen.
_HIDDEN: Final = re.compile(r"display:none|visibility:hidden|(?:max-height|opacity):0(?![\d.]*[1-9])")


@dataclass(frozen=True)
class CodeMail:
    """What matters of a mail; `codes` is what may be its code, the most likely first.

    `sender` and `recipients` are addresses in small letters; the names beside them say nothing, and a mail from
    nobody or from several has no sender. `forged` means that our own mail server found its signature to be wrong.
    """

    sender: str
    recipients: tuple[str, ...]
    codes: tuple[str, ...] = field(repr=False)
    forged: bool = False


def read_mail(raw: bytes) -> CodeMail:
    """Read a mail as it came over the wire, cut off or damaged ones too."""
    message = message_from_bytes(raw, policy=policy.compat32)
    recipients = getaddresses([_header(value) for name in _TO for value in message.get_all(name, [])])
    subject, sender = _header(message.get("Subject", "")), _sender(message)
    plain, rich = (_texts(message, kind) for kind in ("text/plain", "text/html"))
    seen, all_there_is = ("\n".join(_read(page, hidden=hidden) for page in rich) for hidden in (False, True))
    return CodeMail(
        sender=sender,
        recipients=tuple(address.casefold() for _, address in recipients if "@" in address),
        codes=codes_in(subject, "\n".join(plain), seen) or codes_in("", all_there_is),
        forged=_is_forged(message, sender.rpartition("@")[2]),
    )


def _sender(message: Message) -> str:
    """Return the one address that the mail is from. It is read before anything is decoded: a name may spell one."""
    lines = message.get_all("From", [])
    found = getaddresses([str(line) for line in lines])
    if len(lines) != 1 or len(found) != 1:
        return ""
    address = found[0][1].casefold()
    return address if _ONE_ADDRESS.fullmatch(address) else ""


def _is_forged(message: Message, domain: str) -> bool:
    """Whether the receiving server says that the signature, or the sender's domain, is false (RFC 8601).

    Only the topmost header counts: each server puts its own above what it got. A signature of the sender's own
    domain that holds outweighs another one that a mailing list broke.
    """
    said = _COMMENT.sub(" ", str(next(iter(message.get_all("Authentication-Results", [])), ""))).casefold()
    results = [part.split() for part in said.split(";")]
    failed = any(word in _FALSE for words in results for word in words[:1])
    holds = any(words[:1] == ["dkim=pass"] and f".{domain}".endswith(f".{_signed_by(words)}") for words in results)
    return any(words[:1] == ["dmarc=fail"] for words in results) or (failed and not holds)


def _signed_by(words: list[str]) -> str:
    """Return the domain that one result names as the signer's."""
    named = [word.partition("=")[2].rpartition("@")[2] for word in words if word.startswith(("header.d=", "header.i="))]
    return named[0] if named else "nobody"


def _header(value: object) -> str:
    try:
        return str(make_header(decode_header(str(value))))
    except (LookupError, ValueError, MessageError):
        return str(value)


def _texts(message: Message, kind: str) -> list[str]:
    parts = [part for part in message.walk() if part.get_content_type() == kind]
    return [_text(part) for part in parts if part.get_content_disposition() != "attachment"]


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    try:
        return data.decode(part.get_content_charset() or "utf-8", errors="replace")
    except LookupError:
        return data.decode("utf-8", errors="replace")


def _read(html: str, *, hidden: bool) -> str:
    page = _Page(hidden=hidden)
    page.feed(html)
    page.close()
    return "".join(page.pieces)


class _Page(HTMLParser):
    """Collects a page's text as a reader sees it, with a line per block; what is `hidden` only if wanted."""

    def __init__(self, *, hidden: bool) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._unseen = 0
        self._takes_hidden = hidden
        self._hidden_by: list[str] = []

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        # A page's body is seen even where its head was never closed.
        self._unseen = 0 if tag == "body" else self._unseen + (tag in _UNSEEN)
        if self._hidden_by:
            # Of what is inside, only its own kind must be counted to find its end.
            self._hidden_by += [tag] * (tag in self._hidden_by)
        elif tag not in _EMPTY and (_is_older(tag, attrs) or (not self._takes_hidden and _is_hidden(attrs))):
            self._hidden_by = [tag]
        self._block(tag)

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in _UNSEEN))
        if tag in self._hidden_by:
            self._hidden_by.pop()
        self._block(tag)

    def handle_data(self, data: str) -> None:
        if not self._unseen and not self._hidden_by:
            # Line breaks of the source mean nothing in a page.
            self.pieces.append(re.sub(r"\s+", " ", data))

    def _block(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.pieces.append("\n")
        elif tag in _CELLS:
            self.pieces.append(" ")


def _is_older(tag: str, attrs: Attributes) -> bool:
    """Whether a mail that was answered or passed on stands inside."""
    given = dict(attrs)
    return (tag == "blockquote" and given.get("type") == "cite") or "gmail_quote" in (given.get("class") or "")


def _is_hidden(attrs: Attributes) -> bool:
    given = dict(attrs)
    return "hidden" in given or bool(_HIDDEN.search("".join((given.get("style") or "").casefold().split())))

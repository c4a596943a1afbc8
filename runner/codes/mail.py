"""The verification code in a mail: six digits, or six letters and digits, standing alone in its text or subject.

How TikTok's mails are laid out is not published, so a code is told from other numbers by where it stands: on a
line of its own, or on a line that speaks of a code, or as the only number of its length.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from html.parser import HTMLParser
from itertools import chain, pairwise
from typing import Final

_TO: Final = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Forwarded-To")
_ONE_ADDRESS: Final = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+")
_COMMENT: Final = re.compile(r"\([^()]*\)")
_FALSE: Final = frozenset({"dkim=fail", "dkim=permerror", "dkim=policy"})
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+", re.IGNORECASE)
_WORD: Final = re.compile(
    r"\b(?:code|c[oó]digo|codice|kode?|kodu|koodi|pin|mã)\b|код|κωδικ|رمز|קוד|รหัส|कोड|验证码|驗證碼|コード|코드|인증",
    re.IGNORECASE,
)
_BEFORE, _AFTER = r"(?<![\w#&./-])", r"(?![\w-]|[.,/]\d)"
_DIGITS: Final = re.compile(rf"{_BEFORE}\d{{6}}{_AFTER}", re.ASCII)
_MIXED: Final = re.compile(rf"{_BEFORE}(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{{6}}{_AFTER}", re.ASCII)
_LETTERS: Final = re.compile(r"[A-Z]{6}")
_SPACED: Final = re.compile(r"[A-Z0-9](?: [A-Z0-9]){5}|[0-9]{3}[ -][0-9]{3}")
_EDGES: Final = re.compile(r"^\W+|\W+$")
_BLOCKS: Final = frozenset(
    {"address", "blockquote", "br", "center", "div", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr"}
    | {"li", "ol", "p", "pre", "section", "table", "tr", "ul"}
)
# Some mails give each character of the code a cell of its own.
_CELLS: Final = frozenset({"td", "th"})
_UNSEEN: Final = frozenset({"head", "script", "style", "title"})


@dataclass(frozen=True)
class CodeMail:
    """What matters of a mail; `code` is None where there is none.

    `sender` and `recipients` are addresses in small letters; the names beside them say nothing, and a mail from
    nobody or from several has no sender. `forged` means that our own mail server found its signature to be wrong.
    """

    sender: str
    recipients: tuple[str, ...]
    code: str | None = field(repr=False)
    forged: bool = False


def read_mail(raw: bytes) -> CodeMail:
    """Read a mail as it came over the wire, cut off or damaged ones too."""
    message = message_from_bytes(raw, policy=policy.compat32)
    recipients = getaddresses([_header(value) for name in _TO for value in message.get_all(name, [])])
    plain, rich = (_texts(message, kind) for kind in ("text/plain", "text/html"))
    sender = _sender(message)
    return CodeMail(
        sender=sender,
        recipients=tuple(address.casefold() for _, address in recipients if "@" in address),
        code=code_in(_header(message.get("Subject", "")), "\n".join(plain), "\n".join(map(_seen, rich))),
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


def code_in(subject: str, *bodies: str) -> str | None:
    """Return the code in a mail's `subject` or its plain-text `bodies`, or None. The surest place counts."""
    title = [_line(subject)]
    texts = [[line for line in map(_line, body.split("\n")) if line] for body in bodies]
    # A title may well be just a number, so nothing in it counts as standing alone.
    sure = chain(*map(_beside_its_name, [title, *texts]), *map(_on_its_own, texts))
    if code := next(sure, None):
        return code
    numbers = {number for line in chain(title, *texts) for number in _DIGITS.findall(line)}
    return numbers.pop() if len(numbers) == 1 else None


def _beside_its_name(lines: list[str]) -> Iterator[str]:
    """Yield what stands on a line that speaks of a code, or alone on the line after it."""
    for line, after in pairwise([*lines, ""]):
        if _WORD.search(line):
            yield from _DIGITS.findall(line)
            yield from _alone(after, letters=True)
            yield from _MIXED.findall(line)


def _on_its_own(lines: list[str]) -> Iterator[str]:
    for line in lines:
        yield from _alone(line)


def _alone(line: str, *, letters: bool = False) -> Iterator[str]:
    """Yield the code that is all there is on `line`; six plain letters only if `letters`: that may be any word."""
    bare = _EDGES.sub("", line)
    if _SPACED.fullmatch(bare):
        bare = re.sub("[ -]", "", bare)
    if _DIGITS.fullmatch(bare) or _MIXED.fullmatch(bare) or (letters and _LETTERS.fullmatch(bare)):
        yield bare


def _line(text: str) -> str:
    return " ".join(_ADDRESS.sub(" ", unicodedata.normalize("NFC", text)).split())


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


def _seen(html: str) -> str:
    page = _Page()
    page.feed(html)
    page.close()
    return "".join(page.pieces)


class _Page(HTMLParser):
    """Collects a page's text with a line per block, as a reader sees it."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        # A page's body is seen even where its head was never closed.
        self._unseen = 0 if tag == "body" else self._unseen + (tag in _UNSEEN)
        self._block(tag)

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in _UNSEEN))
        self._block(tag)

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            # Line breaks of the source mean nothing in a page.
            self.pieces.append(re.sub(r"\s+", " ", data))

    def _block(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.pieces.append("\n")
        elif tag in _CELLS:
            self.pieces.append(" ")

"""When two texts mean the same e-mail, the same name or the same word on screen."""

import re
import unicodedata
from typing import Final

_WHITE_SPACE_EDGES: Final = "\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u00ad"
_INVISIBLE: Final = dict.fromkeys(map(ord, _WHITE_SPACE_EDGES))
_DOT_ABOVE: Final = "\u0307"
_DOTLESS_I: Final = "\u0131"
_LOCAL_PART: Final = re.compile(r"[^\s@<>(),;:\"\\\[\]]+")
_LONGEST_EMAIL: Final = 254
_LONGEST_LOCAL_PART: Final = 64


def trim(text: str) -> str:
    """Cut white space, no-break spaces and invisible characters from both ends."""
    before = None
    while before != text:
        before = text
        text = text.strip().strip(_WHITE_SPACE_EDGES)
    return text


def canonical_email(text: str) -> str:
    """Return the identity of an e-mail address: trimmed, NFC, case-folded, IDN to ASCII.

    Dots and plus parts stay: to most mail servers they are other mailboxes.
    Raises ValueError if `text` is not one e-mail address.
    """
    local, domain = _split_email(text)
    return f"{unicodedata.normalize('NFC', local.casefold())}@{domain}"


def written_email(text: str) -> str:
    """Return the address to type into a form.

    The same as its identity, but a local part outside ASCII keeps its letters:
    case-folding would turn one mailbox into another ("ß" into "ss").
    Raises ValueError if `text` is not one e-mail address.
    """
    local, domain = _split_email(text)
    return f"{local.lower() if local.isascii() else local}@{domain}"


def same_email(first: str, second: str) -> bool:
    """Whether both are addresses and the same one; masked or broken text never is."""
    try:
        return canonical_email(first) == canonical_email(second)
    except ValueError:
        return False


def canonical_name(text: str) -> str:
    """Return the identity of a name: NFC, white space folded, otherwise exact."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def same_value(first: object, second: object) -> bool:
    """Whether both are the same property of a job: equal, or two spellings of one name or one e-mail address."""
    if isinstance(first, str) and isinstance(second, str):
        return canonical_name(first) == canonical_name(second) or same_email(first, second)
    return first == second


def fold(text: str) -> str:
    """Return `text` for comparing words on screen.

    NFC, case and white space folded. The four letters i of Turkish count as one:
    "İptal" is found as "iptal", "IPTAL" and "İPTAL", because a page may upper-case
    by style sheet in the wrong language.
    """
    visible = unicodedata.normalize("NFC", text).translate(_INVISIBLE)
    folded = unicodedata.normalize("NFD", visible.casefold())
    folded = folded.replace(f"i{_DOT_ABOVE}", "i").replace(_DOTLESS_I, "i")
    return " ".join(unicodedata.normalize("NFC", folded).split())


def quoted(text: object, limit: int = 60) -> str:
    """Return `text` in quotes for a one-line message: short, and only what can be printed.

    What is no text, as a job file may hold it, is told as there: true, nothing, a list, a mapping.
    """
    if isinstance(text, list | tuple | dict | set):
        return "a mapping" if isinstance(text, dict) else "a list"
    if text is None:
        return "nothing"
    flat = " ".join((str(text).lower() if isinstance(text, bool) else str(text)).split())
    flat = "".join(letter if letter.isprintable() else "\ufffd" for letter in flat)
    return f"'{flat[:limit]}…'" if len(flat) > limit else f"'{flat}'"


def _split_email(text: str) -> tuple[str, str]:
    clean = unicodedata.normalize("NFC", trim(text))
    local, at, domain = clean.rpartition("@")
    if not clean:
        msg = "is empty; an e-mail address is needed"
        raise ValueError(msg)
    if not at or not local or not domain:
        msg = f"{quoted(clean)} is not an e-mail address (name@company.example)"
        raise ValueError(msg)
    if not _LOCAL_PART.fullmatch(local) or not local.isprintable():
        msg = f"{quoted(clean)} is not one e-mail address; give the bare address, one per job"
        raise ValueError(msg)
    if len(local) > _LONGEST_LOCAL_PART or len(clean) > _LONGEST_EMAIL:
        msg = f"{quoted(clean)} is too long for an e-mail address"
        raise ValueError(msg)
    if local.startswith(".") or local.endswith(".") or ".." in local:
        msg = f"{quoted(clean)} has a dot in the wrong place before the @"
        raise ValueError(msg)
    return local, _ascii_domain(domain, clean)


def _ascii_domain(domain: str, whole: str) -> str:
    import idna

    try:
        ascii_domain = idna.encode(domain, uts46=True, std3_rules=True, transitional=False).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        ascii_domain = ""
    labels = ascii_domain.casefold().split(".")
    if len(labels) < 2 or not all(labels) or labels[-1].isdigit():  # noqa: PLR2004
        msg = f"{quoted(whole)} has no usable domain after the @"
        raise ValueError(msg)
    return ".".join(labels)

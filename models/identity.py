"""When two texts mean the same e-mail, the same name or the same word on screen; and what a typed one must not hold."""

import re
import unicodedata
from typing import Final

_WHITE_SPACE_EDGES: Final = "\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u00ad"
_INVISIBLE: Final = dict.fromkeys(map(ord, _WHITE_SPACE_EDGES))
_DIRECTION_MARKS: Final = "\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
# What no reader sees: soft hyphen, joiners, fillers, direction marks, variation selectors, tags.
_HIDDEN: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_EMOJI: Final = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u27bf\u2900-\u297f\u2b00-\u2bff\u3030\u303d\u3297\u3299"
    "\U0001f000-\U0001faff"
)
_JOINING_SCRIPTS: Final = (
    "\u0620-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\u1900-\u1cff\ua840-\ua8ff\ua980-\uaaff\U00010d00-\U00011fff"
)
_IDEOGRAPHS: Final = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
# Where such a letter is part of what is seen: in an emoji, in a script that joins its letters, behind an ideograph.
_HIDDEN_BUT_SEEN: Final = re.compile(
    "[0-9#*]\ufe0f\u20e3"
    f"|(?<=[{_EMOJI}])[\ufe0e\ufe0f]"
    f"|(?<=[{_EMOJI}\ufe0f])\u200d(?=[{_EMOJI}])"
    "|\U0001f3f4[\U000e0030-\U000e007a]+\U000e007f"
    f"|(?<=[{_JOINING_SCRIPTS}])[\u200c\u200d](?=[{_JOINING_SCRIPTS}])"
    f"|(?<=[{_IDEOGRAPHS}])[\ufe00-\ufe02\U000e0100-\U000e01ef]"
    "|(?<=[\u1820-\u18aa])[\u180b-\u180f]"
)
_QUOTES: Final = frozenset(
    [
        *(
            "\u201c\u201d",
            "\u201c\u201c",
            "\u201d\u201d",
            "\u201e\u201c",
            "\u201e\u201d",
            "\u201f\u201d",
            '""',
            "\uff02\uff02",
        ),
        *(
            "\u2018\u2019",
            "\u2018\u2018",
            "\u2019\u2019",
            "\u201a\u2018",
            "\u201a\u2019",
            "\u201b\u2019",
            "''",
            "``",
            "`'",
            "\u00b4\u00b4",
        ),
        *("\u00ab\u00bb", "\u00bb\u00ab", "\u2039\u203a", "\u203a\u2039"),
    ]
)
_ALSO_APOSTROPHES: Final = frozenset("'`\u00b4\u2018\u2019\u201b")
_DOT_ABOVE: Final = "\u0307"
_DOTLESS_I: Final = "\u0131"
_LOCAL_PART: Final = re.compile(r"[^\s@<>(),;:\"\\\[\]]+")
# Legal there by the letter of the standard; in front of an address it is the mark of a list, a text cell or a formula.
_NEVER_IN_FRONT: Final = frozenset("'*/=|`-+~^?!{}")
_DOTS_OF_A_DOMAIN: Final = frozenset("\u3002\uff0e\uff61")
_LONGEST_EMAIL: Final = 254
_LONGEST_LOCAL_PART: Final = 64


def trim(text: str) -> str:
    """Cut white space, no-break spaces, direction marks and other invisible characters from both ends."""
    before = None
    while before != text:
        before = text
        text = text.strip().strip(_WHITE_SPACE_EDGES + _DIRECTION_MARKS)
    return text


def check_seen(text: str) -> None:
    """Raise ValueError for a character that no reader sees and that its script or emoji has no use for."""
    rest = _HIDDEN_BUT_SEEN.sub("", text)
    found = _HIDDEN.search(rest)
    if found:
        before = quoted(rest[: found.start()][-20:])
        name = f"U+{ord(found[0]):04X} {unicodedata.name(found[0], '').lower()}".rstrip()
        raise ValueError(f"has an invisible character behind {before} ({name}); type it again without it")


def check_bare(email: str) -> None:
    """Raise ValueError for a sign that copying or typing brought into an address, in front or anywhere.

    Beyond ASCII only letters belong into one. A page may show it otherwise, so this is not asked of what it shows.
    """
    clean = trim(email)
    check_seen(clean)
    foreign = (letter for letter in clean if not letter.isascii() and letter not in _DOTS_OF_A_DOMAIN)
    came_along = [letter for letter in clean[:1] if letter in _NEVER_IN_FRONT or unicodedata.combining(letter)]
    came_along += [letter for letter in foreign if not _belongs_to_a_word(letter)]
    if came_along:
        raise ValueError(f"{quoted(clean)} has a {quoted(came_along[0])} that is no part of it; give the bare address")


def quotes_round(text: str) -> str:
    """Return the quotes that `text` stands in, as a whole, or the one that it begins with and that is never closed.

    Quotes round a part are none of them, and neither is an apostrophe in front ("'s-Hertogenbosch").
    """
    closing = {pair[1] for pair in _QUOTES if text.startswith(pair[0])}
    ends = [place for place, letter in enumerate(text) if place and letter in closing]
    if ends and ends[0] == len(text) - 1:
        return text[0] + text[-1]
    return text[:1] if closing and not ends and text[0] not in _ALSO_APOSTROPHES else ""


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


def _belongs_to_a_word(letter: str) -> bool:
    """Whether it is a letter, a mark on one or a digit; a small raised one is a footnote's or a trade mark's."""
    is_raised = unicodedata.decomposition(letter).startswith("<super>")
    return not is_raised and unicodedata.category(letter) in {"Ll", "Lm", "Lo", "Lt", "Lu", "Mc", "Mn", "Nd"}


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

"""What a spreadsheet shows of a cell under its number format, as far as that is sure.

A format has up to four sections (above zero, below, zero, text). Zeros, digits and plain signs between them are
shown here; whatever else a format does to a value is for the person to write as text.
"""

from __future__ import annotations

import re
from typing import Final

_TOKEN: Final = re.compile(r'"([^"]*)"|\\(.)|([_*].)|(\[[^\]]*\])|(.)', re.DOTALL)
_CHANGES: Final = re.compile(  # a condition, a currency, a filling
    r"\[(?!(?:black|blue|cyan|green|magenta|red|white|yellow|color ?\d+|\$-[^\]]*)\]).*|\*[^ ]",
    re.IGNORECASE | re.DOTALL,
)
_SIGNS: Final = frozenset("-+() :")
_AS_STORED: Final = frozenset({"general", "@"})
_THOUSANDS: Final = [(letter, False) for letter in "#,##0"]
_THOUSAND: Final = 1000
_TEXT_SECTION: Final = 3
_ZERO_SECTION: Final = 2
Token = tuple[str, bool]  # a letter or more of it, and whether it stands for itself


def shown_number(number: float, code: str) -> str | None:
    """Return the digits that the format `code` shows of a number, None if it shows anything else."""
    sections = _sections(code)
    tokens = _tokens(sections[_ZERO_SECTION] if number == 0 and len(sections) > _ZERO_SECTION else sections[0])
    if tokens is None or (number < 0 and len(sections) > 1):
        return None
    if _is_as_stored(tokens):
        return f"{number:.15g}" if number % 1 else str(int(number))
    if number % 1 or number < 0:
        return None
    if tokens == _THOUSANDS and number < _THOUSAND:
        return str(int(number))
    return _filled(int(number), tokens)


def shown_text(text: str, code: str) -> str | None:
    """Return `text` if the format `code` shows it as it is, otherwise None."""
    sections = _sections(code)
    section = sections[_TEXT_SECTION] if len(sections) > _TEXT_SECTION else sections[-1]
    if len(sections) <= _TEXT_SECTION and "@" not in section:
        return text
    tokens = _tokens(section)
    return text if tokens is not None and _is_as_stored(tokens) else None


def _sections(code: str) -> list[str]:
    sections = [""]
    for match in _TOKEN.finditer(code):
        if match[0] == ";":
            sections.append("")
        else:
            sections[-1] += match[0]
    return sections


def _tokens(section: str) -> list[Token] | None:
    """The section without its colour, language and spacing; None if it holds a condition, a currency or a filling."""
    tokens: list[Token] = []
    for quoted, escaped, spacing, bracket, letter in _TOKEN.findall(section):
        if letter:
            tokens.append((letter, letter in _SIGNS))
        elif _CHANGES.fullmatch(bracket + spacing):
            return None
        elif quoted or escaped:
            tokens.append((quoted or escaped, True))
    return tokens


def _is_as_stored(tokens: list[Token]) -> bool:
    written = "".join(letters for letters, _ in tokens).lower()
    return written in _AS_STORED and not any(itself for _, itself in tokens)


def _filled(number: int, tokens: list[Token]) -> str | None:
    """The digits of `number` in the places that zeros and # keep for them, from the right."""
    places = [index for index, (letters, itself) in enumerate(tokens) if not itself]
    if not places or any(tokens[index][0] not in {"0", "#"} for index in places):
        return None
    digits = str(number) if number else ""
    shown = []
    for index in range(len(tokens) - 1, -1, -1):
        letters, itself = tokens[index]
        if itself:
            shown.append(letters)
        elif index == places[0] and digits:
            shown.append(digits)
        else:
            shown.append(digits[-1:] or letters.replace("#", ""))
            digits = digits[:-1]
    return "".join(reversed(shown)).strip() or None

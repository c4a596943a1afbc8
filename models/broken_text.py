# ruff: noqa: RUF001 RUF002 - letters of other alphabets are meant
"""Text whose letters were lost before it came here: read in a wrong code page, or replaced by a sign.

It must not become the name of what can never be renamed. What only might be broken is left alone, such as a word in
capitals with a sign behind it (ROSÉ’S, NESTLÉ®).
"""

from __future__ import annotations

import re
from typing import Final

_LOST: Final = re.compile(
    r"[\ufffd\x80-\x9f]"  # a letter that could not be read
    r"|^\s*\?[?\s]*\?\s*$"  # nothing but letters that could not be written
    r"|_x00[01][0-9A-Fa-f]_"  # a control character as a workbook writes it
    r"|[a-zà-ÿ][ÂÃ]"  # UTF-8 read as Latin-1: no word goes on in capitals with one of these
    r"|[^\W\d_][¤¦¨¬¯¸]|[¤¦¨¬¯¸][^\W\d_]|[a-z]Ÿ|Ÿ[a-z]|[A-Za-z][³¹‡ˆ˜‰][a-z]"  # another code page read as Latin-1
    r"|[√≈][^\x00-\x7f]|[┌-╿]"  # UTF-8 read in the code page of a Mac, of DOS
)
_ACCENTED: Final = re.compile(r"[¡-ÿ]{5,}")  # letters of another alphabet read as Latin-1
_DIFFERENT: Final = 3
_SIGNS_BEHIND_CAPITALS: Final = re.compile(r"(?<=[A-ZÀ-ÖØ-ÞĀ-Ž]{2})[®™’”»…°²³\u00a0]+(?=[sS]?(?:\W|$))")
_READABLE: Final = re.compile(
    r"(?:[\x00-\x7f¡©ª«®°º»¿–—‘-„†•…€™\u00a0\ufeff]"
    r"|[À-ÖØ-öø-ēĖ-īĮ-ıĴ-ķĹ-ňŌōŐ-žƠơƯưȘșȚțəʻẠ-ỹ]"
    r"|[\u0370-\u1cff\u2d00-\u2dff\u3000-\ud7ff\uf900-\uffef]{2,}|[\U0001f000-\U0001faff])+"
)


def is_broken(text: str) -> bool:
    """Whether `text` has surely lost letters."""
    if _LOST.search(text) or any(len({*run}) >= _DIFFERENT for run in _ACCENTED.findall(text)):
        return True
    if text.isascii():
        return False
    pages = ("cp1252",) if text.upper() == text else ("cp1252", "cp1250", "cp1251", "cp1253")
    return any(_is_utf8_read_as(page, text) for page in pages)


def _is_utf8_read_as(code_page: str, text: str) -> bool:
    """Whether the text is UTF-8 that a program took for this code page: what it was meant to be can be read."""
    stored = _SIGNS_BEHIND_CAPITALS.sub("", text).encode(code_page, errors="replace")
    try:
        meant = stored.decode()
    except UnicodeDecodeError:
        return False
    return not meant.isascii() and _READABLE.fullmatch(meant) is not None

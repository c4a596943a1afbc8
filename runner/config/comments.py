"""A comment that may be the end of a value: `Acme #1`, `pass #word`."""

from __future__ import annotations

import re
from typing import Final

_LIKE_A_VALUE: Final = re.compile(r"[^\S\r\n]+(#+(?![#\s])[^\r\n]*|#+(?=[^\S\r\n]*(?:[\r\n]|$)))")


def lost_behind(text: str, end: int = 0) -> str:
    """Return the comment right behind the value that ends at `end`, if it looks like more of the value; else nothing.

    A comment for people has a space behind its `#`.
    """
    found = _LIKE_A_VALUE.match(text, end)
    return found[1] if found else ""

"""Lengths of time as people write them."""

from __future__ import annotations

import re
from typing import Final

from bcflow.models.identity import quoted

_UNITS: Final = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION: Final = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?[smhd])+|[0-9]+(?:\.[0-9]+)?")
_DURATION_PART: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)([smhd])")
_LONGEST: Final = 7 * 86400.0
_A_YEAR: Final = 365 * 86400.0


def seconds(text: str, *, longest: float = _LONGEST) -> float:
    """Return the seconds in `90`, `90s`, `10m`, `1h30m`, at most `longest`; raise ValueError otherwise."""
    clean = text.strip().lower().replace(" ", "")
    if not _DURATION.fullmatch(clean):
        raise ValueError(f"{quoted(text)} is not a length of time; write 90s, 10m or 1h30m")
    parts = _DURATION_PART.findall(clean)
    total = sum(float(number) * _UNITS[unit] for number, unit in parts)
    total = total if parts else float(clean)
    if not 0 < total <= longest:
        raise ValueError(f"{quoted(text)} is not between 0 and {longest / _UNITS['d']:.0f} days")
    return total


def long_seconds(text: str) -> float:
    """Return the seconds of a wait for other people, at most a year; as in `seconds`."""
    return seconds(text, longest=_A_YEAR)


def seconds_or_zero(text: str) -> float:
    """Return the seconds of a pause, which may be none: `0`, or as in `seconds`; raise ValueError otherwise."""
    return 0.0 if text.strip().lower() in {"0", "0s"} else seconds(text)

"""What a misspelt word was probably meant to be."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(word: str, words: Iterable[str]) -> str:
    """Return " (did you mean 'x'?)" for the word most like `word`, or nothing."""
    known = {candidate.casefold(): candidate for candidate in words}
    spelled = word.casefold().replace(" ", "_")
    for attempt in (spelled, spelled.replace("_", "-"), spelled.replace("-", "_")):
        close = get_close_matches(attempt, known, n=1, cutoff=0.6)
        if close:
            return f" (did you mean '{known[close[0]]}'?)"
    return ""

"""What a misspelt word was meant to be, where only one thing can be meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_MOST_SLIPS: Final = 2
_LETTERS_FOR_A_SLIP: Final = 3


def nearest(word: str, words: Iterable[str]) -> str:
    """Return " (did you mean 'x'?)" if `word` is one of `words` but for a slip or two, and only one; else nothing."""
    named = {_spelled(candidate): candidate for candidate in words}
    return did_you_mean(only_slip(_spelled(word), named))


def only_slip(word: str, named: Mapping[str, str]) -> str:
    """Return what the names that `word` is but for a slip or two stand for, if that is one thing; else nothing.

    A slip is a letter left out, put in, mistaken or swapped with the next; a short word allows for fewer.
    """
    allowed = min(_MOST_SLIPS, len(word) // _LETTERS_FOR_A_SLIP)
    alike = (name for name in named if abs(len(name) - len(word)) <= allowed)
    found = {named[name] for name in alike if _slips(word, name, allowed) <= allowed}
    return found.pop() if len(found) == 1 else ""


def did_you_mean(found: str, what: str = "") -> str:
    """Return the hint that names `found`, and `what` that is; nothing if nothing was found."""
    return f" (did you mean '{found}'{f', {what}' if what else ''}?)" if found else ""


def _spelled(word: str) -> str:
    return word.casefold().replace(" ", "_").replace("-", "_")


def _slips(word: str, other: str, most: int) -> int:
    """Count the slips between two words (their optimal string alignment distance); more than `most` is `most` + 1."""
    before: list[int] = []
    row: list[int] = [*range(len(other) + 1)]
    for i, letter in enumerate(word, start=1):
        older, before, row = before, row, [most + 1] * len(row)
        row[0] = i
        for j in range(max(1, i - most), min(len(other), i + most) + 1):
            fewest = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other[j - 1]))
            if i > 1 and j > 1 and (letter, word[i - 2]) == (other[j - 2], other[j - 1]):
                fewest = min(fewest, older[j - 2] + 1)
            row[j] = fewest
        if min(row) > most:
            break
    return min(row[-1], most + 1)

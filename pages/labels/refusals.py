"""Which answers of the site are a no: only what is listed here, or what a person said is one.

Everything else the site may answer, an internal error with HTTP 200 included, says nothing about what became of the
request: then the list is looked at until the effect is seen, or the outcome is `unknown`.
"""

import json
from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from bcflow.models.identity import fold

Knows = Callable[[int, int | None, Iterable[str]], bool]
"""Says whether an answer with this HTTP status, this code of the site and these words is a known no."""

NEVER = frozenset({408, 409, 425, 429})
"""A time-out, a conflict or a limit: the request, or one before it, may have been carried out all the same."""
BROKEN = 500


def knows(status: int, code: int | None, words: Iterable[str]) -> bool:
    """Say whether an answer is known to be a no: by the site's code, by its HTTP status, or by its words."""
    if not 0 < status < BROKEN or status in NEVER:
        return False
    known = _known()
    by_code = code is not None and any(code in each for each in known.codes)
    return by_code or status in known.statuses or any(fold(each) in known.words for each in words)


def with_words(words: Iterable[str]) -> Knows:
    """Return `knows`, extended by `words` that a person of this home said are a no."""
    own = frozenset(fold(each) for each in words if each)

    def also_knows(status: int, code: int | None, said: Iterable[str]) -> bool:
        said = list(said)
        usual = 0 < status < BROKEN and status not in NEVER
        return knows(status, code, said) or (usual and any(fold(each) in own for each in said))

    return also_knows if own else knows


class _Known(NamedTuple):
    codes: tuple[range, ...]
    statuses: frozenset[int]
    words: frozenset[str]


@cache
def _known() -> _Known:
    data = json.loads((files(__package__) / "refusals.json").read_text(encoding="utf-8"))
    return _Known(
        codes=tuple(range(each["code"], each.get("to", each["code"]) + 1) for each in data["codes"]),
        statuses=frozenset(each["status"] for each in data["statuses"]),
        words=frozenset(fold(each["text"]) for each in data["words"]),
    )

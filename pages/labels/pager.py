import re
from functools import cache

from bcflow.pages.labels import spelling, store
from bcflow.pages.labels.words import Words, words


def pager_total(language: Words | str, text: str) -> int | None:
    """Read how many rows a list says it has: 35 for "35 Records in Total" or "合計 35 件の記録".

    None when the text says nothing of the kind. Thousands may be written 1,234 or 1.234 or 1 234, digits may
    be Arabic. Source: the component kit's own texts.
    """
    known = language if isinstance(language, Words) else words(language)
    for pattern in _patterns(known.language):
        found = pattern.fullmatch(text)
        if found:
            return int("".join(digit for digit in found["number"] if digit.isdigit()))
    return None


@cache
def _patterns(language: str) -> tuple[re.Pattern[str], ...]:
    texts = store.variants(language, "pager total")
    return tuple(re.compile(spelling.with_number(text), re.IGNORECASE) for text in texts)

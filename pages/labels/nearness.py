"""How near a text that nobody knows comes to the known wordings of a concept.

A plural, another order of the same words, a word more, the same stem: near is a reason to ask, never to write.
"""

import math
import re
from collections.abc import Iterable, Mapping
from functools import cache

from bcflow.pages.labels import spelling, store

_WORD = re.compile(r"[^\W\d_]+")
STEM = 5
"""So many first letters of a word are taken for its stem: invite, inviting, invitation."""
_EMPTY = frozenset({"the", "a", "an", "to", "of", "for", "in", "on", "your", "this", "is", "and", "or", "with", "by"})


def nearness(text: str, concept: str, language: str) -> tuple[float, str]:
    """Say how near `text` comes to `concept`, from 0 to 1, and by which of its words.

    Words that many concepts have count little ("account"), those that few have count much ("invite").
    """
    said = _stems(text)
    if not said:
        return 0.0, ""
    bag, weight = _bags(language).get(concept, frozenset()), _weights(language)
    shared = {stem for stem in said if stem in bag}
    whole = sum(weight.get(stem, _most(language)) for stem in said)
    score = sum(weight.get(stem, 0.0) for stem in shared) / whole if whole else 0.0
    return score, ", ".join(said[stem] for stem in said if stem in shared)


def nearest(text: str, among: Iterable[str], language: str) -> str | None:
    """Return the one of these concepts that `text` comes nearest to, or None if it is near none."""
    scored = [(nearness(text, concept, language)[0], concept) for concept in among]
    best = max(scored, default=(0.0, ""), key=lambda each: each[0])
    return best[1] if best[0] > 0 else None


def _stems(text: str) -> dict[str, str]:
    words = _WORD.findall(spelling.fold(text))
    return {word[:STEM]: word for word in words if word not in _EMPTY}


@cache
def _bags(language: str) -> Mapping[str, frozenset[str]]:
    return {
        concept: frozenset(
            stem
            for variant in label.variants
            if variant.language in (language, store.ENGLISH)
            for stem in _stems(re.sub(r"\$\{\w+\}", " ", variant.text))
        )
        for concept, label in store.labels().items()
    }


@cache
def _weights(language: str) -> Mapping[str, float]:
    bags = _bags(language)
    counts: dict[str, int] = {}
    for bag in bags.values():
        for stem in bag:
            counts[stem] = counts.get(stem, 0) + 1
    return {stem: math.log(len(bags) / count) for stem, count in counts.items()}


@cache
def _most(language: str) -> float:
    return max(_weights(language).values())

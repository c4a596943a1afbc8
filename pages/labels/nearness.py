"""How near a text that nobody knows comes to the known wordings of a concept.

A plural, another order of the same words, a word more, the same stem: near is a reason to ask, never to write. What
the site says in a language of which no label is known comes near by a lexicon of the words that such pages are made
of (`lexicon.json`: our own, no text of the site).
"""

import json
import math
import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache, lru_cache
from importlib import resources

from bcflow.pages.labels import spelling, store

_WORD = re.compile(r"[^\W\d_]+")
STEM = 5
"""So many first letters of a word are taken for its stem: invite, inviting, invitation."""
_KEPT = 4096
"""So many texts' words are kept: a form is weighed again after every step."""
_SHORT = 3
"""A word of so few letters is no beginning of a longer one."""
_COMPOUNDS = frozenset({"de", "nl"})
"""Languages that write several words as one: a word is looked for in the middle of others, too."""
_WITHOUT_BLANKS = frozenset({"ja", "ko", "zh"})
_EMPTY = frozenset({"the", "a", "an", "to", "of", "for", "in", "on", "your", "this", "is", "and", "or", "with", "by"})


def nearness(text: str, concept: str, language: str) -> tuple[float, str]:
    """Say how near `text`, in `language`, comes to `concept`, from 0 to 1, and by which of its words.

    Words that many concepts have count little ("account"), those that few have count much ("invite"). A word of a
    language that the lexicon has counts as the English words that it may stand for. What comes nearer to the wording
    of another concept counts the less: "Firm" is a company's name sooner than a company's website.
    """
    bag, weight = _bags(language).get(concept, frozenset()), _weights(language)
    score, shared = 0.0, list[str]()
    for word, stems in _said(text, language).items():
        found = _best(stems, bag, weight)
        if found:
            score += weight[found]
            shared.append(word if found == word[:STEM] else f"{word} ({stems[found]})")
    if not shared:
        return 0.0, ""
    best = _likest(text, language)
    return score / _whole(text, language) * (_likeness(text, concept, language) / best), ", ".join(shared)


def _best(stems: Iterable[str], bag: Collection[str], weight: Mapping[str, float]) -> str:
    return max((stem for stem in stems if stem in bag), key=lambda stem: weight[stem], default="")


def _whole(text: str, language: str) -> float:
    """Return what all words of a text count."""
    weight, most = _weights(language), _most(language)
    # Most words of a language that are in no lexicon say little: articles, prepositions, endings.
    is_foreign = language != store.ENGLISH and language in _lexicon()
    return sum(
        max(
            (weight[stem] for stem in stems if stem in weight),
            default=most / 2 if is_foreign and len(stems) == 1 else most,
        )
        for stems in _said(text, language).values()
    )


@lru_cache(maxsize=_KEPT)
def _likest(text: str, language: str) -> float:
    """Return how much of one wording the text says, and of the text that wording, for the concept of which most."""
    return max(_likeness(text, concept, language) for concept in _bags(language))


def _likeness(text: str, concept: str, language: str) -> float:
    """Return which part of one wording of a concept a text says, times which part of the text that is."""
    weight, said = _weights(language), _said(text, language).values()
    best = 0.0
    for wording in _wordings(language)[concept]:
        found = [stem for stems in said if (stem := _best(stems, wording, weight))]
        part = sum(weight[stem] for stem in found) * sum(weight[stem] for stem in {*found})
        best = max(best, part / sum(weight[stem] for stem in wording)) if part else best
    return best / _whole(text, language) if best else 0.0


def nearest(text: str, among: Iterable[str], language: str) -> str | None:
    """Return the one of these concepts that `text` comes nearest to, or None if it is near none."""
    scored = [(nearness(text, concept, language)[0], concept) for concept in among]
    best = max(scored, default=(0.0, ""), key=lambda each: each[0])
    return best[1] if best[0] > 0 else None


@lru_cache(maxsize=_KEPT)
def _said(text: str, language: str) -> dict[str, dict[str, str]]:
    """Return the words of a text, each with what it may mean, itself first: a stem, and the word it is of."""
    return {word: {word[:STEM]: word, **meant} for word, meant in _words(text, language).items()}


def _words(text: str, language: str) -> dict[str, dict[str, str]]:
    """Return the words of a text, each with the English words it may stand for, by their stems."""
    folded = spelling.fold(text)
    entries = _lexicon().get(language, ())
    if language in _WITHOUT_BLANKS:
        found = {stem: _stems(english) for stem, english in entries if stem in folded}
        return found or {stem: {} for stem in _stems(text).values()}
    longer = {stem: _stems(english) for stem, english in entries if " " in stem and stem in folded}
    for stem in longer:
        folded = folded.replace(stem, " ")
    words = {word: _meant(word, language) for word in _WORD.findall(folded) if word not in _EMPTY}
    is_foreign = bool(entries) and language != store.ENGLISH
    short = {word for word, meant in words.items() if is_foreign and not meant and len(word) <= _SHORT}
    by_stem = {word[:STEM] if not meant else word: word for word, meant in words.items() if word not in short}
    return longer | {word: words[word] for word in by_stem.values()}


def _meant(word: str, language: str) -> dict[str, str]:
    meant: dict[str, str] = {}
    for stem, english in _lexicon().get(language, ()):
        is_part = language in _COMPOUNDS and len(stem) > _SHORT and stem in word
        # What is short begins many a word that has nothing to do with it.
        ends = len(stem) > _SHORT or len(word) <= len(stem) * 2 - 1
        if is_part or (word.startswith(stem) and ends):
            meant |= _stems(english)
    return meant


def _stems(text: str) -> dict[str, str]:
    words = _WORD.findall(spelling.fold(text))
    return {word[:STEM]: word for word in words if word not in _EMPTY}


@cache
def _lexicon() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Return for each language the beginnings of words, each with the English words that it may stand for."""
    read = json.loads(resources.files("bcflow.pages.labels").joinpath("lexicon.json").read_text("utf-8"))
    return {
        language: tuple((spelling.fold(stem), english) for english, stems in words.items() for stem in stems)
        for language, words in read.items()
    }


@cache
def _wordings(language: str) -> Mapping[str, frozenset[frozenset[str]]]:
    """Return the stems of each wording that a concept has in a language and in English."""
    return {
        concept: frozenset(
            frozenset(_stems(re.sub(r"\$\{\w+\}", " ", variant.text)))
            for variant in label.variants
            if variant.language in (language, store.ENGLISH)
        )
        for concept, label in store.labels().items()
    }


@cache
def _bags(language: str) -> Mapping[str, frozenset[str]]:
    return {concept: frozenset().union(*wordings) for concept, wordings in _wordings(language).items()}


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

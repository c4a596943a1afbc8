import re
from collections import Counter
from collections.abc import Collection, Mapping
from functools import cache

from bcflow.pages.labels import spelling, store

# Where the site keeps its language, the most telling first. The document's own `lang` often stays English.
_PLACES = ("__Garfish__react__business_suite_lang", "selected_lang", "lang_type", "html lang", "lang")
_COUNT = re.compile(rf"[\s(\[\uff08]*{spelling.NUMBER}\+?[\s)\]\uff09]*$")
_MARKS = re.compile(r"^[*+\uff0b\s]+|[*:\uff1a\s]+$|(?:\u2026|\.{3})$")
_NUMBER = re.compile(spelling.NUMBER)


def decide_language(stored: Mapping[str, str], visible: Collection[str]) -> str:
    """Decide the language of a page: a two-letter code such as "en" or "vi".

    `visible` are the short texts of the page: each that is a known word in one language only is a vote.
    `stored` is what the site has kept: local storage `selected_lang` and
    `__Garfish__react__business_suite_lang`, cookie `lang_type`, the document's `html lang`. It decides
    between equals, and alone when there is no vote. With neither, or when it names a language that has
    no words here, English.
    """
    kept = [code for code in _stored_codes(stored) if code in store.languages()]
    votes = Counter(language for text in set(visible) if (language := _only_language(text)))
    if not votes:
        return kept[0] if kept else store.ENGLISH
    most = max(votes.values())
    leaders = {language for language, count in votes.items() if count == most}
    agreed = [code for code in kept if code in leaders]
    return agreed[0] if agreed else min(leaders, key=lambda code: (code != store.ENGLISH, code))


def unknown_language(stored: Mapping[str, str], visible: Collection[str]) -> str:
    """Return the language that the site says it speaks where hardly any word of it is known, else an empty text.

    A site that keeps a language and shows another one (it is not translated into it) speaks that other one.
    """
    code = next(iter(filter(None, _stored_codes(stored))), "")
    texts = set(visible)
    known = sum(_key(text) in _languages_by_word() for text in texts)
    return "" if not code or store.is_covered(code) or known >= max(3, 0.15 * len(texts)) else code


def _stored_codes(stored: Mapping[str, str]) -> list[str]:
    places = [place for place in _PLACES if place in stored]
    places += [place for place in stored if place not in _PLACES]
    return [store.language_code(stored[place]) for place in places]


def _only_language(text: str) -> str | None:
    languages = _languages_by_word().get(_key(text), frozenset())
    return next(iter(languages)) if len(languages) == 1 else None


@cache
def _languages_by_word() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for label in store.labels().values():
        for variant in label.variants:
            text = variant.text.replace("${total}", "1").replace("${count}", "1")
            if "${" not in text:
                found.setdefault(_key(text), set()).add(variant.language)
    return {word: frozenset(languages) for word, languages in found.items()}


def _key(text: str) -> str:
    """Strip a text of its count and trimmings; numbers inside it become all alike."""
    plain = _MARKS.sub("", _COUNT.sub("", _MARKS.sub("", spelling.fold(text))))
    return _NUMBER.sub("#", plain)

import re
from collections.abc import Sequence
from functools import cache

from bcflow.pages.labels import spelling, store


class AmbiguousWord(LookupError):
    """A text is the word of two concepts that were asked about together."""


class Words:
    """The words of one language, by concept."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __repr__(self) -> str:
        return f"Words({self.language!r})"

    def of(self, concept: str) -> tuple[str, ...]:
        """Every known wording, the likeliest today first; the English ones where the language has none.

        Raises UnknownConcept (a KeyError).
        """
        return store.variants(self.language, concept)

    def pattern(self, concept: str, *others: str) -> re.Pattern[str]:
        """Build a pattern for this concept's words, or the others', that Python and Playwright read alike.

        Fits `get_by_role(name=)`, `get_by_text`, `get_by_placeholder` and `filter(has_text=)`. Case, Unicode
        form and white space do not count; a count such as "(33)" may follow. Raises UnknownConcept.
        """
        return _pattern(self.language, (concept, *others))

    def search_pattern(self) -> re.Pattern[str]:
        """Build a pattern for what an empty search box of a list shows: "Search", "Search by name"."""
        return self.pattern("search", "search a list")

    def matches(self, concept: str, text: str) -> bool:
        """Whether a text read from the page is this concept. Raises UnknownConcept."""
        return self.pattern(concept).search(text) is not None

    def concept_of(self, text: str, among: Sequence[str]) -> str | None:
        """Which of these concepts a text read from the page is, or None.

        Raises AmbiguousWord when two fit, UnknownConcept for a name that no label file has.
        """
        found = [concept for concept in dict.fromkeys(among) if self.matches(concept, text)]
        if len(found) > 1:
            raise AmbiguousWord(f"{text!r} may be {' or '.join(map(repr, found))} in {self.language!r}")
        return found[0] if found else None


def words(language: str) -> Words:
    """Give the words of a language: `vi`, `vi-VN` and `vi_VN` are one. Raises UnknownLanguage."""
    return _words(store.language_code(language))


@cache
def _words(language: str) -> Words:
    if language not in store.languages():
        known = ", ".join(sorted(store.languages()))
        raise store.UnknownLanguage(f"no words in {language!r}; known: {known}")
    return Words(language)


@cache
def _pattern(language: str, concepts: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(f"^(?:{'|'.join(_source(language, concept) for concept in concepts)})$", re.IGNORECASE)


def _source(language: str, concept: str) -> str:
    texts = store.variants(language, concept)
    kind = store.labels()[concept].kind
    source = spelling.exactly(texts, kind)
    if kind == "label":
        source += spelling.optional_mark(store.variants(language, "optional"))
    return source

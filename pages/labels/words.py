import re
from collections.abc import Sequence
from functools import cache

from bcflow.models.errors import CannotSee
from bcflow.models.identity import quoted
from bcflow.pages.labels import spelling, store
from bcflow.pages.labels.learnt import NOTHING_LEARNT, Learnt


class AmbiguousWord(CannotSee, LookupError):
    """A text is the word of two concepts that were asked about together: nothing is concluded from it."""


class Words:
    """The words of one language, by concept, and those that were learnt on this site."""

    def __init__(self, language: str, learnt: Learnt = NOTHING_LEARNT, spoken: str = "") -> None:
        self.language = language
        self.learnt = learnt
        self.spoken = spoken or language
        self.is_familiar = not spoken
        """Whether more than hardly any word of what the site speaks is known."""

    def __repr__(self) -> str:
        return f"Words({self.language!r})"

    def of(self, concept: str) -> tuple[str, ...]:
        """Every known wording, the likeliest today first; the English ones where the language has none.

        What was learnt on this site comes before all of them. Raises UnknownConcept (a KeyError).
        """
        known = store.variants(self.language, concept)
        own = self.learnt.texts(concept)
        return tuple(dict.fromkeys((*own, *known))) if own else known

    def pattern(self, concept: str, *others: str) -> re.Pattern[str]:
        """Build a pattern for this concept's words, or the others', that Python and Playwright read alike.

        Fits `get_by_role(name=)`, `get_by_text`, `get_by_placeholder` and `filter(has_text=)`. Case, Unicode
        form and white space do not count; a count such as "(33)" may follow. Raises UnknownConcept.
        """
        asked = (concept, *others)
        own = tuple((each, self.learnt.texts(each)) for each in asked) if self.learnt.words else ()
        return _pattern(self.language, asked, tuple((each, texts) for each, texts in own if texts))

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
            raise AmbiguousWord(f"{quoted(text)} may be {' or '.join(map(quoted, found))} in {quoted(self.language)}")
        return found[0] if found else None


def words(language: str, learnt: Learnt = NOTHING_LEARNT, spoken: str = "") -> Words:
    """Give the words of a language: `vi`, `vi-VN` and `vi_VN` are one. Raises UnknownLanguage.

    `learnt` are words of one site that no label file has; `spoken` is its language, if hardly a word of that is known.
    """
    plain = _words(store.language_code(language))
    return Words(plain.language, learnt, spoken) if learnt.words or spoken else plain


@cache
def _words(language: str) -> Words:
    if language not in store.languages():
        known = ", ".join(sorted(store.languages()))
        raise store.UnknownLanguage(f"no words in {quoted(language)}; known: {known}")
    return Words(language)


@cache
def _pattern(
    language: str, concepts: tuple[str, ...], learnt: tuple[tuple[str, tuple[str, ...]], ...] = ()
) -> re.Pattern[str]:
    own = dict(learnt)
    choice = "|".join(_source(language, concept, own.get(concept, ())) for concept in concepts)
    return re.compile(f"^(?:{choice})$", re.IGNORECASE)


def _source(language: str, concept: str, learnt: tuple[str, ...]) -> str:
    texts = (*learnt, *store.variants(language, concept))
    kind = store.labels()[concept].kind
    source = spelling.exactly(texts, kind)
    if kind == "label":
        source += spelling.optional_mark(store.variants(language, "optional"))
    return source

"""What a person taught about one site: words that no label file has, and what they said is not meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

DECLARATION = "declaration"
"""A box that must be ticked before a form can be sent: no label file has it, a person says yes to its whole text."""


@dataclass(frozen=True)
class Learnt:
    """The learnt `words` of one site: the texts of each concept, whatever the language; the newest first.

    `denied` are triples of a screen, a concept and a text: a person said that this text is not it.
    """

    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    denied: frozenset[tuple[str, str, str]] = frozenset()
    used: dict[str, set[str]] = field(default_factory=dict, compare=False)
    """Which of its words were asked for so far: concept to texts. What a run rests on is known by it."""
    guessed: frozenset[tuple[str, str]] = frozenset()
    """Words that a read goes by on evidence alone: they are kept nowhere."""

    def texts(self, concept: str) -> tuple[str, ...]:
        """Return the learnt texts of a concept, and note that they were asked for."""
        found = self.words.get(concept, ())
        taught = {text for text in found if (concept, text) not in self.guessed}
        if taught:
            self.used.setdefault(concept, set()).update(taught)
        return found

    def with_word(self, concept: str, text: str) -> Learnt:
        """Return the same with one word more, for this run: nobody was asked about it."""
        words = {**self.words, concept: (text, *self.words.get(concept, ()))}
        return Learnt(words, self.denied, self.used, self.guessed | {(concept, text)})

    def is_denied(self, screen: str, concept: str, text: str) -> bool:
        """Say whether a person said that `text` is not this concept on this screen."""
        return (screen, concept, text) in self.denied


NOTHING_LEARNT = Learnt()

"""What a person taught about one site: words that no label file has, and what they said is not meant."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Learnt:
    """The learnt `words` of one site: the texts of each concept, whatever the language; the newest first.

    `denied` are triples of a screen, a concept and a text: a person said that this text is not it. An empty text
    says that nothing on that screen is.
    """

    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    denied: frozenset[tuple[str, str, str]] = frozenset()
    used: dict[str, set[str]] = field(default_factory=dict, compare=False)
    """Which of its words were asked for so far: concept to texts. What a run rests on is known by it."""

    def texts(self, concept: str) -> tuple[str, ...]:
        """Return the learnt texts of a concept, and note that they were asked for."""
        found = self.words.get(concept, ())
        if found:
            self.used.setdefault(concept, set()).update(found)
        return found

    def is_denied(self, screen: str, concept: str, text: str) -> bool:
        """Say whether a person said that `text` is not this concept on this screen."""
        return (screen, concept, text) in self.denied


NOTHING_LEARNT = Learnt()

"""What a step of a form may have in unknown words, where a later step may have it in known ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from bcflow.models.unknown import UnknownWord
    from bcflow.pages.kit.screen.site import Site


@dataclass
class Doubts:
    """The concepts that are asked about though a later step may have them, by the part of the form they are for.

    A rehearsal goes on without a guess at them. What then finds its place is not asked about: the step before it has
    something else, which only looks alike.
    """

    site: Site
    _parts: dict[str, str] = field(default_factory=dict)

    @property
    def concepts(self) -> frozenset[str]:
        """Return the concepts that are in doubt."""
        return frozenset(self._parts)

    def note(self, part: str, words: Sequence[UnknownWord]) -> list[UnknownWord]:
        """Note what speaks for one thing or another being the `part`; return what of it is to be asked about."""
        later = self.site.session.later
        asked = [word for word in words if (self.site.screen, word.concept) not in later]
        self._parts |= {word.concept: part for word in asked}
        return asked

    def settle(self, shown: Container[str]) -> None:
        """Ask no more about the parts that are `shown` by now: they have their place."""
        session = self.site.session
        found = {concept for concept, part in self._parts.items() if part in shown}
        if found:
            self._parts = {concept: part for concept, part in self._parts.items() if concept not in found}
            session.later |= {(self.site.screen, concept) for concept in found}
            session.withdraws(self.site.screen, frozenset(found))

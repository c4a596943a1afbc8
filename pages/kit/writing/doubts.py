"""What a step of a form may have in unknown words, where a later step may have it in known ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bcflow.pages.kit.evidence import sought
from bcflow.pages.labels.nearness import nearest

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from bcflow.models.unknown import UnknownWord
    from bcflow.pages.kit.screen.site import Site
    from bcflow.pages.kit.widgets.surface import Surface


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
        asked = [_weakened(word) for word in words if (self.site.screen, word.concept) not in later]
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


def leading(form: Surface, sending: Sequence[str], *, is_full: bool) -> list[UnknownWord]:
    """Return which of the form's buttons may lead on or send, what its word comes nearer to first.

    Where it says nothing, that which sends comes first if all has its place.
    """
    both = [sought.button(form.site, "next", leads="on"), sought.button(form.site, *sending, leads="sends")]
    words = form.unknown(*(reversed(both) if is_full else both))
    text = words[0].candidates[0].text if words else ""
    nearer = nearest(text, ("next", *sending), form.site.words.spoken)
    words.sort(key=lambda one: nearer is not None and (one.concept == "next") != (nearer == "next"))
    # With the gate shut, any of the form's own buttons may be tried.
    return [one.model_copy(update={"either": "next or send", "clicked": False}) for one in words]


def _weakened(word: UnknownWord) -> UnknownWord:
    """Return a word with no sign that speaks for it: what a later step has may well be plainer."""
    candidates = [one.model_copy(update={"strength": "weak"}) for one in word.candidates]
    return word.model_copy(update={"candidates": candidates})

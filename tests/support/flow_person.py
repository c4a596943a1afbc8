"""A person who reads the screens of a known site that was given other words, and says which is which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bcflow.pages.labels.learnt import Learnt
from standin.switches import parse_fault
from tests.support.flow_jobs import make

if TYPE_CHECKING:
    from bcflow.models.unknown import UnknownWords
    from tests.support.flow_desk import Desk, Ran

Words = Mapping[str, tuple[str, tuple[str, ...]]]
"""By the stand-in's key: what it is called now, and the concepts that this is."""


class Person:
    """Reads the screen: says which of the texts is what is looked for, or that none is."""

    def __init__(self, desk: Desk, words: Words) -> None:
        desk.standin.world.faults += [parse_fault(f"renamed_button={key}>{text}") for key, (text, _) in words.items()]
        self._desk = desk
        self._means = {(concept, text) for text, concepts in words.values() for concept in concepts}
        self.asked: list[UnknownWords] = []
        self.rounds = 0

    def play(self, flow: str, *, rounds: int = 8, **more: object) -> Ran:
        job = make(flow, **more)
        for _ in range(rounds):
            ran = self._desk.run(job)
            unknown = self._desk.attempts[-1][0].story.unknown
            if not unknown:
                break
            assert ran.first.needs == "word", ran.said
            self.rounds += 1
            self.asked += unknown
            for each in unknown:
                self._desk.site.session.learnt = self._taught(each)
            self._desk.site.forget_language()
        return ran

    def _taught(self, unknown: UnknownWords) -> Learnt:
        learnt = self._desk.site.session.learnt
        words, denied = dict(learnt.words), set(learnt.denied)
        for word in unknown.words:
            meant = [one.text for one in word.candidates if (word.concept, one.text) in self._means]
            if meant:
                words[word.concept] = (meant[0], *words.get(word.concept, ()))
            else:
                denied |= {(unknown.screen, word.concept, one.text) for one in word.candidates}
        return Learnt(words, frozenset(denied))

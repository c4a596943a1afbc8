"""A person who reads the stranger's screens: answers what bcflow asks, from what the stand-in knows to be right."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bcflow.models.identity import fold
from bcflow.pages.labels.learnt import DECLARATION, Learnt
from standin.stranger.truth import truth
from standin.words import words_for

if TYPE_CHECKING:
    from bcflow.models.unknown import UnknownWord, UnknownWords
    from standin.world import World

SCREENS = {
    "Members": {"members", "invitation", "shell"},
    "Ad accounts": {"ad_accounts", "wizard", "ad_account_details", "shell"},
    "Partners": {"partners", "partner_details", "shell"},
    "the registration": {"registration", "shell"},
}
"""What bcflow calls a screen, and the stand-in's names for what is on it."""
_PART = re.compile(r"\.placeholder$|\.chips$|Hint$|Search$")


@dataclass(frozen=True)
class Said:
    """One word that was asked about, what was proposed for it, and what the person said."""

    flow: str
    screen: str
    concept: str
    purpose: str
    proposed: str
    strength: str
    right: bool
    answer: str
    slip: bool = False


@dataclass
class Person:
    """Answers by the truth, or, one time in `1 / slips`, with another control that is offered."""

    world: World
    slips: float = 0.0
    said: list[Said] = field(default_factory=list)
    questions: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Draw slips by the stranger's own seed."""
        self._dice = random.Random(f"person {self.world.stranger}")  # noqa: S311 - no secret

    def code(self, _question: dict[str, Any]) -> str:
        """Return the code that the site sent last."""
        return self.world.codes[-1].code

    def teach(self, learnt: Learnt, asked: UnknownWords, *, flow: str) -> Learnt:
        """Return what is learnt with the answers to one question."""
        self._screen = asked.screen
        self.questions.append((flow, asked.screen, tuple(word.concept for word in asked.words)))
        words, denied = dict(learnt.words), set(learnt.denied)
        told: set[tuple[str, str]] = set()
        for word in asked.words:
            if (word.picture, word.either) in told:
                denied |= {(asked.screen, word.concept, one.text) for one in word.candidates}
                continue
            answer = self._answer(word)
            slip = bool(word.candidates) and self._dice.random() < self.slips
            if slip:
                answer = self._dice.choice(word.candidates).text
            right = self._is_right(word, word.candidates[0].text)
            best = word.candidates[0]
            self.said.append(
                Said(flow, asked.screen, word.concept, word.purpose, best.text, best.strength, right, answer, slip)
            )
            if answer:
                told |= {(word.picture, word.either)} if word.either else set()
                words[word.concept] = (answer, *words.get(word.concept, ()))
            else:
                denied |= {(asked.screen, word.concept, one.text) for one in word.candidates}
        return Learnt(words, frozenset(denied))

    def _answer(self, word: UnknownWord) -> str:
        return next((one.text for one in word.candidates if self._is_right(word, one.text)), "")

    def _is_right(self, word: UnknownWord, text: str) -> bool:
        """Whether the text, or the caption of the same field, is what the stand-in means by the concept there."""
        words = words_for(self.world)
        if word.concept == DECLARATION:
            keys = [key for key in words if key.endswith((".terms", ".declaration"))]
            return any(fold(words[key]) == fold(text) for key in keys)
        screens = SCREENS.get(self._screen, set())
        known = truth(self.world)
        here = [entry for entry in known.get(word.concept, ()) if not screens or entry["screen"] in screens]
        fields = {_PART.sub("", entry["key"]) for entry in here}
        said = [key for key, value in words.items() if fold(value) == fold(text)]
        return any(_PART.sub("", key) in fields for key in said) or any(fold(e["text"]) == fold(text) for e in here)

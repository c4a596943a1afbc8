"""What people taught about the words of sites, as it is kept, and what may become of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict

from bcflow.pages.labels.learnt import Learnt
from bcflow.pages.labels.spelling import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

State = Literal["new", "proven", "doubtful"]
"""A word is `new` until a run that went by it ended well; a `doubtful` one is not used any more."""


class LearntWord(BaseModel):
    """What a concept is called on a site: who said so, when (ISO 8601 UTC), and for which run; `picture` shows it.

    `screen` is where it was asked about; empty if nobody was asked. `picture` is relative to BCFLOW_HOME.
    """

    model_config = ConfigDict(extra="forbid")

    concept: str
    text: str
    language: str
    site: str
    screen: str = ""
    by: str = ""
    at: str = ""
    run: str = ""
    picture: str = ""
    state: State = "new"


class DeniedWord(BaseModel):
    """What is not a concept on a screen of a site: a text, or with an empty one all that is there."""

    model_config = ConfigDict(extra="forbid")

    concept: str
    text: str
    site: str
    screen: str
    by: str = ""
    at: str = ""


@dataclass
class Kept:
    """All that was taught, the oldest first."""

    words: list[LearntWord] = field(default_factory=list)
    denied: list[DeniedWord] = field(default_factory=list)

    def learnt(self, site: str) -> Learnt:
        """Return what is to be used on a site, as its pages ask for it: the newest word first."""
        words: dict[str, tuple[str, ...]] = {}
        for word in reversed(self.words):
            if word.site == site and word.state != "doubtful":
                words[word.concept] = (*words.get(word.concept, ()), word.text)
        return Learnt(words, frozenset((one.screen, one.concept, one.text) for one in self.denied if one.site == site))

    def teach(self, word: LearntWord) -> None:
        """Take a word in, in place of the same one; what denied it counts no more."""
        self.words = [one for one in self.words if _key(one) != _key(word)] + [word]
        self.denied = [one for one in self.denied if not _denies(one, word)]

    def has(self, word: LearntWord) -> bool:
        """Whether a word is known here and not doubted."""
        return any(_key(one) == _key(word) and one.state != "doubtful" for one in self.words)

    def deny(self, denied: DeniedWord) -> None:
        """Take in that something is not meant."""
        same = (denied.site, denied.screen, denied.concept, denied.text)
        self.denied = [one for one in self.denied if (one.site, one.screen, one.concept, one.text) != same] + [denied]

    def forget(self, concept: str, text: str | None = None) -> int:
        """Forget a concept, or one text of it, wherever it was taught; return how much that was."""

        def is_meant(one: LearntWord | DeniedWord) -> bool:
            return one.concept == concept and (text is None or fold(one.text) == fold(text))

        before = len(self.words) + len(self.denied)
        self.words = [one for one in self.words if not is_meant(one)]
        self.denied = [one for one in self.denied if not is_meant(one)]
        return before - len(self.words) - len(self.denied)

    def judge(
        self,
        site: str,
        used: Mapping[str, Collection[str]],
        state: State,
        *,
        only: Callable[[LearntWord], bool] = lambda _word: True,
    ) -> list[LearntWord]:
        """Give the new words among those that a run went by another state, and return them."""
        changed = []
        for at, word in enumerate(self.words):
            is_used = word.site == site and word.text in used.get(word.concept, ())
            if is_used and word.state == "new" and only(word):
                self.words[at] = word.model_copy(update={"state": state})
                changed.append(self.words[at])
        return changed


def _key(word: LearntWord) -> tuple[str, str, str, str]:
    return word.site, word.language, word.concept, fold(word.text)


def _denies(denied: DeniedWord, word: LearntWord) -> bool:
    if (denied.site, denied.concept) != (word.site, word.concept):
        return False
    if denied.text:
        return fold(denied.text) == fold(word.text)
    return word.screen in ("", denied.screen)

"""What a screen says in words that nobody knows yet, and what may be meant: what a person is asked about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Purpose = Literal["read", "write"]
"""What a word is needed for: a `write` never goes by evidence alone."""
Strength = Literal["strong", "fair", "weak"]


class Candidate(BaseModel):
    """A control that evidence, not a known word, says may be the one; `n` is its number in the picture.

    `text` is what a person reads there, `why` what speaks for it. `box` is where it stands in the window, in CSS
    pixels: left, top, width, height. `required`: the form insists on it.
    """

    model_config = ConfigDict(extra="forbid")

    n: int
    text: str
    why: str
    strength: Strength = "weak"
    required: bool = False
    box: tuple[float, float, float, float] | None = None


class UnknownWord(BaseModel):
    """One concept of which no known word is on the screen; `what` names it to a person. Best candidates first.

    `clicked`: it is something to click that may lead anywhere, and no field or choice of a form. `picture` is the file,
    in the evidence of the run that met it, in which the candidates are framed and numbered. Of several with the
    same `either`, what is there can be one only: the first that is answered answers the others.
    """

    model_config = ConfigDict(extra="forbid")

    concept: str
    what: str
    purpose: Purpose = "write"
    clicked: bool = False
    candidates: list[Candidate] = Field(default_factory=list)
    picture: str = ""
    either: str = ""


class UnknownWords(BaseModel):
    """All that is not known of one screen, whether its list or a form showed it, each with a picture.

    A candidate's number is its own among all of them.
    """

    model_config = ConfigDict(extra="forbid")

    screen: str
    language: str
    words: list[UnknownWord]

    @property
    def place(self) -> tuple[str, str]:
        """Where they are: what is met there is one question."""
        return self.screen, self.language

    @property
    def pictures(self) -> list[str]:
        """The files of the pictures, in the order in which they were taken."""
        return list(dict.fromkeys(word.picture for word in self.words if word.picture))

    def with_more(self, words: Sequence[UnknownWord]) -> UnknownWords:
        """Return it with further words of the same screen."""
        return self.model_copy(update={"words": [*self.words, *words]})

    def after(self, earlier: UnknownWords) -> UnknownWords:
        """Return it with numbers that follow those of `earlier`."""
        last = max((one.n for word in earlier.words for one in word.candidates), default=0)
        words = [
            word.model_copy(
                update={"candidates": [one.model_copy(update={"n": one.n + last}) for one in word.candidates]}
            )
            for word in self.words
        ]
        return self.model_copy(update={"words": words})

"""What a screen says in words that nobody knows yet, and what may be meant: what a person is asked about."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Purpose = Literal["read", "write"]
"""What a word is needed for: a `write` never goes by evidence alone."""
Strength = Literal["strong", "fair", "weak"]


class Candidate(BaseModel):
    """A control that evidence, not a known word, says may be the one; `n` is its number in the picture.

    `text` is what a person reads there, `why` what speaks for it. `box` is where it stands in the window, in CSS
    pixels: left, top, width, height.
    """

    model_config = ConfigDict(extra="forbid")

    n: int
    text: str
    why: str
    strength: Strength = "weak"
    box: tuple[float, float, float, float] | None = None


class UnknownWord(BaseModel):
    """One concept of which no known word is on the screen; `what` names it to a person. Best candidates first.

    `clicked`: it is something to click that may lead anywhere, and no field or choice of a form.
    """

    model_config = ConfigDict(extra="forbid")

    concept: str
    what: str
    purpose: Purpose = "write"
    clicked: bool = False
    candidates: list[Candidate] = Field(default_factory=list)


class UnknownWords(BaseModel):
    """All that is not known of one screen; a candidate's number is its own among all of them.

    `picture` is the file, in the evidence of the run that met them, in which the candidates are framed and numbered.
    """

    model_config = ConfigDict(extra="forbid")

    screen: str
    language: str
    words: list[UnknownWord]
    picture: str = ""

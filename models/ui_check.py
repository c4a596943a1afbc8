"""What a check of the site's screens saw: each screen's skeleton, and how each thing that the flows rely on stands.

No name, address, id or other value of anybody's is in it: what is not a word of the screen itself is kept as a shape.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from bcflow.models.unknown import Purpose

Standing = Literal[
    "as expected", "another known word", "candidate", "ambiguous", "missing", "not reached", "insisted on"
]
"""How an element stands. A `candidate` goes by no known word, but evidence says what it may be; `insisted on` is a
field or box that a form must have and that no flow knows."""

EMPTY: Final = "the list is empty"
"""Why what stands in rows was not reached: that is somebody's data, and no change of the site."""
OTHERS: Final = "the others that belong beside it are offered"
"""Why a choice is missing for sure, and on no later step of the form."""
GUESSED: Final = "it was taken for it on the way, by evidence alone"
"""Why a candidate stands where a person would have been asked."""
DISABLED: Final = "it is disabled"
"""Why a button that is as expected leads nowhere now."""


class ElementSeen(BaseModel):
    """One thing that flows rely on, on one state of a screen ("list", "form", "form, step 2")."""

    model_config = ConfigDict(extra="forbid")

    screen: str
    state: str
    kind: str
    """button, field, column, status, choice, tab, menu entry, list, card or box."""
    concept: str
    purpose: Purpose = "write"
    flows: list[str] = Field(default_factory=list)
    needed: bool = True
    """Whether a flow stops without it; editions of the site may lack the others."""
    standing: Standing = "not reached"
    text: str = ""
    """The word it goes by on the page; of a candidate, the proposal."""
    why: str = ""
    """What speaks for the proposal, or why it was not reached; of a button, `DISABLED`."""

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What makes it the same in two checks."""
        return self.screen, self.state, self.kind, self.concept


class ScreenSeen(BaseModel):
    """The skeleton of one state of one screen."""

    model_config = ConfigDict(extra="forbid")

    screen: str
    state: str
    path: str
    """Its route, ids left out."""
    kit: dict[str, int] = Field(default_factory=dict)
    """The families of widgets it is built with, and whether it stands in a page, a dialog or a drawer."""
    outline: list[str] = Field(default_factory=list)
    """Its accessible tree, a line each, values dropped, ids, dates and numbers masked."""
    controls: list[str] = Field(default_factory=list)
    """Its buttons, fields, columns, tabs and choices in their order, as "kind: word"."""
    picture: str = ""
    """The file name of its picture, beside this file; empty: none was taken."""

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same in two checks."""
        return self.screen, self.state


class UiCheck(BaseModel):
    """One whole check of a site in one language."""

    model_config = ConfigDict(extra="forbid")

    site: str
    language: str
    at: str
    """When, ISO 8601 UTC."""
    seconds: float = 0.0
    version: str = ""
    screens: list[ScreenSeen] = Field(default_factory=list)
    elements: list[ElementSeen] = Field(default_factory=list)
    could_not: list[str] = Field(default_factory=list)
    """What could not be looked at that should have been, in words: then nothing is called the same."""

    def of(self, flows: frozenset[str]) -> UiCheck:
        """Return what in it is about these flows."""
        elements = [each for each in self.elements if flows & {*each.flows}]
        states = {(each.screen, each.state) for each in elements}
        screens = [each for each in self.screens if (each.screen, each.state.partition(", step ")[0]) in states]
        return self.model_copy(update={"elements": elements, "screens": screens})


class Exchange(BaseModel):
    """One kind of request that a screen made: its path with ids left out, and the names and types of all it carried."""

    model_config = ConfigDict(extra="forbid")

    method: str
    host: str
    path: str
    status: int
    query: list[str] = Field(default_factory=list)
    sent: Any = None
    """The shape of its body: names with types instead of values."""
    answered: Any = None


class SurveyedScreen(ScreenSeen):
    """A state of a screen with more of what it is made of."""

    classes: list[str] = Field(default_factory=list)
    """Its class names; those with a number in them are left out."""
    shapes: list[str] = Field(default_factory=list)
    """Its other texts as shapes: "Aa aa 9@a.a" for a name with an address."""
    exchanges: list[Exchange] = Field(default_factory=list)
    longest_gap: float = 0.0
    """The longest time between two answers while the screen came up, in seconds."""


class Survey(BaseModel):
    """All screens of one survey, and how each thing that flows rely on stood."""

    model_config = ConfigDict(extra="forbid")

    host: str
    language: str
    at: str
    versions: dict[str, str] = Field(default_factory=dict)
    screens: list[SurveyedScreen] = Field(default_factory=list)
    elements: list[ElementSeen] = Field(default_factory=list)
    could_not: list[str] = Field(default_factory=list)

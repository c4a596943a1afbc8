"""What a site's screens are made of, without anything of anybody's: to be read, and then given to whoever mends."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from bcflow.models.ui_check import ElementSeen, ScreenSeen


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

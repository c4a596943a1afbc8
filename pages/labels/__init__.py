"""Every visible word the page objects look for, as data by concept, and its reader."""

from collections.abc import Mapping

from bcflow.pages.labels.language import decide_language, unknown_language
from bcflow.pages.labels.pager import pager_total
from bcflow.pages.labels.store import UnknownConcept, UnknownLanguage
from bcflow.pages.labels.words import AmbiguousWord, Words, words

__all__ = [
    "CONCEPTS",
    "AmbiguousWord",
    "UnknownConcept",
    "UnknownLanguage",
    "Words",
    "decide_language",
    "pager_total",
    "unknown_language",
    "words",
]

CONCEPTS: Mapping[str, tuple[str, ...]]
"""Screen -> its concepts, its own first, then those it borrows. Read on first use."""


def __getattr__(name: str) -> Mapping[str, tuple[str, ...]]:
    if name != "CONCEPTS":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from bcflow.pages.labels.store import screens

    return {screen.name: screen.concepts for screen in screens().values()}

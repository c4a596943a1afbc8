"""The label files, read once, when the first word is asked for."""

import json
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from bcflow.models.identity import quoted

SCREENS = (
    "kit",
    "login",
    "code",
    "consent",
    "chooser",
    "shell",
    "registration",
    "ad_accounts",
    "wizard",
    "ad_account_details",
    "members",
    "invitation",
    "partners",
    "partner_details",
    "roles",
)
ENGLISH = "en"


class UnknownConcept(KeyError):
    """No label file has this concept."""

    def __str__(self) -> str:
        return f"no label has the concept {quoted(self.args[0])}"


class UnknownLanguage(ValueError):
    """No label has a word in this language."""


class Variant(NamedTuple):
    """One way the site writes a concept."""

    text: str
    language: str
    since: str
    source: str
    confidence: str


class Label(NamedTuple):
    """A concept with all its variants; within a language the likeliest today comes first."""

    concept: str
    kind: str
    language_only: bool
    variants: tuple[Variant, ...]


class Screen(NamedTuple):
    """The concepts of one screen: its own labels, and those it borrows from other files."""

    name: str
    uses: tuple[str, ...]
    labels: tuple[Label, ...]

    @property
    def concepts(self) -> tuple[str, ...]:
        return (*(label.concept for label in self.labels), *self.uses)


@cache
def screens() -> Mapping[str, Screen]:
    """Every label file by its screen's name."""
    return MappingProxyType({name: _read(name) for name in SCREENS})


@cache
def labels() -> Mapping[str, Label]:
    """Every label by its concept."""
    every = (label for screen in screens().values() for label in screen.labels)
    return MappingProxyType({label.concept: label for label in every})


@cache
def languages() -> frozenset[str]:
    """Every language that has at least one word, as two-letter codes."""
    return frozenset(variant.language for label in labels().values() for variant in label.variants)


@cache
def is_covered(language: str) -> bool:
    """Whether at least half of all concepts have a word in this language."""
    own = sum(any(variant.language == language for variant in label.variants) for label in labels().values())
    return 2 * own >= len(labels())


@cache
def variants(language: str, concept: str) -> tuple[str, ...]:
    """List the texts of a concept in a language.

    The English ones follow where the language has none, or only guesses: a page shows what was never translated
    in English.
    """
    label = labels().get(concept)
    if label is None:
        raise UnknownConcept(concept)
    own = _in_language(label, language)
    known = any(each.language == language and each.confidence != "D" for each in label.variants)
    return own if known else tuple(dict.fromkeys((*own, *_in_language(label, ENGLISH))))


def language_code(value: str) -> str:
    """Cut any spelling of a language to its code: `vi-VN`, `en_GB`, `"zh-Hans"` give vi, en, zh."""
    return value.strip().strip("\"'").replace("_", "-").split("-", 1)[0].lower()


def _in_language(label: Label, language: str) -> tuple[str, ...]:
    return tuple(variant.text for variant in label.variants if variant.language == language)


def _read(name: str) -> Screen:
    from importlib.resources import files

    data = json.loads((files(__package__) / f"{name}.json").read_text(encoding="utf-8"))
    return Screen(
        name=data["screen"],
        uses=tuple(data["uses"]),
        labels=tuple(
            Label(
                concept=entry["concept"],
                kind=entry["kind"],
                language_only=entry.get("language_only", False),
                variants=tuple(Variant(**variant) for variant in entry["variants"]),
            )
            for entry in data["concepts"]
        ),
    )

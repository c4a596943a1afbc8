"""All mutations that may be drawn: each kind of change with each target that it may strike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.pages.labels import store
from bcflow.pages.labels.words import words
from standin.stranger.vocabulary import meanings, neighbours, plain, pools
from standin.words import known_words
from tests.mutations.mutation import Mutation
from tests.mutations.screen_kinds import screen_kinds
from tests.mutations.targets import TARGETS, Target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcflow.runner.checks.findings import Severity

LOOKED_AT = {"button": "button", "field": "field", "choice": "choice", "card": "button", "tab": "tab"}
"""How a part is found in the page by its word."""


def catalogue(language: str = "en", edition: str = "2026") -> list[Mutation]:
    """Return every mutation there is for a site in this language and edition."""
    found = [each for target in TARGETS for each in _of(target, language, edition)]
    return [*found, *screen_kinds()]


def _of(target: Target, language: str, edition: str) -> Iterator[Mutation]:
    yield from _renamed(target, language, edition)
    yield from _other_known_word(target, language, edition)
    if target.part == "column":
        yield _struck(target, "column removed", "structure", "column", "column")
        yield _struck(target, "column moved", "structure", "column", "swap")
    if target.part in LOOKED_AT and target.stops and not target.insisted_on:
        yield _struck(target, "removed", "blocking", LOOKED_AT[target.part], "remove")
    if target.part == "button" and target.stops:
        yield _struck(target, "doubled", "blocking", "button", "double")
        yield _struck(target, "disabled", "blocking", "button", "disable")
    if target.key.endswith((".cancel", ".back")):
        yield _struck(target, "idle button removed", "structure", "button", "remove")
        yield _struck(target, "idle button added", "structure", "button", "beside", text="Learn more about this")


def _struck(target: Target, kind: str, least: Severity, by: str, change: str, *, text: str = "") -> Mutation:
    op = {"target": by, "key": target.key, "change": change, **({"text": text} if text else {})}
    breaks = target.stops if least == "blocking" else frozenset[str]()
    axes, job = target.axes or {}, target.job or {}
    return Mutation(kind, target.key, target.flow, least, breaks, axes, ops=(op,), job=job)


def _renamed(target: Target, language: str, edition: str) -> Iterator[Mutation]:
    if target.part == "caption" and language != "en":
        # Its placeholder is known in English only: the caption alone stands for nothing there.
        return
    keys = (target.key, *target.also)
    strange = [_strange(key, language, edition) for key in keys]
    if all(strange):
        least: Severity = "label" if target.stops else "cosmetic"
        faults = tuple(f"renamed_button={key}>{text}" for key, text in zip(keys, strange, strict=True))
        kind = f"{target.part} renamed"
        axes, job = target.axes or {}, target.job or {}
        yield Mutation(
            kind, target.key, target.flow, least, target.stops, axes, faults=faults, job=job, hidden=target.hidden
        )


def _strange(key: str, language: str, edition: str) -> str:
    """Return a word from the pools that nobody knows, and that nothing else on the screen has."""
    taken = {plain(known_words(language, edition)[other]) for other in neighbours(key)}
    free = [text for text in pools()[key].get(language, ()) if plain(text) not in taken and ":" not in text]
    return free[-1] if free else ""


def _other_known_word(target: Target, language: str, edition: str) -> Iterator[Mutation]:
    """Yield the same thing under another word that label files have for it, and for nothing else beside it."""
    now, spoken = known_words(language, edition), words(language)
    concepts = meanings()["keys"][target.key]["concepts"]
    beside = [now[other] for other in neighbours(target.key)]
    for concept in concepts[:1] if target.part in ("button", "field", "choice") and target.stops else ():
        texts = [one for one in store.variants(language, concept) if spoken.matches(concept, one)]
        others = [
            one
            for one in texts
            if plain(one) != plain(now[target.key]) and plain(one) not in map(plain, beside) and ":" not in one
        ]
        if others:
            fault = f"renamed_button={target.key}>{others[0]}"
            kind = "other known word"
            yield Mutation(
                kind,
                target.key,
                target.flow,
                "cosmetic",
                before=target.axes or {},
                faults=(fault,),
                job=target.job or {},
            )

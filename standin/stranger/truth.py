"""What is what: the texts that are right for each concept, and what was drawn for a stranger."""

from __future__ import annotations

from typing import Any

from standin.stranger.vocabulary import TRANSLATED, meanings, share_of
from standin.words import known_words, words_for
from standin.world import World


def truth(world: World) -> dict[str, list[dict[str, str]]]:
    """Return for every concept the texts that are right now, `[{"text", "key", "screen"}]`, one for each screen.

    What stands for a value is still `${name}` in the texts. Concepts that are shown nowhere have an empty list.
    A placeholder that stands in the place of a caption is right for the caption's concepts, too.
    """
    found: dict[str, list[dict[str, str]]] = {concept: [] for concept in concepts()}
    language = world.axis("language")
    texts = words_for(world) | {key: entry["texts"][language] for key, entry in meanings()["kit"].items()}
    for key, entry in (meanings()["keys"] | meanings()["kit"]).items():
        if not shows(world, entry.get("when", [])):
            continue
        here = [screen for screen in entry["screens"] if shows(world, entry.get("only", {}).get(screen, []))]
        for concept in _concepts_of(world, entry):
            found[concept] += [{"text": texts[key], "key": key, "screen": screen} for screen in here]
    return found


def _concepts_of(world: World, entry: dict[str, Any]) -> list[str]:
    own: list[str] = entry["concepts"]
    if world.axis("captions") == "shown" or "stands_for" not in entry:
        return own
    return [*own, *meanings()["keys"][entry["stands_for"]]["concepts"]]


def concepts() -> list[str]:
    """Return every concept, shown or not."""
    shown = {
        concept for area in ("keys", "kit") for entry in meanings()[area].values() for concept in entry["concepts"]
    }
    return sorted(shown | set(meanings()["not_shown"]))


def shows(world: World, when: list[dict[str, list[str]]]) -> bool:
    """Whether the site is in one of the variations in which a word is shown: all of one of these conditions hold."""
    return not when or any(all(world.axis(name) in values for name, values in one.items()) for one in when)


def describe(world: World) -> dict[str, Any]:
    """Return what was drawn: language, percent of strange words, axes, and the words that are not today's."""
    language = world.axis("language")
    today = known_words(language, world.axis("edition"))
    words = words_for(world)
    plain_site = not world.stranger and language not in TRANSLATED
    return {
        "stranger": world.stranger,
        "language": language,
        "share": 0 if plain_site else share_of(world.stranger, language),
        "axes": {name: world.axis(name) for name in world.axes},
        "words": {key: text for key, text in words.items() if text != today[key]},
    }

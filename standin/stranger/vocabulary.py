"""Which words a stranger has: today's, or others from the pools that no label file of bcflow knows."""

from __future__ import annotations

import json
import random
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TRANSLATED = ("es", "id")
"""Languages whose words all come from the pools."""
LEAST, MOST = 15, 60
"""Percent of the words that are strange in the other languages."""


@cache
def pools() -> dict[str, dict[str, list[str]]]:
    """Return for every word key the other wordings, by language."""
    merged: dict[str, dict[str, list[str]]] = {}
    for path in sorted((HERE / "pools").glob("*.json")):
        merged |= json.loads(path.read_text(encoding="utf-8"))
    return merged


@cache
def meanings() -> dict[str, dict[str, dict[str, Any]]]:
    """Return `meanings.json`: `keys` and `kit` say what a word means and where it is shown."""
    found: dict[str, dict[str, dict[str, Any]]] = json.loads((HERE / "meanings.json").read_text(encoding="utf-8"))
    return found


def share_of(seed: int, language: str) -> int:
    """Return how many percent of the words are strange."""
    return 100 if language in TRANSLATED else dice(seed, "share").randint(LEAST, MOST)


def strange_words(seed: int, language: str, known: Mapping[str, str]) -> dict[str, str]:
    """Return the words that differ from the known ones, by key.

    On one screen no two meanings get the same text, and none gets what another is called today. Seed 0 is no
    stranger: in a translated language it has the first word of each pool.
    """
    share, translated = share_of(seed, language), language in TRANSLATED
    drawn: dict[str, str] = {}
    for key in sorted(known):
        chance = dice(seed, f"word {key}")
        wanted = chance.random() * 100 < share
        offered = list(pools()[key].get(language, ()))
        if seed:
            chance.shuffle(offered)
        if not wanted or not offered:
            continue
        beside = neighbours(key)
        taken = {plain(drawn[other]) for other in beside if other in drawn}
        if not translated:
            taken |= {plain(known[other]) for other in beside}
        free = [text for text in offered if plain(text) not in taken]
        if free or translated:
            drawn[key] = (free or offered)[0]
    return drawn


@cache
def neighbours(key: str) -> tuple[str, ...]:
    """Return the words of other meanings that may be on a page with this one."""
    return tuple(other for other in meanings()["keys"] if _meets(key, other) and not _same(key, other))


def _meets(one: str, other: str) -> bool:
    first, second = _screens(one), _screens(other)
    frame = {"shell", "everywhere"}
    return bool(first & second) or bool(first & frame and second) or bool(second & frame and first)


def _same(one: str, other: str) -> bool:
    return bool(_meaning(one) & _meaning(other))


def plain(text: str) -> str:
    """Return a text as it is compared: small letters, no counts, no stars, colons and dots at its ends."""
    folded = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    return re.sub(r"\s*\(?\$\{\w+\}\)?$", "", folded).strip(" *:.…+")


def _screens(key: str) -> set[str]:
    return set(meanings()["keys"][key]["screens"])


def _meaning(key: str) -> set[str]:
    entry = meanings()["keys"][key]
    return set(entry["concepts"]) or {entry.get("means", key)}


def dice(seed: int, name: str) -> random.Random:
    """Return the dice for one thing: what is drawn for it does not change when others are added."""
    return random.Random(f"{seed} {name}")

"""Visible words: one JSON file per area under words/, by language and edition; a stranger has others."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from standin.stranger.vocabulary import TRANSLATED, strange_words
from standin.world import World

FOLDER = Path(__file__).parent / "words"


@cache
def _entries() -> dict[str, dict[str, Any]]:
    merged: dict[str, dict[str, Any]] = {}
    for path in sorted(FOLDER.glob("*.json")):
        merged |= json.loads(path.read_text(encoding="utf-8"))
    return merged


def _pick(entry: dict[str, Any], language: str, edition: str) -> str:
    found = entry.get(language, entry.get("en", ""))
    if isinstance(found, dict):
        found = found.get(edition, next(iter(found.values()), ""))
    return str(found)


def known_words(language: str, edition: str) -> dict[str, str]:
    """Return every word by key as the site writes it today."""
    return {key: _pick(entry, language, edition) for key, entry in _entries().items()}


@cache
def _words(stranger: int, language: str, edition: str) -> dict[str, str]:
    known = known_words(language, edition)
    if not stranger and language not in TRANSLATED:
        return known
    return known | strange_words(stranger, language, known)


def words_for(world: World) -> dict[str, str]:
    """Every word by key, in the world's language and edition, `renamed_button` applied.

    `renamed_button=KEY>TEXT` changes the word KEY to TEXT; without TEXT it gets a word nobody knows.
    """
    merged = dict(_words(world.stranger, world.axis("language"), world.axis("edition")))
    for fault in world.faults:
        if fault.name == "renamed_button" and fault.fits(None):
            key, _, text = fault.value.partition(">")
            merged[key] = text or "Proceed with this"
    return merged

"""Visible words: one JSON file per area under words/, by language and edition."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from standin.world import World

FOLDER = Path(__file__).parent / "words"


def _pick(entry: dict[str, Any], language: str, edition: str) -> str:
    found = entry.get(language, entry.get("en", ""))
    if isinstance(found, dict):
        found = found.get(edition, next(iter(found.values()), ""))
    return str(found)


def words_for(world: World) -> dict[str, str]:
    """Every word by key, in the world's language and edition, `renamed_button` applied.

    `renamed_button=KEY>TEXT` changes the word KEY to TEXT; without TEXT it gets a word nobody knows.
    """
    language, edition = world.axis("language"), world.axis("edition")
    merged: dict[str, str] = {}
    for path in sorted(FOLDER.glob("*.json")):
        entries = json.loads(path.read_text(encoding="utf-8"))
        merged.update({key: _pick(entry, language, edition) for key, entry in entries.items()})
    for fault in world.faults:
        if fault.name == "renamed_button" and fault.fits(None):
            key, _, text = fault.value.partition(">")
            merged[key] = text or "Proceed with this"
    return merged

"""What the fence stopped in earlier runs, kept for `bcflow doctor`: method and host, never a whole address."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from loguru import logger

from bcflow.models.failures.causes import in_words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MOST = 50


def remember(home: Path, stopped: Iterable[str]) -> None:
    """Add what was stopped to the file in `home`; one that cannot be written only warns."""
    known = dict.fromkeys([*read(home), *stopped])
    if not known:
        return
    try:
        (home / "blocked.json").write_text(json.dumps(list(known)[-MOST:]), encoding="utf-8")
    except OSError as error:
        logger.warning("what was blocked could not be kept: {}", in_words(error))


def read(home: Path) -> list[str]:
    """Return what was stopped so far, the oldest first; a lost or damaged file is an empty list."""
    try:
        found = json.loads((home / "blocked.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [str(each) for each in found] if isinstance(found, list) else []

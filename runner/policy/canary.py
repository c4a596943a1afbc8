"""How far a flow that was never seen to work here may go: one write, then five, then all.

After the first write and after the five a person is asked, unless they said beforehand that they trust it. The first
`unknown` or `screen-changed` stops everything.
"""

from __future__ import annotations

from typing import Final

STOPPING: Final = frozenset({"unknown", "screen-changed"})
_QUESTIONS_AT: Final = (1, 6)


def most_writes(agreed: int) -> int | None:
    """Return how many jobs of the flow may write when a person has agreed so often to go on; None: all."""
    return _QUESTIONS_AT[agreed] if agreed < len(_QUESTIONS_AT) else None

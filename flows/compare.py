"""Whether what is there is what was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bcflow.models.looks import CannotSee, Look, Seen

if TYPE_CHECKING:
    from bcflow.models.looks import Memory


def judge(
    want: dict[str, Any],
    have: dict[str, Any],
    *,
    memory: Memory,
    id: str | None = None,  # noqa: A002 - the site's word
    waiting_for: str | None = None,
    words: str = "",
) -> Look:
    """Compare every asked property with what the page shows.

    A property the page does not show (None) cannot be called equal: without a write of our own that asked for
    just that, the look is `CannotSee`. `words` that are not known are passed on: a person must say what they mean.
    """
    asked = {name: value for name, value in want.items() if value not in (None, {}, ())}
    differences = [
        f"{name}: want {_text(value)}, have {_text(have[name])}"
        for name, value in asked.items()
        if have.get(name) is not None and not _covers(have[name], value)
    ]
    hidden = [name for name in asked if have.get(name) is None]
    if hidden and not differences and not words and not (memory.armed or memory.seen):
        return CannotSee(f"it is there, but the page does not show its {', '.join(hidden)}")
    return Seen(have=have, differences=tuple(differences), waiting_for=waiting_for, id=id, words=words)


def _covers(have: Any, want: Any) -> bool:  # noqa: ANN401 - plain JSON
    if isinstance(want, dict):
        return isinstance(have, dict) and all(have.get(key) == value for key, value in want.items())
    return bool(have == want)


def _text(value: Any) -> str:  # noqa: ANN401 - plain JSON
    if isinstance(value, dict):
        return ", ".join(f"{key} {item}" for key, item in value.items()) or "none"
    return str(value)

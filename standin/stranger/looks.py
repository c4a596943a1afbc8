"""How a stranger looks: a value of every axis, drawn from its seed."""

from __future__ import annotations

from standin.stranger.vocabulary import dice
from standin.switches import ALL_AXES

WEIGHTS: dict[str, dict[str, int]] = {
    "language": {"en": 35, "vi": 31, "es": 17, "id": 17},
    "codes": {"none": 80, "invite": 7, "share": 7, "all": 6},
    "login_code": {"none": 80, "six": 10, "single": 10},
    "row_ids": {"yes": 80, "no": 20},
}
"""Axes whose values are not equally likely."""


def drawn_axes(seed: int) -> dict[str, str]:
    """Return the value of each axis."""
    drawn = {name: _draw(seed, name, values) for name, values in ALL_AXES.items()}
    if (drawn["list_style"], drawn["totals"]) == ("virtual", "no"):
        # Nobody could tell such a list to be whole, unless it can be searched.
        drawn["search"] = "yes"
    return drawn


def _draw(seed: int, name: str, values: tuple[str, ...]) -> str:
    weights = WEIGHTS.get(name) or dict.fromkeys(values, 1)
    return dice(seed, f"axis {name}").choices([*weights], [*weights.values()])[0]

"""What a seed stands for: a mutation, and the look of the site that it strikes."""

from __future__ import annotations

import random
from functools import cache
from typing import TYPE_CHECKING

from tests.mutations.kinds import catalogue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.mutations.mutation import Mutation

LOOKS: tuple[Mapping[str, str], ...] = (
    {},
    {},
    {},
    {},
    {"language": "vi"},
    {
        "surface": "drawer",
        "kit_prefix": "okee",
        "members_table": "div",
        "accounts_table": "div",
        "partners_table": "div",
    },
)
"""Looks to begin with, few so that their baselines are taken once; the plain one is drawn oftenest."""


@cache
def _pile(language: str) -> list[Mutation]:
    return catalogue(language)


def draw(number: int) -> tuple[Mutation, Mapping[str, str]]:
    """Return the mutation of a seed, and its look: as many seeds as there are mutations draw each of them once."""
    size = len(_pile("en"))
    turn, place = divmod(number, size)
    order = list(range(size))
    random.Random(f"mutations {turn}").shuffle(order)  # noqa: S311 - no secret
    look = random.Random(f"look {number}").choice(LOOKS)  # noqa: S311 - no secret
    wanted = _pile("en")[order[place]]
    pile = _pile(look.get("language", "en"))
    same = [one for one in pile if (one.name, one.flow, one.axes) == (wanted.name, wanted.flow, wanted.axes)]
    # Columns are changed as cells of tables.
    in_cells = any(op["change"] in ("column", "swap") for op in wanted.ops)
    if in_cells or not same or not look.keys().isdisjoint({*wanted.before, *wanted.axes}):
        return wanted, {}
    return same[0], look


def named(name: str, flow: str) -> Mutation:
    """Return the mutation of this name that strikes `flow`, on the site as it is."""
    (found,) = [one for one in _pile("en") if (one.name, one.flow) == (name, flow)]
    return found

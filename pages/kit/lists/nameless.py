"""Rows that show neither a name nor an id: which is whose, where the page keeps the order of the site's answer.

A page may have put just these in another order, so the place alone says nothing: all that could be the same thing must
read alike, or what tells them apart must be what the answer tells them apart by.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from bcflow.models.identity import fold
from bcflow.pages.kit.screen import site_api

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bcflow.pages.kit.lists.reading import Row

    Thing = dict[str, Any]


def is_told(at: int, rows: Sequence[Row], things: Sequence[Thing], fits: Callable[[Row, Thing], bool]) -> bool:
    """Say whether the nameless row at this place is the thing at the same place; `fits`: by its name it can be."""
    fit = [place for place, row in enumerate(rows) if fits(row, things[at])]
    if at not in fit:
        return False
    alike = len({rows[place].text for place in fit}) == 1
    return alike or _is_said(at, fit, rows, things[at]) or _is_alone(at, fit, rows, things)


def _is_said(at: int, fit: Sequence[int], rows: Sequence[Row], thing: Thing) -> bool:
    """Say whether each cell in which they differ is a value of the thing, as the number of its ad accounts is."""
    cells = zip(*(rows[place].cells for place in fit), strict=False)
    unlike = [column for column, each in enumerate(cells) if len({*each}) > 1]
    said = {fold(text) for text in site_api.texts(thing)}
    can_be = [place for place in fit if all(fold(rows[place].cells[column]) in said for column in unlike)]
    return {rows[place].text for place in can_be} == {rows[at].text}


def _is_alone(at: int, fit: Sequence[int], rows: Sequence[Row], things: Sequence[Thing]) -> bool:
    """Say whether rows read alike just where things are alike, and no other kind of them is there as often as this.

    Whatever a page calls a finance role: the one row that has another is the one thing that has another.
    """
    signs = _signs([things[place] for place in fit])
    texts = [rows[place].text for place in fit]
    often = Counter(signs)
    one_to_one = len(set(zip(texts, signs, strict=True))) == len(set(texts)) == len(often)
    return one_to_one and [*often.values()].count(often[signs[fit.index(at)]]) == 1


def _signs(things: Sequence[Thing]) -> list[tuple[str, ...]]:
    """Return what each thing has in common with another: an id or an address, which each has of its own, is none."""
    names = dict.fromkeys(name for thing in things for name in thing)
    columns = [[str(thing.get(name)) for thing in things] for name in names]
    shared = [column for column in columns if len(set(column)) < len(things)]
    return [tuple(column[at] for column in shared) for at in range(len(things))]

"""A few rows of values in which any two values of different columns meet: what one of them hides, another shows.

Two values are enough: a fault that needs three at once is looked for at night, by the whole cross or by chance.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations

Row = dict[str, str]
Cell = tuple[str, str]
Pair = tuple[Cell, Cell]
Columns = Mapping[str, Sequence[str]]


def pairs(row: Mapping[str, str]) -> set[Pair]:
    """Return every two cells of a row, in one order."""
    return set(combinations(sorted(row.items()), 2))


def pairwise(starts: Iterable[Row], columns_of: Callable[[Row], Columns], may: Callable[[Row], bool]) -> list[Row]:
    """Fill up each of `starts`, then add rows that begin like one of them until every two cells have met.

    `columns_of(start)` are the other columns of that row and their values; `may(row)` says which cells go together,
    of a row that is not filled up yet, too. The same arguments give the same rows.
    """
    starts = list(starts)
    missing = {pair: start for start in reversed(starts) for pair in _wanted(start, columns_of(start), may)}
    rows: list[Row] = []
    used: Counter[Cell] = Counter()
    todo = list(starts)
    while todo or missing:
        if not todo:
            # What is missing longest first: its start, and the two cells that have not met.
            pair, start = next(iter(missing.items()))
            todo.append(start | dict(pair))
        row = _filled(todo.pop(0), columns_of, may, set(missing), used)
        used.update(row.items())
        rows.append(row)
        for pair in pairs(row):
            missing.pop(pair, None)
    return rows


def _wanted(start: Row, columns: Columns, may: Callable[[Row], bool]) -> list[Pair]:
    cells = [*start.items(), *((name, value) for name, values in columns.items() for value in values)]
    two = combinations(sorted(cells), 2)
    return [(one, other) for one, other in two if one[0] != other[0] and may(start | dict([one, other]))]


def _filled(
    row: Row, columns_of: Callable[[Row], Columns], may: Callable[[Row], bool], missing: set[Pair], used: Counter[Cell]
) -> Row:
    """Give each column the value that brings the most pairs; of equal ones the one that was taken least."""
    for name, values in columns_of(row).items():
        if name not in row:
            fitting = [row | {name: value} for value in values if may(row | {name: value})]
            row = max(fitting, key=lambda one: (len(pairs(one) & missing), -used[name, one[name]]))
    return row

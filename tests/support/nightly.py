"""What of a test's cases runs with every change, and what only in `make test-all`."""

from collections.abc import Iterable
from typing import Any

import pytest

COLLECTED = pytest.StashKey[list[tuple[str, str]]]()
"""Of a run of all tests: when each runs, and its name; those that it does not run, too."""


def nightly_except(cases: Iterable[Any], *daily: object) -> list[Any]:
    """Return the cases of a `parametrize`, all marked `nightly` but the `daily` ones.

    `daily` names a case by its id, its value, or its tuple of values. Raises ValueError for one that there is not,
    and if there is none at all: such a test has the mark itself.
    """
    kept, found = [], []
    for case in cases:
        values = case if isinstance(case, tuple) else (case,)
        param = case if hasattr(case, "marks") else pytest.param(*values)
        named = [name for name in daily if name in (param.id, param.values, *param.values)]
        found += named
        marks = (*param.marks, *([] if named else [pytest.mark.nightly]))
        kept.append(pytest.param(*param.values, marks=marks, id=param.id))
    if not daily or not all(name in found for name in daily):
        message = f"of {daily} there is no case of these: {[name for name in daily if name not in found]}"
        raise ValueError(message)
    return kept


def note(config: pytest.Config, items: Iterable[pytest.Item]) -> None:
    """Keep what there is, before what is not asked for is left out."""
    if config.args == config.getini("testpaths"):
        found = (("nightly" if item.get_closest_marker("nightly") else "daily", item.nodeid) for item in items)
        config.stash[COLLECTED] = list(found)

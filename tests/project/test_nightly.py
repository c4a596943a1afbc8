"""Whatever a test promises is looked at with every change; the night only brings more cases of it."""

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.support.nightly import nightly_except

ROOT = Path(__file__).parents[2]


# Tells of every test whether it is marked, before those are left out that are not asked for.
LISTED = """
import pytest, sys

class Listed:
    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items):
        for item in items:
            print("nightly" if item.get_closest_marker("nightly") else "daily", item.nodeid)

sys.exit(pytest.main(["--collect-only", "-qq", "-p", "no:cacheprovider"], plugins=[Listed()]))
"""


def collected() -> Iterator[tuple[str, str]]:
    """Yield when each test runs, and its name."""
    command = [sys.executable, "-c", LISTED]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=500, check=True)
    for line in listed.stdout.splitlines():
        when, _, test = line.partition(" ")
        if when in ("nightly", "daily"):
            yield when, test


def promises(tests: Iterable[str]) -> set[str]:
    return {test.partition("[")[0] for test in tests}


@pytest.mark.slow
def test_nothing_is_promised_by_night_alone() -> None:
    """But for what the stand-in's own screens are to be like: flows meet every one of them with every change."""
    tests = list(collected())
    nightly, daily = ([test for when, test in tests if when == wanted] for wanted in ("nightly", "daily"))
    assert len(nightly) > 100
    alone = promises(nightly) - promises(daily)
    assert {one for one in alone if not one.startswith("tests/standin/")} == set()


def test_everything_is_in_make_test_all() -> None:
    rules = (ROOT / "Makefile").read_text(encoding="utf-8")
    (line,) = re.findall(r"^test-all:.*\n\t(.*)$", rules, re.MULTILINE)
    assert re.search(r'pytest .*-m ""', line)


def test_the_cases_that_are_not_named_are_marked() -> None:
    cases = nightly_except([1, pytest.param(2, id="two", marks=pytest.mark.slow), (3, "c"), 4], 1, (3, "c"))
    assert [case.values for case in cases] == [(1,), (2,), (3, "c"), (4,)]
    assert [[mark.name for mark in case.marks] for case in cases] == [[], ["slow", "nightly"], [], ["nightly"]]
    assert [case.id for case in cases] == [None, "two", None, None]


@pytest.mark.parametrize("daily", [(), (1, 3)])
def test_a_choice_that_leaves_nothing_or_names_nothing_is_a_mistake(daily: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="there is no case of these"):
        nightly_except([1, 2], *daily)

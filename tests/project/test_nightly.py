"""`make test` is short: of every file the quick tests, and of what takes long the part that says most."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.nightly import COLLECTED, nightly_except

ROOT = Path(__file__).parents[2]


def collected(config: pytest.Config) -> list[tuple[str, str]]:
    """Return when each test runs, and its name: as this run found them, if it is one of all tests."""
    if COLLECTED in config.stash:
        return config.stash[COLLECTED]
    command = [sys.executable, "-c", LISTED]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=500, check=True)
    lines = [line.partition(" ") for line in listed.stdout.splitlines()]
    return [(when, test) for when, _, test in lines if when in ("nightly", "daily")]


LISTED = """
import pytest, sys
from tests.support.nightly import COLLECTED

class Listed:
    def pytest_collection_finish(self, session):
        for when, test in session.config.stash[COLLECTED]:
            print(when, test)

sys.exit(pytest.main(["--collect-only", "-qq", "-p", "no:cacheprovider"], plugins=[Listed()]))
"""


BY_NIGHT = (
    "tests/standin/",
    "tests/journeys/",
    "tests/cli/test_login_postgres.py",
    "tests/cli/test_looking.py",
    "tests/cli/test_other_person.py",
    "tests/cli/test_parked_with_standin.py",
    "tests/cli/test_plan_with_standin.py",
    "tests/faults/test_kill_command.py",
    "tests/faults/test_kill_evidence.py",
    "tests/faults/test_resume.py",
    "tests/project/test_installed.py",
)
"""Whole stories, of which each part is tried with every change elsewhere; and what the stand-in is to be like."""


@pytest.mark.slow
def test_no_file_but_those_of_whole_stories_is_for_the_night_alone(pytestconfig: pytest.Config) -> None:
    tests = collected(pytestconfig)
    files = {when: {test.partition("::")[0] for each, test in tests if each == when} for when in ("nightly", "daily")}
    assert len([when for when, _ in tests if when == "nightly"]) > 100
    alone = files["nightly"] - files["daily"]
    assert {one for one in alone if not one.startswith(BY_NIGHT)} == set()
    assert {one for one in BY_NIGHT if not any(each.startswith(one) for each in alone)} == set(), "no longer needed"


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

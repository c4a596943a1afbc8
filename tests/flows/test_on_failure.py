"""A failed flow test says at once what to look at."""

import re
from pathlib import Path

import pytest

from standin import seed
from standin.switches import parse_fault
from tests.flows import conftest
from tests.support.flow_desk import Desk
from tests.support.flow_jobs import NEW_PERSON, make
from tests.support.on_failure import sections


def reported(desk: Desk) -> dict[str, str]:
    return dict(sections(desk, desk.standin))


@pytest.mark.nightly
@pytest.mark.standin(axes={"surface": "drawer"}, faults=["500_after:invite:1"])
def test_steps_pictures_and_requests_are_shown_with_what_was_sent(desk: Desk) -> None:
    desk.run(make("invite-member"))
    shown = reported(desk)
    assert "surface=drawer" in shown["how the site looked"]
    assert re.search(r"run 1\n  ok  +\d+\.\d+ s  look for the person in Members", shown["steps"])
    assert "  = waiting: " in shown["steps"]
    pictures = [Path(line) for line in shown["pictures"].splitlines()]
    assert len(pictures) >= 3
    assert all(picture.is_file() for picture in pictures)
    assert re.search(
        rf" 500 POST /api/v2/bm/admin/user/invite/.*\n    invite \(received, applied, answered\): .*{NEW_PERSON}",
        shown["requests at the stand-in"],
    )
    assert f" 200 GET /api/v2/bm/user/list/?org_id={seed.NORTHWIND}" in shown["requests at the stand-in"]
    assert "/kit/" not in shown["requests at the stand-in"]


def test_a_step_that_ends_the_run_is_marked_and_a_request_without_answer_told(desk: Desk) -> None:
    desk.standin.world.faults += [parse_fault("lists_fail=drop"), parse_fault("renamed_button=members.invite>New")]
    assert desk.run(make("invite-member")).first.outcome == "failed"
    shown = reported(desk)
    assert "  ENDS " in shown["steps"]
    assert " 499 GET /api/v2/bm/user/list/" in shown["requests at the stand-in"]
    assert "lists_fail=drop" in shown["how the site looked"]


def test_the_report_of_pytest_has_them_if_it_fails_and_only_then(pytester: pytest.Pytester, desk: Desk) -> None:
    class Lent:
        """Lends this test's desk to the tests that are run inside it."""

        pytest_runtest_makereport = staticmethod(conftest.pytest_runtest_makereport)

        @pytest.fixture(name="desk")
        def desk_(self) -> Desk:
            return desk

    desk.run(make("invite-member"), only_look=True)
    pytester.makepyfile("def test_fails(desk): assert False\ndef test_passes(desk): assert desk")
    ran = pytester.runpytest_inprocess("-p", "no:playwright", "-p", "no:xdist", plugins=[Lent()])
    ran.assert_outcomes(failed=1, passed=1)
    ran.stdout.fnmatch_lines(["*- steps -*", "run 1", "* look for the person in Members", "*- pictures -*", "*now.png"])
    assert str(ran.stdout).count("- pictures -") == 1

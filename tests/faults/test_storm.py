"""A small part of `make faults`, always the same: every window, flow, edition and fault; with every change a few."""

import sys

import pytest

from standin.server import StandIn
from tests.faults.kill_case import FAULTS, RANDOM, UNANSWERED, UNSEEN, UNSENT, WINDOWS, Case, play
from tests.faults.storm import EDITIONS, KILLS, SEED, part, whole
from tests.support.flow_jobs import FLOWS
from tests.support.nightly import nightly_except

PART = part()
IN_DOUBT = (UNSENT, UNANSWERED, UNSEEN)
DAILY = [next(case for case in PART if case.window == window and not case.fault) for window in IN_DOUBT]
"""Each window in which nobody knows what the site has once, with a flow each; a browser is killed in `test_kill`."""


@pytest.mark.skipif(sys.platform != "linux", reason="finds the processes by /proc")
@pytest.mark.parametrize("case", nightly_except(PART, *DAILY), ids=str)
def test_nothing_is_sent_twice_or_lost(case: Case, standin: StandIn) -> None:
    result = play(case, standin)
    assert result.wrong == []
    assert (result.requests, result.doubles, result.lost) == (1, 0, 0)


def test_part_touches_everything() -> None:
    assert len({case.flow for case in DAILY}) == len(IN_DOUBT)
    cases = PART
    assert {case.window for case in cases} == {*WINDOWS, RANDOM}
    assert {case.flow for case in cases} == set(FLOWS)
    assert {case.edition for case in cases} == set(EDITIONS)
    assert {case.fault for case in cases} == {"", *FAULTS}
    assert {case.victim for case in cases} == {"runner", "browser"}


def test_whole_kills_each_flow_five_times_in_each_window_of_each_edition() -> None:
    cases = [case for case in whole(SEED, KILLS) if case.victim == "runner" and not case.fault]
    assert len(cases) == KILLS
    for flow in FLOWS:
        for edition in EDITIONS:
            for window in WINDOWS:
                fitting = [case for case in cases if (case.flow, case.edition, case.window) == (flow, edition, window)]
                assert len(fitting) == 5, (flow, edition, window)
    assert sum(case.window == RANDOM for case in cases) == 50


def test_a_seed_gives_the_same_storm_again() -> None:
    assert whole(7, 60) == whole(7, 60) != whole(8, 60)

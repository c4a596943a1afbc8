"""A small part of the second half of `make faults`, always the same; and what the whole of it draws."""

from itertools import pairwise

import pytest

from standin.server import StandIn
from standin.switches import STRIKES
from tests.faults.weather import CASES, LEFT_OUT, SEED, Case, drawn, play
from tests.support.flow_jobs import FLOWS
from tests.support.nightly import nightly_except

PART = drawn(SEED, CASES)[::32]


@pytest.mark.parametrize("case", nightly_except(PART, PART[0]), ids=str)
def test_nothing_is_doubled_lost_or_told_otherwise_than_it_is(case: Case, standin: StandIn) -> None:
    result = play(case, standin)
    assert result.wrong == []
    assert (result.doubles, result.lost) == (0, 0)


def test_whole_draws_every_fault_in_every_flow_about_as_often() -> None:
    cases = drawn(SEED, CASES)
    faults = {fault.partition("=")[0].partition(":")[0] for case in cases for fault in case.faults}
    assert faults == set(STRIKES) - LEFT_OUT | {"stale_list"}
    counts = [sum(case.flow == flow for case in cases) for flow in FLOWS]
    assert max(counts) - min(counts) <= 1
    assert [case.number for case in cases] == list(range(1, CASES + 1))


def test_a_seed_draws_the_same_weather_again() -> None:
    assert drawn(7, 40) == drawn(7, 40)
    assert drawn(7, 40) != drawn(8, 40)
    assert all(one != other for one, other in pairwise(drawn(7, 40)))

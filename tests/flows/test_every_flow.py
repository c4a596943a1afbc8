"""What all five flows have in common, on every edition and language."""

import pytest

from tests.flows.desk import Desk
from tests.flows.jobs import FLOWS, WRITE_KIND, make_for

EDITIONS = [{"edition": edition, "language": language} for edition in ("2026", "2024") for language in ("en", "vi")]
EVERYWHERE = [
    pytest.param(flow, marks=pytest.mark.standin(axes=axes), id=f"{flow}-{'-'.join(axes.values())}")
    for axes in EDITIONS
    for flow in FLOWS
]


@pytest.mark.parametrize("flow", EVERYWHERE)
def test_it_works_and_a_second_run_writes_nothing(desk: Desk, flow: str) -> None:
    job = make_for(desk.standin.world, flow)
    first = desk.run(job)
    assert set(first.outcomes) <= {"done", "waiting"}, first.said
    assert first.writes == len(desk.writes()) == len(desk.writes(WRITE_KIND[flow])) == 1
    assert [one.kind for one in first.pictures] == ["before", *("after" for one in first.settled if one.have)]
    second = desk.run(job)
    # An edition that keeps a new partner under Requests shows what it is given only once it accepted.
    assert second.first.outcome == "already", second.said
    assert {(one.outcome, one.waiting_for) for one in second.settled[1:]} <= {
        ("already", "partner"),
        ("waiting", "partner"),
    }
    assert second.writes == 0
    assert len(desk.writes()) == 1

"""What all five flows have in common, however the site looks."""

import pytest

from tests.flows.looks import looks, of_every_change
from tests.support.flow_desk import Desk
from tests.support.flow_jobs import WRITE_KIND, make_full
from tests.support.nightly import nightly_except

ROWS = looks()
EVERYWHERE = [
    pytest.param(
        row["flow"],
        marks=pytest.mark.standin(axes={name: value for name, value in row.items() if name != "flow"}),
        id=f"{row['flow']}-{row['edition']}-{row['language']}-{number}",
    )
    for number, row in enumerate(ROWS, start=1)
]
WITH_EVERY_CHANGE = [EVERYWHERE[place].id for place in of_every_change(ROWS)]


@pytest.mark.parametrize("flow", nightly_except(EVERYWHERE, *WITH_EVERY_CHANGE))
def test_it_works_and_a_second_run_writes_nothing(desk: Desk, flow: str) -> None:
    job = make_full(desk.standin.world, flow)
    first = desk.run(job)
    assert set(first.outcomes) <= {"done", "waiting"}, first.said
    assert first.writes == len(desk.writes()) == len(desk.writes(WRITE_KIND[flow])) == 1
    kinds = [one.kind for one in first.pictures]
    seen = {one.caption.partition(" (")[0] for one in first.pictures if one.kind == "after"}
    assert kinds == sorted(kinds, key=["before", "after"].index), "all that was filled in, then what was seen"
    assert "before" in kinds
    assert len(seen) == sum(1 for one in first.settled if one.have)
    second = desk.run(job)
    # An edition that keeps a new partner under Requests shows what it is given only once it accepted.
    assert second.first.outcome == "already", second.said
    by = "partner" if desk.standin.world.axis("partner_acceptance") == "needed" else None
    given = {(one.outcome, one.waiting_for) for one in second.settled if one.effect.kind == "share"}
    assert given <= {("already", by), ("waiting", by)}
    assert second.writes == 0
    assert len(desk.writes()) == 1

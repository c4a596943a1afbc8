"""When a flow must rest on a login: what its latest runs say, in whatever batch they were."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bcflow.runner.reports import summary
from bcflow.runner.storage.switches import Switches
from tests.support.batches import Desk
from tests.support.jobs import make_job, make_jobs

REFUSED = {"outcome": "refused", "message": "the site said no", "writes": 1}
NAMES = [f"p{number}" for number in range(8)]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with closing(Desk(tmp_path / "home", BCFLOW_EMAIL__OTHER="other@acme.example")) as opened:
        opened.runs = dict.fromkeys(NAMES, REFUSED)
        yield opened


def paused(desk: Desk, login: str = "default") -> str:
    return Switches(desk.database).paused("invite-member", login)


def test_equal_failures_in_a_row_are_counted_over_batches(desk: Desk) -> None:
    for name in NAMES[:2]:
        desk.go(make_job(name))
        assert not paused(desk)
    desk.go(make_job(NAMES[2]))

    assert "3 runs in a row ended refused" in paused(desk)
    desk.go(make_job("next"))
    assert (desk.outcomes, "next" in [name for _, name in desk.asked]) == (["skipped"], False)
    assert desk.held.record.exit_code == summary.NOT_DONE, (
        "a night job hears of a flow that rests since an earlier night"
    )
    lifting = "bcflow start invite-member --login default"
    assert desk.records[0].next_action == f"see why it rests; {lifting} lets it go on"
    assert desk.message("next").startswith("not started: invite-member on login default is paused by bcflow at")


def test_a_success_between_them_counts(desk: Desk) -> None:
    for name in (*NAMES[:2], "fine", *NAMES[2:4]):
        desk.go(make_job(name))

    assert not paused(desk)


def test_another_login_is_counted_for_itself(desk: Desk) -> None:
    for name in NAMES[:2]:
        desk.go(make_job(name))
    desk.go(make_job(NAMES[2], login="other"))

    assert not paused(desk)
    assert not paused(desk, "other")


def test_who_lifts_it_begins_anew(desk: Desk) -> None:
    for name in NAMES[:3]:
        desk.go(make_job(name))
    Switches(desk.database).resume("invite-member", "default", "ana")
    for name in NAMES[3:5]:
        desk.go(make_job(name))
        assert not paused(desk)
    desk.go(make_job(NAMES[5]))

    assert paused(desk)


def test_what_is_left_of_the_batch_is_not_attempted(desk: Desk) -> None:
    desk.go(*make_jobs(NAMES))

    assert desk.written == NAMES[:3]
    assert desk.outcomes == ["refused"] * 3 + ["skipped"] * 5
    assert any("bcflow start invite-member --login default lifts it" in text for text in desk.told)


def test_what_was_never_tried_counts_neither_for_nor_against(desk: Desk) -> None:
    for name in NAMES[:2]:
        desk.go(make_job(name))
    desk.submit(*make_jobs([f"later{number}" for number in range(25)]))
    desk.cancel()
    assert set(desk.outcomes) == {"cancelled"}
    desk.work()
    desk.go(make_job(NAMES[2]))

    assert "3 runs in a row ended refused" in paused(desk)

"""What becomes of a batch whose machine dies, or that is cancelled, in the middle of a run."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bcflow.runner.batches import moves
from bcflow.runner.batches.follow_ups import FollowUps
from bcflow.runner.batches.moves import rest_orphans
from bcflow.runner.browser.shutdown import Shutdown
from bcflow.runner.engine.presence import worker_name
from bcflow.runner.engine.worker import Worker
from bcflow.runner.reports import summary
from tests.support.batches import Desk
from tests.support.fake_browser import Armed, Died
from tests.support.jobs import make_job, make_jobs

WAITING: dict[str, Any] = {"outcome": "waiting", "waiting_for": "invitee", "writes": 1}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with closing(Desk(tmp_path / "home", BCFLOW_EMAIL__OTHER="other@acme.example")) as opened:
        yield opened


def test_called_again_after_a_crash_it_takes_up_the_run_at_hand(desk: Desk) -> None:
    desk.runs = {"bo": Died()}
    desk.submit(*make_jobs(["ana", "bo", "cy"]), max_writes=2)
    desk.die()
    run = desk.held.runs[1]
    assert (run.begun, run.reserved, run.mode, run.ended) == (1, 1, "run", False)

    desk.runs = {}
    desk.work()
    assert desk.written == ["ana", "bo", "bo"], "its reservation is counted once: the second write is left for it"
    assert desk.outcomes == ["done", "done", "skipped"]
    assert [request["attempt"] for request in desk.requests if request["name"] == "bo"] == [1, 2, 3]
    assert [(run.begun, run.reserved) for run in desk.held.runs] == [(0, 0)] * 3


def test_another_machine_may_not_write_what_a_dead_one_may_have_sent(desk: Desk) -> None:
    desk.runs = {"bo": Died()}
    desk.submit(make_job("ana"), make_job("bo", login="other"), max_writes=1)
    desk.die()
    desk.work(login="default")
    assert desk.outcomes == ["skipped", "planned"]

    desk.runs = {}
    desk.work()
    assert desk.outcomes == ["skipped", "done"]


@pytest.mark.parametrize("armed", [False, True])
def test_a_run_whose_workers_died_five_times_ends_so(desk: Desk, armed: bool) -> None:
    desk.runs = {"ana": Armed(Died()) if armed else Died()}
    desk.submit(*make_jobs(["ana", "bo"]))
    for _ in range(5):
        desk.die()
    assert desk.outcomes == ["planned", "planned"]
    desk.work()

    assert desk.written == ["ana"] * 5 + ["bo"] * (not armed)
    assert "its workers died 5 times while it was attempted" in desk.message("ana")
    assert desk.outcomes == (["unknown", "skipped"] if armed else ["failed", "done"])
    assert desk.context.history.load_run(f"{desk.batch}-001").outcome == desk.outcomes[0]


def test_who_resumes_it_begins_to_count_anew(desk: Desk) -> None:
    desk.runs = {"ana": Died()}
    desk.submit(make_job("ana"))
    for _ in range(3):
        desk.die()
    assert desk.resume()
    desk.die()

    assert desk.held.runs[0].begun == 1


def test_a_batch_ends_with_its_exit_code_and_its_follow_ups_or_not_at_all(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object, **__: object) -> None:
        desk.database.dead = True
        raise Died

    desk.runs = {"ana": WAITING, "bo": WAITING}
    desk.submit(*make_jobs(["ana", "bo"]))
    with monkeypatch.context() as patched:
        patched.setattr(FollowUps, "call", die)
        desk.die()
    assert (desk.held.phase, desk.held.record.exit_code, desk.held.record.ended) == ("write", None, "")
    assert desk.value("select count(*) from follow_ups") == 0

    desk.runs = {"bo": {"outcome": "already", "waiting_for": "invitee", "writes": 0}}
    desk.work()
    assert (desk.held.phase, desk.held.record.exit_code) == ("ended", summary.OK)
    assert bool(desk.held.record.ended)
    assert desk.value("select count(*) from follow_ups") == 2
    assert [(turn.batch, delay > 500) for turn, delay in desk.queued] == [("", True)]


def test_a_cancel_while_an_attempt_is_under_way_lets_it_end_by_itself(desk: Desk) -> None:
    states: list[object] = []

    def cancelled(_request: dict[str, Any]) -> dict[str, Any]:
        desk.cancel("you said so")
        states.extend([desk.outcomes, desk.held.phase])
        return {"outcome": "done", "writes": 1}

    desk.runs = {"bo": cancelled}
    desk.go(*make_jobs(["ana", "bo", "cy"]))

    assert states == [["done", "planned", "cancelled"], "write"], "only what is not under way ends at once"
    assert desk.written == ["ana", "bo"]
    assert (desk.outcomes, desk.held.phase) == (["done", "done", "cancelled"], "ended")
    assert desk.message("cy") == "you said so; nothing was sent"


def test_an_attempt_that_breaks_off_because_of_a_cancel_is_cancelled(desk: Desk) -> None:
    def cancelled(_request: dict[str, Any]) -> dict[str, Any]:
        desk.cancel("you said so")
        return {"outcome": "failed", "message": "it may not write any more"}

    desk.runs = {"ana": cancelled}
    desk.go(make_job("ana"))

    assert (desk.outcomes, desk.held.phase) == (["cancelled"], "ended")
    assert desk.message("ana") == "you said so; nothing was sent"


def test_a_cancel_during_the_look_writes_nothing(desk: Desk) -> None:
    def cancelled(_request: dict[str, Any]) -> dict[str, Any]:
        desk.cancel("you said so")
        return {"outcome": "planned"}

    desk.looks = {"ana": cancelled}
    desk.go(*make_jobs(["ana", "bo"]))

    assert (desk.written, desk.outcomes, desk.held.phase) == ([], ["cancelled", "cancelled"], "ended")


@pytest.mark.parametrize("armed", [False, True])
def test_what_a_dead_machine_was_at_ends_when_its_batch_is_cancelled(desk: Desk, armed: bool) -> None:
    desk.runs = {"ana": Armed(Died()) if armed else Died()}
    desk.submit(*make_jobs(["ana", "bo"]))
    desk.die()
    desk.cancel("you said so")
    desk.work()

    assert desk.outcomes == ["unknown" if armed else "cancelled", "cancelled"]
    assert (desk.held.phase, desk.written) == ("ended", ["ana"])


@pytest.mark.parametrize("armed", [False, True])
def test_what_one_process_alone_worked_rests_when_it_died_and_a_resume_goes_on(desk: Desk, armed: bool) -> None:
    desk.runs = {"ana": Armed(Died()) if armed else Died()}
    desk.submit(*make_jobs(["ana", "bo"]), owner="the dead")
    desk.die()
    rest_orphans(desk.context, ["another"])
    assert (desk.held.queued, desk.held.owner, desk.held.phase) == (False, "", "write")

    desk.runs = {}
    desk.drop("the dead")
    assert desk.resume()
    desk.work()
    assert (desk.outcomes, desk.held.phase) == (["done", "done"], "ended")


def test_what_a_living_process_alone_works_is_left_to_it(desk: Desk) -> None:
    desk.submit(make_job("ana"), owner="the living")
    rest_orphans(desk.context, ["the living"])
    desk.work()

    assert desk.outcomes == ["done"]


def test_what_one_process_alone_worked_can_be_cancelled_when_it_died(desk: Desk) -> None:
    desk.runs = {"ana": Died()}
    desk.submit(*make_jobs(["ana", "bo"]), owner="the dead")
    desk.die()
    desk.cancel("you said so")
    desk.drop("the dead")
    rest_orphans(desk.context, [])

    assert (desk.outcomes, desk.held.phase) == (["cancelled", "cancelled"], "ended")


def test_what_a_dead_worker_had_is_resumed_by_a_process_that_takes_only_its_own(desk: Desk) -> None:
    desk.runs = {"ana": Died()}
    desk.submit(*make_jobs(["ana", "bo"]))
    desk.die()
    desk.runs = {}
    desk.drop("")
    assert moves.resume(desk.context, desk.batch, yes=False, attended=False, owner="mine")
    assert [turn.owner for turn, _ in desk.queued] == ["mine"]
    desk.work()

    assert desk.outcomes == ["done", "done"]


@pytest.mark.parametrize("alone", [False, True])
def test_a_worker_lets_rest_what_one_of_its_name_was_to_work_alone(desk: Desk, alone: bool) -> None:
    def no_slot(*_: object) -> Any:  # noqa: ANN401 - none is ever made
        raise AssertionError("nothing is to be worked")

    desk.submit(make_job("ana"), owner=worker_name(desk.settings))
    with Worker(desk.settings, no_slot, desk, slots=1, shutdown=Shutdown(), alone=alone) as worker:
        assert not worker.turn()

    assert (desk.held.queued, desk.held.owner, desk.held.phase) == (False, "", "look")

"""One batch of one login, from its look to its end: what is written, what is not, and what is said of it."""

import io
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bcflow.models.errors import BadInput, BcflowError, LedgerBroken
from bcflow.models.outcomes import RunRecord
from bcflow.runner.cli.running.follow import Follower
from bcflow.runner.reports.progress import Lines
from tests.support.batches import Desk
from tests.support.fake_browser import Armed
from tests.support.jobs import BC, make_account, make_addition, make_job, make_jobs, make_share

ACCOUNT: dict[str, Any] = {"outcome": "waiting", "writes": 1, "result": {"aadvid": "7012345678901234567"}}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with closing(Desk(tmp_path / "home")) as opened:
        yield opened


def result(desk: Desk, number: int) -> RunRecord:
    """Return a run's result as its evidence has it."""
    return desk.context.history.load_run(f"{desk.batch}-{number:03d}")


def test_what_a_look_settles_is_not_written(desk: Desk) -> None:
    desk.looks = {"ana": {"outcome": "already"}, "bo": {"outcome": "differs"}}
    desk.go(*make_jobs(["ana", "bo", "cy"]))

    assert desk.written == ["cy"]
    assert desk.outcomes == ["already", "differs", "done"]


def test_looks_at_everything_before_the_first_write(desk: Desk) -> None:
    desk.go(*make_jobs(["ana", "bo"]))

    assert desk.asked == [("look", "ana"), ("look", "bo"), ("run", "ana"), ("run", "bo")]
    assert (desk.outcomes, desk.held.phase, desk.held.record.exit_code) == (["done", "done"], "ended", 0)
    assert (desk.opened, desk.closed) == (["default"], ["default"]), "all of it in one browser"


def test_a_reference_is_filled_in_as_soon_as_its_value_was_seen(desk: Desk) -> None:
    desk.runs = {"main": ACCOUNT}
    desk.go(make_account(), make_share("delta", "${main.aadvid}"))

    assert desk.asked == [("look", "main"), ("run", "main"), ("run", "delta")]
    assert desk.requests[-1]["job"]["ad_accounts"] == [{"aadvid": "7012345678901234567", "role": "operator"}]


def test_a_look_is_told_which_ad_accounts_the_batch_itself_adds(desk: Desk) -> None:
    elsewhere = make_addition("cy", "7012345678901234568", business_center=f"{BC[:-1]}9")
    desk.go(make_addition("bo", "7012345678901234567"), elsewhere, make_share("delta", "7012345678901234567"))

    assert desk.requests[2]["name"] == "delta"
    assert desk.requests[2]["to_come"] == ["7012345678901234567"]


def test_a_value_seen_by_a_look_is_enough_for_the_next_look(desk: Desk) -> None:
    desk.looks = {"main": ACCOUNT | {"outcome": "already", "writes": 0}}
    desk.go(make_account(), make_share("delta", "${main.aadvid}"), yes=False, dry_run=True)

    assert desk.asked == [("look", "main"), ("look", "delta")]


@pytest.mark.parametrize("outcome", ["refused", "failed", "differs", "unknown"])
def test_a_job_whose_reference_failed_is_skipped(desk: Desk, outcome: str) -> None:
    desk.runs = {"main": {"outcome": outcome, "result": {"aadvid": "7012345678901234567"}}}
    desk.prove("create-ad-account")
    desk.go(make_account(), make_share("delta", "${main.aadvid}"), make_job("ana"))

    assert desk.outcomes == [outcome, "skipped", "done"]
    assert desk.message("delta") == f"needs aadvid of job 'main', which ended {outcome}"


def test_a_value_that_does_not_fit_fails_its_job_only(desk: Desk) -> None:
    desk.runs = {"main": {"outcome": "done", "writes": 1, "result": {"aadvid": "nonsense"}}}
    desk.go(make_account(), make_share("delta", "${main.aadvid}"))

    assert desk.outcomes == ["done", "failed"]
    assert "aadvid" in desk.message("delta")


def test_no_more_writes_than_allowed_are_sent(desk: Desk) -> None:
    desk.go(*make_jobs(["ana", "bo", "cy"]), max_writes=2)

    assert desk.written == ["ana", "bo"]
    assert desk.outcomes == ["done", "done", "skipped"]
    assert "at most 2 writes" in desk.message("cy")


def test_a_job_that_may_need_more_writes_than_are_left_does_not_start(desk: Desk) -> None:
    desk.go(make_share("delta", "7012345678901234567"), make_job("ana"), max_writes=1)

    assert desk.outcomes == ["skipped", "done"]


def test_a_login_that_waits_for_a_person_is_not_tried_again(tmp_path: Path) -> None:
    with closing(Desk(tmp_path / "home", BCFLOW_EMAIL__OTHER="other@acme.example")) as desk:
        desk.looks = {"ana": {"outcome": "waiting", "waiting_for": "you", "message": "code"}}
        desk.go(*make_jobs(["ana", "bo"]), make_job("cy", login="other"))

        assert desk.asked == [("look", "ana"), ("look", "cy"), ("run", "cy")]
        assert desk.outcomes == ["waiting", "waiting", "done"]
        assert [run.waiting_for for run in desk.held.runs] == ["you", "you", None]


def test_an_error_ends_its_job_and_its_browser_and_nothing_else(desk: Desk) -> None:
    desk.runs = {"ana": BcflowError("broke")}
    desk.go(*make_jobs(["ana", "bo"]))

    assert desk.outcomes == ["failed", "done"]
    assert desk.message("ana") == "broke; nothing was sent"
    assert (desk.opened, desk.closed) == (["default"] * 2, ["default"] * 2)


def test_an_error_after_a_write_was_armed_is_unknown(desk: Desk) -> None:
    desk.runs = {"ana": Armed(TimeoutError("took too long"))}
    desk.go(make_job("ana"))

    assert desk.outcomes == ["unknown"]
    assert "a write may have been sent" in desk.message("ana")
    assert f"bcflow settle {desk.batch}-001" in desk.records[0].next_action
    assert result(desk, 1).outcome == "unknown"


def test_a_ledger_that_cannot_be_written_ends_its_job_and_nothing_is_sent(desk: Desk) -> None:
    desk.runs = {"ana": LedgerBroken("disk full")}
    desk.go(make_job("ana"))

    assert desk.outcomes == ["failed"]
    assert desk.message("ana") == "disk full; nothing was sent"


def test_bad_input_at_the_first_job_starts_nothing(desk: Desk) -> None:
    desk.looks = {"ana": BadInput(["BCFLOW_KEY: is too short"])}
    desk.go(*make_jobs(["ana", "bo"]))

    assert (desk.outcomes, desk.written) == (["", ""], [])
    assert desk.told == [f"batch {desk.batch} rests: BCFLOW_KEY: is too short"]
    assert (desk.held.phase, desk.held.queued, desk.queued) == ("look", False, [])


def test_a_machine_that_is_to_end_leaves_what_was_not_sent_to_do(desk: Desk) -> None:
    def interrupted(_request: dict[str, Any]) -> dict[str, Any]:
        desk.shutdown.set()
        return {"outcome": "failed", "message": "the browser is gone"}

    desk.runs = {"bo": interrupted}
    desk.go(*make_jobs(["ana", "bo", "cy"]))

    assert desk.outcomes == ["done", "planned", "planned"]
    assert [(run.ended, run.begun, run.reserved) for run in desk.held.runs[1:]] == [(False, 0, 0)] * 2
    assert desk.closed == ["default"]
    assert [turn.number for turn, _ in desk.queued] == [2], "whoever is free goes on with it"


def test_a_machine_that_is_to_end_cancels_nothing_by_an_error(desk: Desk) -> None:
    def interrupted(_request: dict[str, Any]) -> BaseException:
        desk.shutdown.set()
        return TimeoutError("the browser is gone")

    desk.runs = {"ana": interrupted}
    desk.go(make_job("ana"))
    assert desk.outcomes == ["planned"]

    desk.shutdown.clear()
    desk.runs = {}
    desk.work()
    assert desk.outcomes == ["done"]


def test_an_attempt_that_ended_on_its_way_out_is_believed(desk: Desk) -> None:
    def interrupted(_request: dict[str, Any]) -> dict[str, Any]:
        desk.shutdown.set()
        return {"outcome": "waiting", "waiting_for": "invitee", "writes": 1}

    desk.runs = {"ana": interrupted}
    desk.go(make_job("ana"))

    assert [(record.outcome, record.writes) for record in desk.records] == [("waiting", 1)]


def test_what_a_login_lost_to_another_did_not_send_is_still_to_do(desk: Desk) -> None:
    def lost(_request: dict[str, Any]) -> BaseException:
        desk.lost.add("default")
        return TimeoutError("the browser is gone")

    desk.runs = {"ana": lost}
    desk.go(make_job("ana"))

    assert (desk.outcomes, desk.held.runs[0].ended) == (["planned"], False)
    assert [delay > 0 for _, delay in desk.queued] == [True]


def test_what_a_look_settled_in_a_real_run_is_no_dry_run(desk: Desk) -> None:
    desk.looks = {"ana": {"outcome": "already"}}
    desk.go(make_job("ana"))

    assert [(request["mode"], request["dry_run"]) for request in desk.requests] == [("look", False)]
    assert not desk.records[0].dry_run


def test_a_dry_run_writes_nothing_and_plans_what_it_could_not_look_at(desk: Desk) -> None:
    desk.go(make_account(), make_share("delta", "${main.aadvid}"), yes=False, dry_run=True)

    assert desk.written == []
    assert desk.outcomes == ["planned", "planned"]
    assert "needs another job's result" in desk.message("delta")
    assert all(run.ended for run in desk.held.runs)


def test_progress_in_plain_lines_counts_and_says_how_jobs_ended(desk: Desk) -> None:
    said = io.StringIO()
    follower = Follower(Lines(said))
    desk.watcher = follower
    batch = desk.submit(make_job("ana"))
    follower.follow(desk.context, batch, key=b"", keep_on=lambda _batch: bool(desk.work()))

    assert f"{batch} Looking: 1 job\n" in said.getvalue()
    assert f"{batch} [1/1] invite-member ana@acme.example\n" in said.getvalue()
    assert "[1/1] ✓ done" in said.getvalue()
    assert "writes: 1" in said.getvalue()


def test_what_a_dry_run_would_do_is_told_once(desk: Desk) -> None:
    said = io.StringIO()
    desk.watcher = follower = Follower(Lines(said))
    batch = desk.submit(make_job("ana"), make_job("bo"), yes=False, dry_run=True)
    follower.follow(desk.context, batch, key=b"", keep_on=lambda _batch: bool(desk.work()))

    assert desk.outcomes == ["planned", "planned"]
    assert re.findall(r"\[\d/2\] \+", said.getvalue()) == ["[1/2] +", "[2/2] +"]

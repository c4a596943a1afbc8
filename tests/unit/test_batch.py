from pathlib import Path

import pytest

from bcflow.models.errors import BadInput, BcflowError, LedgerBroken
from bcflow.models.outcomes import RunRecord
from tests.unit.batch_desk import Answer, Armed, Desk, make_account, make_job, make_share, prove


def test_what_a_look_settles_is_not_written(tmp_path: Path) -> None:
    looks: dict[str, Answer] = {"ana": {"outcome": "already"}, "bo": {"outcome": "differs"}}
    desk = Desk(tmp_path, [make_job("ana"), make_job("bo"), make_job("cy")], looks=looks).go()

    assert desk.written == ["cy"]
    assert desk.outcomes == ["already", "differs", "done"]


def test_a_reference_is_filled_in_as_soon_as_its_value_was_seen(tmp_path: Path) -> None:
    runs: dict[str, Answer] = {"main": {"outcome": "waiting", "writes": 1, "result": {"aadvid": "7012345678901234567"}}}
    desk = Desk(tmp_path, [make_account(), make_share("delta", "${main.aadvid}")], runs=runs).go()

    assert desk.slot.asked == [("look", "main"), ("run", "main"), ("run", "delta")]
    assert desk.slot.requests[-1]["job"]["ad_accounts"] == [{"aadvid": "7012345678901234567", "role": "operator"}]


def test_a_value_seen_by_a_look_is_enough_for_the_next_look(tmp_path: Path) -> None:
    looks: dict[str, Answer] = {"main": {"outcome": "already", "result": {"aadvid": "7012345678901234567"}}}
    desk = Desk(tmp_path, [make_account(), make_share("delta", "${main.aadvid}")], looks=looks)
    desk.batch.look()

    assert desk.slot.asked == [("look", "main"), ("look", "delta")]


@pytest.mark.parametrize("outcome", ["refused", "failed", "differs", "unknown"])
def test_a_job_whose_reference_failed_is_skipped(tmp_path: Path, outcome: str) -> None:
    runs: dict[str, Answer] = {"main": {"outcome": outcome, "result": {"aadvid": "7012345678901234567"}}}
    prove(tmp_path, "create-ad-account")
    jobs = [make_account(), make_share("delta", "${main.aadvid}"), make_job("ana")]
    desk = Desk(tmp_path, jobs, runs=runs).go()

    assert desk.outcomes == [outcome, "skipped", "done"]
    assert desk.message("delta") == f"needs aadvid of job 'main', which ended {outcome}"


def test_a_value_that_does_not_fit_fails_its_job_only(tmp_path: Path) -> None:
    runs: dict[str, Answer] = {"main": {"outcome": "done", "writes": 1, "result": {"aadvid": "nonsense"}}}
    desk = Desk(tmp_path, [make_account(), make_share("delta", "${main.aadvid}")], runs=runs).go()

    assert desk.outcomes == ["done", "failed"]
    assert "aadvid" in desk.message("delta")


def test_no_more_writes_than_allowed_are_sent(tmp_path: Path) -> None:
    jobs = [make_job("ana"), make_job("bo"), make_job("cy")]
    desk = Desk(tmp_path, jobs, max_writes=2).go()

    assert desk.written == ["ana", "bo"]
    assert desk.outcomes == ["done", "done", "skipped"]
    assert "at most 2 writes" in desk.message("cy")


def test_a_job_that_may_need_more_writes_than_are_left_does_not_start(tmp_path: Path) -> None:
    desk = Desk(tmp_path, [make_share("delta", "7012345678901234567"), make_job("ana")], max_writes=1).go()

    assert desk.outcomes == ["skipped", "done"]


def test_a_login_that_waits_for_a_person_is_not_tried_again(tmp_path: Path) -> None:
    looks: dict[str, Answer] = {"ana": {"outcome": "waiting", "waiting_for": "you", "message": "code"}}
    jobs = [make_job("ana"), make_job("bo"), make_job("cy", login="other")]
    desk = Desk(tmp_path, jobs, looks=looks).go()

    assert desk.slot.asked == [("look", "ana"), ("look", "cy"), ("run", "cy")]
    assert desk.outcomes == ["waiting", "waiting", "done"]
    assert desk.batch.records[1].waiting_for == "you"


def test_an_error_ends_its_job_and_its_browser_and_nothing_else(tmp_path: Path) -> None:
    desk = Desk(tmp_path, [make_job("ana"), make_job("bo")], runs={"ana": BcflowError("broke")}).go()

    assert desk.outcomes == ["failed", "done"]
    assert desk.message("ana") == "broke; nothing was sent"
    assert desk.slot.closed == 1


def test_an_error_after_a_write_was_armed_is_unknown(tmp_path: Path) -> None:
    desk = Desk(tmp_path, [make_job("ana")], runs={"ana": Armed(TimeoutError("took too long"))}).go()

    assert desk.outcomes == ["unknown"]
    assert "a write may have been sent" in desk.message("ana")
    assert "bcflow settle b-001" in desk.batch.records[0].next_action
    assert RunRecord.model_validate_json((desk.folder("b-001") / "result.json").read_text()).outcome == "unknown"


def test_a_ledger_that_cannot_be_written_stops_the_batch(tmp_path: Path) -> None:
    desk = Desk(tmp_path, [make_job("ana"), make_job("bo")], runs={"ana": LedgerBroken("disk full")}).go()

    assert desk.written == ["ana"]
    assert desk.outcomes == ["failed", "skipped"]


def test_bad_input_at_the_first_job_starts_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path, [make_job("ana")], looks={"ana": BadInput(["BCFLOW_KEY: is too short"])})

    with pytest.raises(BadInput):
        desk.batch.look()
    assert desk.batch.records == []


def test_an_interruption_leaves_true_results(tmp_path: Path) -> None:
    jobs = [make_job("ana"), make_job("bo"), make_job("cy")]
    desk = Desk(tmp_path, jobs, runs={"bo": KeyboardInterrupt()})
    desk.batch.look()
    with pytest.raises(KeyboardInterrupt):
        desk.batch.write()
    desk.batch.cancel("interrupted")

    assert desk.outcomes == ["done", "cancelled", "cancelled"]
    assert desk.slot.closed == 1
    kept = [RunRecord.model_validate_json(path.read_text()) for path in desk.home.glob("runs/*/result.json")]
    assert sorted((record.job, record.outcome) for record in kept) == [
        ("bo", "cancelled"),
        ("cy", "cancelled"),
    ]


def test_an_attempt_that_ended_on_its_way_out_is_believed(tmp_path: Path) -> None:
    desk = Desk(tmp_path, [make_job("ana")], runs={"ana": KeyboardInterrupt()})
    desk.batch.look()
    seen = RunRecord(id="b-001", job="ana", flow="invite-member", outcome="waiting", message="seen", writes=1)
    desk.slot.at_close = lambda: desk.keep(seen)
    with pytest.raises(KeyboardInterrupt):
        desk.batch.write()

    assert [(record.outcome, record.writes) for record in desk.batch.records] == [("waiting", 1)]


def test_an_attempt_that_failed_because_it_was_interrupted_is_still_to_do(tmp_path: Path) -> None:
    desk = Desk(tmp_path, [make_job("ana")], runs={"ana": KeyboardInterrupt()})
    desk.batch.look()
    failed = RunRecord(id="b-001", job="ana", flow="invite-member", outcome="failed", message="the browser is gone")
    desk.slot.at_close = lambda: desk.keep(failed)
    desk.noted.clear()
    with pytest.raises(KeyboardInterrupt):
        desk.batch.write()

    assert [(record.outcome, record.message) for record in desk.batch.records] == [
        ("cancelled", "interrupted; nothing was sent")
    ]
    assert desk.noted == [], "kept is that it is still to do"


def test_what_a_look_settled_in_a_real_run_is_no_dry_run(tmp_path: Path) -> None:
    desk = Desk(tmp_path, [make_job("ana")], looks={"ana": {"outcome": "already", "dry_run": True}}).go()

    assert not desk.batch.records[0].dry_run
    assert not RunRecord.model_validate_json((desk.folder("b-001") / "result.json").read_text()).dry_run


def test_a_dry_run_writes_nothing_and_plans_what_it_could_not_look_at(tmp_path: Path) -> None:
    desk = Desk(tmp_path, [make_account(), make_share("delta", "${main.aadvid}")])
    desk.batch.look()
    desk.batch.keep_as_planned()

    assert desk.written == []
    assert desk.outcomes == ["planned", "planned"]
    assert "needs another job's result" in desk.message("delta")


def test_progress_in_plain_lines_counts_and_says_how_jobs_ended(tmp_path: Path) -> None:
    desk = Desk(tmp_path, [make_job("ana")]).go()

    assert "Looking: 1 job\n[1/1] invite-member ana@acme.example\n" in desk.said.getvalue()
    assert "[1/1] ✓ done" in desk.said.getvalue()
    assert "writes: 1" in desk.said.getvalue()

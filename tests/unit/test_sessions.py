"""A login's turn: what it takes up, when it is put off, what is left of it when its machine dies."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bcflow.runner.batches import session
from bcflow.runner.batches.follow_ups import FollowUps
from bcflow.runner.batches.moves import advance_all
from bcflow.runner.reports import summary
from bcflow.runner.storage.switches import Switches
from tests.support.batches import Armed, Died, Desk, make_account, make_job, make_jobs, make_share

ACCOUNT: dict[str, Any] = {"outcome": "done", "writes": 1, "result": {"aadvid": "7012345678901234567"}}
WAITING: dict[str, Any] = {"outcome": "waiting", "waiting_for": "invitee", "writes": 1}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with closing(Desk(tmp_path / "home", BCFLOW_EMAIL__OTHER="other@acme.example")) as opened:
        yield opened


def logins(desk: Desk) -> list[str]:
    """Return the logins whose turn is on its way, without those that were put off."""
    return [turn.login for turn, delay in desk.queued if not delay]


def test_each_login_has_its_own_turn_and_browser(desk: Desk) -> None:
    desk.submit(make_job("ana"), make_job("bo", login="other"), make_job("cy"))
    assert logins(desk) == ["default", "other"]
    desk.work()

    assert desk.outcomes == ["done"] * 3
    assert sorted(set(desk.opened)) == ["default", "other"]
    assert sorted(desk.opened) == sorted(desk.closed)
    assert desk.asked[:3] == [("look", "ana"), ("look", "cy"), ("look", "bo")], "no write before the last look"


def test_a_reference_crosses_from_one_login_to_the_other(desk: Desk) -> None:
    desk.runs = {"main": ACCOUNT}
    desk.go(make_account(), make_share("delta", "${main.aadvid}", login="other"), make_job("ana"))

    assert desk.outcomes == ["done"] * 3
    (share,) = [request for request in desk.requests if request["name"] == "delta"]
    assert share["job"]["ad_accounts"] == [{"aadvid": "7012345678901234567", "role": "operator"}]
    assert share["mode"] == "run"


def test_a_login_that_waits_for_the_other_has_no_browser(desk: Desk) -> None:
    def other(_request: dict[str, Any]) -> dict[str, Any]:
        assert desk.opened == ["default"]
        assert logins(desk) == ["default"]
        return ACCOUNT

    desk.runs = {"main": other}
    desk.go(make_account(), make_share("delta", "${main.aadvid}", login="other"))

    assert desk.opened == ["default", "other"]


def test_a_reference_that_fails_ends_the_jobs_of_the_other_login(desk: Desk) -> None:
    desk.runs = {"main": {"outcome": "refused", "writes": 1}}
    desk.go(make_account(), make_share("delta", "${main.aadvid}", login="other"))

    assert (desk.outcomes, desk.opened) == (["refused", "skipped"], ["default"])


def test_the_limit_of_writes_counts_what_the_other_login_may_be_sending(desk: Desk) -> None:
    def meanwhile(_request: dict[str, Any]) -> dict[str, Any]:
        desk.work(login="default")
        return {"outcome": "done", "writes": 1}

    # Whoever looked last goes on at once.
    desk.runs = {"bo": meanwhile}
    desk.go(make_job("ana"), make_job("bo", login="other"), make_job("cy"), max_writes=1)

    assert desk.written == ["bo"]
    assert desk.outcomes == ["skipped", "done", "skipped"]
    assert "at most 1 writes, and 1 were sent" in desk.message("ana")


def test_what_was_reserved_and_not_sent_is_free_again(desk: Desk) -> None:
    desk.runs = {"bo": {"outcome": "failed", "message": "no such page"}}
    desk.go(make_job("ana"), make_job("bo", login="other"), max_writes=1)

    assert (desk.written, desk.outcomes) == (["bo", "ana"], ["done", "failed"])


def test_called_again_after_a_crash_it_takes_up_the_run_at_hand(desk: Desk) -> None:
    desk.runs = {"bo": Died()}
    desk.submit(*make_jobs(["ana", "bo", "cy"]), max_writes=3)
    desk.die()
    run = desk.held.runs[1]
    assert (run.begun, run.reserved, run.mode, run.ended) == (1, 1, "run", False)

    desk.runs = {}
    desk.work()
    assert desk.written == ["ana", "bo", "bo", "cy"], "its reservation is counted once: all three may write"
    assert desk.outcomes == ["done"] * 3
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


def test_a_turn_that_another_took_the_place_of_does_nothing(desk: Desk) -> None:
    desk.submit(make_job("ana"))
    (old,) = [turn for turn, _ in desk.queued]
    with desk.database.transaction() as connection:
        connection.exec_driver_sql("update sessions set number = number + 1")
    desk.take(old)

    assert (desk.requests, desk.opened, desk.outcomes) == ([], [], [""])
    assert desk.value("select live from sessions"), "the other's turn is as it was"


def test_a_turn_that_is_over_does_nothing_when_it_is_called_again(desk: Desk) -> None:
    desk.submit(*make_jobs(["ana", "bo"]))
    (turn,) = [turn for turn, _ in desk.queued]
    desk.work()
    asked = len(desk.requests)
    desk.take(turn)

    assert (len(desk.requests), desk.queued) == (asked, [])


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


def test_a_login_that_another_process_has_is_put_off_and_the_others_go_on(desk: Desk) -> None:
    desk.busy = {"default"}
    desk.go(make_job("ana"), make_job("bo", login="other"))

    assert desk.asked == [("look", "bo")]
    assert [(turn.login, delay > 0) for turn, delay in desk.queued] == [("default", True)]
    assert [run.begun for run in desk.held.runs] == [0, 0]


def test_a_login_that_keeps_its_pace_is_put_off_once(tmp_path: Path) -> None:
    with closing(Desk(tmp_path / "home", BCFLOW_PACE_SECONDS="300")) as desk:
        desk.go(*make_jobs(["ana", "bo"]))

        assert (desk.written, desk.closed) == (["ana"], ["default"])
        assert desk.told == ["login 'default' keeps its pace: the next write is in 5 min"]
        assert [280 < delay < 301 for _, delay in desk.queued] == [True]


def test_who_resumes_does_not_wait_for_a_turn_that_was_put_off(desk: Desk) -> None:
    desk.busy = {"default"}
    desk.go(make_job("ana"))
    (late,) = [turn for turn, _ in desk.queued]
    desk.busy.clear()
    assert desk.resume()
    desk.work()
    assert desk.outcomes == ["done"]

    desk.take(late)
    assert desk.asked == [("look", "ana"), ("run", "ana")]


def test_a_long_turn_lets_other_batches_of_its_login_in(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "MOST_STEPS", 2)
    first = desk.submit(*make_jobs(["ana", "bo", "cy"]))
    second = desk.submit(make_job("di"))
    desk.work()

    assert [run.outcome for run in (*desk.store.load(first).runs, *desk.store.load(second).runs)] == ["done"] * 4
    assert [name for _, name in desk.asked][:3] == ["ana", "bo", "di"]


def test_stopped_everywhere_nothing_is_attempted_until_it_is_started_again(desk: Desk) -> None:
    desk.submit(make_job("ana"))
    Switches(desk.database).stop("the site looks odd", "ana")
    desk.work()
    assert (desk.requests, desk.outcomes, desk.queued) == ([], [""], [])

    Switches(desk.database).start("ana")
    advance_all(desk.context)
    desk.work()
    assert desk.outcomes == ["done"]


def test_stopped_in_the_middle_of_a_look_it_is_still_to_do(desk: Desk) -> None:
    def stopped(_request: dict[str, Any]) -> dict[str, Any]:
        Switches(desk.database).stop("the site looks odd", "ana")
        return {"outcome": "failed", "message": "it may not go on"}

    desk.runs = {"ana": stopped}
    desk.go(make_job("ana"))

    assert (desk.outcomes, desk.held.runs[0].begun, desk.held.phase) == (["planned"], 0, "write")

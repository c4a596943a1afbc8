"""A login's turn: what it takes up, what the other logins' turns mean for it, when it is put off."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bcflow.runner.batches import session
from bcflow.runner.batches.moves import advance_all
from bcflow.runner.storage.switches import Switches
from tests.support.batches import Desk
from tests.support.jobs import make_account, make_job, make_jobs, make_share

ACCOUNT: dict[str, Any] = {"outcome": "done", "writes": 1, "result": {"aadvid": "7012345678901234567"}}


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

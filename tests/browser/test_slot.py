"""A slot: a browser of its own thread, killed before anything is concluded, and replaced when it is lost."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from bcflow.models.errors import BrowserGone
from bcflow.runner.browser import browser as browsers
from bcflow.runner.browser.commands import VERBS
from bcflow.runner.browser.slot import Slot
from bcflow.runner.storage.ledger import Ledger
from standin.server import StandIn
from standin.switches import parse_fault
from tests.support.flow_jobs import make
from tests.support.nightly import nightly_except
from tests.support.signed_in_home import Desk
from tests.support.waiting import SOON, Watched, until

JOB = make("invite-member")
DISK_FULL = "SELECT RAISE(ABORT, 'database or disk is full')"


@pytest.fixture
def desk(standin: StandIn, tmp_path: Path) -> Desk:
    made = Desk(standin, tmp_path, settle_seconds=1.0)
    made.save_sign_in()
    return made


def test_nothing_is_started_before_the_first_call(desk: Desk) -> None:
    with desk.slot() as slot:
        assert slot._browser is None
    assert not (desk.home / "bcflow.sqlite3").exists()


@pytest.mark.nightly
def test_browser_is_gone_before_a_call_that_takes_too_long_is_answered(desk: Desk) -> None:
    with desk.slot() as slot:
        slot.call("check", {})
        desk.standin.world.faults.append(parse_fault("slow=30:read"))
        assert slot._browser is not None
        lost = Watched([slot._browser.pid])
        record = slot.call("attempt", desk.request(JOB), timeout=0.5)
        assert lost.still_there(seconds=0.5) == []

        assert (record["outcome"], record["writes"]) == ("failed", 0), record["message"]
        assert desk.writes() == []
        desk.standin.world.faults.clear()
        again = slot.call("attempt", desk.request(JOB))
    assert (again["outcome"], again["writes"]) == ("waiting", 1), again["message"]


def test_call_that_takes_too_long_after_its_write_is_unknown(desk: Desk) -> None:
    desk.standin.world.faults.append(parse_fault("slow=30:invite"))
    with desk.slot() as slot, ThreadPoolExecutor(1) as pool:
        work = pool.submit(slot.call, "attempt", desk.request(JOB))
        until(desk.writes, "a write request")
        slot._kill_browser()
        record = work.result(SOON)
    assert (record["outcome"], record["writes"]) == ("unknown", 1), record["message"]
    assert len(desk.writes()) == 1


def test_browser_that_took_too_long_to_start_does_nothing_afterwards(desk: Desk) -> None:
    with desk.slot() as slot:
        record = slot.call("attempt", desk.request(JOB), timeout=0.01)
        assert slot._browser is None
    assert (record["outcome"], record["writes"]) == ("failed", 0), record["message"]
    assert desk.writes() == []


@pytest.mark.nightly
def test_close_does_not_wait_for_the_site(desk: Desk) -> None:
    desk.standin.world.faults.append(parse_fault("slow=60:invite"))
    with ThreadPoolExecutor(1) as pool:
        with desk.slot() as slot:
            work = pool.submit(slot.call, "attempt", desk.request(JOB))
            until(desk.writes, "a write request")
            assert slot._browser is not None
            lost = Watched([slot._browser.pid])
        assert lost.still_there(seconds=0.5) == []
        assert work.result(SOON)["outcome"] == "unknown"


@pytest.mark.nightly
def test_lost_browser_is_replaced_for_the_next_call(desk: Desk) -> None:
    with desk.slot() as slot:
        slot.call("check", {})
        assert slot._browser is not None
        lost = slot._browser.pid
        watched = Watched([lost])
        browsers.kill(lost)
        assert watched.still_there(seconds=SOON) == []
        assert slot.call("check", {})["ok"]
        assert slot._browser.pid != lost


def test_browser_that_does_not_start_leaves_nothing_behind(desk: Desk, tmp_path: Path) -> None:
    fake = tmp_path / "chrome"
    fake.write_text("#!/bin/sh\nexit 7\n", encoding="utf-8")
    fake.chmod(0o755)
    good = desk.settings
    desk.settings = good.model_copy(update={"browser": str(fake)})
    with desk.slot() as slot:
        record = slot.call("attempt", desk.request(JOB))
        assert (record["outcome"], record["writes"]) == ("failed", 0)
        assert "exit 7" not in record["message"]
        slot.settings = good
        assert slot.call("check", {})["ok"]
    assert desk.writes() == []


def test_all_calls_run_in_one_thread_that_ends_with_the_slot(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = set()

    def look_about(_slot: Slot, _request: dict[str, object]) -> dict[str, object]:
        seen.add(threading.current_thread())
        return {}

    monkeypatch.setitem(VERBS, "check", look_about)
    with desk.slot() as slot:
        slot.call("check", {})
        slot.call("check", {})
    (thread,) = seen
    assert thread is not threading.current_thread()
    assert not thread.is_alive()


def test_a_question_is_asked_beside_the_browsers_thread_and_given_up_with_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, end = threading.Event(), threading.Event()

    def ask(_question: object) -> str:
        asked.set()
        end.wait(SOON)
        return "too late"

    def wait_for_it(slot: Slot, _request: dict[str, object]) -> dict[str, object]:
        slot.browser()
        return {"answer": slot.ask({"kind": "code"})}

    desk.answer = ask
    monkeypatch.setitem(VERBS, "check", wait_for_it)
    with desk.slot() as slot, ThreadPoolExecutor(1) as pool:
        work = pool.submit(slot.call, "check", {})
        assert asked.wait(SOON)
        slot._kill_browser()
        with pytest.raises(BrowserGone, match="while somebody was asked"):
            work.result(SOON)
        assert not end.is_set()
        end.set()


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("step", "outcome", "sent"),
    nightly_except(
        [("prepared", "failed", 0), ("armed", "failed", 0), ("answered", "unknown", 1), ("seen", "unknown", 1)],
        "armed",
        "answered",
    ),
)
def test_ledger_that_cannot_be_written_stops_the_act_and_never_lies(
    desk: Desk, step: str, outcome: str, sent: int
) -> None:
    desk.settings.make_home()
    Ledger(desk.settings.database()).close()
    with closing(sqlite3.connect(desk.home / "bcflow.sqlite3")) as connection:
        full = f"CREATE TRIGGER full BEFORE INSERT ON events WHEN NEW.event = '{step}' BEGIN {DISK_FULL}; END"
        connection.execute(full)
    with desk.slot() as slot:
        record = slot.call("attempt", desk.request(JOB))
    assert (record["outcome"], record["writes"]) == (outcome, sent), record["message"]
    assert len(desk.writes()) == sent


@pytest.mark.nightly
def test_evidence_that_cannot_be_written_only_warns(desk: Desk) -> None:
    in_the_way = desk.settings.make_home() / "runs"
    in_the_way.write_text("a file where the folder should be", encoding="utf-8")
    with desk.slot() as slot:
        record = slot.call("attempt", desk.request(JOB))
    assert (record["outcome"], record["writes"]) == ("waiting", 1), record["message"]
    assert len(desk.writes()) == 1

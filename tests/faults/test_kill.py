"""The runner or its browser is killed round a write; then the same job is run again.

At most one write request per effect, counted at the stand-in, and an honest word about it.
"""

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bcflow.models.jobs import JobBase
from bcflow.runner.browser import browser as browsers
from bcflow.runner.browser.attempt import Attempt
from bcflow.runner.browser.slot import Slot
from standin.switches import parse_fault
from tests.support.child import ARMED, BEFORE_ARMED, NOWHERE
from tests.support.flow_jobs import FLOWS, WRITE_KIND, make
from tests.support.nightly import nightly_except
from tests.support.signed_in_home import Desk
from tests.support.waiting import SOON, Watched, browsers_of, descendants, until

SETTLED_TOO = ("share-with-partner", "create-business-center")
"""One write for two effects, and a thing without a key of its own; the command is tried elsewhere with a third."""

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="finds the processes by /proc"),
    pytest.mark.parametrize("flow", nightly_except(FLOWS, SETTLED_TOO[0])),
]

WELL = {"done", "waiting"}
GONE_SECONDS = 60.0
"""How long an orphaned browser may take to end here; alone it is well under one second."""
NO_LONG_WAIT = 1.0
IN_TIME = 1.5
"""Seconds the site takes for the write: long enough to be killed in."""


def kill_at(desk: Desk, where: str, job: JobBase) -> None:
    """Run `job` in a process, kill it once it has halted at `where`, and see that nothing of it is left."""
    with desk.child(where, job) as (process, told):
        assert told.poll(SOON)
        halted = told.recv()
        assert halted == "here", halted["message"]
        _kill(process.pid, process.kill)


def kill_before_the_answer(desk: Desk, job: JobBase) -> None:
    """Run `job` in a process and kill it while the site still works on its write."""
    with desk.child(NOWHERE, job) as (process, _told):
        until(desk.writes, "a write request")
        _kill(process.pid, process.kill)


def _kill(process: int | None, kill: Callable[[], None]) -> None:
    assert process is not None
    assert len(browsers_of(process)) == 1
    left_alone = Watched(descendants(process))
    kill()
    assert left_alone.still_there(seconds=GONE_SECONDS) == []


@pytest.mark.nightly
def test_killed_before_it_was_armed_and_again_before_the_answer(desk: Desk, flow: str) -> None:
    kind = WRITE_KIND[flow]
    kill_at(desk, BEFORE_ARMED, make(flow))
    assert desk.writes() == []

    # The second run goes on by itself, and is killed while the site still works on its write.
    desk.standin.world.faults.append(parse_fault(f"slow={IN_TIME}:{kind}"))
    kill_before_the_answer(desk, make(flow))
    assert len(desk.writes(kind)) == len(desk.writes()) == 1

    third = desk.run(make(flow))
    assert (third["outcome"] in WELL, third["writes"]) == (True, 0), third["message"]
    assert len(desk.writes()) == 1


@pytest.mark.nightly
def test_killed_between_armed_and_click_it_is_unknown_until_a_person_says(desk: Desk, flow: str) -> None:
    kill_at(desk, ARMED, make(flow))
    assert desk.writes() == []

    again = desk.run(make(flow), settle=NO_LONG_WAIT)
    assert (again["outcome"], again["writes"]) == ("unknown", 0), again["message"]
    assert f"bcflow settle {again['id']}" in again["next_action"]
    assert desk.writes() == []
    if flow not in SETTLED_TOO:
        return

    desk.settle(again["id"], happened=False)
    settled = desk.run(make(flow))
    assert (settled["outcome"] in WELL, settled["writes"]) == (True, 1), settled["message"]
    assert len(desk.writes(WRITE_KIND[flow])) == len(desk.writes()) == 1


@pytest.mark.nightly
def test_browser_killed_between_click_and_answer_is_looked_at_with_a_new_one(desk: Desk, flow: str) -> None:
    kind = WRITE_KIND[flow]
    desk.standin.world.faults.append(parse_fault(f"slow={IN_TIME}:{kind}"))
    with desk.slot() as slot:
        record = _attempt_losing_its_browser(desk, slot, make(flow))
    assert (record["outcome"] in WELL, record["writes"]) == (True, 1), record["message"]
    assert len(desk.writes(kind)) == len(desk.writes()) == 1


def _attempt_losing_its_browser(desk: Desk, slot: Slot, job: JobBase) -> dict[str, Any]:
    with ThreadPoolExecutor(1) as pool:
        work = pool.submit(slot.call, "attempt", desk.request(job))
        until(desk.writes, "a write request")
        assert slot._browser is not None
        browsers.kill(slot._browser.pid)
        return work.result(SOON)


def test_browser_killed_between_armed_and_click_is_unknown_and_sends_nothing(
    desk: Desk, flow: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    arm = Attempt._arm

    def arm_and_lose_the_browser(self: Attempt, *given: Any) -> None:  # noqa: ANN401 - whatever `_arm` takes
        arm(self, *given)
        assert slot._browser is not None
        browsers.kill(slot._browser.pid)

    monkeypatch.setattr(Attempt, "_arm", arm_and_lose_the_browser)
    desk.settings = desk.settings.model_copy(update={"settle_seconds": NO_LONG_WAIT})
    with desk.slot() as slot:
        record = slot.call("attempt", desk.request(make(flow)))
    assert (record["outcome"], record["writes"]) == ("unknown", 0), record["message"]
    assert f"bcflow settle {record['id']}" in record["next_action"]
    assert desk.writes() == []

"""What a killed attempt left as evidence is kept by the one that takes the run up again."""

import sys

import pytest

from tests.faults.test_kill import NO_LONG_WAIT, kill_at
from tests.support.child import ARMED
from tests.support.flow_jobs import make
from tests.support.signed_in_home import Desk

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds the processes by /proc")


@pytest.mark.nightly
def test_pictures_and_steps_of_a_killed_attempt_are_kept_by_the_next(desk: Desk) -> None:
    job = make("invite-member")
    kill_at(desk, ARMED, job)
    folder = desk.home / "runs" / "run-1"
    before = {path.name: path.read_bytes() for path in folder.glob("*.png")}
    assert before

    desk.settings = desk.settings.model_copy(update={"settle_seconds": NO_LONG_WAIT})
    with desk.slot() as slot:
        record = slot.call("attempt", desk.request(job) | {"run": "run-1", "folder": str(folder)})
    assert {name: (folder / name).read_bytes() for name in before} == before
    assert set(before) < {picture["file"] for picture in record["pictures"]}
    assert [step["ok"] for step in record["steps"] if step["name"] == "send it, once"] == [False]
    assert desk.writes() == []

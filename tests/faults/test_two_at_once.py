"""Two of ours at once: on one login they take turns, on one effect only one gets through."""

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from bcflow.models.looks import Effect
from bcflow.runner.browser.attempt import Attempt
from bcflow.runner.browser.lease import Lease
from bcflow.runner.storage.ledger import Ledger
from standin.server import StandIn
from tests.faults.ledger_race import ORIGIN, race
from tests.support.flow_jobs import make
from tests.support.shell import INVITE, TRUSTED, Shell
from tests.support.signed_in_home import Desk
from tests.support.waiting import browsers_of, until

MANY = 8
ZOE = [*INVITE, "--email", "zoe@acme.example", *TRUSTED]


@pytest.mark.nightly
@pytest.mark.skipif(sys.platform != "linux", reason="finds the processes by /proc")
@pytest.mark.standin(faults=["slow=5:invite"])
def test_two_runs_on_one_login_take_turns_or_are_told_who_holds_it_and_send_once(
    standin: StandIn, tmp_path: Path
) -> None:
    bcflow = Shell(tmp_path, standin)
    with bcflow.start(*ZOE) as first:
        until((bcflow.home / "logins" / "default.holder").exists, "the first one holds the login")
        code, refused, _ = bcflow(*ZOE, "--no-wait")
        assert (code, f"in use by pid {first.pid}" in refused["errors"][0]) == (2, True)
        with bcflow.start(*ZOE) as second:
            most = _most_browsers(first, second)
            answers = [json.loads(each.communicate()[0])["runs"][0] for each in (first, second)]

    assert most == 1
    assert [(answer["outcome"], answer["writes"]) for answer in answers] == [("waiting", 1), ("already", 0)]
    assert len(standin.world.writes) == 1


def _most_browsers(*processes: subprocess.Popen[str]) -> int:
    """Watch both until the first ends, and return the greatest number of browsers there were at once."""
    most, tick = 0, threading.Event()
    while processes[0].poll() is None:
        most = max(most, sum(len(browsers_of(each.pid)) for each in processes))
        tick.wait(0.2)
    return most


@pytest.mark.nightly
def test_lease_lost_before_the_commit_sends_nothing(desk: Desk) -> None:
    job = make("invite-member")
    lease = Lease(desk.home, "default", doing="a test")
    with lease, desk.slot(holds_login=lease.held) as slot:
        note = desk.home / "logins" / "default.holder"
        note.write_text(json.dumps(json.loads(note.read_text()) | {"token": "another's"}))
        record = slot.call("attempt", desk.request(job))

    assert (record["outcome"], record["writes"]) == ("failed", 0)
    assert "took this login over" in record["message"]
    assert desk.writes() == []
    again = desk.run(job)
    assert again["writes"] == len(desk.writes()) == 1


def test_effect_armed_by_another_in_the_meantime_is_not_sent(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    arm = Attempt._arm

    def too_late(self: Attempt, *given: Any) -> None:  # noqa: ANN401 - whatever `_arm` takes
        theirs = Ledger(desk.settings.database())
        theirs.arm(given[0], run="theirs", before=())
        theirs.close()
        arm(self, *given)

    monkeypatch.setattr(Attempt, "_arm", too_late)
    with desk.slot() as slot:
        record = slot.call("attempt", desk.request(make("invite-member")))
    assert (record["outcome"], record["writes"]) == ("failed", 0)
    assert "another run" in record["message"]
    assert desk.writes() == []


@pytest.mark.nightly
def test_of_many_processes_one_arms(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.sqlite3'}"
    effect = Effect(kind="member", identity="zoe@acme.example", business_center="7100000000000000017", want={})
    lost = "LedgerBroken: member zoe@acme.example: another run armed it in the meantime; nothing was sent"
    assert race(url, effect, MANY) == [lost] * (MANY - 1) + ["armed"]
    ledger = Ledger(url)
    assert [event["event"] for event in ledger.history()] == ["prepared", "armed"]
    assert ledger.peek(ORIGIN, effect).armed
    ledger.close()

"""Two machines that share one PostgreSQL: whose connection to it is cut does not write any more."""

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import pytest

from bcflow.models.errors import LedgerBroken
from bcflow.runner.browser.lease import Lease
from bcflow.runner.storage import advisory_lock
from bcflow.runner.storage.ledger import Ledger
from standin.server import StandIn
from standin.switches import parse_fault
from tests.support.flow_jobs import make
from tests.support.postgres import PostgresServer
from tests.support.shell import Shell
from tests.support.signed_in_home import Desk
from tests.support.waiting import until


def test_connection_cut_before_the_commit_sends_nothing(
    desk: Desk, postgres: str, postgres_server: PostgresServer
) -> None:
    job = make("invite-member")
    lease = Lease(desk.home, "default", doing="a test", database_url=postgres)
    asked: list[bool] = []

    def holds() -> bool:
        """Lose the connection in the last moment before the write."""
        postgres_server.cut(postgres)
        asked.append(lease.held())
        return asked[-1]

    with lease, desk.slot(holds_login=holds) as slot:
        record = slot.call("attempt", desk.request(job))
        other = Lease(desk.home.parent / "elsewhere", "default", database_url=postgres)
        other.acquire(wait=False)
        other.release()

    # Before the write, and again before the sign-in is saved at the end: what is there by then is the other's.
    assert asked == [False, False]
    assert (record["outcome"], record["writes"]) == ("failed", 0)
    assert "took this login over" in record["message"]
    assert desk.writes() == []


@pytest.mark.nightly
def test_lease_lost_with_the_click_under_way_leaves_one_request_and_one_writer(
    standin: StandIn,
    tmp_path: Path,
    postgres: str,
    postgres_server: PostgresServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The request is at the site, unanswered, when the connection that holds the login is cut; another takes over."""
    monkeypatch.setattr(advisory_lock, "WATCH_SECONDS", 0.1)
    shared = {"database_url": postgres, "key": "a phrase for every machine"}
    one, other = (Desk(standin, tmp_path / name, **shared) for name in ("one", "other"))
    one.save_sign_in()
    job = make("invite-member")
    standin.world.faults.append(parse_fault("slow=3:invite:1"))
    lost = Lease(one.home, "default", doing="a test", database_url=postgres)
    with ThreadPoolExecutor() as beside, lost, one.slot(holds_login=lost.held) as slot:
        lost.watch(slot._kill_browser)
        first = beside.submit(slot.call, "attempt", one.request(job))
        until(one.writes, "the request is at the site")
        postgres_server.cut(postgres)
        with Lease(other.home, "default", database_url=postgres) as taken, other.slot(holds_login=taken.held) as there:
            second = there.call("attempt", other.request(job, run="run-2"))
        # Its own connection to the ledger is cut as well: it may find that out before it hears of the lease.
        with suppress(LedgerBroken):
            record = first.result()
            assert record["outcome"] in ("unknown", "failed", "waiting"), record["message"]
            assert "nothing was written" not in record["message"]

    assert [write.applied for write in standin.world.writes] == [True]
    assert (second["outcome"], second["writes"]) == ("waiting", 0), second["message"]
    with closing(Ledger(postgres)) as ledger:
        events = [event["event"] for event in ledger.history() if event["event"] != "sent"]
    assert events.count("armed") == 1
    assert events[-1] == "seen"


@pytest.mark.nightly
def test_login_that_another_machine_uses_is_left_alone(standin: StandIn, tmp_path: Path, postgres: str) -> None:
    bcflow = Shell(tmp_path, standin, BCFLOW_DATABASE_URL=postgres, BCFLOW_KEY="a phrase for every machine")
    with Lease(tmp_path / "elsewhere", "default", doing="run jobs.yaml", database_url=postgres) as lease:
        code, answer, _ = bcflow("whoami", "--no-wait", "--json")
        assert lease.held()
    assert code == 2
    assert answer["errors"][0].startswith(f"login 'default' is in use by pid {os.getpid()} on ")
    assert "run jobs.yaml" in answer["errors"][0]

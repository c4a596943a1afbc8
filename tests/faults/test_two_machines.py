"""Two machines that share one PostgreSQL: whose connection to it is cut does not write any more."""

import os
from pathlib import Path

from bcflow.runner.lease import Lease
from standin.server import StandIn
from tests.faults.desk import Desk
from tests.faults.shell import Shell
from tests.flows.jobs import make
from tests.postgres import PostgresServer


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


def test_login_that_another_machine_uses_is_left_alone(standin: StandIn, tmp_path: Path, postgres: str) -> None:
    bcflow = Shell(tmp_path, standin, BCFLOW_DATABASE_URL=postgres, BCFLOW_KEY="a phrase for every machine")
    with Lease(tmp_path / "elsewhere", "default", doing="run jobs.yaml", database_url=postgres) as lease:
        code, answer, _ = bcflow("whoami", "--no-wait", "--json")
        assert lease.held()
    assert code == 2
    assert answer["errors"][0].startswith(f"login 'default' is in use by pid {os.getpid()} on ")
    assert "run jobs.yaml" in answer["errors"][0]

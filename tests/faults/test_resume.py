"""A whole batch is killed in its middle; it is resumed, and nothing is done twice."""

import signal
import sys
from pathlib import Path

import pytest

from standin import seed
from standin.server import StandIn
from tests.support.nightly import nightly_except
from tests.support.shell import INVITE, LONGEST, TRUSTED, Shell
from tests.support.waiting import until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds the processes by /proc")
NAMES = ("zoe", "yan", "xan")


@pytest.mark.nightly
@pytest.mark.standin(faults=["slow=1.5:invite:2"])
@pytest.mark.parametrize(
    "again",
    nightly_except(
        [pytest.param(["resume", "last", "--json"], id="resume"), pytest.param(["worker", "--drain"], id="worker")],
        "resume",
    ),
)
def test_a_batch_killed_in_its_second_write_goes_on(standin: StandIn, tmp_path: Path, again: list[str]) -> None:
    bcflow = Shell(tmp_path, standin)
    jobs = tmp_path / "jobs.yaml"
    lines = [f"  - {{flow: invite-member, email: {name}@acme.example, role: standard}}" for name in NAMES]
    jobs.write_text("\n".join([f'business_center: "{seed.NORTHWIND}"', "jobs:", *lines]))
    if again[0] == "worker":
        with bcflow.start("submit", "jobs.yaml", *TRUSTED) as process:
            process.communicate(timeout=LONGEST)
        first = bcflow.start("worker")
    else:
        first = bcflow.start("run", "jobs.yaml", *TRUSTED)
    with first as process:
        until(lambda: len(standin.world.writes) > 1 or process.poll() is not None, "the second write request")
        process.kill()
        process.communicate(timeout=LONGEST)

    with bcflow.start(*again) as process:
        out, err = process.communicate(timeout=LONGEST)
    assert process.returncode == 0, out + err
    code, runs, _ = bcflow("show", "last", "--json")
    assert code == 0
    assert [run["outcome"] for run in runs] == ["waiting"] * 3
    assert sorted(write.kind for write in standin.world.writes) == ["invite"] * 3


@pytest.mark.nightly
def test_run_beside_a_worker_is_done_by_the_worker_and_tells_the_same(standin: StandIn, tmp_path: Path) -> None:
    bcflow = Shell(tmp_path, standin)
    with bcflow.start("worker") as worker:
        until((bcflow.home / "worker.holder").exists, "the worker is there")
        code, answer, err = bcflow(*INVITE, "--email", "zoe@acme.example", *TRUSTED)
        assert worker.poll() is None
        worker.send_signal(signal.SIGTERM)
        worker.communicate(timeout=LONGEST)

    (run,) = answer["runs"]
    assert (code, run["outcome"], run["writes"]) == (0, "waiting", 1), err
    assert f"is done by the worker (pid {worker.pid}" in err
    assert worker.returncode == 130
    assert len(standin.world.writes) == 1

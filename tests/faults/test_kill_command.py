"""`bcflow run` itself is killed while its write is under way; the commands after it tell the truth."""

import sys
from pathlib import Path

import pytest

from standin.server import StandIn
from tests.support.shell import INVITE, LONGEST, TRUSTED, Shell
from tests.support.waiting import Watched, browsers_of, descendants, until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds the processes by /proc")

ZOE = [*INVITE, "--email", "zoe@acme.example", *TRUSTED]
GONE_SECONDS = 60.0


def kill_in_the_middle(bcflow: Shell, standin: StandIn) -> None:
    with bcflow.start(*ZOE) as process:
        until(lambda: standin.world.writes or process.poll() is not None, "a write request")
        assert len(browsers_of(process.pid)) == 1
        left_alone = Watched(descendants(process.pid))
        process.kill()
        process.communicate(timeout=LONGEST)
    assert left_alone.still_there(seconds=GONE_SECONDS) == []
    assert len(standin.world.writes) == 1


@pytest.mark.nightly
@pytest.mark.standin(faults=["slow=1.5:invite"])
def test_next_run_sees_what_the_killed_one_sent(standin: StandIn, tmp_path: Path) -> None:
    bcflow = Shell(tmp_path, standin)
    kill_in_the_middle(bcflow, standin)

    code, answer, err = bcflow.here(*ZOE)
    (run,) = answer["runs"]
    assert (code, run["outcome"], run["writes"]) == (0, "waiting", 0)
    assert "in use by" not in err
    assert len(standin.world.writes) == 1


@pytest.mark.nightly
@pytest.mark.slow
@pytest.mark.standin(faults=["slow=1:invite:1", "500_before:invite:1"])
def test_what_never_happened_is_unknown_until_somebody_says_so(standin: StandIn, tmp_path: Path) -> None:
    bcflow = Shell(tmp_path, standin, BCFLOW_SETTLE_SECONDS="1")
    kill_in_the_middle(bcflow, standin)

    for _ in range(2):
        code, answer, _ = bcflow.here(*ZOE)
        (run,) = answer["runs"]
        assert (code, run["outcome"], run["writes"]) == (1, "unknown", 0)
        assert f"bcflow settle {run['id']}" in run["next_action"]
    assert len(standin.world.writes) == 1

    code, settled, _ = bcflow.here("settle", run["id"], "--did-not-happen", "--json")
    assert (code, settled["effects"]) == (0, ["member zoe@acme.example"])
    code, answer, _ = bcflow.here(*ZOE, BCFLOW_SETTLE_SECONDS="15")
    (run,) = answer["runs"]
    assert (code, run["outcome"], run["writes"]) == (0, "waiting", 1)
    assert [write.applied for write in standin.world.writes] == [False, True]

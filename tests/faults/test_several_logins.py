"""A small part of what `make faults` does with one file of several logins."""

import sys
from pathlib import Path

import pytest

from standin.server import StandIn
from tests.faults.batch_storm import Storm, jobs_of
from tests.faults.many_logins import ONE, THREE, Setting, play
from tests.support.nightly import nightly_except
from tests.support.postgres import PostgresServer

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds the processes by /proc")
JOBS = 24


@pytest.mark.parametrize("setting", nightly_except([THREE, ONE], THREE), ids=["postgresql", "sqlite"])
def test_one_file_goes_on_when_a_worker_is_killed(setting: Setting, postgres_server: PostgresServer) -> None:
    done = play(postgres_server, setting, seed=1, many=JOBS)
    assert done.wrong == []
    assert done.taken_over, "the killed one had logins at work"


@pytest.mark.nightly
@pytest.mark.slow
def test_real_workers_that_are_killed_send_each_request_once(standin: StandIn, postgres: str, tmp_path: Path) -> None:
    jobs = jobs_of(1, creators=["ana"])
    done = Storm(standin, postgres, tmp_path, seed_number=2, jobs=jobs).play(kills=2)
    assert done.wrong == []
    assert (done.requests, done.doubles, done.lost) == (done.jobs, 0, 0)

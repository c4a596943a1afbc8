"""What a worker does while everything is stopped, or only looking is allowed, and afterwards."""

import threading
from contextlib import closing
from pathlib import Path

import pytest

from bcflow.runner.batches.session import Session
from bcflow.runner.batches.steps import Next
from bcflow.runner.cli.app import run_app
from bcflow.runner.cli.running import worker_loop
from bcflow.runner.storage.database import Database
from bcflow.runner.storage.runs import Store
from tests.support.fake_site import FakeSite
from tests.support.queued import EVERYONE, outcomes, submitted, told


@pytest.fixture(autouse=True)
def _shift_with_fake_site(site: FakeSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_loop, "slots_of", site.factory)


def standing(home: Path, batch: str) -> tuple[bool, str]:
    """Return whether a batch is queued and what comes next for it."""
    with closing(Database(f"sqlite:///{home / 'bcflow.sqlite3'}")) as database:
        held = Store(database).load(batch)
    return held.queued, held.phase


def ended_with(home: Path, batch: str) -> int | None:
    """Return the exit code of a batch."""
    with closing(Database(f"sqlite:///{home / 'bcflow.sqlite3'}")) as database:
        return Store(database).load(batch).record.exit_code


@pytest.mark.nightly
def test_what_is_stopped_before_it_began_stays_in_the_queue_and_goes_on_by_itself(
    home: Path, site: FakeSite, capsys: pytest.CaptureFixture[str]
) -> None:
    batch = submitted(capsys)
    assert run_app(["stop", "--why", "the client called"]) == 0
    assert run_app(["worker", "--drain"]) == 0
    assert "the client called" in capsys.readouterr().err
    assert site.looked == []
    assert standing(home, batch) == (True, "look")
    assert run_app(["start"]) == 0
    assert run_app(["worker", "--drain"]) == 0
    assert outcomes(capsys, batch) == ["done"] * 3


@pytest.mark.nightly
def test_a_batch_at_work_halts_before_its_next_job_and_goes_on_by_itself(
    home: Path, site: FakeSite, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = submitted(capsys)
    take = Session._take

    def stop_before_the_second_write(self: Session, *, alone: bool) -> Next:
        if site.written == EVERYONE[:1]:
            assert run_app(["stop"]) == 0
        return take(self, alone=alone)

    with monkeypatch.context() as patched:
        patched.setattr(Session, "_take", stop_before_the_second_write)
        assert run_app(["worker", "--drain"]) == 0
    assert site.written == EVERYONE[:1]
    assert standing(home, batch) == (True, "write")
    assert run_app(["start"]) == 0
    assert run_app(["worker", "--drain"]) == 0
    assert (site.written, site.open) == (EVERYONE, 0)
    assert outcomes(capsys, batch) == ["done"] * 3


@pytest.mark.nightly
@pytest.mark.parametrize("switch", [("stop",), ("stop", "--read-only")])
def test_a_job_that_was_stopped_right_before_its_write_is_still_to_do(
    home: Path,
    site: FakeSite,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    switch: tuple[str, ...],
) -> None:
    """Its attempt ends as failed, as one does that may not write."""
    batch = submitted(capsys)
    call = site.call

    def stopped(verb: str, request: dict[str, object], timeout: float | None = None) -> dict[str, object]:
        if request["mode"] == "run" and len(site.written) == 1:
            assert run_app([*switch]) == 0
            site.runs["ana@acme.example"] = {"outcome": "failed"}
        return call(verb, request, timeout)

    with monkeypatch.context() as patched:
        patched.setattr(site, "call", stopped)
        assert run_app(["worker", "--drain"]) == 0
    assert site.written == EVERYONE[:2]
    assert standing(home, batch) == (True, "write")
    site.runs.clear()
    assert run_app(["start", *switch[1:]]) == 0
    assert run_app(["worker", "--drain"]) == 0
    assert outcomes(capsys, batch) == ["done"] * 3


def test_while_only_looking_is_allowed_what_would_write_is_looked_at_and_then_waits(
    home: Path, site: FakeSite, capsys: pytest.CaptureFixture[str]
) -> None:
    writes = submitted(capsys)
    assert run_app(["submit", "jobs.yaml", "--dry-run", "--json"]) == 0
    looks = str(told(capsys)["batch"])
    assert run_app(["stop", "--read-only"]) == 0
    assert run_app(["worker", "--drain"]) == 0
    assert outcomes(capsys, looks) == ["planned"] * 3
    assert (site.looked, site.written) == (EVERYONE * 2, [])
    assert standing(home, writes) == (True, "write")
    assert run_app(["worker", "--drain"]) == 0
    assert (site.looked, site.written) == (EVERYONE * 2, [])
    assert run_app(["start", "--read-only"]) == 0
    assert run_app(["worker", "--drain"]) == 0
    assert outcomes(capsys, writes) == ["done"] * 3


def test_a_flow_that_rests_is_heard_of_the_next_night_and_goes_on_when_it_is_lifted(
    home: Path, site: FakeSite, capsys: pytest.CaptureFixture[str]
) -> None:
    site.runs["ana@acme.example"] = {"outcome": "screen-changed", "message": "the list has no rows"}
    first = submitted(capsys)
    assert run_app(["worker", "--drain"]) == 0
    second = submitted(capsys)
    assert run_app(["worker", "--drain"]) == 0
    assert "skipped" in outcomes(capsys, second)
    assert (ended_with(home, first), ended_with(home, second)) == (4, 1)

    site.runs.clear()
    assert run_app(["start", "invite-member"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[-2:] == [f"Next: bcflow resume {second}", f"Next: bcflow resume {first}"]
    for batch in (second, first):
        assert run_app(["resume", batch, "--yes"]) == 0
        capsys.readouterr()
        assert set(outcomes(capsys, batch)) <= {"done", "already"}


def test_a_told_end_that_was_lost_in_somebodys_cleanup_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    told = threading.Event()

    class Deaf:
        """A worker in which the exception that a signal raises gets lost."""

        turns = 0

        def turn(self) -> bool:
            self.turns += 1
            told.set()
            return True

    deaf = Deaf()
    monkeypatch.setattr(worker_loop, "_held_up", lambda *_: "")
    monkeypatch.setattr(worker_loop, "IDLE_SECONDS", 0.0)
    with pytest.raises(KeyboardInterrupt):
        worker_loop._turns(deaf, told, drain=False)  # type: ignore[arg-type]
    assert deaf.turns == 1

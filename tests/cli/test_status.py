"""What `bcflow status` says of the worker and of what is open, and when it exits 1."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bcflow.runner.cli.app import run_app
from bcflow.runner.cli.running import worker_loop
from bcflow.runner.config.settings import Settings
from bcflow.runner.engine.presence import Presence, WorkerLock, sign_on, worker_name
from bcflow.runner.storage.database import Database
from tests.support.fake_site import JOBS, FakeSite
from tests.support.nightly import nightly_except
from tests.support.queued import EVERYONE, submitted, told


@pytest.fixture(autouse=True)
def _shift_with_fake_site(site: FakeSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_loop, "slots_of", site.factory)


def test_status_says_who_works_and_what_is_missing(
    home: Path, site: FakeSite, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_app(["status"]) == 1
    assert "none is running" in capsys.readouterr().out
    submitted(capsys, "--key", "night")
    settings = Settings.load()
    lock = WorkerLock(settings, doing="worker")
    assert lock.take()
    assert run_app(["status", "--expect", "night"]) == 1, "who runs a batch by hand is no worker"
    with sign_on(settings, worker_name(settings)):
        assert run_app(["status", "--expect", "night"]) == 0
        assert f"worker: {worker_name(settings)}, pid" in capsys.readouterr().out
        assert run_app(["status", "--expect", "noon"]) == 1
        assert "'noon'" in capsys.readouterr().err
    assert run_app(["worker", "--drain"]) == 2
    lock.release()
    assert (home.is_dir(), site.written) == (True, [])


def test_a_worker_that_drained_the_queue_is_not_missed_until_something_is_queued(
    home: Path, site: FakeSite, capsys: pytest.CaptureFixture[str]
) -> None:
    batch = submitted(capsys, "--key", "night")
    assert run_app(["status", "--expect", "night"]) == 1
    said = capsys.readouterr().err
    assert f"batch {batch} of the key 'night' has not ended, and no worker is there" in said
    assert "no worker is running, and 1 batch is queued for one" in said
    assert run_app(["worker", "--drain"]) == 0
    capsys.readouterr()
    assert run_app(["status", "--expect", "night", "--json"]) == 0
    said_so = told(capsys)
    assert (said_so["workers"], said_so["open"], said_so["troubles"]) == ([], [], [])
    assert run_app(["status"]) == 0
    assert "worker: none is running; the last one ended by --drain at 20" in capsys.readouterr().out
    assert run_app(["status", "--expect-worker"]) == 1
    assert "no worker is running" in capsys.readouterr().err
    (home.parent / "jobs.yaml").write_text(JOBS.replace("bo@", "cy@"))
    submitted(capsys, "--key", "noon")
    assert run_app(["status"]) == 1
    assert site.open == 0


@pytest.mark.parametrize(
    ("ended", "counts"),
    nightly_except(
        [
            ({"outcome": "refused"}, "2 done · 1 refused"),
            ({"outcome": "waiting", "waiting_for": "you"}, "2 done · 1 waiting"),
            ({"outcome": "skipped"}, "2 done · 1 skipped"),
            ({"outcome": "waiting", "waiting_for": "invitee"}, ""),
        ],
        *("2 done · 1 refused", ""),
    ),
)
def test_an_expected_batch_must_have_ended_well_if_that_is_asked_for(
    home: Path, site: FakeSite, capsys: pytest.CaptureFixture[str], ended: dict[str, str], counts: str
) -> None:
    site.runs["bo@acme.example"] = ended
    batch = submitted(capsys, "--key", "night")
    assert run_app(["status", "--expect", "night", "--ok"]) == 1
    assert capsys.readouterr().err.count("has not ended") == 1
    assert run_app(["worker", "--drain"]) == 0
    assert run_app(["status", "--expect", "night"]) == 0
    capsys.readouterr()

    assert run_app(["status", "--expect", "night", "--ok", "--json"]) == (1 if counts else 0)
    said = capsys.readouterr()
    assert json.loads(said.out)["not_ok"] == (["night"] if counts else [])
    told = f"batch {batch} of the key 'night' did not end well: {counts}; see bcflow show {batch}\n"
    assert said.err == (told if counts else "")
    assert home.is_dir()


def test_what_must_have_ended_well_is_named_by_its_key(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_app(["status", "--ok"]) == 2
    assert capsys.readouterr().err == "status: --ok goes with --expect only\n"
    assert not home.exists()


def test_a_worker_that_did_not_end_by_draining_is_missed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_app(["worker", "--drain"]) == 0
    assert run_app(["status"]) == 0
    with closing(Database(f"sqlite:///{home / 'bcflow.sqlite3'}")) as database:
        settings = Settings.load()
        presence = Presence(settings, database, worker_name(settings))
        presence.begin()
        presence.end()
    capsys.readouterr()
    assert run_app(["status"]) == 1
    assert "did not end by --drain" in capsys.readouterr().err


def test_what_a_command_that_is_gone_was_to_work_alone_rests_until_somebody_resumes_it(
    home: Path, site: FakeSite, capsys: pytest.CaptureFixture[str]
) -> None:
    batch = submitted(capsys)
    with sqlite3.connect(home / "bcflow.sqlite3") as database:
        database.execute("UPDATE batches SET owner = 'gone'")
    database.close()
    assert run_app(["status"]) == 1
    assert f"{batch}  rests, next: look" in capsys.readouterr().out
    assert run_app(["inbox"]) == 0
    assert f"{batch}  rests, next: look  bcflow resume {batch}" in capsys.readouterr().out
    assert run_app(["resume", batch]) == 0
    assert site.written == EVERYONE

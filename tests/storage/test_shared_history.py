"""What one machine tells of runs that another one did: their records are in the database, their evidence is not."""

import json
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bcflow.models.looks import Effect
from bcflow.runner.cli.app import run_app
from bcflow.runner.storage.database import Database
from bcflow.runner.storage.ledger import Ledger
from bcflow.runner.storage.runs import Store
from tests.support.postgres import PostgresServer
from tests.support.waiting import until
from tests.support.workshop import KEY, Workshop

JOBS = ["ana@acme.example", "bo@acme.example"]


@pytest.fixture
def workshop(postgres: str, postgres_server: PostgresServer, tmp_path: Path) -> Iterator[Workshop]:
    with postgres_server.database() as notes, Workshop(postgres, notes, tmp_path) as made:
        yield made


@pytest.fixture
def batch(workshop: Workshop, postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Be at the machine `office`; return a batch that was submitted there and worked by the machine `anna`."""
    batch = workshop.submit("login_0", JOBS)
    workshop.drain("anna")
    monkeypatch.chdir(tmp_path)
    for name, value in {"HOME": str(tmp_path / "office"), "DATABASE_URL": postgres, "KEY": KEY}.items():
        monkeypatch.setenv(f"BCFLOW_{name}", value)
    return batch


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert run_app([*words]) == 0
    return capsys.readouterr().out


def test_runs_and_show_tell_what_another_machine_did(batch: str, capsys: pytest.CaptureFixture[str]) -> None:
    (listed,) = json.loads(said(capsys, "runs", "--json"))
    assert (listed["id"], listed["exit_code"], bool(listed["ended"])) == (batch, 0, True)
    assert [run["outcome"] for run in listed["runs"]] == ["done", "done"]
    assert f"The evidence of some runs is on {socket.gethostname()}." in said(capsys, "show", "last")
    page = said(capsys, "show", f"{batch}-001")
    assert f"/anna/runs/{batch}-001 on {socket.gethostname()}" in page
    assert JOBS[0] in said(capsys, "report", batch, "--csv")


@pytest.mark.nightly
def test_a_report_is_written_from_the_record(batch: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in (batch, f"{batch}-001"):
        path = Path(said(capsys, "report", name).strip())
        assert path.is_relative_to(tmp_path / "office")
        assert JOBS[0] in path.read_text(encoding="utf-8")
    assert not (tmp_path / "office" / "runs").exists()


@pytest.mark.nightly
def test_what_another_machine_waits_for_is_listed_too(
    batch: str, postgres: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert json.loads(said(capsys, "waiting", "--json")) == []
    with closing(Database(postgres)) as database:
        store = Store(database)
        record = store.record(f"{batch}-002")
        store.keep_record(record.model_copy(update={"outcome": "waiting", "waiting_for": "invitee", "effects": []}))
    (waiting,) = json.loads(said(capsys, "waiting", "--json"))
    assert (waiting["who"], waiting["run"]) == ("invitee", f"{batch}-002")


@pytest.mark.nightly
def test_it_is_cancelled_and_settled_from_anywhere(
    workshop: Workshop, batch: str, postgres: str, capsys: pytest.CaptureFixture[str]
) -> None:
    other = workshop.submit("login_1", JOBS)
    assert run_app(["cancel", other]) == 0
    assert [run["outcome"] for run in json.loads(said_after(capsys, "show", other, "--json"))] == ["cancelled"] * 2
    run = f"{batch}-001"
    ledger = Ledger(postgres)
    effect = Effect("7123456789012345678", "member", JOBS[0], {})
    ledger.arm([(ledger.prepare("https://business.tiktok.com", effect, run=run), effect)], run=run, before=())
    ledger.close()
    assert run_app(["settle", run, "--did-not-happen"]) == 0
    assert json.loads(said_after(capsys, "show", run, "--json"))["outcome"] == "failed"


def said_after(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    capsys.readouterr()
    return said(capsys, *words)


@pytest.mark.nightly
def test_status_names_the_worker_of_another_machine(
    workshop: Workshop, batch: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert batch
    assert run_app(["status"]) == 0, "the last worker drained the queue"
    workshop.start("ben", "cleo")
    standing = json.loads(said_after(capsys, "status", "--expect-worker", "--json"))
    assert len({one["name"] for one in standing["workers"]}) == 2
    assert {one["host"] for one in standing["workers"]} == {socket.gethostname()}
    for name in ("ben", "cleo"):
        workshop.kill(name)
    until(lambda: run_app(["status"]) == 1, "it misses them")
    assert "did not end by --drain" in capsys.readouterr().err

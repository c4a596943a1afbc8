"""Batches that outlive their command: submit, worker, resume, cancel, status."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bcflow.models.errors import BadInput
from bcflow.models.looks import Effect
from bcflow.runner.batches.session import Session
from bcflow.runner.batches.steps import Next
from bcflow.runner.cli.app import run_app
from bcflow.runner.cli.running import worker_loop
from bcflow.runner.notify.channels import Notifier
from bcflow.runner.storage.history import History
from bcflow.runner.storage.ledger import Ledger
from tests.support.fake_site import BC, JOBS, SITE, FakeSite
from tests.support.queued import EVERYONE, TRUSTED, outcomes, submitted, told


@pytest.fixture(autouse=True)
def _shift_with_fake_site(site: FakeSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_loop, "slots_of", site.factory)


def test_a_submitted_batch_is_worked_by_the_worker_and_ends(
    home: Path, site: FakeSite, capsys: pytest.CaptureFixture[str]
) -> None:
    batch = submitted(capsys)
    assert site.looked == site.written == []
    assert run_app(["worker", "--drain"]) == 0
    assert (site.looked, site.written, site.open) == (EVERYONE, EVERYONE, 0)
    assert outcomes(capsys, batch) == ["done"] * 3
    assert run_app(["worker", "--drain"]) == 0
    assert site.written == EVERYONE
    assert home.is_dir()


def test_a_key_submits_once(home: Path, site: FakeSite, capsys: pytest.CaptureFixture[str]) -> None:
    first = submitted(capsys, "--key", "night")
    assert submitted(capsys, "--key", "night") == first
    assert len(list(home.glob("batches/*"))) == 1
    (home.parent / "jobs.yaml").write_text(JOBS.replace("bo@", "cy@"))
    assert run_app(["submit", "jobs.yaml", *TRUSTED, "--key", "night"]) == 2
    assert "was used for another file" in capsys.readouterr().err
    assert run_app(["worker", "--drain"]) == 0
    assert site.written == EVERYONE


@pytest.mark.usefixtures("home")
def test_an_interrupted_batch_is_resumed_and_writes_nothing_twice(
    site: FakeSite, capsys: pytest.CaptureFixture[str]
) -> None:
    site.runs["ana@acme.example"] = KeyboardInterrupt()
    assert run_app(["run", "jobs.yaml", *TRUSTED, "--json"]) == 130
    batch = str(told(capsys)["batch"])
    del site.runs["ana@acme.example"]
    site.written.clear()

    assert run_app(["resume", "last", "--json"]) == 0
    assert site.written == EVERYONE[1:]
    assert outcomes(capsys, batch) == ["done"] * 3


@pytest.mark.usefixtures("home")
def test_resume_tries_again_what_failed_and_never_what_was_refused(
    site: FakeSite, capsys: pytest.CaptureFixture[str]
) -> None:
    site.runs |= {"ana@acme.example": {"outcome": "failed"}, "bo@acme.example": {"outcome": "refused"}}
    assert run_app(["run", "jobs.yaml", *TRUSTED]) == 1
    site.runs.clear()
    site.written.clear()
    assert run_app(["resume", "last"]) == 1
    assert site.written == ["ana@acme.example"]
    site.written.clear()
    assert run_app(["resume", "last"]) == 0
    assert site.written == []
    assert "nothing that could be tried again" in capsys.readouterr().out


@pytest.mark.nightly
def test_a_cancelled_batch_is_not_worked_and_each_job_of_it_has_a_result(
    home: Path, site: FakeSite, capsys: pytest.CaptureFixture[str]
) -> None:
    batch = submitted(capsys)
    assert run_app(["cancel", batch]) == 0
    assert outcomes(capsys, batch) == ["cancelled"] * 3
    assert (home / "batches" / batch / "report.html").is_file()
    assert History(home).load_batch(batch).exit_code == 0
    assert run_app(["cancel", batch]) == 0
    assert "had ended already" in capsys.readouterr().out
    assert run_app(["worker", "--drain"]) == 0
    assert site.looked == site.written == []
    assert run_app(["resume", batch]) == 0
    assert site.written == EVERYONE, "who cancelled it by mistake can go on with it"


@pytest.mark.nightly
def test_a_cancelled_batch_does_not_say_of_a_write_in_doubt_that_nothing_was_sent(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its worker died in the middle of the second job."""
    batch = submitted(capsys)
    with closing(Ledger(f"sqlite:///{home / 'bcflow.sqlite3'}")) as ledger:
        effect = Effect(BC, "member", "ana@acme.example", {})
        ledger.arm([(ledger.prepare(SITE, effect, run=f"{batch}-002"), effect)], run=f"{batch}-002", before=())
    assert run_app(["cancel", batch]) == 0
    assert outcomes(capsys, batch) == ["cancelled", "unknown", "cancelled"]
    assert History(home).load_batch(batch).exit_code == 1


@pytest.mark.nightly
def test_a_batch_that_is_worked_without_a_worker_is_not_ended_by_another_command(
    home: Path, site: FakeSite, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    take = Session._take

    def cancel_before_the_second_write(self: Session, *, alone: bool) -> Next:
        if site.written == EVERYONE[:1]:
            assert run_app(["cancel", "last"]) == 0
            assert "ends before its next job" in capsys.readouterr().out
        return take(self, alone=alone)

    monkeypatch.setattr(Session, "_take", cancel_before_the_second_write)
    assert run_app(["run", "jobs.yaml", *TRUSTED]) == 0
    assert site.written == EVERYONE[:1]
    assert home.is_dir()


@pytest.mark.nightly
def test_nothing_is_left_of_a_batch_that_cannot_be_started(home: Path, site: FakeSite) -> None:
    site.looks["Acme US"] = BadInput(["that Business Center is not yours"])
    assert run_app(["run", "jobs.yaml", *TRUSTED]) == 2
    assert list((home / "batches").iterdir()) == []


@pytest.mark.usefixtures("home")
def test_a_batch_cancelled_while_it_is_worked_ends_before_its_next_job(
    site: FakeSite, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = submitted(capsys)
    take = Session._take

    def cancel_before_the_second_write(self: Session, *, alone: bool) -> Next:
        if site.written == EVERYONE[:1]:
            assert run_app(["cancel", batch]) == 0
        return take(self, alone=alone)

    monkeypatch.setattr(Session, "_take", cancel_before_the_second_write)
    assert run_app(["worker", "--drain"]) == 0
    assert site.written == EVERYONE[:1]
    assert outcomes(capsys, batch) == ["done", "cancelled", "cancelled"]


@pytest.mark.usefixtures("home")
def test_without_a_terminal_what_nobody_agreed_to_is_not_taken(
    site: FakeSite, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_app(["submit", "jobs.yaml", "--json"]) == 2
    assert "give --yes" in capsys.readouterr().err
    assert site.looked == []


@pytest.mark.nightly
def test_what_waits_for_others_is_looked_at_again_when_it_is_due(
    home: Path, site: FakeSite, capsys: pytest.CaptureFixture[str]
) -> None:
    effect = {"kind": "member", "identity": "ana@acme.example", "business_center": BC}
    waiting = effect | {"outcome": "waiting", "waiting_for": "invitee", "seen_at": "2026-11-24T12:00:00+00:00"}
    site.runs["ana@acme.example"] = {"outcome": "waiting", "waiting_for": "invitee", "writes": 1, "effects": [waiting]}
    batch = submitted(capsys)
    assert run_app(["worker", "--drain"]) == 0
    assert outcomes(capsys, batch) == ["done", "waiting", "done"]
    site.looked.clear()
    assert run_app(["worker", "--drain"]) == 0
    assert site.looked == [], "it is not due yet"

    site.looks["ana@acme.example"] = {"outcome": "already", "effects": [effect | {"outcome": "already"}]}
    with sqlite3.connect(home / "bcflow.sqlite3") as database:
        database.execute("UPDATE follow_ups SET due = '2026-11-24T12:10:00.000+00:00'")
    database.close()
    assert run_app(["worker", "--drain"]) == 0
    assert (site.looked, site.written, site.open) == (["ana@acme.example"], EVERYONE, 0)
    assert outcomes(capsys, batch) == ["done"] * 3
    assert run_app(["worker", "--drain"]) == 0
    assert site.looked == ["ana@acme.example"], "it waits for nobody any more"


@pytest.mark.nightly
def test_the_end_of_a_batch_and_a_missing_one_are_told(
    home: Path, site: FakeSite, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told_to_people: list[str] = []

    def send(_notifier: Notifier, title: str, _body: str) -> bool:
        told_to_people.append(title)
        return True

    monkeypatch.setattr(Notifier, "send", send)
    monkeypatch.setenv("BCFLOW_NOTIFY", "json://127.0.0.1:9/hook")
    submitted(capsys)
    assert run_app(["worker", "--drain"]) == 0
    assert run_app(["status", "--expect", "noon"]) == 1
    assert told_to_people == ["bcflow: batch ended: 3 done", "bcflow: noon did not run"]
    assert (home.is_dir(), site.open) == (True, 0)


@pytest.mark.nightly
def test_a_quiet_worker_says_what_is_left_to_somebody_and_its_json_how_everything_ended(
    home: Path, site: FakeSite, capsys: pytest.CaptureFixture[str]
) -> None:
    site.runs["bo@acme.example"] = {"outcome": "refused", "message": "no seat is left"}
    batch = submitted(capsys, "--key", "night")
    assert run_app(["worker", "--drain", "--quiet", "--json"]) == 0

    said = capsys.readouterr()
    # In a process of tests whose browser is driven from a running loop, the engine's library warns of that besides.
    [line] = [each for each in said.err.splitlines() if batch in each]
    assert f"{batch}-003: ! refused" in line
    [found] = json.loads(said.out)["batches"]
    assert (found["batch"], found["key"], found["phase"], found["exit_code"]) == (batch, "night", "ended", 1)
    assert [(run["lines"], run["outcome"], run["writes"]) for run in found["runs"]] == [
        ([3], "done", 1),
        ([4], "done", 1),
        ([5], "refused", 0),
    ]
    assert run_app(["worker", "--drain", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"batches": []}
    assert run_app(["worker", "--json"]) == 2
    assert home.is_dir()

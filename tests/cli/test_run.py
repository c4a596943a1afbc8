"""`bcflow run` from its words to its results on disk, with a fake browser."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bcflow.models.outcomes import RunRecord
from bcflow.runner.canary import ProvenFlows
from bcflow.runner.cli import frame, work
from bcflow.runner.cli.app import run_app
from bcflow.runner.dispatch import OnEvent, SlotFactory
from bcflow.runner.lease import Lease

BC = "7123456789012345678"
SITE = "https://business.tiktok.com"
JOBS = f"""business_center: "{BC}"
jobs:
  - {{flow: create-ad-account, id: main, name: Acme US, country: US, currency: USD, client: acme}}
  - {{flow: invite-member, email: ana@acme.example, role: standard, client: acme}}
  - {{flow: invite-member, email: bo@acme.example, role: standard, client: acme}}
"""


class FakeSite:
    """What the fake browser answers, by e-mail or name of the job; `written` are the jobs it wrote."""

    def __init__(self) -> None:
        self.looks: dict[str, dict[str, Any]] = {}
        self.runs: dict[str, dict[str, Any] | BaseException] = {}
        self.looked: list[str] = []
        self.written: list[str] = []
        self.open = 0

    def factory(self, *_: object, **__: object) -> SlotFactory:
        return self.slot

    def slot(self, _login: str, _on_event: OnEvent) -> "FakeSite":
        self.open += 1
        return self

    def call(self, verb: str, request: dict[str, Any], timeout: float | None = None) -> dict[str, Any]:
        assert verb == "attempt"
        assert timeout
        job, only_look = request["job"], request["mode"] == "look"
        about = job.get("email") or job.get("name")
        (self.looked if only_look else self.written).append(about)
        default: dict[str, Any] = {"outcome": "planned"} if only_look else {"outcome": "done", "writes": 1}
        answer = (self.looks if only_look else self.runs).get(about, default)
        if isinstance(answer, BaseException):
            raise answer
        values = {
            "id": request["run"],
            "job": "",
            "client": job.get("client"),
            "flow": job["flow"],
            "message": "said so",
            "language": "en",
            "inputs": job,
            "source": request["source"],
            "business_center_name": "Northwind",
        }
        record = RunRecord.model_validate(values | answer)
        folder = Path(request["folder"])
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "result.json").write_text(record.model_dump_json())
        return record.model_dump(mode="json")

    def close(self) -> None:
        self.open -= 1


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BCFLOW_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "jobs.yaml").write_text(JOBS)
    return tmp_path / "home"


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> FakeSite:
    fake = FakeSite()
    monkeypatch.setattr(work, "slot_factory", fake.factory)
    return fake


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Put somebody at the terminal who gives these answers; returns the questions they get."""

    def sit(*answers: str) -> list[str]:
        questions: list[str] = []
        left = list(answers)

        def answer(question: str) -> bool:
            questions.append(question)
            return left.pop(0) == "yes"

        monkeypatch.setattr(frame, "person_is_there", lambda: True)
        monkeypatch.setattr(frame, "ask_yes_no", answer)
        return questions

    return sit


def outcomes(capsys: pytest.CaptureFixture[str]) -> list[tuple[str, str, int]]:
    """Return (job, outcome, writes) of the one JSON document on stdout."""
    found = json.loads(capsys.readouterr().out)
    return [(run["job"], run["outcome"], run["writes"]) for run in found["runs"]]


def prove(home: Path, *flows: str) -> None:
    home.mkdir(mode=0o700, exist_ok=True)
    for flow in flows:
        run = RunRecord(id="x", job="x", flow=flow, outcome="done", message="", writes=1)
        ProvenFlows(home).record(
            run, site=SITE, language="en", login="default", at="2026-11-01T00:00:00+00:00"
        )


@pytest.mark.usefixtures("home")
def test_a_job_file_ends_in_one_document_with_every_run(
    site: FakeSite, capsys: pytest.CaptureFixture[str]
) -> None:
    site.looks["bo@acme.example"] = {"outcome": "already"}
    code = run_app(["run", "jobs.yaml", "--yes", "--trust-first-write", "--json"])

    assert code == 0
    assert outcomes(capsys) == [
        ("main", "done", 1),
        ("jobs.yaml:4", "done", 1),
        ("jobs.yaml:5", "already", 0),
    ]
    assert site.written == ["Acme US", "ana@acme.example"]
    assert site.open == 0


def test_results_reports_and_history_are_left_behind(home: Path, site: FakeSite) -> None:
    assert run_app(["run", "jobs.yaml", "--yes", "--trust-first-write"]) == 0
    [batch] = list((home / "batches").iterdir())
    kept = json.loads((batch / "batch.json").read_text())

    assert site.written == ["Acme US", "ana@acme.example", "bo@acme.example"]
    assert (kept["exit_code"], kept["source"], len(kept["sha256"])) == (0, "jobs.yaml", 64)
    assert [line["source"] for line in kept["lines"]] == ["jobs.yaml:3", "jobs.yaml:4", "jobs.yaml:5"]
    assert (batch / "report.html").read_text().startswith("<!doctype html>")
    assert sorted(path.name for path in (home / "runs").iterdir()) == [line["run"] for line in kept["lines"]]


@pytest.mark.usefixtures("home")
def test_the_summary_groups_and_says_who_must_act(site: FakeSite, capsys: pytest.CaptureFixture[str]) -> None:
    site.runs["ana@acme.example"] = {
        "outcome": "waiting",
        "waiting_for": "invitee",
        "writes": 1,
        "next_action": "Ana opens the mail and accepts",
    }
    assert run_app(["run", "jobs.yaml", "--yes", "--trust-first-write"]) == 0

    shown = capsys.readouterr().out
    assert "✓ done (2)" in shown
    assert "2 done · 1 waiting · writes: 3" in shown
    assert "  invitee: Ana opens the mail and accepts (acme · invite-member jobs.yaml:4)" in shown


@pytest.mark.usefixtures("home")
def test_the_person_sees_the_plan_and_what_is_for_ever_before_the_first_write(
    site: FakeSite, person: Callable[..., list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    site.looks["bo@acme.example"] = {"outcome": "differs"}
    questions = person("no")
    code = run_app(["run", "jobs.yaml"])

    told = capsys.readouterr().err
    assert code == 1
    assert questions == [f"Write 2 jobs on {SITE}?"]
    assert "2 to do · 1 differs" in told
    assert "+ invite-member ana@acme.example in Northwind" in told
    assert "ad account 'Acme US': country US, time zone as the form has it, currency USD" in told
    assert site.written == []


@pytest.mark.usefixtures("site")
def test_what_was_declined_is_cancelled_on_disk_too(
    home: Path, person: Callable[..., list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    person("no")
    assert run_app(["run", "jobs.yaml", "--json"]) == 0

    assert {outcome for _, outcome, _ in outcomes(capsys)} == {"cancelled"}
    kept = [json.loads(path.read_text())["outcome"] for path in home.glob("runs/*/result.json")]
    assert kept == ["cancelled"] * 3


@pytest.mark.usefixtures("home")
def test_nothing_to_do_asks_nothing(site: FakeSite, person: Callable[..., list[str]]) -> None:
    site.looks = {who: {"outcome": "already"} for who in ("Acme US", "ana@acme.example", "bo@acme.example")}
    questions = person()

    assert run_app(["run", "jobs.yaml"]) == 0
    assert questions == []


@pytest.mark.usefixtures("home")
def test_a_dry_run_needs_nobody_and_writes_nothing(
    site: FakeSite, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_app(["run", "jobs.yaml", "--dry-run", "--json"]) == 0

    assert {(outcome, writes) for _, outcome, writes in outcomes(capsys)} == {("planned", 0)}
    assert site.written == []


def test_one_proven_job_with_yes_looks_in_its_own_run_only(home: Path, site: FakeSite) -> None:
    prove(home, "invite-member")
    words = ["invite-member", "--business-center", BC, "--email", "ana@acme.example", "--role", "standard"]

    assert run_app(["run", *words, "--yes"]) == 0
    assert (site.looked, site.written) == ([], ["ana@acme.example"])


@pytest.mark.usefixtures("home")
def test_with_yes_an_unproven_flow_asks_again_after_its_first_write(
    site: FakeSite, person: Callable[..., list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    questions = person("no")
    assert run_app(["run", "jobs.yaml", "--yes", "--json"]) == 0

    assert questions == ["invite-member: 1 written, the last ended done\nGo on with 1 more?"]
    assert site.written == ["Acme US", "ana@acme.example"]
    assert [outcome for _, outcome, _ in outcomes(capsys)] == ["done", "done", "cancelled"]


def test_unattended_a_language_not_proven_writes_nothing_and_ends_with_2(
    home: Path, site: FakeSite, capsys: pytest.CaptureFixture[str]
) -> None:
    prove(home, "invite-member", "create-ad-account")
    everybody = ("Acme US", "ana@acme.example", "bo@acme.example")
    site.looks = {who: {"outcome": "planned", "language": "vi"} for who in everybody}
    assert run_app(["run", "jobs.yaml", "--yes", "--json"]) == 2

    assert site.written == []
    assert {outcome for _, outcome, _ in outcomes(capsys)} == {"cancelled"}


def test_flows_tells_what_was_seen_to_work(
    home: Path, site: FakeSite, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_app(["run", "jobs.yaml", "--yes", "--trust-first-write"]) == 0
    capsys.readouterr()
    assert run_app(["flows", "--json"]) == 0

    flows = {flow["flow"]: flow["seen_to_work"] for flow in json.loads(capsys.readouterr().out)["flows"]}
    assert [proof["language"] for proof in flows["invite-member"]] == ["en"]
    assert flows["share-with-partner"] == []
    assert (home / "proven.json").exists()
    assert site.written


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("ended", "code"),
    [
        ({"outcome": "screen-changed"}, 4),
        ({"outcome": "unknown", "writes": 1}, 1),
        ({"outcome": "refused"}, 1),
        ({"outcome": "waiting", "waiting_for": "you"}, 3),
    ],
)
def test_exit_codes_follow_the_outcomes(site: FakeSite, ended: dict[str, Any], code: int) -> None:
    site.runs["bo@acme.example"] = ended

    assert run_app(["run", "jobs.yaml", "--yes", "--trust-first-write"]) == code


def test_an_interruption_ends_with_130_and_true_results(
    home: Path, site: FakeSite, capsys: pytest.CaptureFixture[str]
) -> None:
    site.runs["ana@acme.example"] = KeyboardInterrupt()
    assert run_app(["run", "jobs.yaml", "--yes", "--trust-first-write", "--json"]) == 130

    assert [outcome for _, outcome, _ in outcomes(capsys)] == ["done", "cancelled", "cancelled"]
    assert site.open == 0
    [kept] = home.glob("batches/*/batch.json")
    assert json.loads(kept.read_text())["exit_code"] == 130


def test_a_login_in_use_is_refused_with_no_wait(
    home: Path, site: FakeSite, capsys: pytest.CaptureFixture[str]
) -> None:
    with Lease(home, "default", doing="run other.yaml"):
        assert run_app(["run", "jobs.yaml", "--dry-run", "--no-wait"]) == 2

    assert "login 'default' is in use by pid" in capsys.readouterr().err
    assert site.looked == []


@pytest.mark.usefixtures("site")
def test_a_spreadsheet_comes_back_with_its_rows_and_outcomes(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "E-mail;Role;Client;Note\nana@acme.example;standard;acme;first\nbo@acme.example;standard;acme;\n"
    (home.parent / "people.csv").write_text(rows + "ana@acme.example;standard;acme;again\n")
    words = ["invite-member", "--from", "people.csv", "--business-center", BC, "--yes", "--trust-first-write"]
    assert run_app(["run", *words]) == 0
    (home.parent / "people.csv").unlink()
    capsys.readouterr()

    assert run_app(["report", "last", "--csv"]) == 0
    found = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(row["E-mail"], row["Note"], row["outcome"], row["writes"]) for row in found] == [
        ("ana@acme.example", "first", "done", "1"),
        ("bo@acme.example", "", "done", "1"),
        ("ana@acme.example", "again", "done", "1"),
    ]
    assert found[0]["run"] == found[2]["run"]


@pytest.mark.usefixtures("site")
def test_show_runs_and_report_find_what_was_run(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_app(["run", "jobs.yaml", "--yes", "--trust-first-write"]) == 0
    capsys.readouterr()
    [batch] = [path.name for path in (home / "batches").iterdir()]

    assert run_app(["runs"]) == 0
    assert batch in capsys.readouterr().out
    assert run_app(["show", f"{batch}-002"]) == 0
    assert "ana@acme.example" not in capsys.readouterr().err
    assert run_app(["show", "acme", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 3
    for name in ("last", f"{batch}-001", "acme"):
        assert run_app(["report", name, "--json"]) == 0
        assert Path(json.loads(capsys.readouterr().out)["report"]).is_file()


def test_settling_is_told_to_the_ledger_and_to_the_result(
    home: Path, site: FakeSite, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told: list[tuple[str, bool, str | None]] = []

    def settle(_self: object, run: str, *, happened: bool, site_id: str | None, by: str) -> list[str]:
        assert by
        told.append((run, happened, site_id))
        return ["member ana@acme.example"]

    monkeypatch.setattr("bcflow.runner.ledger.Ledger.settle", settle)
    site.runs["ana@acme.example"] = {"outcome": "unknown", "writes": 1}
    prove(home, "invite-member", "create-ad-account")
    assert run_app(["run", "jobs.yaml", "--yes"]) == 1
    capsys.readouterr()

    assert run_app(["settle", "last", "--did-not-happen"]) == 0
    assert capsys.readouterr().out == "member ana@acme.example: did not happen\n"
    [run] = [run for run, *_ in told]
    assert told == [(run, False, None)]
    assert json.loads((home / "runs" / run / "result.json").read_text())["outcome"] == "failed"

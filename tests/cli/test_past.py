"""What a run leaves behind, and the commands that read it."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from bcflow.runner.cli.app import run_app
from tests.support.fake_site import BC, FakeSite, prove

SHEET = "E-mail,Role,Id\n\nbo@acme.example,standard,\nana@acme.example,standard,a\nbo@acme.example,standard,\n"
YAML = f"""business_center: "{BC}"
jobs:
  - {{flow: invite-member, email: bo@acme.example, role: standard}}
  - {{flow: invite-member, email: ana@acme.example, role: standard, id: a}}
  - {{flow: invite-member, email: bo@acme.example, role: standard}}
"""


def test_results_reports_and_history_are_left_behind(home: Path, site: FakeSite) -> None:
    assert run_app(["run", "jobs.yaml", "--yes", "--trust-first-write"]) == 0
    [batch] = list((home / "batches").iterdir())
    kept = json.loads((batch / "batch.json").read_text())

    assert site.written == ["Acme US", "ana@acme.example", "bo@acme.example"]
    assert (kept["exit_code"], kept["source"], len(kept["sha256"])) == (0, "jobs.yaml", 64)
    assert [line["source"] for line in kept["lines"]] == ["jobs.yaml:3", "jobs.yaml:4", "jobs.yaml:5"]
    assert (batch / "report.html").read_text().startswith("<!doctype html>")
    assert sorted(path.name for path in (home / "runs").iterdir()) == [line["run"] for line in kept["lines"]]


def test_flows_tells_what_was_seen_to_work(home: Path, site: FakeSite, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_app(["run", "jobs.yaml", "--yes", "--trust-first-write"]) == 0
    capsys.readouterr()
    assert run_app(["flows", "--json"]) == 0

    flows = {flow["flow"]: flow["seen_to_work"] for flow in json.loads(capsys.readouterr().out)["flows"]}
    assert [proof["language"] for proof in flows["invite-member"]] == ["en"]
    assert flows["share-with-partner"] == []
    assert set(flows["invite-member"][0]) == {"flow", "site", "language", "first", "last", "run"}
    assert home.is_dir()
    assert site.written


@pytest.mark.usefixtures("site")
def test_a_spreadsheet_comes_back_with_its_rows_and_outcomes(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "E-mail;Role;Client;Note\n\nana@acme.example;standard;acme;first\nbo@acme.example;standard;acme;\n"
    (home.parent / "people.csv").write_text(rows + "ana@acme.example;standard;acme;again\n")
    words = ["invite-member", "--from", "people.csv", "--business-center", BC, "--yes", "--trust-first-write"]
    assert run_app(["run", *words]) == 0
    (home.parent / "people.csv").unlink()
    capsys.readouterr()

    assert run_app(["report", "last", "--csv"]) == 0
    found = list(csv.DictReader(io.StringIO(capsys.readouterr().out.removeprefix("\ufeff"))))
    assert [(row["line"], row["E-mail"], row["Note"], row["outcome"], row["writes"]) for row in found] == [
        ("3", "ana@acme.example", "first", "done", "1"),
        ("4", "bo@acme.example", "", "done", "1"),
        ("5", "ana@acme.example", "again", "done", "0"),
    ]
    assert found[0]["run"] == found[2]["run"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("people.csv", SHEET, ("invite-member", "--from", "people.csv", "--business-center", BC)),
        ("people.yaml", YAML, ("people.yaml",)),
    ],
)
def test_every_place_tells_the_lines_of_the_input_merged_ones_too(
    home: Path, site: FakeSite, capsys: pytest.CaptureFixture[str], name: str, content: str, words: tuple[str, ...]
) -> None:
    (home.parent / name).write_text(content)
    site.looks["bo@acme.example"] = site.looks["ana@acme.example"] = {"outcome": "differs"}
    assert run_app(["run", *words, "--yes", "--trust-first-write"]) == 1
    said = capsys.readouterr()
    for text in (said.out, said.err):  # the terminal, and the log
        assert f"invite-member {name}:3, 5: said so" in text
        assert f"invite-member a ({name}:4): said so" in text

    assert run_app(["show", "last", "--json"]) == 0
    assert [run["lines"] for run in json.loads(capsys.readouterr().out)] == [[3, 5], [4]]
    page = next((home / "batches").iterdir()) / "report.html"
    assert re.findall(r'data-label="Line">([^<]*)<', page.read_text()) == ["3, 5", "4"]
    assert run_app(["report", "last", "--csv"]) == 0
    lines = [row["line"] for row in csv.DictReader(io.StringIO(capsys.readouterr().out))]
    assert lines == (["3", "4", "5"] if name.endswith("csv") else ["3, 5", "4"])


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

    def settle(_self: object, run: str, *, happened: bool, site_id: str | None, by: str, remember: bool) -> list[str]:
        assert not remember
        assert by
        told.append((run, happened, site_id))
        return ["member ana@acme.example"]

    monkeypatch.setattr("bcflow.runner.storage.ledger.Ledger.settle", settle)
    site.runs["ana@acme.example"] = {"outcome": "unknown", "writes": 1}
    prove(home, "invite-member", "create-ad-account")
    assert run_app(["run", "jobs.yaml", "--yes"]) == 1
    capsys.readouterr()

    assert run_app(["settle", "last", "--did-not-happen"]) == 0
    [run] = [run for run, *_ in told]
    assert capsys.readouterr().out.splitlines() == [
        f"{run} acme · invite-member jobs.yaml:4: by your word it did not happen; it may be sent again",
        f"Next: bcflow resume {run.rpartition('-')[0]}",
    ]
    assert told == [(run, False, None)]
    assert json.loads((home / "runs" / run / "result.json").read_text())["outcome"] == "failed"

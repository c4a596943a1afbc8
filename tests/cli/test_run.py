"""`bcflow run` from its words to its results, with a fake browser."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bcflow.runner.browser.lease import Lease
from bcflow.runner.cli.app import run_app
from tests.support.fake_site import BC, SITE, FakeSite, outcomes, prove


@pytest.mark.usefixtures("home")
def test_a_job_file_ends_in_one_document_with_every_run(site: FakeSite, capsys: pytest.CaptureFixture[str]) -> None:
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


@pytest.mark.usefixtures("home")
def test_the_summary_counts_and_says_who_must_act_and_what_comes_next(
    site: FakeSite, capsys: pytest.CaptureFixture[str]
) -> None:
    site.runs["ana@acme.example"] = {
        "outcome": "waiting",
        "waiting_for": "invitee",
        "writes": 1,
        "next_action": "Ana opens the mail and accepts",
    }
    assert run_app(["run", "jobs.yaml", "--yes", "--trust-first-write"]) == 0

    shown = capsys.readouterr().out
    assert shown.startswith("2 done · 1 waiting · writes: 3\n")
    assert "  invitee: Ana opens the mail and accepts (acme · invite-member jobs.yaml:4)" in shown
    assert re.search(r"\n\nNext: bcflow waiting\nBatch \w+ · .*report.html\n$", shown)
    assert shown.count("jobs.yaml:4") == 1, "that it was done was said as it was done"


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
    assert (
        f"+ invite-member ana@acme.example\n    Business Center  {BC} “Northwind”\n    role             standard"
        in told
    )
    assert "~ invite-member bo@acme.example" in told
    assert "ad account 'Acme US': country US, time zone as the form has it, currency USD" in " ".join(told.split())
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
def test_a_dry_run_needs_nobody_and_writes_nothing(site: FakeSite, capsys: pytest.CaptureFixture[str]) -> None:
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


@pytest.mark.nightly
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


def test_a_login_in_use_is_refused_with_no_wait(home: Path, site: FakeSite, capsys: pytest.CaptureFixture[str]) -> None:
    with Lease(home, "default", doing="run other.yaml"):
        assert run_app(["run", "jobs.yaml", "--dry-run", "--no-wait"]) == 2

    assert "login 'default' is in use by pid" in capsys.readouterr().err
    assert site.looked == []


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    "words",
    [
        ["run", "invite-membr", "--email", "ana@acme.example", "--role", "standard"],
        ["rehearse", "--login", "acme", "--email", "ana@acme.example", "Invite_Member"],
        ["run", "--dry-run", "invite-membr", "--business-center=7"],
        ["run", "invite-membr", "--help"],
    ],
)
def test_a_flow_that_is_not_known_is_told_with_the_nearest_whatever_options_are_given(
    site: FakeSite, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_app(words) == 2
    assert "is neither a flow (did you mean 'invite-member'?) nor a job file" in capsys.readouterr().err
    assert site.looked == []


@pytest.mark.usefixtures("home", "site")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ["plan", "invite-member"],
            "invite-member: is a flow, and a job file is needed here; bcflow run",
        ),
        (["submit", "invite-member"], "invite-member: is a flow, and a job file is needed here"),
        (["start", "invite-membr"], "'invite-membr' is not a flow (did you mean 'invite-member'?)"),
        (["run", "jobs.yaml", "--emial", "ana@acme.example"], "No such option: --emial"),
        (["run", "--login", "acme", "--from", "a.csv", "invite-member", "--emial", "x"], "No such option: --emial"),
    ],
)
def test_a_flow_in_the_wrong_place_is_told_as_that(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_app(words) == 2
    assert told in capsys.readouterr().err


@pytest.mark.usefixtures("home")
def test_a_no_at_the_terminal_is_not_counted_as_another_job(
    site: FakeSite, person: Callable[..., list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    person("no")
    assert run_app(["run", "jobs.yaml", "--trust-first-write"]) == 0
    told = capsys.readouterr().err
    counted = [(int(n), int(total)) for n, total in re.findall(r"\[(\d+)/(\d+)\]", told)]
    assert len(counted) == 6
    assert all(n <= total == 3 for n, total in counted)
    assert told.count("you said no; nothing was sent") == 3
    assert site.written == []


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("words", "following"),
    [
        (["run", "jobs.yaml", "--dry-run"], "bcflow run jobs.yaml"),
        (["plan", "jobs.yaml"], "bcflow run jobs.yaml"),
        (["plan", "jobs.yaml", "--out", "a plan.json"], "bcflow apply 'a plan.json'"),
        (["rehearse", "jobs.yaml"], "bcflow run jobs.yaml"),
    ],
)
@pytest.mark.usefixtures("home")
def test_what_only_looked_ends_with_the_command_that_does_it(
    site: FakeSite, capsys: pytest.CaptureFixture[str], words: list[str], following: str
) -> None:
    site.looks["bo@acme.example"] = {"outcome": "differs"}
    run_app(words)
    assert re.findall(r"^Next: (.*)$", capsys.readouterr().out, re.MULTILINE) == [following]
    assert site.written == []

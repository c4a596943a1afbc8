"""`bcflow plan` and `bcflow apply` from their words to their results, with a fake browser."""

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bcflow.runner.cli.app import run_app
from bcflow.runner.config.settings import Settings
from bcflow.runner.storage.audit import Audit
from bcflow.runner.storage.database import Database
from tests.support.fake_site import BC, JOBS, SITE, FakeSite, outcomes

ANA, BO, MAIN = "ana@acme.example", "bo@acme.example", "Acme US"
EVERYONE = [MAIN, ANA, BO]
TRUSTED = ["--yes", "--trust-first-write"]
SHARED = f"""business_center: "{BC}"
jobs:
  - {{flow: create-ad-account, id: main, name: Acme US}}
  - {{flow: invite-member, email: {ANA}, role: standard, ad_accounts: [{{aadvid: "${{main.aadvid}}", role: admin}}]}}
  - {{flow: invite-member, email: {BO}, role: standard}}
"""


def member(email: str, outcome: str, **more: object) -> dict[str, Any]:
    """Return what a look at an invitation answers."""
    effect = {"kind": "member", "identity": email, "business_center": BC, "outcome": outcome} | more
    return {"outcome": outcome, "message": f"{email} is {outcome}", "effects": [effect]}


@pytest.fixture
def planned(home: Path, site: FakeSite, capsys: pytest.CaptureFixture[str]) -> Path:
    """Make a plan of the job file, and forget what was looked at for it."""
    site.looks = {ANA: member(ANA, "planned"), BO: member(BO, "planned")}
    assert run_app(["plan", "jobs.yaml", "--out", "plan.json"]) == 0
    assert (site.looked, site.written) == (EVERYONE, [])
    site.looked.clear()
    capsys.readouterr()
    return home.parent / "plan.json"


def messages(capsys: pytest.CaptureFixture[str]) -> list[str]:
    assert run_app(["show", "last", "--json"]) == 0
    return [run["message"] for run in json.loads(capsys.readouterr().out)]


def test_a_plan_looks_at_everything_writes_nothing_and_is_for_its_owner_only(planned: Path) -> None:
    found = json.loads(planned.read_text())

    assert stat.S_IMODE(planned.stat().st_mode) == 0o600
    assert (found["format"], found["site"], found["source"]) == (1, SITE, "jobs.yaml")
    assert [one["facts"]["outcome"] for one in found["jobs"]] == ["planned"] * 3
    assert len(found["signature"]) == 64


@pytest.mark.usefixtures("planned")
def test_a_plan_never_writes_over_a_file_unless_told_to(site: FakeSite, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_app(["plan", "jobs.yaml", "--out", "plan.json"]) == 2
    assert "--force" in capsys.readouterr().err
    assert run_app(["plan", "jobs.yaml", "--out", "nowhere/plan.json"]) == 2
    assert run_app(["plan", "jobs.yaml", "--out", "jobs.yaml", "--force"]) == 2
    assert site.looked == []
    assert run_app(["plan", "jobs.yaml", "--out", "plan.json", "--force"]) == 0


@pytest.mark.nightly
@pytest.mark.usefixtures("home")
def test_a_plan_with_json_is_one_document(site: FakeSite, capsys: pytest.CaptureFixture[str]) -> None:
    site.looks[BO] = {"outcome": "differs"}
    assert run_app(["plan", "jobs.yaml", "--out", "plan.json", "--json"]) == 1
    assert [outcome for _, outcome, _ in outcomes(capsys)] == ["planned", "planned", "differs"]
    assert Path("plan.json").is_file()


@pytest.mark.nightly
@pytest.mark.usefixtures("home")
def test_a_look_that_was_interrupted_leaves_no_plan(site: FakeSite, capsys: pytest.CaptureFixture[str]) -> None:
    site.looks["Acme US"] = KeyboardInterrupt()
    assert run_app(["plan", "jobs.yaml", "--out", "plan.json"]) == 130
    assert "no plan was written" in capsys.readouterr().err
    assert not Path("plan.json").exists()


@pytest.mark.usefixtures("planned")
def test_apply_needs_no_job_file_looks_again_and_writes(site: FakeSite, capsys: pytest.CaptureFixture[str]) -> None:
    Path("jobs.yaml").unlink()
    assert run_app(["apply", "plan.json", *TRUSTED, "--json"]) == 0

    assert (site.looked, site.written, site.open) == (EVERYONE, EVERYONE, 0)
    assert outcomes(capsys) == [("main", "done", 1), ("jobs.yaml:4", "done", 1), ("jobs.yaml:5", "done", 1)]


@pytest.mark.nightly
@pytest.mark.usefixtures("planned")
def test_who_applies_is_who_approved_and_the_audit_says_so(site: FakeSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BCFLOW_ACTOR", "rita")
    assert run_app(["apply", "plan.json", *TRUSTED]) == 0

    database = Database(Settings.load().database())
    told = [(one.action, one.actor, one.detail) for one in Audit(database).entries(action="applied")]
    database.close()
    [(action, actor, detail)] = told
    assert (action, actor, detail["approved_by"], detail["source"]) == ("applied", "rita", "rita", "jobs.yaml")
    assert site.written == EVERYONE


@pytest.mark.usefixtures("planned")
def test_the_person_sees_the_plan_and_is_asked_once(
    site: FakeSite, person: Callable[..., list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    questions = person("no")
    assert run_app(["apply", "plan.json"]) == 0

    told = capsys.readouterr().err
    assert questions == [f"Write 3 jobs on {SITE}?"]
    assert f"Plan for {SITE}, made " in told
    assert told.count("+ create-ad-account Acme US\n") == 1
    assert f"+ invite-member {ANA}\n    Business Center  {BC} “Northwind”\n    role             standard\n" in told
    assert "\n3 to do\n" in told
    assert site.written == []


@pytest.mark.usefixtures("planned")
def test_with_nobody_to_ask_apply_wants_yes(site: FakeSite, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_app(["apply", "plan.json"]) == 2
    assert "give --yes" in capsys.readouterr().err
    assert site.looked == []


def test_a_changed_fact_ends_with_5_and_nothing_is_written(
    planned: Path, site: FakeSite, capsys: pytest.CaptureFixture[str]
) -> None:
    site.looks[ANA] = member(ANA, "differs", have={"role": "admin"}, message="role: want standard, have admin")
    assert run_app(["apply", str(planned), *TRUSTED, "--json"]) == 5

    shown = capsys.readouterr()
    change = f"member {ANA}: was to do, now differs (role: want standard, have admin)"
    assert shown.err.count(f"since the plan was made, {change}") == 1
    assert [run["outcome"] for run in json.loads(shown.out)["runs"]] == ["cancelled", "skipped", "cancelled"]
    assert change in messages(capsys)[1]
    assert (site.looked, site.written) == (EVERYONE, [])


@pytest.mark.nightly
@pytest.mark.usefixtures("planned")
def test_partial_goes_on_with_the_jobs_that_did_not_move(site: FakeSite, capsys: pytest.CaptureFixture[str]) -> None:
    site.looks[ANA] = member(ANA, "differs", have={"role": "admin"})
    assert run_app(["apply", "plan.json", *TRUSTED, "--partial", "--json"]) == 1

    assert [outcome for _, outcome, _ in outcomes(capsys)] == ["done", "skipped", "done"]
    assert site.written == [MAIN, BO]


@pytest.mark.nightly
@pytest.mark.usefixtures("planned")
def test_as_wanted_by_now_is_no_change(site: FakeSite, capsys: pytest.CaptureFixture[str]) -> None:
    site.looks[ANA] = member(ANA, "already")
    assert run_app(["apply", "plan.json", *TRUSTED, "--json"]) == 0

    assert [outcome for _, outcome, _ in outcomes(capsys)] == ["done", "already", "done"]
    assert site.written == [MAIN, BO]


@pytest.mark.nightly
@pytest.mark.usefixtures("planned")
@pytest.mark.parametrize(
    ("look", "code"),
    [
        ({"outcome": "failed"}, 1),
        ({"outcome": "screen-changed"}, 4),
        ({"outcome": "waiting", "waiting_for": "you"}, 3),
    ],
)
def test_what_cannot_be_looked_at_now_writes_nothing_but_is_no_stale_plan(
    site: FakeSite, look: dict[str, Any], code: int
) -> None:
    site.looks[ANA] = look
    assert run_app(["apply", "plan.json", *TRUSTED]) == code
    assert site.written == []


@pytest.mark.nightly
@pytest.mark.usefixtures("planned")
def test_an_interrupted_apply_is_applied_again_and_writes_only_the_rest(site: FakeSite) -> None:
    site.runs[ANA] = KeyboardInterrupt()
    assert run_app(["apply", "plan.json", *TRUSTED]) == 130
    assert site.written == [MAIN, ANA]
    site.runs.clear()
    site.written.clear()
    site.looks[MAIN] = {"outcome": "already"}

    assert run_app(["apply", "plan.json", *TRUSTED]) == 0
    assert site.written == [ANA, BO]


@pytest.mark.nightly
@pytest.mark.usefixtures("planned")
def test_a_stale_apply_that_is_resumed_compares_again(site: FakeSite) -> None:
    site.looks[ANA] = member(ANA, "differs", have={"role": "admin"})
    assert run_app(["apply", "plan.json", *TRUSTED]) == 5
    assert run_app(["resume", "last"]) == 5
    assert site.written == []
    site.looks[ANA] = member(ANA, "planned")
    assert run_app(["resume", "last"]) == 0
    assert site.written == EVERYONE


def refers_to_main(home: Path, site: FakeSite) -> None:
    (home.parent / "jobs.yaml").write_text(SHARED)
    assert run_app(["plan", "jobs.yaml", "--out", "plan.json"]) == 0
    assert site.looked == [MAIN, BO]
    found = json.loads(Path("plan.json").read_text())
    assert [one["facts"] is None for one in found["jobs"]] == [False, True, False]


@pytest.mark.nightly
def test_a_job_with_a_reference_is_written_when_that_is_known(home: Path, site: FakeSite) -> None:
    refers_to_main(home, site)
    site.runs[MAIN] = {"outcome": "done", "writes": 1, "result": {"aadvid": "7012345678901234567"}}
    assert run_app(["apply", "plan.json", *TRUSTED]) == 0
    assert site.written == EVERYONE


@pytest.mark.nightly
def test_a_dependent_whose_precondition_fails_is_not_written(
    home: Path, site: FakeSite, capsys: pytest.CaptureFixture[str]
) -> None:
    refers_to_main(home, site)
    site.runs[MAIN] = {"outcome": "refused"}
    capsys.readouterr()
    assert run_app(["apply", "plan.json", *TRUSTED, "--json"]) == 1
    assert [outcome for _, outcome, _ in outcomes(capsys)] == ["refused", "skipped", "done"]
    assert site.written == [MAIN, BO]


@pytest.mark.nightly
def test_partial_skips_what_refers_to_a_job_that_moved(
    home: Path, site: FakeSite, capsys: pytest.CaptureFixture[str]
) -> None:
    refers_to_main(home, site)
    site.looks[MAIN] = {"outcome": "differs", "result": {"aadvid": "7012345678901234567"}}
    capsys.readouterr()
    assert run_app(["apply", "plan.json", *TRUSTED, "--partial", "--json"]) == 1
    assert [outcome for _, outcome, _ in outcomes(capsys)] == ["skipped", "skipped", "done"]
    assert "was to do, now differs" in messages(capsys)[0]
    assert site.written == [BO]


@pytest.mark.nightly
def test_a_plan_that_was_touched_is_too_old_or_for_elsewhere_ends_with_2(
    planned: Path, site: FakeSite, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(*words: str) -> str:
        assert run_app(["apply", "plan.json", *TRUSTED, *words]) == 2
        return capsys.readouterr().err

    assert "0 are allowed" in refused("--max-age", "0")
    kept = planned.read_bytes()
    planned.write_bytes(kept.replace(b'"standard"', b'"admin"', 1))
    assert "was changed after it was signed" in refused()
    planned.write_text(JOBS)
    assert "is not a plan" in refused()
    planned.write_bytes(kept)
    monkeypatch.setenv("BCFLOW_BUSINESS_CENTER_URL", "http://127.0.0.1:9")
    assert f"is a plan for {SITE}" in refused()
    monkeypatch.delenv("BCFLOW_BUSINESS_CENTER_URL")
    monkeypatch.setenv("BCFLOW_KEY", "a phrase of another home")
    assert "another key" in refused()
    planned.unlink()
    assert "does not exist" in refused()
    assert (site.looked, site.written) == ([], [])

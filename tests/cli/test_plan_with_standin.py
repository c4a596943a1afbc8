"""Plan and apply with a real browser: what the stand-in received is what counts."""

import json
from pathlib import Path
from typing import Any

import pytest

from bcflow.runner.cli.app import run_app
from standin import seed
from standin.server import StandIn
from standin.world import Member
from tests.support.flow_jobs import make

ZOE, YAN, XIA = "zoe@acme.example", "yan@acme.example", "xia@acme.example"
MAIN = make("create-ad-account", business_center=seed.NORTHWIND, name="Acme West")
JOBS = {
    "business_center": seed.NORTHWIND,
    "jobs": [
        MAIN.model_dump(mode="json", exclude_none=True) | {"id": "main"},
        {
            "flow": "invite-member",
            "email": XIA,
            "role": "standard",
            "ad_accounts": [{"aadvid": "${main.aadvid}", "role": "operator"}],
        },
    ],
}
PLAIN = {
    "business_center": seed.NORTHWIND,
    "jobs": [{"flow": "invite-member", "email": email, "role": "standard"} for email in (ZOE, YAN)],
}
APPLY = ["apply", "plan.json", "--yes", "--trust-first-write", "--json"]


@pytest.fixture
def desk(tmp_path: Path, standin: StandIn, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """Work in a folder with a job file, with the stand-in as the site."""
    values = {
        "HOME": tmp_path / "home",
        "PACE_SECONDS": 0,
        "BUSINESS_CENTER_URL": standin.bc_url,
        "ADS_MANAGER_URL": standin.ads_url,
        "EMAIL": seed.EMAIL,
        "PASSWORD": seed.PASSWORD,
        "SETTLE_SECONDS": 6,
    }
    for name, value in values.items():
        monkeypatch.setenv(f"BCFLOW_{name}", str(value))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "jobs.yaml").write_text(json.dumps(JOBS))
    return standin


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[str]]:
    """Run a command with --json; return its exit code and its outcomes."""
    capsys.readouterr()
    code = run_app(list(words))
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return code, [run["outcome"] for run in document["runs"]]


@pytest.mark.nightly
@pytest.mark.slow
def test_a_plan_writes_nothing_and_apply_writes_once(desk: StandIn, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = asked(capsys, "plan", "jobs.yaml", "--out", "plan.json", "--json")
    assert (code, found) == (0, ["planned"] * 2)
    assert desk.world.writes == []

    code, found = asked(capsys, *APPLY)
    sent = len(desk.world.writes)
    assert (code, found) == (0, ["waiting"] * 2)
    assert sent >= 2

    code, found = asked(capsys, *APPLY)
    assert (code, found) == (0, ["already"] * 2)
    assert len(desk.world.writes) == sent


@pytest.mark.nightly
@pytest.mark.slow
def test_a_fact_that_changed_in_between_ends_with_5_and_no_write(
    desk: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("jobs.yaml").write_text(json.dumps(PLAIN))
    assert asked(capsys, "plan", "jobs.yaml", "--out", "plan.json", "--json")[0] == 0
    center = desk.world.business_centers[seed.NORTHWIND]
    center.members.append(Member("6800000000000000990", ZOE, "Zoe", role="admin"))

    code, found = asked(capsys, *APPLY)
    assert (code, found) == (5, ["skipped", "cancelled"])
    assert desk.world.writes == []

    code, found = asked(capsys, *APPLY, "--partial")
    assert (code, found) == (1, ["skipped", "waiting"])
    assert not any(ZOE in str(write) for write in desk.world.writes)
    assert any(YAN in str(write) for write in desk.world.writes)

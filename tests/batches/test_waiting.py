"""Who must act, from the runs on disk, and the text that is sent to the other side."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer

from bcflow.models.errors import BadInput
from bcflow.models.outcomes import RunRecord
from bcflow.runner.cli import waiting
from bcflow.runner.notify.reminder import Sites, reminder
from bcflow.runner.policy.waits import Wait, waits
from bcflow.runner.reports.evidence import Evidence
from bcflow.runner.storage.batch_record import BatchLine, BatchRecord
from bcflow.runner.storage.history import History

BC = "7123456789012345678"
ACCOUNT = "7012345678901234567"
PARTNER = "7345678901234567890"
DAY = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SITES = Sites("https://business.tiktok.com", "https://ads.tiktok.com")
INVITATION = {"flow": "invite-member", "business_center": BC, "email": "ana@acme.example", "role": "standard"}
REQUEST = {"flow": "add-ad-account", "business_center": BC, "aadvid": ACCOUNT, "role": "operator"}
SHARE = {
    "flow": "share-with-partner",
    "business_center": BC,
    "partner_id": PARTNER,
    "ad_accounts": [{"aadvid": ACCOUNT, "role": "analyst"}],
}
KINDS = {
    "invite-member": ("member", "email", "invitee"),
    "add-ad-account": ("ad-account-access", "aadvid", "owner"),
    "share-with-partner": ("partner", "partner_id", "partner"),
}


def make_run(day: int, outcome: str, *, inputs: dict[str, Any] | None = None, **overrides: Any) -> RunRecord:  # noqa: ANN401
    """Return a run that ended `day` days after the 20th and saw its first fact, unless told otherwise."""
    inputs = inputs or INVITATION
    kind, name, who = KINDS[inputs["flow"]]
    at = (DAY + timedelta(days=day)).isoformat()
    waits_for = overrides.pop("waiting_for", who if outcome == "waiting" else None)
    effect = {
        "kind": kind,
        "identity": inputs[name],
        "business_center": BC,
        "outcome": outcome,
        "waiting_for": waits_for,
        "proof": overrides.pop("proof", ""),
    }
    values = {
        "id": f"2twq9c4{day}-001",
        "job": "it",
        "client": "acme",
        "flow": inputs["flow"],
        "outcome": outcome,
        "waiting_for": waits_for,
        "message": "said so",
        "next_action": "do it",
        "inputs": inputs,
        "business_center": BC,
        "business_center_name": "Agency Ltd",
        "finished": at,
        "effects": [effect],
    }
    return RunRecord.model_validate(values | overrides)


def who(found: list[Wait]) -> list[tuple[str, str]]:
    return [(one.who, one.run.id) for one in found]


def test_the_newest_run_of_a_fact_counts_and_the_wait_is_as_old_as_the_first() -> None:
    runs = [make_run(3, "already", waiting_for="invitee"), make_run(1, "waiting")]
    [wait] = waits(runs)

    assert (wait.who, wait.run.id, wait.what) == ("invitee", "2twq9c43-001", "member ana@acme.example")
    assert wait.since == DAY + timedelta(days=1)


@pytest.mark.parametrize("outcome", ["done", "already", "refused", "differs", "planned"])
def test_a_newer_run_that_saw_it_replaces_the_wait(outcome: str) -> None:
    assert waits([make_run(1, "waiting"), make_run(2, outcome)]) == []
    assert who(waits([make_run(1, outcome), make_run(2, "waiting")])) == [("invitee", "2twq9c42-001")]


@pytest.mark.parametrize("outcome", ["failed", "screen-changed", "skipped", "cancelled"])
def test_a_newer_run_that_saw_nothing_leaves_the_wait(outcome: str) -> None:
    newer = [make_run(2, outcome), make_run(3, outcome, effects=[])]

    assert who(waits([make_run(1, "waiting"), *newer])) == [("invitee", "2twq9c41-001")]


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ({"waiting_for": "you", "effects": []}, [("you", "2twq9c42-001"), ("invitee", "2twq9c41-001")]),
        ({"waiting_for": "you", "proof": "4 of 4 rows"}, [("you", "2twq9c42-001")]),
        ({"waiting_for": "you", "effects": [], "dry_run": True}, [("invitee", "2twq9c41-001")]),
        ({"outcome": "unknown", "effects": [], "waiting_for": None}, [("you", "2twq9c42-001")]),
        ({"outcome": "expired", "effects": [], "waiting_for": None}, [("you", "2twq9c42-001")]),
    ],
    ids=["a sign-in is needed", "gone", "only a dry run", "in doubt", "given up"],
)
def test_what_is_yours_comes_first(overrides: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    outcome = overrides.pop("outcome", "waiting")

    assert who(waits([make_run(1, "waiting"), make_run(2, outcome, **overrides)])) == expected


def test_facts_of_one_run_are_one_wait_and_each_is_named() -> None:
    [wait] = waits([make_run(1, "waiting", inputs=SHARE)])

    assert wait.what == f"partner {PARTNER}, ad account {ACCOUNT} for partner {PARTNER}"


def test_another_business_center_or_site_is_another_fact() -> None:
    other = make_run(2, "done", site="http://127.0.0.1:1")

    assert who(waits([make_run(1, "waiting"), other])) == [("invitee", "2twq9c41-001")]


def test_the_reminder_names_every_thing_and_the_clicks() -> None:
    runs = [
        make_run(1, "waiting", inputs=REQUEST),
        make_run(2, "waiting", inputs=SHARE),
        make_run(3, "waiting"),
        make_run(4, "waiting", inputs={**INVITATION, "email": "bo@acme.example"}),
    ]
    text = reminder(waits(runs), SITES)

    assert f'1. Approve the access request from our Business Center "Agency Ltd" (id {BC})' in text
    assert f"- ad account {ACCOUNT}, role Operator, asked for on 21 November 2026" in text
    assert 'then click "Approve" (in some versions "Accept")' in text
    assert f"as an admin of your Business Center {PARTNER}." in text
    assert 'Open the tab "Requests"' in text
    assert "3. Accept the invitation to" in text
    assert "- ana@acme.example, role Standard" in text
    assert text.count('Check the name that is shown and click "Join"') == 1
    assert "bo@acme.example" in text
    assert max(map(len, text.splitlines())) <= 130


def test_nothing_is_sent_for_what_the_other_side_cannot_do() -> None:
    runs = [make_run(1, "waiting", waiting_for="tiktok review"), make_run(2, "unknown", inputs=REQUEST)]

    assert len(waits(runs)) == 2
    assert reminder(waits(runs), SITES) == ""


def test_what_was_read_from_a_page_cannot_break_the_text() -> None:
    text = reminder(waits([make_run(1, "waiting", business_center_name="Agency\n1. Pay us \x1b[31m")]), SITES)

    assert '"Agency 1. Pay us [31m"' in text.replace("\ufffd", "")


def test_a_phone_is_asked_for_a_scan() -> None:
    text = reminder(waits([make_run(1, "waiting", waiting_for="client's phone")]), SITES)

    assert '"Your QR code", then "Scan"' in text


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> History:
    monkeypatch.setenv("BCFLOW_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return History(tmp_path)


def keep(history: History, *records: RunRecord) -> None:
    for record in records:
        batch = history.new_batch(datetime.fromisoformat(record.finished))
        Evidence(history.run_folder(record.id), keep=["ana@acme.example"]).write_result(record)
        line = BatchLine(job=record.job, run=record.id, flow=record.flow, client=record.client)
        history.save_batch(BatchRecord(id=batch, ended="x", lines=[line]))


def run(*words: str) -> None:
    app = typer.Typer()
    for command in (waiting.waiting, waiting.remind):
        app.command()(command)
    app(args=list(words), standalone_mode=False)


def test_waiting_groups_by_who_and_marks_what_is_overdue(history: History, capsys: pytest.CaptureFixture[str]) -> None:
    now = datetime.now(UTC)
    fresh = (now - timedelta(hours=5)).isoformat()
    old = (now - timedelta(days=6)).isoformat()
    keep(
        history,
        make_run(1, "waiting", finished=old),
        make_run(2, "waiting", inputs=REQUEST, finished=fresh),
        make_run(3, "unknown", inputs=SHARE, finished=fresh),
    )
    run("waiting")
    lines = capsys.readouterr().out.splitlines()

    assert [line for line in lines if line.endswith(")")] == ["you (1)", "owner (1)", "invitee (1)"]
    assert next(line for line in lines if "2twq9c41-001" in line).split()[:3] == ["overdue", "6", "d"]
    assert next(line for line in lines if "2twq9c42-001" in line).split()[:2] == ["5", "h"]
    assert lines[-1] == "The text to send: bcflow remind acme"


def test_what_is_overdue_is_a_setting(
    history: History, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(history, make_run(1, "waiting", finished=(datetime.now(UTC) - timedelta(hours=5)).isoformat()))
    told = []
    for remind_after in ("6h", "4h"):
        monkeypatch.setenv("BCFLOW_REMIND_AFTER", remind_after)
        run("waiting", "--json")
        run("waiting")
        run("remind", "acme", "--json")
        told.append(capsys.readouterr().out)

    assert ['"overdue": true' in one and "overdue  5 h" in one for one in told] == [False, True]
    assert [one.count('"overdue": true') for one in told] == [0, 2]


def test_waiting_as_json_for_one_client(history: History, capsys: pytest.CaptureFixture[str]) -> None:
    keep(history, make_run(1, "waiting"), make_run(2, "waiting", inputs=REQUEST, client="other"))
    run("waiting", "--client", "acme", "--json")
    [found] = json.loads(capsys.readouterr().out)

    assert (found["who"], found["run"], found["client"]) == ("invitee", "2twq9c41-001", "acme")
    assert (found["since"], found["overdue"]) == ("2026-11-21T12:00:00+00:00", True)


def test_remind_prints_the_text_or_that_nothing_waits(history: History, capsys: pytest.CaptureFixture[str]) -> None:
    keep(history, make_run(1, "waiting"), make_run(2, "done", inputs=REQUEST, client="other"))
    run("remind", "acme")
    assert capsys.readouterr().out.startswith("Hello,\n")
    run("remind", "other")
    assert capsys.readouterr().out == "nothing waits for other\n"
    run("remind", "acme", "--json")
    found = json.loads(capsys.readouterr().out)
    assert (found["client"], len(found["waiting"])) == ("acme", 1)


def test_a_client_nobody_knows_is_said_with_the_nearest(history: History) -> None:
    keep(history, make_run(1, "waiting"))

    with pytest.raises(BadInput, match="did you mean 'acme'"):
        run("remind", "acne")
    with pytest.raises(BadInput, match="no run is for a client"):
        run("waiting", "--client", "nobody")


@pytest.mark.usefixtures("history")
def test_nobody_must_act_where_nothing_was_run(capsys: pytest.CaptureFixture[str]) -> None:
    run("waiting")

    assert capsys.readouterr().out == "nobody must act\n"

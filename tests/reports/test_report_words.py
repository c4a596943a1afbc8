"""Outcomes as a table for a spreadsheet program, and the sentences that reports are made of."""

import csv
import io

import pytest

from bcflow.models.outcomes import RunRecord
from bcflow.runner.reports.csv_report import report_csv
from bcflow.runner.reports.wording import duration, inset, moment, shown, wanted
from bcflow.runner.storage.batch_record import BatchLine, BatchRecord

AADVID = "7012345678901234567"
SHARE = {"partner_id": "7345678901234567890", "ad_accounts": [{"aadvid": AADVID, "role": "operator"}]}


def make_record(number: int = 1, **overrides: object) -> RunRecord:
    values = {
        "id": f"batch-{number:03d}",
        "job": f"jobs[{number}]",
        "client": f"client {number}",
        "flow": "invite-member",
        "outcome": "done",
        "message": "It is there.",
    }
    return RunRecord.model_validate(values | overrides)


def test_csv_of_a_spreadsheet_is_its_rows_in_order_with_outcomes() -> None:
    batch = BatchRecord(
        id="batch",
        columns=["E-Mail", "outcome", "phone"],
        lines=[
            BatchLine(job="b", run="batch-002", flow="invite-member", row={"E-Mail": "b@x", "phone": "+1 2"}),
            BatchLine(job="a", run="batch-001", flow="invite-member", row={"E-Mail": "a@x", "outcome": "old"}),
        ],
    )
    record = make_record(1, outcome="already", message="=1+1", result={"aadvid": AADVID})
    rows = list(csv.DictReader(io.StringIO(report_csv([record], batch))))
    assert [row["E-Mail"] for row in rows] == ["b@x", "a@x"]
    assert (rows[0]["outcome"], rows[0]["phone"], rows[0]["run"]) == ("", "'+1 2", "batch-002")
    assert (rows[1]["outcome"], rows[1]["message"]) == ("already", "'=1+1")
    assert rows[1]["result_aadvid"] == AADVID


def test_csv_of_a_job_file_is_one_row_per_run() -> None:
    rows = list(csv.DictReader(io.StringIO(report_csv([make_record(1), make_record(2, client=None)]))))
    assert [(row["job"], row["client"], row["outcome"]) for row in rows] == [
        ("jobs[1]", "client 1", "done"),
        ("jobs[2]", "", "done"),
    ]


@pytest.mark.parametrize(
    ("flow", "inputs", "said"),
    [
        ("create-ad-account", {"name": "A", "currency": "USD"}, "Create the ad account “A” (USD)"),
        ("add-ad-account", {"aadvid": "1", "role": "admin"}, "Ask for Admin access to ad account 1"),
        ("share-with-partner", SHARE, "Share 1 ad account with the partner 7345678901234567890"),
        ("create-business-center", {"name": "ن"}, "Create the Business Center “\u2068ن\u2069”"),
        ("invite-member", {}, "Invite member: jobs[1]"),
        ("new-flow", {}, "New flow: jobs[1]"),
    ],
)
def test_what_was_wanted_is_one_sentence(flow: str, inputs: dict[str, object], said: str) -> None:
    assert wanted(make_record(flow=flow, inputs=inputs)) == said


def test_times_are_written_for_people() -> None:
    assert [duration(s) for s in (0.01, 9.96, 59.97, 125, 7300)] == [
        "under 0.1 s", "10.0 s", "1 min 0 s", "2 min 5 s", "2 h 1 min",
    ]  # fmt: skip
    assert moment("2026-11-24T20:19:05+00:00") == "24 Nov 2026, 20:19 UTC"
    assert moment("soon") == "soon"


def test_values_are_written_for_people() -> None:
    accounts = [{"aadvid": AADVID, "role": "operator", "status": "Active"}]
    assert shown(accounts) == f"{AADVID} (operator, Active)"
    assert [shown(value) for value in (None, "", [], True, {"finance_role": "x"}, ["a", 1])] == [
        "—", "—", "—", "yes", "Finance role: x", "a, 1",
    ]  # fmt: skip
    assert inset("a\u202eb\0") == "ab"

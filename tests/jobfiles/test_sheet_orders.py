"""What a spreadsheet becomes beside its jobs: the rows that a report repeats, and where a wrong option is told."""

from hashlib import sha256
from pathlib import Path

import pytest

from bcflow.models.errors import BadInput
from bcflow.runner.config.settings import Settings
from bcflow.runner.jobfiles.sheet_file import read_sheet
from bcflow.runner.jobfiles.source import Order, Wanted, read_order

BC = "7123456789012345678"


def make_csv(folder: Path, text: str) -> Path:
    path = folder / "people.csv"
    path.write_text(text, encoding="utf-8")
    return path


def ordered(path: Path, login: str | None = None) -> Order:
    settings = Settings.load({"BCFLOW_HOME": str(path.parent)}, path.parent)
    return read_order(Wanted("invite-member", sheet=path, business_center=BC, login=login), settings)


def test_rows_are_told_as_they_stand_by_their_numbers(tmp_path: Path) -> None:
    sheet = read_sheet(make_csv(tmp_path, "email;role;;\n\nb@b.example;admin;;\na@b.example\n"))
    assert sheet.columns == ("email", "role")
    assert list(sheet.row_texts()) == [
        (3, {"email": "b@b.example", "role": "admin"}),
        (4, {"email": "a@b.example", "role": ""}),
    ]


def test_empty_columns_behind_the_last_one_cost_no_row_of_the_report(tmp_path: Path) -> None:
    path = make_csv(tmp_path, "email,role,,\na@b.example,admin,,\nA@B.example,admin,,\n")
    order = ordered(path)
    assert order.columns == ("email", "role")
    assert [task.rows for task in order.tasks] == [
        ((2, {"email": "a@b.example", "role": "admin"}), (3, {"email": "A@B.example", "role": "admin"}))
    ]
    assert order.sha256 == sha256(path.read_bytes()).hexdigest()


def test_a_login_that_an_option_names_is_told_once_for_the_whole_sheet(tmp_path: Path) -> None:
    path = make_csv(tmp_path, "email,role\na@b.example,admin\nc@b.example,admin\n")
    with pytest.raises(BadInput) as caught:
        ordered(path, login="acme")
    assert caught.value.problems == [f"{path}:row 1: login: 'acme' is not set up; known: default"]


def test_a_column_that_names_another_flow_makes_no_job_of_it(tmp_path: Path) -> None:
    path = make_csv(tmp_path, "email,role,flow\na@b.example,admin,add-ad-account\n")
    with pytest.raises(BadInput, match=r"people\.csv:row 2: flow: 'add-ad-account' is not possible"):
        ordered(path)


def test_a_job_that_is_asked_for_again_says_where_it_stands_too(tmp_path: Path) -> None:
    sheet = make_csv(
        tmp_path, "email,role\na@b.example,admin\nc@b.example,admin\nA@B.example,admin\na@b.example,admin\n"
    )
    job = f'{{flow: invite-member, business_center: "{BC}", email: a@b.example, role: admin}}'
    jobs = tmp_path / "jobs.yaml"
    jobs.write_text(f"jobs:\n  - {job}\n  - {job}\n")
    settings = Settings.load({"BCFLOW_HOME": str(tmp_path)}, tmp_path)

    assert [task.source for task in ordered(sheet).tasks] == [
        f"{sheet}:2, 4, 5",
        f"{sheet}:3",
    ]
    [task] = read_order(Wanted(str(jobs)), settings).tasks
    assert (task.name, task.source) == ("jobs.yaml:2", f"{jobs}:2, 3")

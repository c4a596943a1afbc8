"""`bcflow init`: what a newcomer fills in, and an example of what to do."""

import json
from pathlib import Path

import pytest

from bcflow.models.jobs import AddAdAccount, InviteMember
from bcflow.runner.cli.app import run_app
from bcflow.runner.config.settings import Settings
from bcflow.runner.jobfiles import jobfile, sheet_jobs
from bcflow.runner.jobfiles.sheet_file import read_sheet
from tests.support.in_process import run_here


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BCFLOW_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


def test_it_writes_a_settings_file_for_its_owner_and_two_examples(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_app(["init"]) == 0
    said = capsys.readouterr().out
    assert [line for line in said.splitlines() if line.startswith("made: ")] == [
        f"made: {home / 'secrets.env'}",
        "made: jobs.yaml",
        "made: people.csv",
    ]
    assert "bcflow login --headed" in said
    assert (home / "secrets.env").stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("home")
def test_nothing_is_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "jobs.yaml").write_text("mine", encoding="utf-8")
    assert run_app(["init", "--json"]) == 0
    assert "jobs.yaml" not in json.loads(capsys.readouterr().out)["made"]
    assert (tmp_path / "jobs.yaml").read_text("utf-8") == "mine"
    assert run_app(["init", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["made"] == []


@pytest.mark.usefixtures("home")
def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "jobs.yaml").symlink_to(tmp_path / "nowhere" / "jobs.yaml")
    (tmp_path / "people.csv").mkdir()
    assert run_app(["init"]) == 0, "what is there in some way is left as it is"
    assert "left as it is: people.csv" in capsys.readouterr().out


def test_two_lines_are_filled_in_and_the_examples_are_read(home: Path, tmp_path: Path) -> None:
    assert run_app(["init"]) == 0
    secrets = home / "secrets.env"
    filled = secrets.read_text("utf-8").replace("EMAIL=", "EMAIL=ops@agency.example").replace("''", "'a #1 pass'")
    secrets.write_text(filled, encoding="utf-8")
    login = Settings.load({"BCFLOW_HOME": str(home)}, tmp_path).login()
    assert (login.email, login.password and login.password.get_secret_value()) == ("ops@agency.example", "a #1 pass")
    assert [type(one.job) for one in jobfile.read("jobs.yaml").jobs] == [InviteMember, AddAdAccount]
    of_all = {"business_center": "7123456789012345678"}
    people = sheet_jobs.read(read_sheet(Path("people.csv")), "invite-member", defaults=of_all)
    assert [one.job.finance_role for one in people if isinstance(one.job, InviteMember)] == [None, "manager"]


@pytest.mark.parametrize(
    "words",
    [
        ["resume", "last"],
        ["cancel", "last"],
        ["answer", "q7f3k", "--yes"],
        ["settle", "b-001", "--happened"],
        ["whoami"],
        ["list", "members"],
    ],
)
def test_what_needs_something_says_that_there_is_nothing_yet_and_makes_nothing(
    tmp_path: Path, words: list[str]
) -> None:
    environment = {"HOME": str(tmp_path), "BCFLOW_HOME": str(tmp_path / "home")}
    done = run_here(words, folder=tmp_path, environment=environment)

    assert done.returncode == 2
    assert done.stderr.startswith("nothing here yet: there is no folder /")
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []

"""Where the home and its database are, whatever the folder is called and whoever asks."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import make_url

from bcflow.models.errors import BadInput
from bcflow.runner.browser import choice
from bcflow.runner.cli.app import run_app
from bcflow.runner.config.settings import Settings
from bcflow.runner.engine.queue import Queue
from bcflow.runner.storage.database import Database

LOOKING = [
    ["runs"],
    ["runs", "--json"],
    ["show", "last"],
    ["report", "last"],
    ["report", "last", "--csv"],
    ["inbox"],
    ["inbox", "--json"],
    ["waiting"],
    ["remind", "acme"],
    ["status"],
    ["log"],
    ["log", "--verify"],
    ["flows"],
    ["labels", "list"],
    ["labels", "export", "words.yaml"],
    ["prune", "--older-than", "90d", "--dry-run"],
]
NAMES = [
    "a?b",
    "5$",
    "$5",
    "a#b",
    "100%",
    "%3F",
    "a b",
    "ops@agency",
    "Zoë 日本",
    "a&b=c",
    "a;b",
    "it's",
    'a"b',
    "a:b",
    "~",
    "א ב",
]


def problems(env: dict[str, str], folder: Path) -> list[str]:
    with pytest.raises(BadInput) as caught:
        Settings.load(env, folder)
    return caught.value.problems


@pytest.mark.nightly
@pytest.mark.parametrize("name", NAMES)
def test_the_database_is_in_the_home_whatever_that_is_called(name: str, tmp_path: Path) -> None:
    home = tmp_path / name / "home"
    found = Settings.load({"BCFLOW_HOME": str(home)}, tmp_path)
    found.make_home()
    with closing(Database(found.database())), closing(Queue(found.database())) as queue:
        queue.prepare()
    assert sorted(path.name for path in tmp_path.iterdir()) == [name]
    with closing(sqlite3.connect(home / "bcflow.sqlite3")) as ours:
        tables = {name for (name,) in ours.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert {"effects", "workflow_status"} <= tables


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="/$"), min_size=1, max_size=60))
def test_no_name_of_a_home_leads_out_of_it(name: str) -> None:
    found = Settings.load({"BCFLOW_HOME": f"/nowhere/{name}/x"}, Path("/nowhere"))
    assert make_url(found.database()).database == str(Path(f"/nowhere/{name}/x/bcflow.sqlite3"))


@pytest.mark.parametrize(
    ("home", "why"),
    [
        ("state", "is not a full path"),
        ("./state", "is not a full path"),
        ("$HOME/state", "is not a full path"),
        ("/srv/$USER/state", "$USER is taken as it is"),
        ("/srv/${USER}", "${USER} is taken as it is"),
        ("%h/state", "is not a full path"),
        ("/srv/a\nb", "cannot be seen"),
        ("/srv/\udcff", "cannot be seen"),
    ],
)
def test_a_home_that_depends_on_where_one_stands_is_refused(home: str, why: str, tmp_path: Path) -> None:
    (line,) = problems({"BCFLOW_HOME": home}, tmp_path)
    assert line.startswith("BCFLOW_HOME: ")
    assert why in line
    assert "\n" not in line


def test_a_tilde_is_the_home_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Settings.load({"BCFLOW_HOME": "~/x"}, tmp_path).home == tmp_path / "x"


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///ledger.sqlite3",
        "sqlite:///~/ledger.sqlite3",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:/srv/x?uri=true",
        "sqlite:////srv/a?b/x.sqlite3",
        "sqlite:////srv/$USER/x.sqlite3",
        "sqlite+aiosqlite:////srv/x.sqlite3",
        "sqlite://host/srv/x.sqlite3",
    ],
)
def test_another_ledger_is_a_full_path_and_nothing_else(url: str, tmp_path: Path) -> None:
    (line,) = problems({"BCFLOW_HOME": str(tmp_path), "BCFLOW_DATABASE_URL": url}, tmp_path)
    assert line.startswith("BCFLOW_DATABASE_URL: ")
    assert "sqlite:////srv/bcflow/ledger.sqlite3" in line


def test_another_ledger_may_be_called_anything(tmp_path: Path) -> None:
    env = {"BCFLOW_HOME": str(tmp_path), "BCFLOW_DATABASE_URL": f"sqlite:///{tmp_path}/a%3Fb.sqlite3"}
    with closing(Database(Settings.load(env, tmp_path).database())):
        assert (tmp_path / "a?b.sqlite3").is_file()


@pytest.mark.parametrize("words", LOOKING)
def test_who_only_looks_makes_no_home_and_is_told_where_it_would_be(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BCFLOW_HOME", str(tmp_path / "home"))
    run_app(words)
    said = capsys.readouterr()
    assert list(tmp_path.iterdir()) == []
    assert words == ["flows"] or f"{tmp_path / 'home'}: there is no such folder yet" in said.err
    assert "bcflow: " not in said.err


@pytest.mark.parametrize("words", [["runs"], ["status"], ["submit", "jobs.yaml"], ["stop"]])
def test_a_home_that_cannot_be_made_is_one_sentence(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "jobs.yaml").write_text("jobs: [{flow: invite-member, business_center: '7123456789012345678', ")
    (tmp_path / "file").touch()
    monkeypatch.setenv("BCFLOW_HOME", str(tmp_path / "file"))
    assert run_app(words) == 2
    assert "is a file; it must be a folder" in capsys.readouterr().err


def test_a_home_below_a_file_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("BCFLOW_HOME", str(tmp_path / "file" / "home"))
    assert run_app(["stop"]) == 2
    told = capsys.readouterr().err
    assert f"BCFLOW_HOME: {tmp_path / 'file' / 'home'} cannot be made (Not a directory)" in told
    assert told.count("\n") == 1


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be a user whom the system does not know, without HOME."""
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)

    def unknown(_uid: int) -> None:
        raise KeyError("no such user")

    monkeypatch.setattr("pwd.getpwuid", unknown)


@pytest.mark.usefixtures("nobody")
def test_an_unknown_user_needs_a_home_and_nothing_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings.load({"BCFLOW_HOME": str(tmp_path)}, tmp_path).home == tmp_path
    (line,) = problems({}, tmp_path)
    assert line == "BCFLOW_HOME: is not set, and this user has no home folder; set it to a folder of yours"
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.delenv("PLAYWRIGHT_BROWSERS_PATH", raising=False)
    monkeypatch.setattr("os.geteuid", os.geteuid)
    assert choice.playwright_browser("chromium") is None


@pytest.mark.usefixtures("nobody")
@pytest.mark.parametrize("setting", ["BCFLOW_HOME", "BCFLOW_BROWSER"])
def test_a_tilde_of_an_unknown_user_is_refused(setting: str, tmp_path: Path) -> None:
    (line,) = problems({"BCFLOW_HOME": str(tmp_path), setting: "~/x"}, tmp_path)
    assert line.startswith(f"{setting}: ")

"""The switches that every process of one database obeys, and the commands that move them."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import typer

from bcflow.models.errors import BadInput
from bcflow.runner.cli import switch
from bcflow.runner.storage.audit import Audit
from bcflow.runner.storage.database import Database
from bcflow.runner.storage.switches import Switches


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("BCFLOW_HOME", str(tmp_path))
    monkeypatch.setenv("BCFLOW_ACTOR", "ana@x")
    monkeypatch.chdir(tmp_path)
    with closing(Database(f"sqlite:///{tmp_path / 'bcflow.sqlite3'}")) as opened:
        yield opened


@pytest.fixture
def switches(database: Database) -> Switches:
    return Switches(database)


def run(*words: str) -> object:
    app = typer.Typer()
    for command in (switch.stop, switch.start):
        app.command()(command)
    return app(args=list(words), standalone_mode=False)


def noted(database: Database) -> list[tuple[str, str, str]]:
    return [(entry.actor, entry.action, entry.subject) for entry in Audit(database).entries()]


def test_nothing_is_on_at_first(switches: Switches) -> None:
    assert (switches.stopped(), switches.is_read_only(), switches.paused("invite-member", "default")) == ("", "", "")
    assert switches.all() == []


def test_stop_says_who_when_and_why_until_it_is_lifted(switches: Switches, tmp_path: Path) -> None:
    switches.stop("the client\ncalled", "ana@x")
    with closing(Database(f"sqlite:///{tmp_path / 'bcflow.sqlite3'}")) as of_another_process:
        said = Switches(of_another_process).stopped()
    assert said.startswith("stopped by ana@x at 20")
    assert said.endswith(" UTC: the client called")
    switches.start("bo@x")
    assert switches.stopped() == ""


def test_each_switch_is_lifted_by_itself(switches: Switches) -> None:
    switches.stop("", "ana@x")
    switches.read_only(on=True, actor="ana@x", why="audit week")
    switches.pause("invite-member", "acme", "a captcha")
    assert [each.kind for each in switches.all()] == ["stopped", "read-only", "paused"]
    switches.start("bo@x")
    assert [each.kind for each in switches.all()] == ["read-only", "paused"]
    switches.read_only(on=False, actor="bo@x")
    assert (switches.is_read_only(), len(switches.all())) == ("", 1)


def test_a_pause_is_for_one_flow_on_one_login_and_keeps_its_first_reason(switches: Switches) -> None:
    switches.pause("invite-member", "acme", "a captcha")
    switches.pause("invite-member", "acme", "three failures")
    assert switches.paused("invite-member", "acme").startswith("invite-member on login acme is paused by bcflow at ")
    assert switches.paused("invite-member", "acme").endswith(": a captcha")
    assert switches.paused("invite-member", "default") == ""
    assert switches.paused("add-ad-account", "acme") == ""

    switches.resume("invite-member", "acme", "bo@x")
    assert switches.all() == []
    switches.pause("invite-member", "acme", "three failures")
    assert switches.paused("invite-member", "acme").endswith(": three failures")


def test_stop_and_start_are_told_and_noted(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    run("stop", "--why", "the client called")
    assert capsys.readouterr().out.endswith(" UTC: the client called\n")
    assert Switches(database).stopped()
    run("start")
    assert capsys.readouterr().out == "nothing is stopped\n"
    assert not Switches(database).stopped()
    assert noted(database) == [("ana@x", "stopped", "everything"), ("ana@x", "started-again", "everything")]


def test_read_only_lets_looks_go_on(
    database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run("stop", "--read-only", "--json")
    told = json.loads(capsys.readouterr().out)
    assert ([each["kind"] for each in told["switches"]], told["read_only_setting"]) == (["read-only"], False)
    assert not Switches(database).stopped()
    run("start")
    assert "read-only by ana@x" in capsys.readouterr().out
    monkeypatch.setenv("BCFLOW_READ_ONLY", "1")
    run("start", "--read-only")
    assert capsys.readouterr().err == "read-only all the same: BCFLOW_READ_ONLY is set\n"
    assert not Switches(database).is_read_only()


def test_a_pause_is_lifted_by_name(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    switches = Switches(database)
    switches.pause("invite-member", "acme_eu", "a captcha")
    with pytest.raises(BadInput, match="not paused on login default; paused: invite-member --login acme_eu"):
        run("start", "invite-member")
    run("start", "invite-member", "--login", "ACME-EU")
    assert capsys.readouterr().out == "nothing is stopped\n"
    assert noted(database) == [("ana@x", "started-again", "acme_eu")]
    [entry] = Audit(database).entries()
    assert entry.detail["flow"] == "invite-member"
    assert "a captcha" in entry.detail["lifted"]


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("start", "invite-member"), "paused: nothing"),
        (("start", "invite-member", "--login", "a b"), "not a login's name"),
        (("start", "invite-member", "--read-only"), "either a flow or --read-only"),
        (("start", "--login", "acme"), "--login goes with a flow"),
    ],
)
def test_wrong_words_are_named_and_nothing_is_noted(words: tuple[str, ...], told: str, database: Database) -> None:
    with pytest.raises(BadInput) as caught:
        run(*words)
    assert told in str(caught.value)
    assert noted(database) == []

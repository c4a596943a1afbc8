"""A home with a job file in it, a fake browser, a person at the terminal."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bcflow.runner.cli import frame
from bcflow.runner.cli.running import work, worker_loop
from standin.server import StandIn
from tests.support.fake_site import JOBS, FakeSite
from tests.support.night import Night
from tests.support.standin_shell import Shell


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BCFLOW_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("BCFLOW_PACE_SECONDS", "0")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "jobs.yaml").write_text(JOBS)
    return tmp_path / "home"


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> FakeSite:
    fake = FakeSite()
    monkeypatch.setattr(work, "slots", fake.factory)
    return fake


@pytest.fixture
def night(home: Path, site: FakeSite, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Night:
    """Give a server that works on the fake site, with nobody at its terminal."""
    monkeypatch.setattr(worker_loop, "slots_of", site.factory)
    monkeypatch.setenv("BCFLOW_ACTOR", "maria@agency")
    return Night(home, capsys, monkeypatch)


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Put somebody at the terminal who gives these answers; returns the questions they get."""

    def sit(*answers: str) -> list[str]:
        questions: list[str] = []
        left = list(answers)

        def answer(question: str) -> bool:
            questions.append(question)
            return left.pop(0) == "yes"

        monkeypatch.setattr(frame, "person_is_there", lambda: True)
        monkeypatch.setattr(frame, "ask_yes_no", answer)
        return questions

    return sit


@pytest.fixture
def bcflow(tmp_path: Path, standin: StandIn) -> Shell:
    """Give the real command line with a home of its own."""
    return Shell(tmp_path, standin)

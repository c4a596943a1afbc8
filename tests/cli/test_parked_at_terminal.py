"""Questions that are put to the person at the terminal."""

from pathlib import Path

import pytest

from bcflow.runner.cli import frame
from bcflow.runner.cli.app import run_app
from tests.support.fake_site import FakeSite
from tests.support.night import AMBIGUOUS, ONE, OTHER, SHARED, TRUSTED, Night


def test_at_a_terminal_the_choice_is_asked_there_and_the_run_goes_on(
    night: Night, site: FakeSite, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (night.home.parent / "jobs.yaml").write_text(SHARED)
    site.looks["Acme US"] = AMBIGUOUS
    site.runs["Acme US"] = {"outcome": "already", "result": {"aadvid": ONE}}
    asked: list[str] = []

    def person(question: str, *, secret: bool) -> str:
        asked.append(question)
        del site.looks["Acme US"]
        assert not secret
        return f"{ONE}\n"

    monkeypatch.setattr(frame, "person_is_there", lambda: True)
    monkeypatch.setattr(frame, "ask_person", person)
    assert run_app(["run", "jobs.yaml", *TRUSTED]) == 0
    assert asked == [f"Answer ({ONE}, {OTHER}, none): "]
    shown = capsys.readouterr().err
    assert f"{OTHER}  the ad account with this id" in shown
    assert site.looked == ["Acme US", "Acme US"]
    assert site.written == ["Acme US", None]
    assert night.outcomes("last") == ["already", "done"]
    assert night.document("inbox") == []


@pytest.mark.usefixtures("site")
def test_who_agrees_at_a_terminal_or_in_a_report_sees_the_same_plan_as_who_ran_it(
    night: Night, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    batch = night.submit_unagreed()
    night.work()
    monkeypatch.setattr(frame, "person_is_there", lambda: True)
    monkeypatch.setattr(frame, "ask_person", lambda _question, *, secret: "" if secret else "no\n")
    capsys.readouterr()
    assert run_app(["report", batch]) == 0
    page = Path(capsys.readouterr().out.strip()).read_text()
    assert "What would be done" in page
    assert "Nobody, before it is run: 3 jobs would be done." in page

    assert run_app(["answer", night.question()["id"]]) == 0
    told = capsys.readouterr().err
    assert "+ invite-member ana@acme.example\n    Business Center  " in told
    assert f"bcflow report {batch} shows each job" in told


@pytest.mark.parametrize(("kind", "unseen"), [("choice", False), ("code", True)])
def test_at_a_terminal_the_answer_is_asked_for_and_only_a_code_is_not_shown(
    night: Night, site: FakeSite, monkeypatch: pytest.MonkeyPatch, *, kind: str, unseen: bool
) -> None:
    if kind == "choice":
        site.looks["Acme US"] = AMBIGUOUS
        night.submit(*TRUSTED)
        night.work()
    else:
        night.ask_for_code()
    asked: list[tuple[str, bool]] = []

    def person(question: str, *, secret: bool) -> str:
        asked.append((question, secret))
        return "none\n"

    monkeypatch.setattr(frame, "person_is_there", lambda: True)
    monkeypatch.setattr(frame, "ask_person", person)
    assert run_app(["answer", night.question()["id"]]) == 0
    prompt = f"Answer ({ONE}, {OTHER}, none): " if kind == "choice" else "Answer: "
    assert asked == [(prompt, unseen)]

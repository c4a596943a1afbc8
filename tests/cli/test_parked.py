"""Questions that a batch leaves behind when it ends or rests: asked, answered, and what follows."""

import os
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from bcflow.models.looks import Effect
from bcflow.runner.browser.lease import Lease
from bcflow.runner.cli.app import run_app
from bcflow.runner.notify.channels import Notifier
from bcflow.runner.storage.ledger import Ledger
from tests.support.fake_site import BC, SITE, FakeSite
from tests.support.night import AMBIGUOUS, ANA, BO, CAPTCHA, EVERYONE, ONE, OTHER, SHARED, TRUSTED, Night

WORDS = {
    "captcha": ("maybe", "done, no"),
    "consent": ("yes", "done, no"),
    "sign-in": ("", "nothing was given"),
    "approval": ("done", "yes, no"),
    "choice": ("7012345678901234569", f"{ONE}, {OTHER}, none"),
}


def test_a_batch_that_nobody_agreed_to_asks_and_goes_on_after_a_yes(night: Night, site: FakeSite) -> None:
    batch = night.submit_unagreed()
    night.work()
    assert (site.looked, site.written, site.open) == (EVERYONE, [], 0)
    (question,) = night.document("inbox")
    assert (question["kind"], question["batch"], question["login"]) == ("approval", batch, "")
    assert "3 to do\nWrite 3 jobs on" in question["text"]
    assert "currency USD; it cannot be deleted" in question["text"]
    assert "rests" not in night.shown("inbox"), "it is listed once"

    code, said, err = night.answer("YES")
    assert (code, site.written) == (0, [])
    assert f"batch {batch} is queued again" in said
    assert f"bcflow resume {batch} goes on" in err
    night.work()
    assert site.written == EVERYONE
    assert [(run["outcome"], run["approved_by"]) for run in night.runs(batch)] == [("done", "maria@agency")] * 3
    assert night.document("inbox") == []
    actions = [entry["action"] for entry in night.document("log", "--subject", batch)]
    assert actions == ["submitted", "started", "approved", "started"]


@pytest.mark.nightly
def test_a_no_cancels_the_batch_and_every_job_says_so(night: Night, site: FakeSite) -> None:
    batch = night.submit_unagreed()
    night.work()
    code, said, _ = night.answer("no")
    assert (code, said.endswith(f"is answered: batch {batch} is cancelled\n")) == (0, True)
    assert night.outcomes(batch) == ["cancelled"] * 3
    assert "maria@agency did not agree" in night.runs(batch)[0]["message"]
    night.work()
    assert site.written == []


@pytest.mark.nightly
@pytest.mark.parametrize("looks_next", ["inbox", "worker"])
def test_an_approval_whose_deadline_passes_is_a_no(night: Night, site: FakeSite, looks_next: str) -> None:
    batch = night.submit_unagreed()
    night.work()
    asked = night.question()["id"]
    night.set_deadlines("2026-11-24T00:00:00.000+00:00")
    if looks_next == "inbox":
        assert night.document("inbox") == []
        assert night.shown("inbox") == "nothing waits for you here\n"
    else:
        night.work()
    assert (night.outcomes(batch), site.written) == (["cancelled"] * 3, [])
    assert "nobody agreed to its writes in time" in night.runs(batch)[0]["message"]
    code, _, err = night.answer("yes", asked)
    assert (code, "deadline has passed" in err) == (2, True)


@pytest.mark.nightly
@pytest.mark.parametrize(("needs", "kind"), [("captcha", "captcha"), ("consent", "consent"), ("code", "sign-in")])
def test_one_question_for_all_runs_that_wait_for_you_and_done_lets_them_go_on(
    night: Night, site: FakeSite, needs: str, kind: str
) -> None:
    site.runs[ANA] = CAPTCHA | {"needs": needs, "message": "a person is needed"}
    batch = night.submit(*TRUSTED)
    night.work()
    assert (site.written, site.open) == (EVERYONE[:2], 0), "the login's next job is not begun"
    question = night.question()
    assert (question["kind"], question["login"], question["batch"]) == (kind, "default", batch)
    assert "bcflow login --headed" in question["text"]
    assert "Runs that wait for it: 2" in question["text"]

    site.runs.clear()
    assert night.answer("done")[0] == 0
    night.work()
    assert site.written == [*EVERYONE[:2], ANA, BO]
    runs = night.runs(batch)
    assert [run["outcome"] for run in runs] == ["done"] * 3
    assert [run["answered_by"] for run in runs] == ["", "maria@agency", "maria@agency"]
    report = (night.home / "runs" / runs[1]["id"] / "report.html").read_text()
    assert "Answered by" in report
    assert night.answer("done", question["id"])[2].strip().endswith("was answered already, by maria@agency")


@pytest.mark.nightly
def test_done_with_a_captcha_lifts_the_pause_that_it_brought_about(night: Night, site: FakeSite) -> None:
    site.runs[ANA] = CAPTCHA
    batch = night.submit(*TRUSTED)
    night.work()
    assert night.outcomes(batch) == ["done", "waiting", "skipped"]
    assert "invite-member on login default is paused" in night.shown("inbox")
    site.runs.clear()
    night.answer("done")
    night.work()
    assert night.outcomes(batch) == ["done"] * 3
    assert night.shown("inbox") == "nothing waits for you here\n"


def test_a_no_to_a_captcha_leaves_everything_as_it_is(night: Night, site: FakeSite) -> None:
    site.looks[ANA] = CAPTCHA
    batch = night.submit(*TRUSTED)
    night.work()
    assert night.answer("no")[1].endswith("it stays as it is\n")
    night.work()
    assert night.outcomes(batch)[1] == "waiting"
    assert site.looked == EVERYONE[:2]
    assert night.document("inbox") == []


@pytest.mark.nightly
def test_the_picture_of_what_was_met_is_named(night: Night, site: FakeSite) -> None:
    site.runs[ANA] = CAPTCHA | {"pictures": [{"file": "01-page.png", "caption": "The page", "kind": "failure"}]}
    batch = night.submit(*TRUSTED)
    (night.home / "runs" / f"{batch}-002").mkdir(parents=True)
    (night.home / "runs" / f"{batch}-002" / "01-page.png").write_bytes(b"png")
    night.work()
    assert night.question()["picture"] == f"{night.home}/runs/{batch}-002/01-page.png"
    assert f"picture: {night.home}/runs/{batch}-002/01-page.png" in night.shown("inbox")


@pytest.mark.nightly
def test_of_several_equal_things_a_person_says_which_one(night: Night, site: FakeSite) -> None:
    (night.home.parent / "jobs.yaml").write_text(SHARED)
    site.looks["Acme US"] = site.runs["Acme US"] = AMBIGUOUS
    batch = night.submit(*TRUSTED)
    night.work()
    assert night.outcomes(batch) == ["refused", "skipped"]
    question = night.question()
    assert (question["kind"], question["run"]) == ("choice", f"{batch}-001")
    assert [value for value, _ in question["choices"]] == [ONE, OTHER, "none"]

    site.looks.clear()
    site.runs["Acme US"] = {"outcome": "already", "result": {"aadvid": OTHER}}
    assert night.answer(OTHER)[0] == 0
    with closing(Ledger(f"sqlite:///{night.home / 'bcflow.sqlite3'}")) as ledger:
        known = ledger.peek(SITE, Effect(BC, "ad-account", "Acme US"))
    assert (known.id, known.seen) == (OTHER, True)
    night.work()
    assert night.outcomes(batch) == ["already", "done"], "what was skipped for want of it is done, too"
    assert night.runs(batch)[0]["answered_by"] == "maria@agency"


@pytest.mark.nightly
def test_none_of_these_is_an_answer_and_is_not_asked_again(night: Night, site: FakeSite) -> None:
    site.runs |= {"Acme US": AMBIGUOUS, ANA: {"outcome": "failed"}}
    batch = night.submit(*TRUSTED)
    night.work()
    assert night.answer("none")[1].endswith("it stays as it is\n")
    site.runs[ANA] = {"outcome": "done"}
    assert run_app(["resume", batch]) == 1
    assert night.outcomes(batch) == ["refused", "done", "done"]
    assert night.document("inbox") == []


@pytest.mark.nightly
@pytest.mark.parametrize("kind", WORDS)
def test_other_words_are_refused_with_what_is_possible(night: Night, site: FakeSite, kind: str) -> None:
    if kind == "choice":
        site.looks["Acme US"] = AMBIGUOUS
    elif kind != "approval":
        site.looks[ANA] = CAPTCHA | {"needs": kind}
    if kind == "approval":
        night.submit_unagreed()
    else:
        night.submit(*TRUSTED)
    night.work()
    assert night.question()["kind"] == kind
    words, possible = WORDS[kind]
    code, said, err = night.answer(words)
    assert (code, said) == (2, "")
    assert possible in err
    assert night.question()["state"] == "open"


@pytest.mark.nightly
@pytest.mark.parametrize("how", [["resume"], ["cancel"]])
def test_a_batch_that_is_resumed_or_cancelled_leaves_no_stale_question(
    night: Night, site: FakeSite, how: list[str]
) -> None:
    site.runs[ANA] = CAPTCHA
    batch = night.submit(*TRUSTED)
    night.work()
    asked = night.question()["id"]
    site.runs.clear()
    run_app([*how, batch])
    assert night.document("inbox") == []
    code, _, err = night.answer("done", asked)
    assert (code, "taken back" in err) == (2, True)


@pytest.mark.nightly
def test_a_dry_run_asks_nothing(night: Night, site: FakeSite) -> None:
    site.looks |= {"Acme US": AMBIGUOUS, ANA: CAPTCHA}
    night.submit("--dry-run")
    night.work()
    assert night.document("inbox") == []


@pytest.mark.nightly
def test_a_question_is_sent_to_where_people_are_told(
    night: Night, site: FakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    titles: list[str] = []

    def send(_notifier: Notifier, title: str, _body: str) -> bool:
        titles.append(title)
        return True

    monkeypatch.setattr(Notifier, "send", send)
    monkeypatch.setenv("BCFLOW_NOTIFY", "json://127.0.0.1:9/hook")
    site.runs[ANA] = CAPTCHA
    site.runs["Acme US"] = AMBIGUOUS
    night.submit(*TRUSTED)
    night.work()
    assert titles[:2] == [
        "bcflow needs somebody to solve a captcha",
        "bcflow needs your choice between things of the same name",
    ]


@pytest.mark.nightly
@pytest.mark.slow
def test_a_parked_question_survives_a_restart_and_holds_no_browser_no_login_and_hardly_any_room(
    night: Night, site: FakeSite
) -> None:
    many, threads = 20, threading.active_count()
    file = night.home / "bcflow.sqlite3"
    night.submit("--dry-run")
    night.work()
    before = file.stat().st_size
    site.looks[ANA] = CAPTCHA | {"needs": "consent", "message": "The site asks for consent"}
    batches = {night.submit(*TRUSTED) for _ in range(many)}
    for _ in range(2):
        night.work()  # another worker, another connection
        questions = night.document("inbox")
        assert {one["batch"] for one in questions} == batches
        assert site.open == 0
        assert Lease(night.home, "default").holder() is None
    assert threading.active_count() == threads
    assert (file.stat().st_size - before) / many < 1024**2 / 8
    empty = night.home.with_name("another")
    with_none, with_many = _mib_of_a_worker(empty), _mib_of_a_worker(night.home)
    assert with_none > 20.0, "of the worker, not of what started it"
    assert (with_many - with_none) / many < 1.0


def _mib_of_a_worker(home: Path) -> float:
    """Let a worker do what there is to do, and return the most memory that it held (MiB)."""
    worker = [sys.executable, "-m", "bcflow.runner.cli", "worker", "--drain"]
    # A process begins with the size of the one that started it: between the two stands one that is small.
    command = [sys.executable, "-c", _MEASURED, *worker]
    told = subprocess.run(command, env={**os.environ, "BCFLOW_HOME": str(home)}, check=True, capture_output=True)
    return int(told.stdout.split()[-1]) / (1024**2 if sys.platform == "darwin" else 1024)


_MEASURED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""

"""What a batch asks of people, what an answer sets going, and what is done when people submit and resume."""

import re
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bcflow.models.effects import canonical
from bcflow.models.errors import BadInput, BcflowError
from bcflow.runner.batches.answers import Answers
from bcflow.runner.batches.submit import How, submit
from bcflow.runner.jobfiles.source import Order
from bcflow.runner.jobfiles.task import Task
from bcflow.runner.reports import summary
from bcflow.runner.storage.audit import Audit
from bcflow.runner.storage.ledger import Ledger
from bcflow.runner.storage.switches import Switches
from tests.support.batches import SITE, Desk
from tests.support.fake_browser import Armed, Given
from tests.support.jobs import BC, make_account, make_job, make_jobs, make_share

FIRST, SECOND = "7012345678901234567", "7012345678901234568"
CAPTCHA: dict[str, Any] = {
    "outcome": "waiting",
    "waiting_for": "you",
    "needs": "captcha",
    "message": "the site shows a captcha",
}


def result(desk: Desk, number: int = 1) -> str:
    """Return how a run ended by its evidence."""
    return desk.context.history.load_run(f"{desk.batch}-{number:03d}").outcome


def ambiguous(_request: dict[str, Any]) -> Given:
    effect = {"kind": "ad-account", "identity": "Acme US", "business_center": BC, "outcome": "refused"}
    more = {"message": "there are two", "effects": [effect | {"candidates": [FIRST, SECOND]}]}
    return {"outcome": "refused"} | more


def test_a_batch_that_nobody_agreed_to_rests_until_somebody_does(desk: Desk) -> None:
    desk.go(*make_jobs(["ana", "bo"]), yes=False)
    assert (desk.written, desk.held.phase, desk.held.queued) == ([], "ask", False)
    assert "Write 2 jobs" in desk.answer("yes")
    desk.work()

    assert desk.outcomes == ["done", "done"]
    assert desk.held.terms.approved_by == "ana"
    assert [record.approved_by for record in desk.records] == ["", ""], "what the browser says of it is its own"
    assert {entry.action for entry in Audit(desk.database).entries()} >= {"submitted", "answered", "approved"}


def test_who_does_not_agree_has_nothing_written(desk: Desk) -> None:
    desk.go(*make_jobs(["ana", "bo"]), yes=False)
    desk.answer("no")

    assert (desk.written, desk.outcomes, desk.held.phase) == ([], ["cancelled", "cancelled"], "ended")
    assert desk.message("ana") == "ana did not agree to its writes; nothing was sent"
    assert result(desk) == "cancelled"


def test_what_nobody_answers_in_time_is_cancelled(tmp_path: Path) -> None:
    with closing(Desk(tmp_path / "home")) as desk:
        desk.prove("invite-member")
        desk.go(make_job("ana"), yes=False)
        with desk.database.transaction() as connection:
            connection.exec_driver_sql("update questions set deadline = '2026-01-01'")
        Answers(desk.context).expire()
        desk.work()

        assert (desk.written, desk.outcomes, desk.held.phase) == ([], ["cancelled"], "ended")


def test_an_answer_counts_once(desk: Desk) -> None:
    desk.go(make_job("ana"), yes=False)
    (question,) = desk.open_questions
    desk.answer("yes")
    with pytest.raises(BadInput, match="closed in the meantime"):
        Answers(desk.context).answer(question, "no", by="bo")
    desk.work()

    assert (desk.written, desk.outcomes) == (["ana"], ["done"])


def test_a_captcha_is_asked_about_once_and_its_runs_go_on_after_it(desk: Desk) -> None:
    desk.looks = {"ana": CAPTCHA}
    desk.go(*make_jobs(["ana", "bo"]))
    assert (desk.outcomes, desk.held.phase) == (["waiting", "skipped"], "ended")
    assert [(question.kind, question.login) for question in desk.open_questions] == [("captcha", "default")]

    desk.looks = {}
    desk.answer("done")
    desk.work()
    assert (desk.written, desk.outcomes) == (["ana", "bo"], ["done", "done"])
    assert not Switches(desk.database).paused("invite-member", "default")


def test_which_one_is_meant_is_written_down_and_what_needs_it_goes_on(desk: Desk) -> None:
    desk.looks = {"main": ambiguous}
    desk.go(make_account(), make_share("delta", "${main.aadvid}"))
    assert desk.outcomes == ["refused", "skipped"]

    desk.looks = {}
    desk.runs = {"main": {"outcome": "already", "result": {"aadvid": SECOND}}}
    (question,) = desk.open_questions
    assert [value for value, _ in question.choices] == [FIRST, SECOND, "none"]
    desk.answer(SECOND)
    desk.work()

    assert desk.outcomes == ["already", "done"]
    with closing(Ledger(desk.settings.database())) as ledger:
        entry = ledger.find(SITE, canonical(make_account())[0])
    assert entry
    assert entry.memory.id == SECOND


def test_none_of_these_stays_refused_and_is_not_asked_again(desk: Desk) -> None:
    desk.runs = {"main": ambiguous}
    desk.go(make_account())
    desk.answer("none")
    assert (desk.outcomes, desk.held.phase, desk.queued) == (["refused"], "ended", [])

    desk.resume()
    desk.work()
    assert desk.open_questions == []


def test_a_key_is_one_batch_and_another_file_under_it_is_refused(desk: Desk) -> None:
    order = Order((Task(make_job("ana"), "ana"),), "jobs.yaml", "ab")
    first = submit(desk.context, order, How(yes=True), key="night")
    again = submit(desk.context, order, How(yes=True), key="night")

    assert (first[1], again) == (True, (first[0], False))
    assert desk.context.history.batch_names() == [first[0]]
    with pytest.raises(BadInput, match="was used for another file"):
        submit(desk.context, Order(order.tasks, "jobs.yaml", "cd"), How(yes=True), key="night")
    assert len(desk.queued) == 1


def test_what_cannot_start_ends_with_its_files_when_it_is_submitted(desk: Desk) -> None:
    Switches(desk.database).pause("invite-member", "default", "a captcha")
    desk.submit(*make_jobs(["ana", "bo"]))

    assert (desk.outcomes, desk.held.phase, desk.queued) == (["skipped", "skipped"], "ended", [])
    assert result(desk) == "skipped"
    kept = desk.context.history.load_batch(desk.batch)
    assert (bool(kept.ended), kept.exit_code) == (True, summary.NOT_DONE)
    assert (desk.context.history.batch_folder(desk.batch) / "report.html").is_file()


def test_what_cannot_start_ends_with_its_files_when_it_is_resumed(desk: Desk) -> None:
    desk.runs = {"ana": {"outcome": "failed", "message": "no such page"}}
    desk.go(make_job("ana"))
    Switches(desk.database).pause("invite-member", "default", "a captcha")
    assert desk.resume()

    assert (desk.outcomes, desk.held.phase) == (["skipped"], "ended")
    assert result(desk) == "skipped"


def test_what_is_told_as_sent_is_what_all_attempts_sent(desk: Desk) -> None:
    desk.runs = {"ana": {"outcome": "unknown", "writes": 1}, "bo": Armed(BcflowError("the browser is gone"))}
    desk.go(*make_jobs(["ana", "bo"]))
    assert [(run.outcome, run.writes) for run in desk.records] == [("unknown", 1), ("unknown", 1)]
    desk.runs = {"ana": {"outcome": "failed"}, "bo": {"outcome": "done", "writes": 1}}
    assert desk.resume()
    desk.work()

    assert [(run.outcome, run.writes) for run in desk.records] == [("failed", 1), ("done", 2)]
    kept = [desk.context.history.load_run(run.id) for run in desk.records]
    assert [run.writes for run in kept] == [1, 2], "the files say it too"
    assert "Write requests sent 1" in plain(desk.context.run_folder(kept[0].id) / "report.html")


def plain(page: Path) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.read_text()).split())


def test_a_resume_tries_again_what_failed_and_nothing_else(desk: Desk) -> None:
    desk.runs = {
        "ana": {"outcome": "failed", "message": "no such page"},
        "bo": {"outcome": "refused", "message": "no", "writes": 1},
    }
    desk.go(*make_jobs(["ana", "bo", "cy"]))
    assert desk.outcomes == ["failed", "refused", "done"]
    desk.runs = {}
    desk.requests.clear()
    assert desk.resume()
    desk.work()

    assert desk.outcomes == ["done", "refused", "done"]
    assert [name for _, name in desk.asked] == ["ana"]
    assert not desk.resume(), "nothing is left that could be tried again"

"""Words that nobody knows: asked about once, answered, learnt, and all runs that wait for them go on."""

from contextlib import closing
from pathlib import Path
from typing import Any

from bcflow.runner.batches.answers import Answers
from bcflow.runner.reports import summary
from bcflow.runner.storage.database import now
from bcflow.runner.storage.labels.file import LabelFile
from bcflow.runner.storage.proofs import Proofs
from bcflow.runner.storage.switches import Switches
from tests.support.batches import SITE, Desk
from tests.support.jobs import make_account, make_job, make_jobs, make_share
from tests.support.words import ABOARD, INVITE, OFF, SEND, make_learnt, make_unknown, make_word, waits
from tests.support.words_desk import DONE, ONE, PLANNED, asked, learnt, say, show, stick


def test_a_word_is_asked_about_once_and_the_job_goes_on_with_the_answer(desk: Desk) -> None:
    show(desk, ONE, "ana")
    desk.go(make_job("ana"))
    question = asked(desk)
    assert (question.kind, question.batch, question.run) == ("word", desk.batch, f"{desk.batch}-001")
    assert "members: under which word is the button “Invite member” there?" in question.text
    assert (desk.outcomes, desk.held.phase, desk.held.record.exit_code) == (["waiting"], "ended", summary.YOU_MUST_ACT)
    assert learnt(desk) == {}

    taken = say(desk, choose=1)
    assert (taken.left, [news.batch for news in taken.news]) == ([], [desk.batch])
    desk.work()
    assert (desk.outcomes, desk.written, learnt(desk)) == (["done"], ["ana", "ana"], {INVITE: (ABOARD,)})
    assert desk.records[0].answered_by == "ana"
    assert Answers(desk.context).questions.open() == []


def test_jobs_of_its_flow_wait_with_it_and_those_of_other_flows_go_on(desk: Desk) -> None:
    show(desk, ONE, "ana", "bo")
    desk.go(*make_jobs(["ana", "bo", "cy"]), make_account())

    assert desk.outcomes == ["waiting", "waiting", "waiting", "done"]
    assert [name for mode, name in desk.asked if mode == "look"] == ["ana", "main"], "bo and cy were not begun"
    assert desk.message("bo").startswith("not started: members: the button “Invite member”")
    assert len(desk.open_questions) == 1

    say(desk, choose=1)
    desk.work()
    assert desk.outcomes == ["done"] * 4
    assert [record.answered_by for record in desk.records] == ["ana", "ana", "ana", ""]


def test_a_login_that_cannot_even_sign_in_for_want_of_a_word_does_nothing_else(desk: Desk) -> None:
    desk.looks = {"ana": waits(make_unknown(screen="log-in"), effects=[])}
    desk.go(make_job("ana"), make_account(), make_job("dan", login="default"))
    assert desk.outcomes == ["waiting"] * 3
    assert desk.asked == [("look", "ana")]
    assert len(desk.open_questions) == 1


def test_two_batches_that_meet_the_same_words_ask_once_and_both_go_on(desk: Desk) -> None:
    show(desk, ONE, "ana", "bo")
    desk.go(make_job("ana"))
    first, question = desk.batch, asked(desk)
    desk.go(make_job("bo"))
    assert asked(desk).id == question.id
    assert asked(desk).deadline > question.deadline, "who came later has as long"

    assert [news.batch for news in say(desk, text=f"  {ABOARD} ").news] == sorted([first, desk.batch])
    desk.work()
    assert (desk.outcomes, sorted(desk.written)) == (["done"], ["ana", "ana", "bo", "bo"])
    assert desk.store.load(first).runs[0].outcome == "done"


def test_another_screen_language_or_word_is_another_question(desk: Desk) -> None:
    others = [make_unknown(screen="invitation"), make_unknown(language="vi"), make_unknown(make_word(SEND, OFF))]
    for unknown in [ONE, *others]:
        stick(desk, unknown, "ana")
        desk.go(make_job("ana"))
    assert len({one.topic for one in Answers(desk.context).questions.open()}) == 4


def test_a_run_that_waits_for_a_word_proves_nothing_and_stops_nothing(tmp_path: Path) -> None:
    with closing(Desk(tmp_path / "home")) as fresh:
        fresh.runs = {"ana": waits(ONE, writes=1), "main": DONE}
        fresh.go(make_job("ana"), make_account())
        with fresh.database.transaction() as connection:
            assert Proofs(connection).of("invite-member") == []
        assert Switches(fresh.database).all() == []
        assert fresh.outcomes == ["waiting", "done"]


def test_what_was_skipped_for_want_of_its_result_goes_on_too(desk: Desk) -> None:
    there = {"outcome": "already", "result": {"aadvid": "7012345678901234567"}}
    show(desk, ONE, "main", then=there)
    desk.go(make_account(), make_share("delta", "${main.aadvid}"))
    assert desk.outcomes == ["waiting", "skipped"]
    say(desk, choose=1)
    desk.work()
    assert desk.outcomes == ["already", "done"]


def test_a_dry_run_asks_too_and_only_looks_again(desk: Desk) -> None:
    show(desk, ONE, "ana")
    desk.go(make_job("ana"), yes=False, dry_run=True)
    say(desk, choose=1)
    desk.work()
    assert (desk.outcomes, desk.written) == (["planned"], [])


def test_a_captcha_that_is_solved_lets_nobody_go_on_who_waits_for_a_word(desk: Desk) -> None:
    captcha = {"outcome": "waiting", "waiting_for": "you", "needs": "captcha", "message": "the site shows a captcha"}
    desk.looks = {"ana": waits(ONE), "main": captcha}
    desk.go(make_job("ana"), make_account())
    question = next(one for one in desk.open_questions if one.kind == "captcha")
    desk.looks["main"] = PLANNED
    desk.requests.clear()
    Answers(desk.context).answer(question, "done", by="ana")
    desk.work()
    assert (desk.outcomes, [name for _, name in desk.asked]) == (["waiting", "done"], ["main"])
    assert asked(desk).kind == "word"


def test_a_batch_that_is_resumed_asks_again_only_if_it_still_has_to(desk: Desk) -> None:
    stick(desk, ONE, "ana")
    desk.go(make_job("ana"))
    desk.runs = {}
    assert desk.resume()
    desk.work()
    assert (desk.outcomes, Answers(desk.context).questions.open()) == (["done"], [])


def test_a_batch_that_is_cancelled_is_not_taken_up_by_an_answer_to_another(desk: Desk) -> None:
    stick(desk, ONE, "ana", "bo")
    desk.go(make_job("ana"))
    first = desk.batch
    desk.go(make_job("bo"))
    desk.cancel()
    assert [news.batch for news in say(desk, choose=1).news] == [first]
    assert desk.outcomes == ["waiting"]

    desk.batch = first
    desk.work()
    desk.cancel()
    assert Answers(desk.context).questions.open() == [], "nobody waits for it"


def test_what_was_answered_while_an_attempt_was_under_way_is_not_asked_again(desk: Desk) -> None:
    def meanwhile(_request: dict[str, Any]) -> dict[str, Any]:
        began = now()
        LabelFile(desk.settings.home).change(lambda kept: kept.teach(make_learnt(site=SITE, at=now())))
        show(desk, ONE, "ana")
        return waits(ONE, started=began)

    desk.runs["ana"] = meanwhile
    desk.go(make_job("ana"))
    assert (desk.outcomes, desk.questions) == (["done"], [])
    assert desk.written == ["ana", "ana"]

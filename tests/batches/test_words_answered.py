"""What a person may say to a question about words, and what comes of it."""

from typing import Any

import pytest

from bcflow.models.errors import BadInput
from bcflow.models.looks import Effect
from bcflow.runner.batches.answers import Answers
from bcflow.runner.batches.words.answering import Said
from bcflow.runner.reports import summary
from bcflow.runner.storage.asked_words import words_of
from bcflow.runner.storage.audit import Audit
from bcflow.runner.storage.labels.file import LabelFile
from bcflow.runner.storage.switches import Switches
from tests.support.batches import SITE, Desk
from tests.support.jobs import BC, make_account, make_job, make_jobs
from tests.support.words import ABOARD, EXPORT, INVITE, OFF, SEND, make_learnt, make_unknown, make_word, waits
from tests.support.words_desk import ONE, TWO, asked, learnt, say, show, stick


def test_several_words_are_one_question_and_learnt_when_all_are_answered(desk: Desk) -> None:
    show(desk, TWO, "ana")
    desk.go(make_job("ana"))

    taken = say(desk, choose=1)
    assert [word.concept for word in taken.left] == [SEND]
    assert (taken.news, learnt(desk), desk.queued) == ([], {}, []), "nothing counts before the whole does"
    assert [word.answer.text if word.answer else None for word in words_of(asked(desk)).words] == [ABOARD, None]
    say(desk, "bo", choose=3)
    assert learnt(desk) == {INVITE: (ABOARD,), SEND: (OFF,)}
    assert [word.by for word in LabelFile(desk.settings.home).read().words] == ["ana", "bo"]
    desk.work()
    assert desk.outcomes == ["done"]
    notes = [
        (one.actor, one.detail["concept"], one.detail["answer"])
        for one in Audit(desk.database).entries(action="answered")
    ]
    assert notes == [("ana", INVITE, ABOARD), ("bo", SEND, OFF)]


def test_a_word_can_be_named_and_answered_anew_as_long_as_the_question_is_open(desk: Desk) -> None:
    show(desk, TWO, "ana")
    desk.go(make_job("ana"))
    assert [word.concept for word in say(desk, concept=SEND, text=OFF).left] == [INVITE]
    assert [word.concept for word in say(desk, concept=SEND).left] == [INVITE], "none, after all"
    assert say(desk, choose=1).left == []
    assert learnt(desk) == {INVITE: (ABOARD,)}


@pytest.mark.parametrize("named", [{}, {"concept": "next"}], ids=["in order", "named"])
def test_one_thing_may_go_by_several_words(desk: Desk, named: dict[str, str]) -> None:
    """The button that leads on from each step of a form, say."""
    first, then = make_word("next", "Continue", "Back"), make_word("next", "Go on", first=3)
    stick(desk, make_unknown(first, then), "ana")
    desk.go(make_job("ana"))
    assert [word.candidates for word in say(desk, choose=1, **named).left] == [then.candidates]
    with pytest.raises(BadInput, match="3"):
        say(desk, choose=2)
    assert say(desk, choose=3, **named).left == []
    assert sorted(learnt(desk)["next"]) == ["Continue", "Go on"]


def test_that_none_of_one_is_it_says_nothing_of_the_other_word_of_the_same_thing(desk: Desk) -> None:
    stick(desk, make_unknown(make_word("next", "Back"), make_word("next", "Go on", first=2)), "ana")
    desk.go(make_job("ana"))
    assert [word.candidates[0].text for word in say(desk).left] == ["Go on"]
    assert say(desk, text="Onwards").left == []
    assert learnt(desk) == {"next": ("Onwards",)}


def test_an_answer_to_one_question_is_one_to_every_question_about_that_screen(desk: Desk) -> None:
    show(desk, TWO, "ana")
    desk.go(make_job("ana"))
    show(desk, ONE, "bo")
    desk.go(make_job("bo"))
    (both, one) = Answers(desk.context).questions.open()
    taken = Answers(desk.context).word(both, Said(choose=1), by="ana")
    assert [word.concept for word in taken.left] == [SEND]
    assert [news.batch for news in taken.news] == [desk.batch]
    assert asked(desk).id == both.id, f"{one.id} is answered"
    desk.work()
    assert desk.outcomes == ["done"]


def test_none_on_one_form_says_nothing_of_another_form_on_that_screen(desk: Desk) -> None:
    stick(desk, make_unknown(make_word(INVITE, ABOARD, EXPORT), make_word(SEND, ABOARD)), "ana")
    desk.go(make_job("ana"))
    stick(desk, make_unknown(make_word(SEND, OFF)), "bo")
    desk.go(make_job("bo"))
    (first, other) = Answers(desk.context).questions.open()
    Answers(desk.context).word(first, Said(concept=SEND), by="ana")
    Answers(desk.context).word(first, Said(concept=INVITE, choose=2), by="ana")
    assert asked(desk).id == other.id
    assert [word.answer for word in words_of(asked(desk)).words] == [None], "another button is proposed there"


def test_a_button_of_one_form_leaves_open_which_that_of_another_form_is(desk: Desk) -> None:
    both = "next or send"
    stick(desk, make_unknown(make_word(INVITE, ABOARD, either=both), make_word(SEND, ABOARD, either=both)), "ana")
    desk.go(make_job("ana"))
    stick(
        desk,
        make_unknown(make_word(INVITE, OFF, either=both), make_word(SEND, OFF, either=both), make_word("next")),
        "bo",
    )
    desk.go(make_job("bo"))
    (first, other) = Answers(desk.context).questions.open()
    Answers(desk.context).word(first, Said(concept=INVITE, text=ABOARD), by="ana")
    assert asked(desk).id == other.id
    assert [word.answer and word.answer.text for word in words_of(asked(desk)).words] == [ABOARD, None, None]


def test_none_ends_what_waited_and_says_who_said_so(desk: Desk) -> None:
    stick(desk, ONE, "ana")
    desk.go(*make_jobs(["ana", "bo"]), make_account())
    say(desk)
    desk.work()

    assert desk.outcomes == ["screen-changed", "skipped", "done"]
    assert "ana said that it is none of it" in desk.message("ana")
    assert desk.held.record.exit_code == summary.A_SCREEN_CHANGED
    assert [effect.outcome for effect in desk.records[0].effects] == ["screen-changed"]
    assert Switches(desk.database).paused("invite-member", "default"), "as after any screen that changed"
    denied = LabelFile(desk.settings.home).learnt(SITE).denied
    assert denied == {("members", INVITE, text) for text in ("", ABOARD, EXPORT)}
    assert (learnt(desk), desk.written) == ({}, ["main"])
    kept = desk.context.history.load_run(f"{desk.batch}-001")
    assert kept.outcome == "screen-changed"


def test_with_one_word_said_and_none_for_the_other_it_is_tried_again(desk: Desk) -> None:
    show(desk, TWO, "ana")
    desk.go(make_job("ana"))
    say(desk, choose=1)
    say(desk)
    desk.runs = {"ana": {"outcome": "screen-changed", "message": "members: no button"}}
    desk.work()
    assert (desk.outcomes, learnt(desk)) == (["screen-changed"], {INVITE: (ABOARD,)})


@pytest.mark.parametrize(("screen", "is_taken"), [("the registration", True), ("members", False)])
def test_a_word_of_another_screen_may_be_another_thing_here(desk: Desk, screen: str, is_taken: bool) -> None:
    taught = make_learnt("confirm", ABOARD, screen=screen, site=SITE)
    LabelFile(desk.settings.home).change(lambda kept: kept.teach(taught))
    show(desk, ONE, "ana")
    desk.go(make_job("ana"))
    if is_taken:
        say(desk, text=ABOARD)
        assert learnt(desk)[INVITE] == (ABOARD,)
    else:
        with pytest.raises(BadInput, match="is the word of 'confirm'"):
            say(desk, text=ABOARD)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"choose": 9}, "the answer is one of: 1, 2"),
        ({"choose": 3}, "the answer is one of: 1, 2"),
        ({"text": "  "}, "the text is empty"),
        ({"text": "Cancel"}, "'Cancel' is the word of 'cancel'"),
        ({"text": "${x}"}, "no word that a page shows"),
        ({"concept": "nothing", "choose": 1}, f"it asks about {INVITE}, {SEND}"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_is_possible(desk: Desk, said: dict[str, Any], told: str) -> None:
    stick(desk, TWO, "ana")
    desk.go(make_job("ana"))
    with pytest.raises(BadInput) as refused:
        say(desk, **said)
    assert told in str(refused.value)
    assert all(word.answer is None for word in words_of(asked(desk)).words)
    assert Audit(desk.database).entries(action="answered") == []


def test_one_text_is_not_two_words_of_a_screen(desk: Desk) -> None:
    stick(desk, TWO, "ana")
    desk.go(make_job("ana"))
    say(desk, choose=1)
    with pytest.raises(BadInput, match=f"is the answer to '{INVITE}' already"):
        say(desk, text=ABOARD)


def test_of_several_things_that_one_can_only_be_the_first_yes_answers_all(desk: Desk) -> None:
    """A row's status may mean several things."""
    words = [make_word(concept, ABOARD, either="status") for concept in (INVITE, SEND)]
    show(desk, make_unknown(*words), "ana")
    desk.go(make_job("ana"))
    taken = say(desk, choose=1)
    assert (taken.left, learnt(desk)) == ([], {INVITE: (ABOARD,)})
    assert [one.concept for one in LabelFile(desk.settings.home).read().denied] == [SEND, SEND]


def test_one_text_may_be_two_words_on_two_pictures_of_a_screen(desk: Desk) -> None:
    """A list may open a form by the same word by which the form is sent."""
    words = [word.model_copy(update={"picture": f"{at}.png"}) for at, word in enumerate(TWO.words)]
    pictures = [{"file": word.picture, "caption": "the page", "kind": "failure"} for word in words]

    def attempt(request: dict[str, Any]) -> dict[str, Any]:
        folder = desk.context.run_folder(request["run"])
        folder.mkdir(parents=True, exist_ok=True)
        for word in words:
            (folder / word.picture).touch()
        return waits(make_unknown(*words), pictures=pictures)

    desk.looks["ana"] = desk.runs["ana"] = attempt
    desk.go(make_job("ana"))
    say(desk, choose=1)
    assert say(desk, text=ABOARD).answer.text == ABOARD


def test_of_two_answers_at_once_one_counts_and_leaves_no_other_word(desk: Desk) -> None:
    show(desk, ONE, "ana")
    desk.go(make_job("ana"))
    question = asked(desk)
    Answers(desk.context).word(question, Said(choose=1), by="ana")
    with pytest.raises(BadInput, match="closed in the meantime"):
        Answers(desk.context).word(question, Said(choose=2), by="bo")
    assert learnt(desk) == {INVITE: (ABOARD,)}


def test_an_answer_that_comes_too_late_is_refused_and_the_next_run_asks_again(desk: Desk) -> None:
    stick(desk, ONE, "ana")
    desk.go(make_job("ana"))
    question = asked(desk)
    with desk.database.transaction() as connection:
        connection.exec_driver_sql("update questions set deadline = '2026-01-01'")
    Answers(desk.context).expire()
    with pytest.raises(BadInput):
        Answers(desk.context).word(question, Said(choose=1), by="ana")
    assert (learnt(desk), desk.outcomes) == ({}, ["waiting"])
    assert desk.go(make_job("ana")).outcomes == ["waiting"]
    assert asked(desk).id != question.id


def test_an_answer_before_anybody_agreed_is_followed_by_a_look_and_the_whole_plan(desk: Desk) -> None:
    show(desk, ONE, "ana")
    desk.go(make_job("ana"), make_account(), yes=False)
    assert (desk.held.phase, sorted(one.kind for one in desk.open_questions)) == ("ask", ["approval", "word"])
    word = next(one for one in desk.open_questions if one.kind == "word")
    Answers(desk.context).word(word, Said(choose=1), by="ana")
    desk.work()
    (approval,) = desk.open_questions
    assert "Write 2 jobs" in approval.text
    assert (desk.written, desk.held.phase) == ([], "ask")


def test_none_leaves_what_may_have_been_sent_in_doubt(desk: Desk) -> None:
    def armed(request: dict[str, Any]) -> dict[str, Any]:
        effect = Effect(BC, "member", request["run"], {})
        entry = desk.ledger.prepare(SITE, effect, run=request["run"])
        desk.ledger.arm([(entry, effect)], run=request["run"], before=())
        return waits(ONE, writes=1)

    desk.runs = {"ana": armed}
    desk.go(make_job("ana"))
    say(desk)
    desk.work()
    assert desk.outcomes == ["unknown"]
    assert "bcflow settle" in desk.records[0].next_action


def test_none_leaves_what_was_seen_on_the_site_with_the_person(desk: Desk) -> None:
    effect = {"kind": "member", "identity": "ana@acme.example", "business_center": BC, "seen_at": "2026-11-24T20:19:00"}
    seen = waits(ONE, effects=[effect | {"outcome": "waiting", "waiting_for": "you"}])
    desk.runs = {"ana": seen}
    desk.go(make_job("ana"))
    say(desk)
    desk.work()
    assert (desk.outcomes, desk.records[0].waiting_for, desk.records[0].needs) == (["waiting"], "you", "")
    assert Answers(desk.context).questions.open() == []
    assert Switches(desk.database).all() == []

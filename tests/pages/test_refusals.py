"""Only a known no is a no; anything else the site answers leaves open what happened."""

import pytest

from bcflow.pages.kit.writing.aftermath import Aftermath
from bcflow.pages.kit.writing.armed import Answer, Sent
from bcflow.pages.labels import refusals

INVITE = "POST /invite"


def after(*answers: Answer, said: str = "", writes: int | None = None, **changes: object) -> Aftermath:
    sent = Sent(writes=[INVITE] * (len(answers) if writes is None else writes), answers=list(answers))
    return Aftermath(sent=sent, said=said, **changes)  # type: ignore[arg-type]


def answer(status: int = 200, code: int | None = 0, msg: str = "", *, does: bool = True) -> Answer:
    return Answer("/invite", status, code, msg, does=does)


def test_a_known_code_is_a_no_in_the_sites_words() -> None:
    assert after(answer(code=40002, msg="Already a member")).refused == "Already a member"


@pytest.mark.parametrize(
    "one",
    [
        answer(code=50000, msg="System error, please try again later."),
        answer(408, None),
        answer(409, None),
        answer(429, 40100, "Too many requests. Please try again later."),
        answer(500, None),
        answer(0, None),
        answer(code=None),
        answer(code=77777, msg="Nobody knows these words"),
    ],
    ids=lambda one: f"{one.status} {one.code}",
)
def test_what_is_not_known_to_be_a_no_is_none(one: Answer) -> None:
    assert after(one, said=one.msg).refused == ""


def test_of_several_answers_each_counts() -> None:
    yes, no = answer(), answer(code=40002, msg="no")
    assert after(yes, no).refused == ""
    assert after(no, answer(code=50000)).refused == ""
    assert after(answer(does=False), no).refused == "no", "a question of the page that was answered is no write"


def test_an_answer_that_is_still_owed_leaves_it_open() -> None:
    assert after(answer(code=40002, msg="no"), writes=2).refused == ""


def test_words_without_any_request_are_a_no_only_if_the_form_says_them_of_its_fields() -> None:
    assert after(said="Notifications could not be loaded", writes=0).refused == ""
    assert after(said="E-mail: not valid", writes=0, told_by_form=True).refused == "E-mail: not valid"


def test_a_person_may_say_that_words_are_a_no() -> None:
    odd = answer(code=77777, msg="Seat limit reached.")
    assert after(odd).refused == ""
    assert after(odd, knows_no=refusals.with_words(["seat  limit reached."])).refused == "Seat limit reached."
    broken = answer(500, 77777, "Seat limit reached.")
    assert after(broken, knows_no=refusals.with_words(["Seat limit reached."])).refused == ""

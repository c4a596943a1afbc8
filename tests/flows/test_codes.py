"""A code is asked for in the middle of a write."""

import pytest

from standin import seed
from tests.support.flow_desk import Desk
from tests.support.flow_jobs import make
from tests.support.nightly import nightly_except

ASKED = [
    pytest.param("invite-member", marks=pytest.mark.standin(axes={"codes": "invite"}), id="invite"),
    pytest.param("share-with-partner", marks=pytest.mark.standin(axes={"codes": "share"}), id="share"),
    pytest.param("add-ad-account", marks=pytest.mark.standin(axes={"codes": "all"}), id="request"),
    pytest.param("create-ad-account", marks=pytest.mark.standin(axes={"codes": "all"}), id="create"),
]


def newest(desk: Desk) -> str:
    return [row.code for row in desk.standin.world.codes if row.email == seed.EMAIL][-1]


@pytest.mark.parametrize("flow", nightly_except(ASKED, "request"))
def test_a_code_that_is_given_lets_the_one_write_pass(desk: Desk, flow: str) -> None:
    desk.answer = lambda _question: newest(desk)
    ran = desk.run(make(flow))
    assert set(ran.outcomes) == {"waiting"}, ran.said
    assert len(desk.questions) == 1
    assert desk.questions[0]["kind"] == "code"
    assert len(desk.writes()) == ran.writes == 1
    assert desk.writes()[0].applied


@pytest.mark.nightly
@pytest.mark.parametrize("flow", nightly_except(ASKED, "share"))
def test_without_a_code_the_write_is_cancelled_and_waits_for_you(desk: Desk, flow: str) -> None:
    ran = desk.run(make(flow))
    assert (ran.first.outcome, ran.first.waiting_for) == ("waiting", "you"), ran.said
    assert "code" in ran.first.next_action
    assert desk.writes() == []
    assert ran.writes == 0


@pytest.mark.standin(axes={"codes": "invite"})
def test_a_wrong_code_is_followed_by_one_more_question(desk: Desk) -> None:
    answers = iter(["000000"])
    desk.answer = lambda _question: next(answers, None) or newest(desk)
    ran = desk.run(make("invite-member"))
    assert ran.first.outcome == "waiting", ran.said
    assert ran.first.waiting_for == "invitee"
    assert len(desk.questions) == 2
    assert len(desk.writes()) == 1


@pytest.mark.nightly
@pytest.mark.standin(axes={"codes": "invite"})
def test_the_other_number_of_a_mail_is_handed_in_without_a_second_question(desk: Desk) -> None:
    desk.answer = lambda _question: "000000"
    desk.other_code = lambda: newest(desk)
    ran = desk.run(make("invite-member"))
    assert (ran.first.outcome, ran.first.waiting_for) == ("waiting", "invitee"), ran.said
    assert (len(desk.questions), len(desk.writes())) == (1, 1)


@pytest.mark.nightly
@pytest.mark.standin(axes={"codes": "invite"})
def test_two_wrong_codes_end_it_without_a_write(desk: Desk) -> None:
    desk.answer = lambda _question: "000000"
    ran = desk.run(make("invite-member"), settle=1)
    assert ran.first.outcome in ("waiting", "refused"), ran.said
    assert ran.first.waiting_for in ("you", None)
    assert len(desk.questions) == 2
    assert desk.writes() == []


@pytest.mark.nightly
@pytest.mark.standin(axes={"codes": "invite"})
def test_once_a_code_is_to_be_had_the_same_job_goes_through(desk: Desk) -> None:
    job = make("invite-member")
    assert desk.run(job).first.waiting_for == "you"
    desk.answer = lambda _question: newest(desk)
    ran = desk.run(job)
    assert (ran.first.outcome, ran.first.waiting_for) == ("waiting", "invitee"), ran.said
    assert len(desk.writes()) == 1


@pytest.mark.nightly
@pytest.mark.standin(axes={"codes": "all", "send_place": "top"})
def test_a_code_is_asked_for_over_a_whole_page_with_a_button_of_the_same_word(desk: Desk) -> None:
    desk.answer = lambda _question: newest(desk)
    ran = desk.run(make("create-ad-account"))
    assert ran.first.outcome in ("done", "waiting"), ran.said
    assert len(desk.writes("create")) == 1


@pytest.mark.nightly
@pytest.mark.standin(axes={"codes": "invite"}, faults=["renamed_button=code.confirm>That is it"])
def test_a_code_is_handed_in_by_the_prompts_one_filled_button_whatever_it_is_called(desk: Desk) -> None:
    desk.answer = lambda _question: newest(desk)
    ran = desk.run(make("invite-member"))
    assert (ran.first.outcome, ran.first.waiting_for) == ("waiting", "invitee"), ran.said
    assert len(desk.writes("invite")) == 1


@pytest.mark.nightly
@pytest.mark.standin(
    axes={"codes": "invite", "emails": "chips"},
    faults=["renamed_button=code.placeholder>Type it here", "renamed_button=code.label>What we sent"],
)
def test_a_code_is_known_by_the_address_it_went_to_where_no_word_of_its_field_is(desk: Desk) -> None:
    desk.site.session.own_email = seed.EMAIL
    desk.answer = lambda _question: newest(desk)
    ran = desk.run(make("invite-member"))
    assert (ran.first.outcome, ran.first.waiting_for) == ("waiting", "invitee"), ran.said
    assert [question["to"] for question in desk.questions] == [seed.EMAIL]
    assert len(desk.writes("invite")) == 1

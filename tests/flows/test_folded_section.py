"""A part of a form that is folded away, under a heading that nobody knows: it is asked about, and opened."""

import pytest

from bcflow.pages.invitation_page import plan
from bcflow.pages.kit.writing.parts import Choice
from tests.support.flow_desk import Desk
from tests.support.flow_jobs import make
from tests.support.flow_person import Person
from tests.support.nightly import nightly_except

AXES = [{"edition": "2024"}, {"edition": "2026"}, {"asset_step": "yes"}, {"finance_style": "select", "surface": "page"}]
STYLES = [
    pytest.param(str(each), marks=pytest.mark.standin(axes={"advanced": "collapsed", **each}), id=str(each))
    for each in AXES
]


@pytest.mark.parametrize("_look", nightly_except(STYLES, str(AXES[0])))
def test_what_opens_the_part_with_the_choice_is_asked_about(desk: Desk, _look: str) -> None:
    person = Person(desk, {"members.advanced": ("Money matters", ("advanced permissions",))})
    ran = person.play("invite-member", finance_role="analyst")
    assert set(ran.outcomes) == {"waiting"}, ran.said
    assert [[(word.concept, word.candidates[0].text) for word in one.words] for one in person.asked] == [
        [("advanced permissions", "Money matters")]
    ]
    (sent,) = desk.writes("invite")
    assert (sent.body["finance_role"], sent.body["org_role"]) == (6, 2)


@pytest.mark.nightly
@pytest.mark.parametrize(
    "_style",
    [
        pytest.param(mark, marks=pytest.mark.standin(axes={"advanced": "collapsed", "finance_style": style, **mark}))
        for style, mark in (("plain", {}), ("cards", {"card_mark": "border"}))
    ],
)
def test_a_part_under_a_known_heading_is_opened(desk: Desk, _style: dict[str, str]) -> None:
    ran = desk.run(make("invite-member", finance_role="analyst"))
    assert set(ran.outcomes) == {"waiting"}, ran.said
    assert [sent.body["finance_role"] for sent in desk.writes("invite")] == [6]


@pytest.mark.nightly
@pytest.mark.standin(
    axes={
        "advanced": "collapsed",
        "finance_style": "segments",
        "declaration": "invite",
        "captions": "placeholder",
        "form_steps": "three",
        "asset_step": "no",
    }
)
def test_a_choice_in_other_words_is_asked_about_once_its_part_is_open(desk: Desk) -> None:
    """The box behind the closed part is no choice of that, though nothing but the heading stands before it."""
    person = Person(desk, {"members.finance.analyst": ("Reads bills", ("finance analyst",))})
    desk.run(make("invite-member", finance_role="analyst"))
    (unknown,) = desk.attempts[-1][0].story.unknown
    first = {word.concept: word.candidates[0].text for word in unknown.words}
    assert first["finance analyst"] == "Reads bills"
    assert (person.asked, desk.writes()) == ([], [])


def test_what_opens_a_part_and_the_control_in_it_are_asked_about_as_two_things() -> None:
    """Taught as one, each answer would be doubted once the other is asked about."""
    parts = plan(make("invite-member", finance_role="analyst")).parts  # type: ignore[arg-type]
    (finance,) = [part for part in parts if isinstance(part, Choice) and part.under]
    assert finance.captions[0] != finance.under
    assert finance.under in finance.captions

"""A step has something alike, and a later one has the thing itself in known words: the person is not asked about it."""

import pytest

from bcflow.pages.labels.learnt import Learnt
from tests.support.flow_desk import Desk
from tests.support.flow_jobs import make
from tests.support.flow_person import Person

STEPS = {"form_steps": "three", "extra_fields": "department", "level_style": "cards"}
SENDS = "Off it goes"


@pytest.mark.standin(axes=STEPS)
def test_a_rehearsal_asks_only_about_what_no_later_step_has(desk: Desk) -> None:
    person = Person(desk, {"accounts.send": (SENDS, ("confirm",))})
    ran = person.play("add-ad-account", role="admin")
    assert (ran.first.outcome, ran.first.waiting_for) == ("waiting", "owner"), ran.said
    assert [[word.concept for word in one.words] for one in person.asked] == [["confirm", "next"]]
    assert len(desk.writes("request")) == 1


@pytest.mark.nightly
@pytest.mark.standin(axes=STEPS, faults=[f"renamed_button=accounts.send>{SENDS}"])
def test_where_nothing_is_left_to_ask_the_same_run_writes(desk: Desk) -> None:
    desk.site.session.learnt = Learnt({"confirm": (SENDS,)})
    ran = desk.run(make("add-ad-account", role="admin"))
    assert (ran.first.outcome, ran.first.waiting_for) == ("waiting", "owner"), ran.said
    assert len(desk.writes("request")) == 1

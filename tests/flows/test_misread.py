"""A field is taken for what a later step has plainer: the rehearsal begins anew, and one question has all of it."""

import pytest

from tests.support.flow_desk import Desk
from tests.support.flow_person import Person, Words

FIRM: Words = {"wizard.company": ("Outfit", ("company name",)), "wizard.companySearch": ("Look it up", ())}
NAMED: Words = {
    "wizard.name": ("Name of the new account", ("ad account name",)),
    "wizard.nameHint": ("Up to you", ()),
}


@pytest.mark.parametrize("words", [FIRM, {**FIRM, **NAMED}], ids=["known later", "plainer later"])
@pytest.mark.standin(axes={"form_steps": "three"})
def test_what_a_later_step_has_plainer_is_not_asked_about_before(desk: Desk, words: Words) -> None:
    person = Person(desk, words)
    ran = person.play("create-ad-account", company="Acme Holdings LLC")
    assert (ran.first.outcome, person.rounds) == ("waiting", 1), ran.said
    proposed = {word.concept: word.candidates[0].text for asked in person.asked for word in asked.words}
    assert proposed == {concept: text for text, concepts in words.values() for concept in concepts}
    assert len(desk.writes("create")) == 1

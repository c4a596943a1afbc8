"""A field is taken for what a later step has plainer: the rehearsal begins anew, and one question has all of it."""

import pytest

from bcflow.pages.kit.evidence.asking import ask
from tests.support.flow_desk import Desk
from tests.support.flow_person import Person, Words
from tests.support.words import make_word

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


def test_what_may_stand_on_several_steps_is_never_misread(desk: Desk) -> None:
    """The button that leads on from the first step is still it, though that of the second is plainer."""
    site = desk.site
    site.page.goto(f"{desk.standin.bc_url}/nothing")
    site.session.rehearses = lambda _unknown: True
    ask(site, [make_word("next", "Continue", strength="fair"), make_word("admin", "Boss", strength="weak")])
    ask(site, [make_word("next", "Go on"), make_word("admin", "All of it")])
    assert site.session.misread == set()
    assert site.words.matches("next", "Continue")

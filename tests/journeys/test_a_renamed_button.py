"""The site calls a button otherwise: what is asked, what an answer does, and what a check of the screens says."""

import re

import pytest

from standin import seed
from standin.server import StandIn
from tests.journeys.person import Person

RUN = ("run", "invite-member", "--business-center", seed.NORTHWIND, "--role", "standard", "--yes")
TRUSTED = (*RUN, "--trust-first-write")
CHECK = ("check-ui", "--only", "invite-member", "--business-center", seed.NORTHWIND)


def reads_what_changed(person: Person) -> None:
    read = person.types(*CHECK)
    assert read.code == 4
    assert "The button “invite member” goes by no known word; “Bring" in read.words
    assert 'to accept a word: bcflow labels add "invite member" "Bring aboard"' in read.words
    assert "flows that stop: invite-member changed: 1 label" in read.words


def is_asked(person: Person) -> str:
    """Leave the question to the inbox; return its name."""
    read = person.types(*TRUSTED, "--email", "zoe@acme.example", answers=[("Which is it?", "later")])
    assert read.code == 3
    assert "WARNING" not in read.text
    assert "under which word is the button “Invite Member” there? No word that is known is on the screen" in read.words
    read = person.types("inbox")
    found = re.search(r"bcflow answer (\w+)", read.text)
    assert found is not None
    assert "1 Bring aboard (" in read.words
    return found[1]


def answers(person: Person, question: str) -> None:
    read = person.types("answer", question, "--choose", "1")
    assert "invite member is 'Bring aboard'" in read.text
    read = person.types("resume", "last")
    assert "member zoe@acme.example was written and seen: pending · writes: 1" in read.words
    read = person.types("labels", "list")
    assert "invite member  Bring aboard  en        proven  maria@agency" in read.text


@pytest.mark.nightly
@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.standin(faults=["renamed_button=members.invite>Bring aboard"])
def test_a_renamed_button(person: Person, standin: StandIn) -> None:
    reads_what_changed(person)
    question = is_asked(person)
    assert standin.world.writes == []
    answers(person, question)
    read = person.types(*RUN, "--email", "yan@acme.example")
    assert (read.code, "Which is it?" in read.text) == (0, False)
    assert len(standin.world.writes) == 2

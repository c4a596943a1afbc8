"""A sheet of twelve rows with six mistakes: told at once, mended, run, cut off, gone on with, run again."""

import re

import pytest

from standin import seed
from standin.server import StandIn
from tests.journeys.person import Person
from tests.support.waiting import until

HEADS = "E-mail,Role,Ad accounts,Client,Note\n"
WRONG = f"""{HEADS}\
ana@acme.example,Standard,,acme,
bo@acme.example,Standard,{seed.OWNED_APPROVED}:operator,acme,buys media
cy@acme,Standard,,acme,
kim.tran@agency.example,Standrd,,agency,
chi.tran@agency.example,Standard,,agency,
dora.weiss@agency.example,Standard,,agency,
bo@acme.example,Admin,,acme,as said on the phone
eli@acme.example,Standard,72000000000000011:analyst,acme,
finn.berg@agency.example,Standard,,agency,
gia.rossi@agency.example,Standard,,agency,
hugo.diaz@agen\u200bcy.example,Standard,,agency,
iris.lima@agency.example,Standard,,BÃ¼ro,
"""
MENDED = f"""{HEADS}\
ana@acme.example,Standard,,acme,
bo@acme.example,Standard,{seed.OWNED_APPROVED}:operator,acme,buys media
cy@acme.example,Standard,,acme,
kim.tran@agency.example,Standard,,agency,
chi.tran@agency.example,Standard,,agency,
dora.weiss@agency.example,Standard,,agency,
bo@acme.example,Standard,{seed.OWNED_APPROVED}:operator,acme,as said on the phone
emil.novak@agency.example,Standard,,agency,
finn.berg@agency.example,Standard,,agency,
gia.rossi@agency.example,Standard,,agency,
hugo.diaz@agency.example,Standard,,agency,
iris.lima@agency.example,Standard,,Büro,
"""
NEW = {f"{name}@acme.example" for name in ("ana", "bo", "cy")}
RUN = ("run", "invite-member", "--from", "people.csv", "--business-center", seed.NORTHWIND)
TOLD = {
    "4: email": "'cy@acme' has no usable domain after the @",
    "5: role": "'standrd' is not possible; choose 'admin' or 'standard'",
    "8: wants the member 'bo@acme.example' otherwise than row 3": "role admin here, standard there; ad_accounts none",
    "9: ad_accounts[0].aadvid": "'72000000000000011' has 17 digits, an ad account id (aadvid) has 19; check it",
    "12: email": "has an invisible character behind 'hugo.diaz@agen' (U+200B zero width space); type it again",
    "13: client": "has lost letters on its way: 'BÃ¼ro'; copy it again from where it looks right",
}
"""What is told of each row, by the row and what it is about."""
TRUSTED = (*RUN, "--yes", "--trust-first-write")


def reads_all_mistakes(person: Person) -> None:
    person.saves("people.csv", WRONG)
    read = person.types(*RUN)
    assert read.code == 2
    assert read.text.count("people.csv:row ") == len(TOLD)
    assert all(f"people.csv:row {row}: {words}" in read.words for row, words in TOLD.items())


def is_cut_off(person: Person, standin: StandIn) -> None:
    person.saves("people.csv", MENDED)
    person.notes("Ctrl-C is pressed in the middle")
    with person.at_work(*TRUSTED) as terminal:
        until(lambda: len(standin.world.writes) > 1 or not terminal.is_at_work(), "two writes")
        terminal.interrupt()
        read = person.reads(TRUSTED, terminal)
    assert read.code == 130
    assert "invite-member people.csv:3, 8: " in read.words, "one job of two rows"
    assert "Next: bcflow resume " in read.text


def goes_on(person: Person) -> None:
    read = person.types("resume", "last")
    assert read.code == 0
    assert "8 already · 3 waiting · writes: 3" in read.text


def runs_again(person: Person) -> None:
    read = person.types(*TRUSTED)
    assert read.code == 0
    assert "11 already · writes: 0" in read.text
    assert set(re.findall(r"writes: \d+", read.text)) == {"writes: 0"}


@pytest.mark.nightly
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_twelve_rows_with_six_mistakes(person: Person, standin: StandIn) -> None:
    reads_all_mistakes(person)
    assert standin.world.writes == []
    is_cut_off(person, standin)
    goes_on(person)
    runs_again(person)
    members = standin.world.business_centers[seed.NORTHWIND].members
    assert sorted(one.email for one in members if one.email in NEW) == sorted(NEW)
    assert len([write for write in standin.world.writes if write.applied]) == len(NEW)

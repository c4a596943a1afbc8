"""Somebody plans, somebody else reviews: what the terminal and the page say, and what is written of it."""

import re

import pytest

from standin import seed
from standin.server import StandIn
from standin.world import Member
from tests.journeys.person import Person
from tests.support.page_words import words_of

ZOE = "zoe@acme.example"
JOBS = f"""business_center: "{seed.NORTHWIND}"
jobs:
  - flow: invite-member
    email: {ZOE}
    role: standard
    ad_accounts:
      - {{aadvid: "{seed.OWNED_APPROVED}", role: operator}}
      - {{aadvid: "{seed.TWIN_A}", role: analyst}}
  - {{flow: invite-member, email: yan@acme.example, role: admin, finance_role: analyst}}
  - {{flow: invite-member, email: Yan@Acme.example, role: admin, finance_role: analyst}}
  - {{flow: invite-member, email: ben.okafor@agency.example, role: standard}}
"""
NAMED = "“[^”]+”"
GRANTS = (
    f"role standard ad account operator on {seed.OWNED_APPROVED} {NAMED} ad account analyst on {seed.TWIN_A} {NAMED}"
)
APPLY = ("apply", "plan.json", "--trust-first-write")


def plans(person: Person) -> None:
    person.saves("jobs.yaml", JOBS)
    read = person.types("plan", "jobs.yaml", "--out", "plan.json", "--html", "plan.html")
    assert read.code == 1, "something differs"
    page = words_of(person.folder / "plan.html")
    person.transcript.shows("plan.html", page)
    for told in (read.words, " ".join(page.split())):
        assert re.search(GRANTS, told)
        assert "role standard asked, admin there" in told
        assert "from jobs.yaml:9, 10" in told
        assert told.count("invite-member yan@acme.example") == 1
    assert "2 to do · 1 differs" in read.text
    assert "The plan's page is plan.html The plan is in plan.json" in read.words
    assert "Next: bcflow apply plan.json" in read.text


def is_told_of_a_change(person: Person, standin: StandIn) -> None:
    center = standin.world.business_centers[seed.NORTHWIND]
    person.notes("on the site a colleague invites Zoe as Admin")
    center.members.append(Member("6800000000000000990", ZOE, "Zoe", role="admin"))
    read = person.types(*APPLY)
    assert read.code == 5
    assert f"since the plan was made, member {ZOE}: was to do, now differs" in read.words
    assert "role: want standard, have admin" in read.words
    assert "you: look at what changed, then make a new plan (invite-member jobs.yaml:3)" in read.words
    assert "Next: bcflow plan jobs.yaml\n" in read.text
    assert standin.world.writes == []
    person.notes("the colleague takes that back")
    center.members.pop()


def applies_as_agreed(person: Person) -> None:
    read = person.types(*APPLY, answers=[("[y/N]", "y")])
    assert read.code == 1, "what differs is left as it is"
    assert len(re.findall(GRANTS, read.words)) == 1
    assert "Write 2 jobs on " in read.text
    assert "2 waiting · 1 differs · writes: 2" in read.text


@pytest.mark.nightly
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_plan_that_somebody_else_reviews(person: Person, standin: StandIn) -> None:
    plans(person)
    assert standin.world.writes == []
    is_told_of_a_change(person, standin)
    applies_as_agreed(person)
    assert len(standin.world.writes) == 2

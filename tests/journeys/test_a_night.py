"""A night with nobody there: what the log, the message and the morning say, and the morning after."""

import re

import pytest

from standin import seed
from standin.server import StandIn
from tests.journeys.person import Person
from tests.support.message_inbox import Inbox, listening

JOBS = f"""business_center: "{seed.NORTHWIND}"
jobs:
  - {{flow: invite-member, client: acme, email: ana@acme.example, role: standard}}
  - {{flow: add-ad-account, client: lumen, aadvid: "{seed.REQUESTABLE_DISAPPROVED}", role: operator}}
  - {{flow: share-with-partner, client: dune, partner_id: "{seed.OMEGA}", primary_agency: false,
     ad_accounts: [{{aadvid: "{seed.OWNED_APPROVED}", role: operator}}]}}
"""
REFUSAL = "This advertiser account was disapproved or disabled and can't be requested. (the site's answer)"


def works(person: Person, night: str) -> list[str]:
    """Have cron submit the file under a key and work the queue; return the lines of its mail."""
    read = person.has_cron_start("submit", "night.yaml", "--key", night, "--yes", "--trust-first-write")
    assert (read.code, read.text.partition("  ")[2]) == (0, "submitted: 3 jobs\n")
    read = person.has_cron_start("worker", "--drain", "--quiet")
    assert read.code == 0
    return [line.partition(" ")[2] for line in read.text.splitlines()]


def message(person: Person, inbox: Inbox) -> str:
    """Return the one message that came since."""
    (sent,) = inbox.messages
    inbox.messages.clear()
    text = f"{sent['title']}\n{sent['message']}"
    person.transcript.shows("a message", text)
    return text


def hears_in_the_night(person: Person, inbox: Inbox) -> None:
    refused, unknown = works(person, "night-1")
    assert f"! refused        lumen · add-ad-account night.yaml:4: {REFUSAL} · writes: 1" in refused
    assert "! unknown        dune · share-with-partner night.yaml:5: " in unknown
    assert "the write may have happened and could not be seen" in unknown
    sent = message(person, inbox)
    assert sent.startswith("bcflow: batch ended: 1 waiting · 1 refused · 1 unknown (you must act)\n")
    assert "  you: change the job, or ask who can do it (1 run: lumen)\n" in sent
    assert "  you: look at the site, then: bcflow settle " in sent
    assert "disapproved" not in sent, "no words of the site leave the machine"


def reads_in_the_morning(person: Person) -> None:
    """Read how it went, look on the site, and settle what is in doubt."""
    read = person.has_cron_start("status", "--expect", "night-1", "--ok")
    assert read.code == 1
    assert "of the key 'night-1' did not end well: 1 waiting · 1 refused · 1 unknown; see bcflow show " in read.words
    read = person.types("runs", "--now", "--outcome", "refused,unknown")
    assert {line.split()[0] for line in read.text.splitlines()[1:] if line[:1].strip()} == {"unknown", "refused"}
    read = person.types("show", "last")
    found = re.search(r"bcflow settle (\S+-003) --happened or --did-not-happen", read.text)
    assert found is not None
    assert read.text.index("  you: ") < read.text.index("  invitee: ")
    person.notes("maria looks on the site: nothing is shared with that partner")
    read = person.types("settle", found[1], "--did-not-happen")
    assert read.code == 0


def hears_only_news(person: Person, inbox: Inbox) -> None:
    (refused,) = works(person, "night-2")
    assert REFUSAL in refused
    sent = message(person, inbox)
    assert "  partner: " in sent
    assert "As after the last run of this file: 2 runs\n" in sent
    assert [client for client in ("acme", "lumen") if client in sent] == []


@pytest.mark.nightly
@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.standin(faults=["500_before:share:1"])
def test_a_night_and_the_morning_after(person: Person, standin: StandIn) -> None:
    with listening() as inbox:
        person.given |= {"BCFLOW_NOTIFY": inbox.url(), "BCFLOW_SETTLE_SECONDS": "2"}
        person.saves("night.yaml", JOBS)
        hears_in_the_night(person, inbox)
        reads_in_the_morning(person)
        hears_only_news(person, inbox)
    assert [write.applied for write in standin.world.writes if write.kind == "share"][:2] == [False, True]

"""From nothing to a first invitation: what somebody reads in their first five minutes."""

import re
from urllib.request import urlopen

import pytest

from standin import seed
from tests.journeys.person import Person
from tests.support.page_words import words_of

ANA = "ana@acme.example"
RUN = ("run", "invite-member", "--business-center", seed.NORTHWIND, "--email", ANA, "--role", "standard")


def starts_from_nothing(person: Person) -> None:
    read = person.types("init")
    assert "made: ~/.local/share/bcflow/secrets.env made: jobs.yaml made: people.csv" in person.own(read)
    assert "1. fill in the two lines of ~/.local/share/bcflow/secrets.env 2. bcflow doctor" in person.own(read)


def fills_in(person: Person, other: str) -> None:
    """Fill in what the stand-in says: its login and, as it is not TikTok's site, its two addresses."""
    said = dict(re.findall(r"(BCFLOW_\w+)=(\S+)", other))
    secrets = person.home / "secrets.env"
    text = secrets.read_text(encoding="utf-8")
    text = text.replace("BCFLOW_EMAIL=\n", f"BCFLOW_EMAIL={said['BCFLOW_EMAIL']}\n")
    text = text.replace("BCFLOW_PASSWORD=''\n", f"BCFLOW_PASSWORD={said['BCFLOW_PASSWORD']}\n")
    text += "".join(f"{name}={said[name]}\n" for name in ("BCFLOW_BUSINESS_CENTER_URL", "BCFLOW_ADS_MANAGER_URL"))
    secrets.write_text(text, encoding="utf-8")
    person.transcript.shows("~/.local/share/bcflow/secrets.env", text)


def signs_in(person: Person) -> None:
    read = person.types("doctor")
    (missing,) = re.findall(r"^NOT .*\n .*", read.text, re.MULTILINE)
    assert (read.code, missing) == (1, "NOT sign-in default: not signed in yet\n      do: bcflow login --headed")

    read = person.types("login")
    assert (read.code, read.text) == (0, f"default: signed in as {seed.EMAIL}")

    read = person.types("whoami")
    assert f"{seed.NORTHWIND}  admin      Northwind Agency\n" in read.text


def looks_first(person: Person) -> None:
    jobs = (person.folder / "jobs.yaml").read_text(encoding="utf-8").partition("\n\n")[0]
    person.saves("jobs.yaml", jobs.replace("7123456789012345678", seed.NORTHWIND) + "\n")
    read = person.types("run", "jobs.yaml", "--dry-run")
    assert read.code == 0
    assert f"\n\n+ invite-member {ANA}\n    Business Center  {seed.NORTHWIND} “Northwind Agency”\n" in read.text
    assert "Signs: + would be done 1 to do Next: bcflow run jobs.yaml Batch " in read.words


def runs_one_job(person: Person) -> None:
    read = person.types(*RUN, answers=[("[y/N]", "y")])
    assert read.code == 0
    assert "Never seen to work here: invite-member; bcflow rehearse shows first what would be sent" in read.text
    assert re.search(r"^Write 1 job on http://127.0.0.1:\d+\? \[y/N\] y$", read.text, re.MULTILINE)
    assert f"invite-member: member {ANA} was written and seen: pending · writes: 1\n\n1 waiting · writes" in read.text
    assert "invitee: the invited person must open the mail and accept" in read.text

    read = person.types("report", "last")
    report = words_of(person.folder / read.text.strip())
    person.transcript.shows("the report", report)
    assert "1 waiting" in report
    assert "Command\nbcflow run invite-member\n" in report
    assert f"member {ANA} was written and seen: pending" in report


@pytest.mark.nightly
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_first_five_minutes(newcomer: Person) -> None:
    with newcomer.at_work("dev", "standin") as other:
        other.wait_for("bcflow run invite-member")
        newcomer.transcript.shows("in another terminal: bcflow dev standin", other.text)
        starts_from_nothing(newcomer)
        fills_in(newcomer, other.text)
        signs_in(newcomer)
        looks_first(newcomer)
        runs_one_job(newcomer)
        site = re.search(r"Business Center +(http\S+)", other.text)
        assert site is not None
        with urlopen(f"{site[1]}/__standin__/writes") as answer:  # noqa: S310 - on this machine
            assert answer.read().count(ANA.encode()) == 1
        other.interrupt()
        assert other.until_the_end().code == 0

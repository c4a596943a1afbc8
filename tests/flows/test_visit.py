"""Looks that come one after another: a list is read once for all of them, and each says what it would say alone."""

from collections import Counter
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest

from bcflow.models.jobs import JobBase
from bcflow.pages.kit.screen import shared_looks
from bcflow.runner.batches.session import Session
from bcflow.runner.batches.submit import How, submit
from bcflow.runner.jobfiles.source import Order
from bcflow.runner.jobfiles.task import Task
from bcflow.runner.storage.runs import Store
from standin import seed
from standin.server import StandIn
from standin.switches import parse_fault
from standin.world import Member, World
from tests.support.flow_jobs import (
    KNOWN_PERSON,
    NEW_PERSON,
    asset,
    make_add_ad_account,
    make_create_ad_account,
    make_invite_member,
    make_share_with_partner,
)
from tests.support.nightly import nightly_except
from tests.support.slots import Operator
from tests.support.turns import house_of

MEMBERS = "/api/v2/bm/user/list/"
PAGE = 10
Told = list[tuple[str, Any]]


@pytest.fixture
def shared() -> dict[str, Any]:
    """A visit of a name of its own."""
    return {"id": token_hex(4), "looks": 9}


def told(record: dict[str, Any]) -> Told:
    return [
        (record["outcome"], record["result"]),
        *((one["outcome"], (one["have"], one["waiting_for"], bool(one["proof"]))) for one in record["effects"]),
    ]


def alone(operator: Operator, jobs: list[JobBase]) -> list[Told]:
    return [told(operator.look(job)) for job in jobs]


def together(operator: Operator, jobs: list[JobBase]) -> list[Told]:
    return [told(record) for record in operator.in_one_visit(jobs)]


def people(*emails: str, **more: Any) -> list[JobBase]:  # noqa: ANN401 - a job's own fields
    return [make_invite_member(email=email, **more) for email in emails]


def add_member(world: World, email: str, status: str = "active") -> None:
    row = Member(world.new_id(), email, email.partition("@")[0], "standard", None, status)
    world.business_centers[seed.NORTHWIND].members.append(row)


def fill(world: World, members: int) -> None:
    for number in range(members):
        add_member(world, f"one.of.many.{number:03d}@client.example", "pending" if number % 3 else "active")


OF_MEMBERS: list[JobBase] = [
    *people(NEW_PERSON, KNOWN_PERSON, "away@client.example", "asked@client.example", "ANA.LIMA@agency.example"),
    make_invite_member(email=KNOWN_PERSON, role="admin", ad_accounts=[asset(seed.OWNED_APPROVED, "admin")]),
    make_invite_member(email="asked@client.example", ad_accounts=[asset(seed.OWNED_APPROVED)]),
    *people("nobody@client.example"),
]
OF_ACCOUNTS: list[JobBase] = [
    make_add_ad_account(aadvid=each)
    for each in (
        seed.REQUESTABLE,
        seed.OWNED_APPROVED,
        seed.OWNED_SUSPENDED,
        seed.PENDING_REQUEST,
        seed.DECLINED_REQUEST,
        seed.BOUND_INDIVIDUAL,
    )
]
NEW_ACCOUNTS: list[JobBase] = [make_create_ad_account(name=name) for name in ("Zephyr US", "Harbor Shop", "Acme US")]
OF_PARTNERS: list[JobBase] = [
    make_share_with_partner(partner_id=each)
    for each in (seed.OMEGA, seed.DELTA_MEDIA, seed.ZETA_ADS, seed.UNRELATED_BC, seed.ZETA_ADS)
]
MIXED = {
    "members": (OF_MEMBERS, "2026", 0, ""),
    "members of the older edition": (OF_MEMBERS[3:], "2024", 0, ""),
    "a long list": (OF_MEMBERS[:6], "2026", 70, ""),
    "addresses partly hidden": (OF_MEMBERS[:4], "2026", 0, "o***r@client.example"),
    "some of many partly hidden": (OF_MEMBERS[:4], "2026", 70, "o***r@client.example"),
    "ad accounts": (OF_ACCOUNTS, "2026", 0, ""),
    "new ad accounts": (NEW_ACCOUNTS, "2026", 0, ""),
    "partners": (OF_PARTNERS, "2026", 0, ""),
    "partners of the older edition": (OF_PARTNERS, "2024", 0, ""),
}


@pytest.mark.nightly
@pytest.mark.parametrize("case", nightly_except(MIXED, "addresses partly hidden"))
def test_a_look_says_the_same_alone_and_in_a_visit(one_slot: Operator, standin: StandIn, case: str) -> None:
    jobs, edition, many, hidden = MIXED[case]
    standin.world.set_axes({"edition": edition})
    if hidden:
        # The newest stands first: what is added now is on the last pages once others follow.
        add_member(standin.world, hidden)
    fill(standin.world, many)
    add_member(standin.world, "away@client.example", "suspended")
    add_member(standin.world, "asked@client.example", "pending")
    apart = alone(one_slot, jobs)
    assert together(one_slot, jobs) == apart
    assert ({one[0][0] for one in apart} == {"failed"}) is (case == "addresses partly hidden")
    assert standin.world.writes == []


@pytest.mark.nightly
def test_a_batch_looks_at_thirty_invitations_and_reads_the_list_once(
    one_slot: Operator, standin: StandIn, asked: Counter[str], tmp_path: Path
) -> None:
    fill(standin.world, 30)
    rows = len(standin.world.business_centers[seed.NORTHWIND].members)
    emails = [f"one.of.many.{number:03d}@client.example" for number in range(15, 45)]
    tasks = [Task(job, str(number)) for number, job in enumerate(people(*emails), start=1)]
    with house_of(one_slot, tmp_path) as (services, listener):
        batch, _ = submit(services.context, Order(tuple(tasks), "night.yaml"), How(dry_run=True))
        (turn,) = listener.called
        Session(services, turn).work()
        held = Store(services.context.database).load(batch)
    assert (held.phase, held.record.exit_code, len(listener.called)) == ("ended", 0, 1)
    found = [(run.name, run.outcome) for run in held.runs]
    assert found == [(str(number), "already" if number <= 15 else "planned") for number in range(1, 31)]
    assert asked[MEMBERS] == -(-rows // PAGE)
    assert one_slot.look(tasks[0].job)["effects"][0]["have"]["status"] == "active"
    assert asked[MEMBERS] > -(-rows // PAGE), "a look by itself reads by itself"


def test_the_proof_says_that_the_list_was_read_once(one_slot: Operator) -> None:
    jobs = people(NEW_PERSON, "nobody@client.example")
    proofs = [record["effects"][0]["proof"] for record in one_slot.in_one_visit(jobs)]
    assert proofs == ["28 of 28 rows read, once for several looks"] * 2


@pytest.mark.nightly
@pytest.mark.parametrize(
    "between",
    nightly_except(
        ["a write", "another visit", "time", "signed out", "a list", "another place"], "a write", "signed out"
    ),
)
def test_what_came_in_between_ends_what_was_kept(
    one_slot: Operator, standin: StandIn, shared: dict[str, Any], monkeypatch: pytest.MonkeyPatch, between: str
) -> None:
    job, other = people(NEW_PERSON, "nobody@client.example")
    assert one_slot.look(job, visit=shared)["outcome"] == "planned"
    add_member(standin.world, NEW_PERSON)
    if between == "a write":
        one_slot.look(other, mode="run", may_write=False)
    elif between == "another visit":
        shared = shared | {"id": "another"}
    elif between == "time":
        monkeypatch.setattr(shared_looks, "LONGEST_SECONDS", 0.0)
    elif between == "signed out":
        standin.world.sessions.clear()
        one_slot.look(make_invite_member(business_center=seed.NORTHWIND_LABS), visit=shared)
    elif between == "a list":
        one_slot.slot.call("list", {"what": "members", "business_center": seed.NORTHWIND}, 110)
    else:
        standin.world.faults = [parse_fault("wrong_bc")]
        one_slot.look(make_invite_member(business_center=seed.NORTHWIND_LABS), visit=shared)
        standin.world.faults = []
    assert one_slot.look(job, visit=shared)["outcome"] == "already"


@pytest.mark.nightly
def test_what_is_kept_is_used_until_then(one_slot: Operator, standin: StandIn, shared: dict[str, Any]) -> None:
    (job,) = people(NEW_PERSON)
    assert one_slot.look(job, visit=shared)["outcome"] == "planned"
    add_member(standin.world, NEW_PERSON)
    labs = make_invite_member(business_center=seed.NORTHWIND_LABS)
    assert one_slot.look(labs, visit=shared)["outcome"] == "planned"
    assert one_slot.look(job, visit=shared)["outcome"] == "planned"


@pytest.mark.nightly
def test_an_attempt_that_may_write_shares_nothing(one_slot: Operator, standin: StandIn, shared: dict[str, Any]) -> None:
    (job,) = people(NEW_PERSON)
    assert one_slot.look(job, visit=shared)["outcome"] == "planned"
    add_member(standin.world, NEW_PERSON)
    assert one_slot.look(job, mode="run", visit=shared)["outcome"] == "already"
    assert standin.world.writes == []

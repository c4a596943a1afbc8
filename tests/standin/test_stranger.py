"""Strangers in the browser: a person who goes by the truth gets through every flow, and the truth is what is shown."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from standin import seed
from standin.server import StandIn
from standin.stranger.truth import truth
from standin.words import known_words
from tests.standin import stranger_flows as flows
from tests.standin.stranger_flows import NAME, NEW
from tests.standin.stranger_sights import see_all, unseen
from tests.standin.stranger_walk import Person

# Flows meet every one of these screens with every change; their own rules are looked at by night.
pytestmark = pytest.mark.nightly

ROOT = Path(__file__).parents[2]
SEEDS = (1, 2, 3, 4, 5, 6, 7, 8)
Meet = Callable[[int], Person]


@pytest.fixture
def meet(standin: StandIn, page: Page) -> Meet:
    """Give a person at the stranger of a seed."""

    def met(number: int) -> Person:
        standin.reset(stranger=number, axes={}, faults=[])
        return Person(standin, page)

    return met


@pytest.mark.parametrize("number", SEEDS)
def test_a_member_is_invited(number: int, meet: Meet) -> None:
    person = meet(number)
    body = flows.invite(person)
    accounts = [{"advertiser_id": seed.TWIN_B, "advertiser_role": "OPERATOR"}]
    assert (body["email_list"], body["org_role"], "more" in body) == ([NEW], 2, False)
    assert body["advertiser_list"] == (accounts if person.axis("asset_step") == "yes" else [])
    assert len(person.site.world.writes) == 1


@pytest.mark.parametrize("number", SEEDS)
def test_an_account_is_requested(number: int, meet: Meet) -> None:
    person = meet(number)
    body = flows.request(person)
    assert (body["account_id"], body["role"], body["notify_owner"]) == (seed.REQUESTABLE, "operator", False)
    assert len(person.site.world.writes) == 1


@pytest.mark.parametrize("number", SEEDS)
def test_an_account_is_created(number: int, meet: Meet) -> None:
    person = meet(number)
    body = flows.create(person)
    assert body["account_info"] == {"account_name": NAME, "timezone": "Europe/Berlin", "currency": "EUR"}
    assert body["company_info"]["registered_area"] == "DE"
    assert len(person.site.world.writes) == 1


@pytest.mark.parametrize("number", SEEDS)
def test_an_account_is_shared_with_a_new_partner(number: int, meet: Meet) -> None:
    person = meet(number)
    body = flows.share(person)
    assert (body["partner_id"], body["asset_ids"]) == (seed.OMEGA, [seed.OWNED_APPROVED])
    assert body["advertiser_role"] == "OPERATOR"
    assert body.get("primary_media_agency") == (False if person.axis("edition") == "2026" else None)
    assert len(person.site.world.writes) == 1


@pytest.mark.parametrize("number", SEEDS)
def test_a_business_center_is_registered(number: int, meet: Meet) -> None:
    person = meet(number)
    body = flows.register(person)
    wanted = {"business_center_name": NAME, "timezone": "Europe/Berlin", "payment_currency": "EUR"}
    kind = 6 if person.axis("registration") == "old" else 5
    assert body["business_center_info"] == wanted | {"business_center_type": kind}
    assert len(person.site.world.writes) == 1


@pytest.mark.slow
@pytest.mark.parametrize("number", SEEDS)
def test_what_the_truth_says_is_to_be_seen(number: int, meet: Meet) -> None:
    person = meet(number)
    see_all(person)
    assert unseen(person) == set()
    assert sum(map(len, person.seen.values())) > 500


def test_the_control_api_tells_the_truth_and_what_was_drawn(standin: StandIn, page: Page) -> None:
    standin.reset(stranger=9, axes={}, faults=[])
    told = page.request.get(f"{standin.control}/truth").json()
    drawn = page.request.get(f"{standin.control}/stranger").json()
    assert told == truth(standin.world)
    assert {"text", "key", "screen"} == set(told["invite member"][0])
    assert told["load more"] == []
    assert (drawn["stranger"], drawn["language"], drawn["axes"]["language"]) == (9, "en", "en")
    assert all(standin.world.axis(name) == value for name, value in drawn["axes"].items())
    assert 15 <= drawn["share"] <= 60


def test_the_truth_follows_what_is_switched(standin: StandIn) -> None:
    standin.reset(stranger=0, axes={}, faults=["renamed_button=members.invite>Ask someone in"])
    assert {row["text"] for row in truth(standin.world)["invite member"]} == {"Ask someone in"}
    standin.reset(axes={"language": "es", "edition": "2024"}, faults=[])
    told = truth(standin.world)
    assert [row["text"] for row in told["accounts"]] == []
    assert [row["text"] for row in told["users"]] == ["Personas"]


def test_the_program_describes_a_stranger_and_ends() -> None:
    def run(*options: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "standin", *options]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=20)

    first, second = (run("--stranger", "7", "--describe", "--axis", "surface=page") for _ in range(2))
    drawn = json.loads(first.stdout)
    assert (first.returncode, first.stdout) == (0, second.stdout)
    assert (drawn["stranger"], drawn["axes"]["surface"]) == (7, "page")
    assert set(drawn["words"]) < set(known_words("en", "2026"))
    assert run("--stranger", "0").returncode == 2

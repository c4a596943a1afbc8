"""A sign-in of one person is never used for another: the command line, a real browser."""

from pathlib import Path

import pytest

from standin import seed
from standin.server import StandIn
from standin.world import Member
from tests.support.shell import INVITE, TRUSTED, Shell

RANA = {"BCFLOW_EMAIL": seed.OTHER_EMAIL, "BCFLOW_PASSWORD": seed.OTHER_PASSWORD}


@pytest.fixture
def bcflow(standin: StandIn, tmp_path: Path) -> Shell:
    return Shell(tmp_path, standin)


def rana(role: str) -> Member:
    return Member("6800000000000000027", seed.OTHER_EMAIL, "Rana Client", role=role)


@pytest.mark.nightly
def test_the_saved_sign_in_of_somebody_else_is_not_used(bcflow: Shell, standin: StandIn) -> None:
    assert bcflow.here("login", "--json")[0] == 0
    code, checked, _ = bcflow.here("login", "--check", "--json", **RANA)
    assert (code, checked["ok"]) == (3, False)
    assert checked["message"] == f"the saved sign-in is that of {seed.EMAIL}, not of {seed.OTHER_EMAIL}"

    # She is in this Business Center too, so that the screen comes up for her at once.
    standin.world.business_centers[seed.NORTHWIND].members.append(rana("standard"))
    code, answer, _ = bcflow.here(*INVITE, "--email", "zoe@acme.example", *TRUSTED, **RANA)
    (run,) = answer["runs"]
    assert (code, run["outcome"], run["writes"]) == (1, "failed", 0)
    assert "this login is Standard in this Business Center" in run["message"]
    assert [session.email for session in standin.world.sessions.values()] == [seed.EMAIL, seed.OTHER_EMAIL]
    # Rana is no Admin there: nobody wrote with the rights of the one who had signed in before.
    assert [write for write in standin.world.writes if write.applied] == []


@pytest.mark.nightly
def test_an_account_that_the_site_shows_in_place_of_the_own_one_stops_the_write(
    bcflow: Shell, standin: StandIn
) -> None:
    assert bcflow.here("login", "--json")[0] == 0
    standin.world.business_centers[seed.NORTHWIND].members.append(rana("admin"))
    for session in standin.world.sessions.values():
        session.email = seed.OTHER_EMAIL
    code, checked, _ = bcflow.here("login", "--check", "--json")
    assert (code, checked["ok"]) == (3, False)
    code, answer, _ = bcflow.here(*INVITE, "--email", "zoe@acme.example", *TRUSTED)
    (run,) = answer["runs"]
    assert (code, run["outcome"], run["waiting_for"], run["writes"]) == (3, "waiting", "you", 0)
    assert standin.world.writes == []
    assert "nothing was written. Sign in as that person" in run["message"]
    assert f"signed in as {seed.OTHER_EMAIL}" in checked["message"]

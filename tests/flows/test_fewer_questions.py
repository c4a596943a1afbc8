"""Questions that need not be asked: what is asked about is what a person is shown, and is right."""

import pytest

from standin import seed
from tests.support.flow_desk import Desk
from tests.support.flow_jobs import asset
from tests.support.flow_person import Person


def proposed(person: Person) -> list[tuple[str, str]]:
    return [(word.concept, word.candidates[0].text) for asked in person.asked for word in asked.words]


SELECT = {"edition": "2026", "picker": "select", "asset_step": "yes"}


@pytest.mark.standin(axes=SELECT)
def test_a_step_is_not_skipped_while_the_ad_accounts_of_the_job_have_no_place(desk: Desk) -> None:
    words = {
        "members.assets.title": ("What they work on", ("advertiser accounts",)),
        "members.skip": ("Leave it at that", ("skip",)),
    }
    person = Person(desk, words)
    ran = person.play("invite-member", ad_accounts=[asset(seed.OWNED_APPROVED, "operator")])
    assert (ran.first.outcome, person.rounds) == ("waiting", 1), ran.said
    assert proposed(person) == [("advertiser accounts", "What they work on")]


@pytest.mark.standin(axes=SELECT)
@pytest.mark.parametrize(("accounts", "rounds"), [([], 1), ([asset(seed.OWNED_APPROVED, "operator")], 0)])
def test_what_dismisses_a_survey_elsewhere_is_a_forms_own_button_in_it(
    desk: Desk, accounts: list[object], rounds: int
) -> None:
    """It sends the invitation there: the gate held it back, eleven times, and the run ended `refused`."""
    person = Person(desk, {"members.skip": ("Not now", ("skip",))})
    ran = person.play("invite-member", ad_accounts=accounts)
    assert (ran.first.outcome, person.rounds) == ("waiting", rounds), ran.said
    assert len(desk.writes("invite")) == 1
    assert desk.site.traffic.held_back == ()


def test_the_role_on_an_account_of_ones_own_is_not_asked_about(desk: Desk) -> None:
    person = Person(desk, {"accounts.role.admin": ("Can do anything", ("admin",))})
    ran = person.play("create-ad-account")
    assert (ran.first.outcome, person.rounds) == ("waiting", 0), ran.said

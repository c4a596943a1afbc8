"""A state in words that are not known is quoted, and a person must say what it means: never `already`, never fine."""

import pytest

from standin import seed
from tests.support.flow_desk import Desk
from tests.support.flow_jobs import KNOWN_PERSON, asset, make
from tests.support.nightly import nightly_except

CASES = [
    ("members.status.active", "invite-member", {"email": KNOWN_PERSON}),
    ("members.role.standard", "invite-member", {"email": KNOWN_PERSON}),
    ("accounts.status.approved", "add-ad-account", {"aadvid": seed.PARTNER_OWNED}),
    ("accounts.role.analyst", "add-ad-account", {"aadvid": seed.BOUND_INDIVIDUAL}),
    ("accounts.relation.pending", "add-ad-account", {"aadvid": seed.PENDING_REQUEST}),
    ("accounts.status.approved", "create-ad-account", {"name": "Acme US", "company": "Acme US Inc."}),
    ("partners.status.active", "share-with-partner", {"partner_id": seed.DELTA_MEDIA}),
]
SHARED = {"partner_id": seed.DELTA_MEDIA, "ad_accounts": [asset(seed.OWNED_APPROVED).model_dump()]}


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("flow", "job"),
    nightly_except(
        [
            pytest.param(
                flow, job, marks=pytest.mark.standin(faults=[f"renamed_button={word}>Expired"]), id=f"{flow}-{word}"
            )
            for word, flow, job in CASES
        ],
        "invite-member-members.role.standard",
        "add-ad-account-accounts.relation.pending",
        "create-ad-account-accounts.status.approved",
        "share-with-partner-partners.status.active",
    ),
)
def test_an_unknown_word_waits_for_a_person(desk: Desk, flow: str, job: dict[str, object]) -> None:
    ran = desk.run(make(flow, **job))
    assert (ran.first.outcome, ran.first.waiting_for) == ("waiting", "you"), ran.said
    assert "'Expired'" in ran.first.message
    assert desk.writes() == []


@pytest.mark.nightly
@pytest.mark.parametrize(
    "word",
    [
        pytest.param(word, marks=pytest.mark.standin(faults=[f"renamed_button={word}>Expired"]))
        for word in ("partners.share.active", "partners.level.operator")
    ],
)
def test_an_unknown_word_for_a_share_waits_for_a_person(desk: Desk, word: str) -> None:
    ran = desk.run(make("share-with-partner", **SHARED))
    assert ran.outcomes == ["already", "waiting"], (word, ran.said)
    assert ran.settled[1].waiting_for == "you"
    assert "'Expired'" in ran.settled[1].message
    assert desk.writes() == []


@pytest.mark.standin(faults=["renamed_button=partners.status.active>Expired"])
def test_nothing_is_shared_with_a_partner_in_a_state_that_is_not_known(desk: Desk) -> None:
    ran = desk.run(
        make("share-with-partner", partner_id=seed.DELTA_MEDIA, ad_accounts=[asset(seed.TWIN_A).model_dump()])
    )
    assert ran.outcomes == ["waiting", "waiting"], ran.said
    assert desk.writes() == []


@pytest.mark.standin(axes={"assigned": "empty"}, faults=["renamed_button=members.status.pending>Expired"])
def test_no_accounts_are_no_answer_while_nobody_knows_what_the_state_means(desk: Desk) -> None:
    ran = desk.run(make("invite-member", ad_accounts=[asset(seed.OWNED_APPROVED).model_dump()]))
    assert (ran.first.outcome, ran.first.waiting_for) == ("waiting", "you"), ran.said
    assert "want" not in ran.said, "they may show only once the person has accepted"


@pytest.mark.nightly
@pytest.mark.standin(faults=["renamed_button=members.status.pending>Expired"])
def test_what_was_written_and_is_told_in_unknown_words_is_not_done(desk: Desk) -> None:
    ran = desk.run(make("invite-member"))
    assert (ran.first.outcome, ran.first.waiting_for) == ("waiting", "you"), ran.said
    assert "was written and seen, but the site says 'Expired'" in ran.first.message
    again = desk.run(make("invite-member"))
    assert (again.first.outcome, again.first.waiting_for) == ("waiting", "you"), again.said
    assert len(desk.writes()) == 1


@pytest.mark.standin(faults=["renamed_button=members.status.active>-"])
def test_a_status_that_is_left_empty_is_no_unknown_word(desk: Desk) -> None:
    ran = desk.run(make("invite-member", email=KNOWN_PERSON))
    assert ran.first.outcome == "already", ran.said


@pytest.mark.nightly
@pytest.mark.standin(axes={"access_column": "no"}, faults=["renamed_button=accounts.relation.pending>Expired"])
def test_what_a_row_most_likely_says_after_a_request_is_asked_about_first(desk: Desk) -> None:
    ran = desk.run(make("add-ad-account"))
    assert (ran.first.waiting_for, len(desk.writes())) == ("you", 1), ran.said
    assert desk.attempts[-1][0].story.unknown[-1].words[0].concept == "request pending"

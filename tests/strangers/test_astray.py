"""What judges the strangers' requests: anything that was given otherwise than asked is told."""

from typing import Any

import pytest

from standin import seed
from tests.strangers.play import astray
from tests.support.flow_jobs import asset, make

INVITE = make(
    "invite-member", finance_role="analyst", ad_accounts=[asset(seed.OWNED_APPROVED).model_dump()]
).model_dump()
SENT: dict[str, Any] = {
    "email_list": [INVITE["email"]],
    "org_role": 2,
    "finance_role": 6,
    "advertiser_list": [{"advertiser_id": seed.OWNED_APPROVED, "advertiser_role": "OPERATOR"}],
}


def test_what_was_asked_is_not_told() -> None:
    assert list(astray(SENT, INVITE)) == []


@pytest.mark.parametrize(
    "other",
    [
        {"org_role": 1},
        {"finance_role": None},
        {"finance_role": 5},
        {"advertiser_list": []},
        {"advertiser_list": [{"advertiser_id": seed.OWNED_APPROVED, "advertiser_role": "ADMIN"}]},
        {"advertiser_list": [*SENT["advertiser_list"], {"advertiser_id": seed.TWIN_A, "advertiser_role": "OPERATOR"}]},
        {"email_list": [INVITE["email"], "other@client.example"]},
    ],
    ids=str,
)
def test_what_is_given_otherwise_is_told(other: dict[str, Any]) -> None:
    assert len(list(astray({**SENT, **other}, INVITE))) == 1


def test_a_finance_role_that_nobody_asked_for_is_told() -> None:
    assert list(astray(SENT, {**INVITE, "finance_role": None})) == ["finance_role is 6, not None"]


def test_an_account_that_nobody_asked_to_share_is_told() -> None:
    share = make("share-with-partner").model_dump()
    sent = {"partner_id": share["partner_id"], "asset_ids": [seed.TWIN_A], "advertiser_role": "OPERATOR"}
    assert len(list(astray(sent, share))) == 1

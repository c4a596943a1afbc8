"""What a request says of what was asked, without a browser."""

import json
from typing import Any

import pytest

from bcflow.pages.kit.writing.requests import Call
from bcflow.pages.kit.writing.witness import contrary

ACCOUNT, OTHER = "7200000000000000011", "7200000000000000012"
INVITED = {"email": "ana@client.example", "role": "standard", "ad_accounts": {ACCOUNT: "operator", OTHER: "admin"}}
MADE = {"name": "Zephyr US", "company": "Zephyr Inc.", "city": "New York", "state": "NY"}


def says(asked: dict[str, Any], body: dict[str, Any]) -> str:
    return contrary(Call("POST", "https://site/api/invite/", body=json.dumps(body)), asked)


@pytest.mark.parametrize(
    "body",
    [
        {"org_role": 2, "email_list": ["ana@client.example"]},
        {"user_role": "STANDARD", "lang": "en"},
        {"advertiser_list": [{"advertiser_id": ACCOUNT, "advertiser_role": "OPERATOR"}]},
        {"advertiser_list": [{"advertiser_id": OTHER, "advertiser_role": "ADMIN"}]},
        {"advertiser_role": 7},
        {"risk_role": "none"},
    ],
)
def test_what_a_request_says_as_asked_or_not_at_all_is_no_matter(body: dict[str, Any]) -> None:
    assert says(INVITED, body) == ""


@pytest.mark.parametrize(
    "body",
    [
        {"org_role": 1},
        {"user_role": "ADMIN"},
        {"advertiser_list": [{"advertiser_id": ACCOUNT, "advertiser_role": "ADMIN"}]},
        {"asset": {"advertiserId": OTHER, "advertiserRole": "analyst"}},
    ],
)
def test_another_level_is_contrary(body: dict[str, Any]) -> None:
    assert "asked for was" in says(INVITED, body)


def test_a_number_that_is_not_admins_is_not_admin() -> None:
    assert says({"role": "admin"}, {"org_role": 2}) == "org_role says 2, asked for was admin"
    assert says({"role": "admin"}, {"org_role": "1"}) == ""


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"account_name": "Zephyr US", "company_name": "Zephyr Inc."}, False),
        ({"account_name": "Zephyr Inc.", "company_name": "Zephyr US"}, True),
        ({"billing": {"city": "NY", "state": "New York"}}, True),
        ({"display": "Zephyr Inc."}, False),
        ({"company_info": {"name": "Zephyr Inc."}, "account": {"name": "Zephyr US"}}, False),
        ({"company_info": {"name": "Zephyr US"}}, True),
    ],
)
def test_one_things_value_under_anothers_name_is_contrary(body: dict[str, Any], *, wrong: bool) -> None:
    assert bool(says(MADE, body)) is wrong


def test_equal_values_are_nobodys_in_particular() -> None:
    assert says({"name": "Zephyr", "company": "Zephyr"}, {"company_name": "Zephyr", "account_name": "Zephyr"}) == ""


def test_an_account_that_comes_with_a_business_center_has_a_name_of_its_own() -> None:
    asked = {"name": "Zephyr", "ad_account_name": "First"}
    assert says(asked, {"business_center_name": "Zephyr", "account_name": "First"}) == ""
    assert says(asked, {"business_center_name": "First", "account_name": "Zephyr"}) != ""

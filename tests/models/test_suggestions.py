import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcflow.models.jobs import FLOWS
from bcflow.models.suggestions import nearest, only_slip

WORDS = ["email", "role", "finance_role", "ad_accounts", "business_center"]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("emial", "email"),
        ("Email", "email"),
        ("rol", "role"),
        ("ad accounts", "ad_accounts"),
        ("ad-acounts", "ad_accounts"),
        ("busines_centre", "business_center"),
        ("buisnes_centre", ""),
        ("bussiness_center", "business_center"),
        ("finance", ""),
        ("mail", "email"),
        ("id", ""),
        ("", ""),
        ("rule of thumb", ""),
    ],
)
def test_a_word_is_another_one_but_for_a_slip_or_two(word: str, meant: str) -> None:
    assert nearest(word, WORDS) == (f" (did you mean '{meant}'?)" if meant else "")


@pytest.mark.parametrize("word", ["invite", "share", "add-account", "create", "create-account"])
def test_part_of_a_flows_name_is_no_slip(word: str) -> None:
    assert nearest(word, FLOWS) == ""


def test_what_two_things_may_be_is_none_of_them() -> None:
    assert nearest("acme_u", ["acme_us", "acme_uk"]) == ""
    assert only_slip("zambea", {"zambia": "ZM", "gambia": "GM"}) == ""
    assert only_slip("zambea", {"zambia": "ZM", "republic of zambia": "ZM"}) == "ZM"


@given(st.text(min_size=6), st.data())
def test_one_slip_is_told_whatever_it_is(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 2))
    for slip in (
        word[:at] + word[at + 1 :],
        word[:at] + "x" + word[at:],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    ):
        assert only_slip(word, {slip: "it"}) == "it"

import re
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bcflow.models.ids import parse_aadvid, parse_business_center_id

unhurried = settings(deadline=None)  # the first example loads tables; the machine may be shared

ID = "7012345678901234567"
usual_ids = st.from_regex(r"[67][0-9]{18}", fullmatch=True)
anything = st.one_of(
    st.text(), st.integers(), st.floats(), st.booleans(), st.none(), st.lists(st.integers()), st.binary()
)


def reasons(attempt: Callable[[], object]) -> list[str]:
    """Return why the attempt was refused, or nothing."""
    try:
        attempt()
    except ValueError as error:
        return [str(error)]
    return []


@unhurried
@given(usual_ids)
def test_an_id_is_itself(text: str) -> None:
    assert parse_aadvid(text) == text
    assert parse_business_center_id(f"\u00a0 {text}\u200b") == text


@unhurried
@given(
    usual_ids,
    st.sampled_from(
        [
            "https://ads.tiktok.com/i18n/home?aadvid={}",
            "https://ads.tiktok.com/i18n/perf/campaign?lang=en&aadvid={}&x=1",
            "https://ads.tiktok.com/i18n/dashboard#/home?aadvid={}",
            "ads.tiktok.com/i18n/account/payment?aadvid={}",
            "https://business.tiktok.com/manage/payment/v2?org_id=7100000000000000000&aadvid={}",
            "https://ads.tiktok.com/i18n/home?lang=en&amp;aadvid={}&amp;x=1",
            "https://ads.tiktok.com/i18n/home?lang=en&amp;amp;aadvid={}",
            "https://ads.tiktok.com/i18n/home?lang=en&#38;aadvid={}",
            "ads.tiktok.com/i18n/account/payment?x=1&#x26;aadvid={}",
            "https://ads.tiktok.com/i18n/login?redirect=https%3A%2F%2Fads.tiktok.com%2Fhome%3Fx%3D1%26amp%3Baadvid%3D{}",
            "https://ads.tiktok.com/i18n/login?redirect=https%3A%2F%2Fads.tiktok.com%2Fi18n%2Fhome%3Faadvid%3D{}",
        ]
    ),
)
def test_an_address_gives_its_id_even_if_it_ends_in_zeros(text: str, address: str) -> None:
    assert parse_aadvid(address.format(text), from_sheet=True) == text


@unhurried
@given(anything, st.booleans(), st.booleans())
def test_anything_is_an_id_or_a_reason(value: object, unusual: bool, sheet: bool) -> None:
    for parse in (parse_aadvid, parse_business_center_id):
        attempt = partial(parse, value, allow_unusual=unusual, from_sheet=sheet)
        why = reasons(attempt)
        assert all(line and "\n" not in line for line in why)
        assert why or re.fullmatch(r"[0-9]{1,40}", attempt())


@unhurried
@given(st.text())
def test_any_address_is_an_id_or_a_reason(text: str) -> None:
    why = reasons(lambda: parse_aadvid(f"https://{text}aadvid={text}"))
    assert all(line.isprintable() for line in why)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (7012345678901234567, "bare number"),
        (7.01e18, "written as a number"),
        ("7.01E+18", "written as a number"),
        ("7,01E+18", "written as a number"),
        ("7012345678901234567.0", "written as a number"),
        ("701234567890123456", "has 18 digits"),
        ("5012345678901234567", "starts with 5"),
        ("", "is empty"),
        (None, "is needed"),
        (True, "is needed"),
        ([ID], "not a list"),
        ("\u0667" * 19, "19 digits and nothing else"),
        ("7,012,345,678,901,234,567", "is written in thousands, as a number that may be rounded"),
        ("https://ads.tiktok.com/i18n/home", "does not carry aadvid="),
        (f"https://business.tiktok.com/manage?org_id={ID}", "carries org_id="),
        (f"https://x.example/?aadvid={ID}&aadvid=7012345678901234568", "2 different"),
        (f"https://x.example/?a=1&amp;aadvid={ID}&aadvid=7012345678901234568", "2 different"),
        (f"https://business.tiktok.com/manage?a=1&amp;org_id={ID}", "carries org_id="),
        ("https://[", "does not carry"),
    ],
)
def test_a_refusal_says_why(value: object, why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)):
        parse_aadvid(value)


@pytest.mark.parametrize("value", ["7012345678901230000", 7012345678901234688.0, 7012345678901230001])
def test_an_id_cut_by_a_spreadsheet_is_refused_and_says_what_to_do(value: object) -> None:
    with pytest.raises(ValueError, match="format the column as text"):
        parse_aadvid(value, from_sheet=True)


def test_zeros_at_the_end_are_fine_where_no_spreadsheet_was() -> None:
    assert parse_aadvid("7012345678901230000") == "7012345678901230000"


def test_an_unusual_id_is_taken_only_when_asked_for() -> None:
    assert parse_aadvid("123", allow_unusual=True) == "123"
    with pytest.raises(ValueError, match="--allow-unusual-id"):
        parse_aadvid("123")
    with pytest.raises(ValueError, match="written as a number"):
        parse_aadvid("7.01E+18", allow_unusual=True)


def test_an_id_as_printed_in_a_list_is_read() -> None:
    assert parse_aadvid(f"ID: {ID}") == ID


def test_a_business_center_is_read_from_an_address_out_of_a_pages_source() -> None:
    assert parse_business_center_id(f"https://business.tiktok.com/manage?a=1&amp;org_id={ID}&amp;b=2") == ID

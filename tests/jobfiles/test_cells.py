# ruff: noqa: RUF001 - letters of other alphabets are meant
"""What is written in a cell by people, and by spreadsheet programs in any language."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bcflow.models.jobs import AddAdAccount, CreateAdAccount, InviteMember
from bcflow.runner.jobfiles.cells import clean, field_value

ACCOUNT = "7012345678901234567"
PLACE = {"business_center": "7123456789012345678"}


@pytest.mark.parametrize(
    "word",
    [
        *("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#BUSY!"),
        *("#ERROR!", "#GETTING_DATA", "#NV", "#WERT!", "#BEZUG!", "#ÜBERLAUF!", "#¡VALOR!", "#¿NOMBRE?", "#N/D"),
        *("#NOM?", "#ИМЯ?", "#Н/Д", "#ДЕЛ/0!", "#ССЫЛКА!", "#DĚLENÍ_NULOU!", "#NENÍ_K_DISPOZICI", "#YOK", "#SAYI/0!"),
        *("#ÉRTÉK!", "#HIÁNYZIK", "#SAKNAS!", "#PUUTTUU!", "#I/T", "#Δ/Υ", "#溢出!", "#名前?", "#ARG!"),
        *("Err:502", "Err :502", "Fehler:522", "Ошибка:502", "Loading...", "Loading…"),
    ],
)
@pytest.mark.parametrize("field", ["name", "email", "postal_code", "aadvid"])
def test_an_error_of_a_spreadsheet_is_no_value(word: str, field: str) -> None:
    with pytest.raises(ValueError, match=r"^the sheet shows .*; repair the formula$"):
        field_value(field, clean(word))


def test_a_column_too_narrow_to_show_its_number_is_no_value() -> None:
    with pytest.raises(ValueError, match=r"^the sheet shows only #####; widen the column and save it again$"):
        field_value("postal_code", "#####")


@pytest.mark.parametrize(
    "name",
    [
        "#1 Shoes",
        "#metoo!",
        "#BlackFriday!",
        "Acme #2",
        "#BLACK_FRIDAY",
        "Error: 502 Club",
        "#1!",
        "N/A",
        "C#",
        "#Acme",
    ],
)
def test_a_name_with_a_sharp_is_one(name: str) -> None:
    assert field_value("name", clean(name)) == name


@pytest.mark.parametrize("field", ["name", "phone", "tax_id", "postal_code", "client"])
@pytest.mark.parametrize("text", ["4.91E+11", "1,2345E+15", "7E+18"])
def test_digits_that_became_a_power_of_ten_are_lost(field: str, text: str) -> None:
    with pytest.raises(ValueError, match="was written as a number and its last digits are lost"):
        field_value(field, text)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (f'="{ACCOUNT}"', ACCOUNT),
        ('="01234"', "01234"),
        ('="Acme ""US"""', 'Acme "US"'),
        ('=" Acme "', "Acme"),
        ('=""', None),
        ('="A"&"B"', '="A"&"B"'),
        ('\'="x"', "x"),
        ("=A1", "=A1"),
        ("two\r\nlines", "two\nlines"),
        ("two\rlines", "two\nlines"),
    ],
)
def test_what_keeps_a_text_as_it_is_in_a_csv_is_no_part_of_it(written: str, read: str | None) -> None:
    assert clean(written) == read


@pytest.mark.parametrize("field", ["phone", "postal_code", "tax_id"])
def test_an_apostrophe_before_digits_is_the_spreadsheets(field: str) -> None:
    assert field_value(field, "'01234") == "01234"


@pytest.mark.parametrize("name", ["'t Hooft", "'47", "'s-Hertogenbosch", "'01 Vintage"])
def test_an_apostrophe_before_a_name_is_its_own(name: str) -> None:
    assert field_value("name", clean(name)) == name


GROUPS = st.sampled_from([" ", "\u00a0", "\u202f", "\u2009"])


@settings(deadline=None)
@given(GROUPS, st.sampled_from([1, 2, 4, 5]))
def test_digits_of_an_id_may_stand_in_groups(space: str, size: int) -> None:
    grouped = space.join(ACCOUNT[start : start + size] for start in range(0, 19, size))
    values = PLACE | {"aadvid": grouped, "role": "admin"}
    assert AddAdAccount.model_validate(values).aadvid == ACCOUNT


@pytest.mark.parametrize("sign", [",", ".", "'", "’", " ", "\u202f"])
def test_an_id_in_thousands_was_a_number_and_may_be_rounded(sign: str) -> None:
    written = sign.join([ACCOUNT[0], *(ACCOUNT[start : start + 3] for start in range(1, 19, 3))])
    with pytest.raises(ValueError, match="is written in thousands, as a number that may be rounded; copy the ad acc"):
        AddAdAccount.model_validate(PLACE | {"aadvid": written, "role": "admin"})


def test_an_apostrophe_before_an_id_is_no_part_of_it() -> None:
    accounts = field_value("ad_accounts", f"'{ACCOUNT}:operator|'{ACCOUNT[:-1]}8:analyst")
    values = {"business_center": "'7123456789012345678", "email": "a@x.example", "role": "admin"}
    job = InviteMember.model_validate(values | {"ad_accounts": accounts})
    assert [item.aadvid for item in job.ad_accounts] == [ACCOUNT, f"{ACCOUNT[:-1]}8"]
    assert job.business_center == "7123456789012345678"


@pytest.mark.parametrize(
    "written",
    ["701234567, 8901234567", "7012345678,901234567", "7012345678901234.567", "70.12345678901234567", "7012-3456"],
)
def test_digits_that_may_be_others_are_no_id(written: str) -> None:
    with pytest.raises(ValueError, match="aadvid"):
        AddAdAccount.model_validate(PLACE | {"aadvid": written, "role": "admin"})


def test_a_note_may_have_lines() -> None:
    note = field_value("note", clean("first\r\nsecond"))
    assert CreateAdAccount.model_validate(PLACE | {"name": "Acme", "note": note}).note == "first\nsecond"

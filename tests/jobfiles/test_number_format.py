"""A cell is what its number format shows, or it is refused."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from bcflow.models.errors import BadInput
from bcflow.models.jobs import CreateAdAccount
from bcflow.runner.jobfiles import sheet_jobs
from bcflow.runner.jobfiles.number_format import shown_number, shown_text
from bcflow.runner.jobfiles.sheet_file import read_sheet
from tests.support.workbooks import make_workbook

PLACE = {"business_center": "7123456789012345678"}


def account(path: Path) -> CreateAdAccount:
    (located,) = sheet_jobs.read(read_sheet(path), "create-ad-account", defaults=PLACE)
    assert isinstance(located.job, CreateAdAccount)
    return located.job


def problem(path: Path) -> str:
    with pytest.raises(BadInput) as caught:
        account(path)
    (line,) = caught.value.problems
    return line.replace(f"{path.parent}/", "")


def formatted(code: str) -> Callable[[Worksheet], object]:
    def change(sheet: Worksheet) -> None:
        sheet["B2"].number_format = code

    return change


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (1234, "00000", "01234"),
        (1234, "General", "1234"),
        (1234, "@", "1234"),
        (98052.0, "0", "98052"),
        (21234567, "00000\\-0000", "02123-4567"),
        ("SW1A 1AA", "00000", "SW1A 1AA"),
        ("01234", "@", "01234"),
        ("SW1A 1AA", '_(* #,##0_);_(* \\(#,##0\\);_(* "-"_);_(@_)', "SW1A 1AA"),
        (1234, "[Red]00000", "01234"),
        (1234, "[$-409]00000;;", "01234"),
        (123, "#,##0", "123"),
        (123456789, "000\\-00\\-0000", "123-45-6789"),
    ],
)
def test_a_postal_code_is_what_the_sheet_shows(tmp_path: Path, value: object, code: str, shown: str) -> None:
    path = make_workbook(tmp_path, ["name", "zip"], ["Acme", value], change=formatted(code))
    assert account(path).postal_code == shown


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (1234, "#,##0"),
        (1234, "0.00"),
        (0.5, "0%"),
        (1234, "0.00E+00"),
        (1234, '"$"#,##0'),
        (1234, "[$€-407]#,##0"),
        (5551234, "[<=9999999]###-####;(###) ###-####"),
        (1.5, "0"),
        (0.5, "# ?/?"),
        (1234, ";;;"),
        ("Acme", ";;;"),
        ("Acme", '"Mr. "@'),
        ("Acme", '0;0;0;"@"'),
        (1234, '"General"'),
    ],
)
def test_what_looks_otherwise_than_it_is_stored_is_refused(tmp_path: Path, value: object, code: str) -> None:
    path = make_workbook(tmp_path, ["name", "zip"], ["Acme", value], change=formatted(code))
    line = problem(path)
    assert line.startswith("people.xlsx:row 2: postal_code: is shown otherwise than it is stored")
    assert line.endswith(f"(number format '{code}'); format the column as text and type it again")


@pytest.mark.parametrize("field", ["name", "zip", "note"])
def test_a_truth_value_is_no_text(tmp_path: Path, field: str) -> None:
    header, row = (["name", field], ["Acme", True]) if field != "name" else (["name"], [True])
    line = problem(make_workbook(tmp_path, header, row))
    assert line.endswith(": is TRUE or FALSE in the sheet; format the column as text and type it again")


def test_a_number_is_text_in_every_field_that_takes_text(tmp_path: Path) -> None:
    path = make_workbook(tmp_path, ["name", "company", "city", "accept terms"], [360, 1.5, 7, 1])
    job = account(path)
    assert (job.name, job.company, job.city, job.accept_terms) == ("360", "1.5", "7", True)


def test_a_number_that_the_sheet_has_cut_is_no_text(tmp_path: Path) -> None:
    line = problem(make_workbook(tmp_path, ["name", "vat"], ["Acme", 10**15]))
    assert line.endswith("tax_id: is a number of more than 15 digits, cut by the sheet; format the column as text")


@pytest.mark.parametrize("code", ["yyyy-mm-dd", "d-mmm", "[h]:mm", "h:mm AM/PM"])
def test_a_number_shown_as_a_date_is_refused(tmp_path: Path, code: str) -> None:
    path = make_workbook(tmp_path, ["name", "zip"], ["Acme", 45000], change=formatted(code))
    assert "postal_code: became a date in the spreadsheet" in problem(path)


@settings(deadline=None)
@given(st.integers(0, 10**14), st.integers(1, 14))
def test_zeros_of_a_format_only_fill_up(number: int, width: int) -> None:
    assert shown_number(number, "0" * width) == str(number).zfill(width)
    assert shown_number(number, "@") == shown_number(number, "General") == str(number)


@settings(deadline=None)
@given(
    st.integers() | st.floats(allow_nan=False, allow_infinity=False), st.text('0#?,.%E+"\\_*@;[]$- /Gdmy', max_size=9)
)
def test_any_format_is_read_or_refused(number: float, code: str) -> None:
    shown = shown_number(number, code)
    assert shown is None or shown.strip()
    assert shown_text("x", code) in {"x", None}

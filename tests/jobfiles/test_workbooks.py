"""What a workbook (.xlsx) shows a person, and what it holds."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from bcflow.models.errors import BadInput
from bcflow.models.jobs import InviteMember, JobBase
from bcflow.runner.jobfiles import sheet_jobs
from bcflow.runner.jobfiles.cells import clean
from bcflow.runner.jobfiles.sheet_file import read_sheet
from tests.support.workbooks import make_raw_workbook, make_workbook, replace_part

PLACE = {"business_center": "7123456789012345678"}
PEOPLE: tuple[Sequence[object], ...] = (
    ["email", "role", "client"],
    ["a@x.example", "admin", "acme"],
    ["b@x.example", "admin", "acme"],
    ["c@x.example", "admin", None],
)
Change = Callable[[Worksheet], object]


def jobs(path: Path, flow: str = "invite-member") -> list[JobBase]:
    return [located.job for located in sheet_jobs.read(read_sheet(path), flow, defaults=PLACE)]


def problems(path: Path, flow: str = "invite-member") -> list[str]:
    with pytest.raises(BadInput) as caught:
        jobs(path, flow)
    return [line.replace(f"{path.parent}/", "") for line in caught.value.problems]


def invited(path: Path) -> list[str]:
    return [job.email for job in jobs(path) if isinstance(job, InviteMember)]


def cell_of(folder: Path, cell: str, *, before: str = "", strings: str = "") -> object:
    """Return what is read of one cell, given as XML, below a header."""
    header = '<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>'
    rows = f'{header}<row r="2"><c r="A2" t="inlineStr"><is><t>x</t></is></c>{cell}</row>'
    return read_sheet(make_raw_workbook(folder, rows, before=before, strings=strings)).rows[0][1][1:]


def hide_rows(*numbers: int) -> Change:
    def change(sheet: Worksheet) -> None:
        for number in numbers:
            sheet.row_dimensions[number].hidden = True

    return change


def test_hidden_rows_are_refused_by_their_numbers(tmp_path: Path) -> None:
    path = make_workbook(tmp_path, *PEOPLE, ["d@x.example", "admin"], change=hide_rows(2, 4, 5))
    assert problems(path) == [
        "people.xlsx:rows 2, 4-5: are hidden or filtered out; show them, or delete those that are not meant"
    ]


def test_a_row_of_no_height_is_hidden_and_a_hidden_blank_row_is_nothing(tmp_path: Path) -> None:
    cell = '<c t="inlineStr"><is><t>x</t></is></c>'
    rows = f'<row>{cell}</row><row ht="0">{cell}</row><row hidden="true"/><row ht="15">{cell}</row>'
    path = make_raw_workbook(tmp_path, rows)
    assert problems(path)[0].startswith("people.xlsx:row 2: is hidden")
    assert len(problems(path)) == 1


def test_a_hidden_column_that_holds_something_is_refused(tmp_path: Path) -> None:
    def hide(sheet: Worksheet) -> None:
        for letter in "CF":
            sheet.column_dimensions[letter].hidden = True

    assert problems(make_workbook(tmp_path, *PEOPLE, change=hide)) == [
        "people.xlsx:column C: is hidden and holds values; show it, or delete it if it is not meant"
    ]


def test_merged_cells_are_refused_by_their_range_unless_they_are_empty(tmp_path: Path) -> None:
    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("C2:C4")
        sheet.merge_cells("E2:F9")

    assert problems(make_workbook(tmp_path, *PEOPLE, change=merge)) == [
        "people.xlsx:C2:C4: are merged cells; unmerge them, and fill in each cell"
    ]


def two_sheets(first: Callable[[Workbook], object]) -> Workbook:
    book = Workbook()
    table = book.active
    assert isinstance(table, Worksheet)
    for row in PEOPLE:
        table.append([*row])
    first(book)
    return book


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_never_read(tmp_path: Path, state: str) -> None:
    def hide(book: Workbook) -> None:
        sheet = book.create_sheet("old", 0)
        sheet.append(["email", "role"])
        sheet.append(["never@x.example", "admin"])
        sheet.sheet_state = state

    path = tmp_path / "people.xlsx"
    two_sheets(hide).save(path)
    assert invited(path) == ["a@x.example", "b@x.example", "c@x.example"]


def test_a_chart_in_front_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "people.xlsx"
    two_sheets(lambda book: book.create_chartsheet("chart", 0)).save(path)
    assert len(invited(path)) == 3


def test_a_book_of_which_every_sheet_is_hidden_has_no_table(tmp_path: Path) -> None:
    path = make_workbook(tmp_path, *PEOPLE)
    replace_part(path, "xl/workbook.xml", lambda text: text.replace('state="visible"', 'state="hidden"'))
    assert problems(path) == ["people.xlsx: has no sheet that is not hidden; show the one with the table"]


def test_a_strict_workbook_is_read_as_any_other(tmp_path: Path) -> None:
    path = make_workbook(tmp_path, *PEOPLE)
    sheet = ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml")
    for part in (*sheet, "_rels/.rels", "xl/_rels/workbook.xml.rels"):
        replace_part(path, part, strict)
    assert len(invited(path)) == 3


def strict(text: str) -> str:
    return text.replace(
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "http://purl.oclc.org/ooxml/officeDocument/relationships",
    ).replace(
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"
    )


def test_a_formula_whose_result_is_empty_text_is_an_empty_cell(tmp_path: Path) -> None:
    formula = '<f>IF(D2="","",D2)</f>'
    for value in ("<v></v>", "<v/>"):
        assert cell_of(tmp_path, f'<c r="B2" t="str">{formula}{value}</c>') == []
    below = "".join(f'<row r="{row}"><c r="A{row}" t="str">{formula}<v/></c></row>' for row in range(3, 203))
    head = '<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>'
    assert read_sheet(make_raw_workbook(tmp_path, head + below)).rows == []


def test_a_formula_that_was_never_calculated_is_refused(tmp_path: Path) -> None:
    path = make_workbook(tmp_path, *PEOPLE, ["=A2", "admin"])
    why = "is a formula without a calculated result; open the file and save it, or paste the value"
    assert problems(path) == [f"people.xlsx:row 5: email: {why}"]


@pytest.mark.parametrize("word", ["#SPILL!", "#BUSY!", "#N/A", "#GETTING_DATA", "anything"])
def test_an_error_is_known_by_its_cell_and_not_by_its_word(tmp_path: Path, word: str) -> None:
    head = '<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>'
    path = make_raw_workbook(tmp_path, f'{head}<row r="2"><c r="A2" t="e"><f>A9</f><v>{word}</v></c></row>')
    assert problems(path, "create-ad-account") == [
        f"people.xlsx:row 2: name: the sheet shows {word}; repair the formula"
    ]


def test_escapes_of_a_workbook_are_the_letters_they_stand_for(tmp_path: Path) -> None:
    for written, meant in {
        "Acme_x0041__x0020_B": "AcmeA B",
        "_x005F_x0041_": "_x0041_",
        "a_x000D_\nb": "a\r\nb",
        "_xD83D__xDE00_": "\U0001f600",
        "_x00e9_": "é",
        "snake_x12": "snake_x12",
    }.items():
        assert cell_of(tmp_path, f'<c r="B2" t="inlineStr"><is><t>{written}</t></is></c>') == [meant]
        assert cell_of(tmp_path, f'<c r="B2" t="str"><f>A1</f><v>{written}</v></c>') == [meant]
        assert cell_of(tmp_path, '<c r="B2" t="s"><v>0</v></c>', strings=f"<si><t>{written}</t></si>") == [meant]


def test_runs_of_a_rich_text_are_one_and_its_reading_aid_is_none_of_it(tmp_path: Path) -> None:
    rich = '<r><t>Ac</t></r><r><rPr><b/></rPr><t>me</t></r><rPh sb="0" eb="1"><t>aid</t></rPh>'
    assert cell_of(tmp_path, '<c r="B2" t="s"><v>0</v></c>', strings=f"<si>{rich}</si>") == ["Acme"]
    assert cell_of(tmp_path, f'<c r="B2" t="inlineStr"><is>{rich}</is></c>') == ["Acme"]


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=9)


def can_be_written(text: str) -> bool:
    """Whether openpyxl writes it as a text: neither as a formula nor as what XML cannot hold."""
    return clean(text) is not None and not text.startswith("=") and not set(text) & {"\ufffe", "\uffff"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(st.lists(texts.filter(can_be_written), min_size=1))
def test_any_text_comes_through_a_workbook(tmp_path: Path, written: list[str]) -> None:
    path = make_workbook(tmp_path, ["name"], *([text.replace("_x", "_x005F_x")] for text in written))
    assert [row for _, row in read_sheet(path).rows] == [[text] for text in written]


@pytest.mark.parametrize("stored", ["<v>0</v>", "<v>a@x.example</v>"])
def test_results_that_a_program_left_to_the_spreadsheet_are_not_believed(tmp_path: Path, stored: str) -> None:
    cell = f'<c t="str"><f>B9</f>{stored}</c>'
    head = '<row><c t="inlineStr"><is><t>name</t></is></c></row>'
    path = make_raw_workbook(tmp_path, f"{head}<row>{cell}</row>")
    assert len(jobs(path, "create-ad-account")) == 1
    replace_part(path, "xl/workbook.xml", lambda text: text.replace("<calcPr", '<calcPr fullCalcOnLoad="1"'))
    assert problems(path, "create-ad-account")[0].startswith("people.xlsx:row 2: name: is a formula without a calc")


def test_lines_within_a_cell_are_words_of_a_header_and_accounts_of_a_list_but_no_name(tmp_path: Path) -> None:
    accounts = "7012345678901234567:operator\n7012345678901234568:analyst"
    header = ["E-Mail\naddress", "role", "ad\r\naccounts"]
    (job,) = jobs(make_workbook(tmp_path, header, ["a@x.example", "admin", accounts]))
    assert isinstance(job, InviteMember)
    assert len(job.ad_accounts) == 2
    (line,) = problems(make_workbook(tmp_path, ["name"], ["Acme\nUS"]), "create-ad-account")
    assert line == "people.xlsx:row 2: name: must be one line of text without control characters"

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from bcflow.models.broken_text import is_broken
from bcflow.models.errors import BadInput
from bcflow.models.identity import canonical_name, quotes_round, trim
from bcflow.models.jobs import AddAdAccount, CreateAdAccount, InviteMember
from bcflow.runner.jobfiles import sheet_jobs
from bcflow.runner.jobfiles.cells import OUTCOME_COLUMNS, clean, escaped
from bcflow.runner.jobfiles.duplicates import LocatedJob
from bcflow.runner.jobfiles.sheet_file import read_sheet
from bcflow.runner.reports.csv_report import csv_text

BC = "7123456789012345678"
ACCOUNT = "7012345678901234567"
OTHER = "7012345678901234568"
PLACE = {"business_center": BC}
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
unhurried = settings(deadline=None)  # this machine may be shared
one_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def reasons(attempt: Callable[[], object]) -> list[str]:
    """Return why the attempt was refused, or nothing."""
    try:
        attempt()
    except BadInput as error:
        return error.problems
    return []


def make_csv(folder: Path, text: str | bytes, name: str = "people.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def make_xlsx(folder: Path, *rows: Sequence[Any]) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    path = folder / "people.xlsx"
    book.save(path)
    return path


def read(path: Path, flow: str, **options: Any) -> list[LocatedJob]:  # noqa: ANN401 - passed on
    return sheet_jobs.read(read_sheet(path), flow, **options)


def problems(
    path: Path,
    flow: str = "invite-member",
    *,
    defaults: Mapping[str, str] = PLACE,
    logins: Sequence[str] | None = None,
) -> list[str]:
    with pytest.raises(BadInput) as caught:
        read(path, flow, defaults=defaults, logins=logins)
    return [line.replace(f"{path.parent}/", "") for line in caught.value.problems]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_csv_is_read_in_every_usual_shape(tmp_path: Path, delimiter: str, encoding: str) -> None:
    text = "E-Mail;ROLE;Client\r\nana@acme.example;Standard;Café\r\n".replace(";", delimiter)
    (located,) = read(make_csv(tmp_path, text.encode(encoding)), "invite-member", defaults=PLACE)
    assert isinstance(located.job, InviteMember)
    assert (located.job.email, located.job.role, located.job.client) == ("ana@acme.example", "standard", "Café")
    assert (located.line, located.index) == (2, 0)


def test_cells_lose_spaces_of_every_kind(tmp_path: Path) -> None:
    path = make_csv(tmp_path, "email,role,note\n\u00a0 ana@acme.example\u200b ,\u200badmin,\u00a0\n")
    (located,) = read(path, "invite-member", defaults=PLACE)
    assert isinstance(located.job, InviteMember)
    assert (located.job.email, located.job.role, located.job.note) == ("ana@acme.example", "admin", None)


def test_what_is_hidden_in_a_name_or_stands_round_it_is_named_by_row(tmp_path: Path) -> None:
    path = make_csv(tmp_path, "name\nAc\u200bme\n\u201cAcme US\u201d\n\u202aAcme\u202c\n")
    assert [line.partition(" that")[0].partition(" behind")[0] for line in problems(path, "create-ad-account")] == [
        "people.csv:row 2: name: has an invisible character",
        "people.csv:row 3: name: stands in quotes (\u201c\u201d)",
    ]


def test_blank_rows_are_skipped_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    path = make_csv(tmp_path, "\nemail,role\n\na@b.example,admin\n,\n \u00a0,\nc@d.example,admin\n")
    assert [located.line for located in read(path, "invite-member", defaults=PLACE)] == [4, 7]


def test_a_list_of_accounts_takes_ids_and_addresses(tmp_path: Path) -> None:
    cell = f"{ACCOUNT}:Operator | https://ads.tiktok.com/i18n/home?aadvid={OTHER}:admin|"
    path = make_csv(tmp_path, f"email,role,Ad accounts\na@b.example,standard,{cell}\n")
    (located,) = read(path, "invite-member", defaults=PLACE)
    assert isinstance(located.job, InviteMember)
    assert [(item.aadvid, item.role) for item in located.job.ad_accounts] == [
        (ACCOUNT, "operator"),
        (OTHER, "admin"),
    ]


def test_a_workbook_is_read_with_its_kinds_of_cells(tmp_path: Path) -> None:
    header = ["Ad account name", "Zip", "Country code", "Timezone", "Client"]
    path = make_xlsx(
        tmp_path, header, ["Acme US", 10001, "us", "America/New_York", 7], [], ["B", None, None, None, None]
    )
    first, second = read(path, "create-ad-account", defaults=PLACE)
    assert isinstance(first.job, CreateAdAccount)
    assert (first.job.postal_code, first.job.country, first.job.client) == ("10001", "US", "7")
    assert second.line == 4


def test_cells_that_excel_has_changed_are_named_by_row(tmp_path: Path) -> None:
    path = make_xlsx(
        tmp_path,
        ["email", "role", "bc", "ad accounts"],
        ["a@b.example", "admin", int(BC), None],
        [date(2026, 1, 1), "admin", BC, None],
        ["=A2", "admin", "7123456789012340000", "7012345678901230000:admin"],
        ["#N/A", "admin", "7.12E+18", int(ACCOUNT)],
    )
    found = problems(path, defaults={})
    assert [" ".join(line.split()[:4]) for line in found] == [
        "people.xlsx:row 2: business_center: '7123456789012345856'",
        "people.xlsx:row 3: email: became",
        "people.xlsx:row 4: ad_accounts[0].aadvid: '7012345678901230000'",
        "people.xlsx:row 4: business_center: '7123456789012340000'",
        "people.xlsx:row 4: email: is",
        "people.xlsx:row 5: ad_accounts: write",
        "people.xlsx:row 5: business_center: '7.12E+18'",
        "people.xlsx:row 5: email: the",
    ]
    assert "format the column as text" in found[0]


def test_an_address_ending_in_zeros_is_taken_from_a_sheet(tmp_path: Path) -> None:
    path = make_csv(tmp_path, "url,permission\nhttps://ads.tiktok.com/i18n/home?aadvid=7012345678901230000,Analyst\n")
    (located,) = read(path, "add-ad-account", defaults=PLACE)
    assert isinstance(located.job, AddAdAccount)
    assert (located.job.aadvid, located.job.role) == ("7012345678901230000", "analyst")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "is empty; its first row must be a header"),
        ("\n ,\n", "is empty; its first row must be a header"),
        ("email,role\n", "row 1: has no row below the header"),
        ("email,role,Emial\na@b.example,admin,x\n", "row 1: 'Emial': unknown column (did you mean 'email'?)"),
        ("email,role,mail\na@b.example,admin,x\n", "row 1: 'mail': a second column for email"),
        ("email\na@b.example\nc@d.example\n", "row 1: role: has no column and must be given"),
        ("email,role\na@b.example,admin,x\n", "row 2: 'x' stands in column 3, which has no header"),
        ("email,role\n,admin\n", "row 2: email: is missing"),
        ('email,role\n"a@b.example"x,admin\n', "line 2: is not CSV"),
        ("a\0b", "is not a text file; save it as .csv or .xlsx"),
        ("email,role".encode("utf-16"), "is UTF-16; save it as 'CSV UTF-8'"),
        (b"PK\x03\x04broken", "is a broken .xlsx file; save it again"),
    ],
    ids=range(12),
)
def test_a_wrong_table_is_one_clear_line(tmp_path: Path, text: str | bytes, line: str) -> None:
    found = problems(make_csv(tmp_path, text))
    assert len(found) == 1
    assert found[0].partition(":")[2].strip().startswith(line)


def test_other_kinds_of_file_are_named(tmp_path: Path) -> None:
    assert "is not an .xlsx file" in problems(make_csv(tmp_path, b"\xd0\xcf", "old.xls"))[0]
    assert "without --from" in problems(make_csv(tmp_path, "jobs: []", "jobs.yaml"))[0]
    assert "is a folder" in problems(tmp_path)[0]


def test_equal_rows_are_one_job_and_contradictions_are_named(tmp_path: Path) -> None:
    path = make_csv(tmp_path, "email,role\na@b.example,admin\nA@B.example,Admin\n")
    (located,) = read(path, "invite-member", defaults=PLACE)
    assert located.also == (3,)
    path = make_csv(tmp_path, "email,role\na@b.example,admin\na@b.example,standard\n")
    (line,) = problems(path)
    assert line.startswith("people.csv:row 3: wants the member 'a@b.example' otherwise than row 2")
    assert line.endswith(": role standard here, admin there")


def test_a_wrong_default_is_named_once(tmp_path: Path) -> None:
    path = make_csv(tmp_path, "email,role\na@b.example,admin\nc@d.example,admin\n")
    (line,) = problems(path, defaults={"business_center": "71"})
    assert line.startswith("people.csv:row 1: business_center: '71' has 2 digits")


def test_a_login_that_is_not_set_up_is_named(tmp_path: Path) -> None:
    path = make_csv(tmp_path, "email,role,login\na@b.example,admin,acm\nc@b.example,admin,acme\n")
    found = problems(path, logins=["acme"])
    assert found == ["people.csv:row 2: login: 'acm' is not set up (did you mean 'acme'?); known: acme"]


def test_the_example_is_a_table_of_people() -> None:
    assert len(read(EXAMPLES / "people.csv", "invite-member", defaults=PLACE)) == 3


@unhurried
@given(st.text())
def test_no_cell_is_ever_calculated(text: str) -> None:
    assert not escaped(text).lstrip().startswith(("=", "+", "-", "@"))


def test_the_table_of_a_report_can_be_the_next_input(tmp_path: Path) -> None:
    path = make_csv(tmp_path, "email,role,note\na@b.example,admin,=1+1\n")
    before = read(path, "invite-member", defaults=PLACE)
    sheet = read_sheet(path)
    rows = [row | {"outcome": "waiting", "message": "-"} for _, row in sheet.row_texts()]
    text = csv_text([*sheet.columns, *OUTCOME_COLUMNS], rows)
    assert "'=1+1" in text
    assert read(make_csv(tmp_path, text, "again.csv"), "invite-member", defaults=PLACE) == before


def as_read(name: str) -> str:
    """Return what tells two rows' names apart: an apostrophe before "=" is the spreadsheet's and no part of it."""
    return canonical_name(str(clean(name) or ""))


names = st.text("abc İßñ漢 \u00a0.,;&'-=\"", min_size=1, max_size=12).filter(
    lambda text: (
        as_read(text)
        and not quotes_round(canonical_name(trim(text)))
        and not quotes_round(as_read(text))
        and not is_broken(text)
    )
)
cells = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
rows = st.lists(st.lists(cells, min_size=1, max_size=5), min_size=1, max_size=5)


@one_folder
@given(st.binary(max_size=300), st.sampled_from(["x.csv", "x.xlsx", "x.txt"]))
def test_any_bytes_are_jobs_or_reasons(tmp_path: Path, content: bytes, name: str) -> None:
    for start in (b"", b"email,role\n", b"PK\x03\x04"):
        path = make_csv(tmp_path, start + content, name)
        why = reasons(partial(read, path, "invite-member", defaults=PLACE))
        assert all("\n" not in line for line in why)


@one_folder
@given(rows, st.sampled_from(["invite-member", "add-ad-account", "create-ad-account", "share-with-partner"]))
def test_any_cells_are_jobs_or_reasons(tmp_path: Path, written: list[list[str]], flow: str) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([["email", "role", "aadvid", "name", "ad accounts"], *written])
    path = make_csv(tmp_path, out.getvalue())
    assert all(line.isprintable() for line in reasons(lambda: read(path, flow, defaults=PLACE)))


@settings(one_folder, max_examples=40)
@given(
    st.lists(
        st.lists(cells | st.integers() | st.floats() | st.booleans() | st.none() | st.dates(), max_size=4),
        max_size=4,
    )
)
def test_any_workbook_is_jobs_or_reasons(tmp_path: Path, written: list[list[Any]]) -> None:
    path = make_xlsx(tmp_path, ["email", "role", "ad accounts", "note"], *written)
    assert all("\n" not in line for line in reasons(lambda: read(path, "invite-member", defaults=PLACE)))


def make_table(folder: Path, rows: Sequence[Sequence[str | None]]) -> Path:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([["id", "name", "note"], *rows])
    return make_csv(folder, out.getvalue())


@one_folder
@example([("=", "x"), ("'+", "y")])
@given(st.lists(st.tuples(names, names), min_size=1, max_size=5, unique_by=lambda pair: as_read(pair[0])))
def test_names_come_through_a_table_as_they_are(tmp_path: Path, pairs: list[tuple[str, str]]) -> None:
    rows = [(f"j{number}", *pair) for number, pair in enumerate(pairs)]
    first = read(make_table(tmp_path, rows), "create-ad-account", defaults=PLACE)
    jobs = [located.job for located in first]
    assert [job.id for job in jobs] == [row[0] for row in rows]
    rows_again = [(job.id, job.model_dump()["name"], job.note) for job in jobs]
    second = read(make_table(tmp_path, rows_again), "create-ad-account", defaults=PLACE)
    assert [located.job for located in second] == jobs

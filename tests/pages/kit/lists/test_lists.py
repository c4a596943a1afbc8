"""Lists are read whole or not at all."""

from dataclasses import replace

import pytest
from playwright.sync_api import Page, Route

from bcflow.models.errors import CannotSee
from bcflow.pages.kit import css
from bcflow.pages.kit.lists import reading, rows
from bcflow.pages.kit.lists.table import Listing, Row, Table
from bcflow.pages.kit.lists.walk import ListWalk
from bcflow.pages.kit.screen.site import Site
from bcflow.pages.labels import words
from tests.pages.kit.conftest import Show
from tests.support.nightly import nightly_except

BOTH = pytest.mark.parametrize("table", ["table", "div"])
PREFIXES = [
    pytest.param(name, marks=pytest.mark.standin(axes={"kit_prefix": name})) for name in ("bc-okee", "okee", "byted")
]


def table_of(site: Site) -> Table:
    return Table(site, site.page.locator("body"))


def find(site: Site, email: str, *, was_absent: bool = False) -> Listing:
    return table_of(site).find(
        email,
        is_it=lambda row: rows.email(row) == email,
        known=lambda row: rows.email(row) or None,
        was_absent=was_absent,
    )


@pytest.mark.parametrize("prefix", nightly_except(PREFIXES, "bc-okee"))
@BOTH
def test_every_page_is_walked_and_counted(show: Show, prefix: str, table: str) -> None:
    listing = table_of(show("list", table=table)).read_all()
    assert [rows.email(row) for row in listing.rows] == [f"person{at}@client.example" for at in range(25)]
    assert listing.proof == "25 of 25 rows read"
    assert listing.rows[0].under(lambda heading: heading == "Status") == "Pending"
    assert prefix


@pytest.mark.nightly
@BOTH
def test_what_was_absent_before_is_seen_on_the_first_page_that_shows_it(show: Show, table: str) -> None:
    """Nothing of it can stand on a page not yet read, so the list stays where the row is drawn."""
    listing = find(show("list", table=table), "person12@client.example", was_absent=True)
    assert [rows.email(row) for row in listing.rows] == ["person12@client.example"]
    assert listing.proof == "seen on page 2 of the list"
    absent = find(show("list", table=table), "nobody@client.example", was_absent=True)
    assert (absent.rows, absent.proof) == ([], "25 of 25 rows read")


@BOTH
def test_a_list_that_counts_more_than_it_shows_is_not_believed(show: Show, table: str) -> None:
    with pytest.raises(CannotSee, match="25 rows were read, the list counts 26"):
        table_of(show("list", table=table, claims=26)).read_all()


@BOTH
def test_a_list_that_keeps_loading_is_not_believed(show: Show, table: str) -> None:
    site = show("list", table=table, never="yes")
    site.patience = 1.5
    with pytest.raises(CannotSee, match="did not finish loading"):
        table_of(site).read_all()


@BOTH
def test_no_data_for_a_moment_is_not_an_empty_list(show: Show, table: str) -> None:
    listing = table_of(show("list", table=table, flash="yes", delay=400)).read_all()
    assert len(listing.rows) == 25


@pytest.mark.parametrize("rows", [0, 90])
@pytest.mark.parametrize("answer", nightly_except(["broken", "no", "none"], "no"))
def test_a_list_that_could_not_be_had_is_not_empty(show: Show, page: Page, rows: int, answer: str) -> None:
    """Whether all of it or what was searched: pages draw both as they draw an empty one."""

    def refuse(route: Route) -> None:
        if answer == "none":
            route.abort("connectionreset")
        else:
            route.fulfill(status=500 if answer == "broken" else 200, json={"code": 40100, "msg": "too often"})

    page.route("**/user/list/**keyword=nobody**" if rows else "**/user/list/**", refuse)
    site = show("list", rows=rows, search="ok")
    with pytest.raises(CannotSee, match="the site gave no data for /api/v2/bm/user/list/"):
        find(site, "nobody@client.example")


@BOTH
def test_an_empty_list_is_empty(show: Show, table: str) -> None:
    listing = table_of(show("list", table=table, rows=0)).read_all()
    assert listing.rows == []


LOSES = """next => document.addEventListener('click', e => {
  if (!window.lost && e.target.closest(next)) { window.lost = true; e.stopImmediatePropagation(); e.preventDefault(); }
}, true)"""


def test_a_click_that_the_pager_lost_is_made_again(show: Show, page: Page) -> None:
    site = show("list")
    page.evaluate(LOSES, css.NEXT)
    listing = table_of(site).read_all()
    assert [rows.email(row) for row in listing.rows] == [f"person{at}@client.example" for at in range(25)]


PAGER = """<ul><li class="okee-pager-item okee-pager-item-checked">3</li>
<li class="okee-pager-item okee-pager-item-next"><i class="okee-icon-right">&gt;</i></li></ul>"""
MORE = "([next, more]) => document.querySelector(next).classList.toggle('okee-pager-item-disabled', !more)"


@pytest.mark.usefixtures("on_an_empty_page")
@pytest.mark.parametrize("more", [False, True])
def test_rows_and_pager_are_read_as_they_stood_at_one_moment(site: Site, *, more: bool) -> None:
    """A list of plain parts was read after its pager.

    Its last page seemed to have another one behind it; its first, turned to from the last, would have seemed the end.
    """
    site.page.set_content(PAGER)
    site.page.evaluate(MORE, [css.NEXT, not more])

    def drawn_anew(_is_counted: bool) -> tuple[list[str], list[tuple[str, ...]]]:
        site.page.evaluate(MORE, [css.NEXT, more])
        return [], [("ana@acme.example",), ("bo@acme.example",)]

    def read() -> reading.DrawnList:
        return reading.read(site.page.locator("body"), site.words, answered=0, blocks=drawn_anew)

    torn = read()
    assert (torn.page, torn.is_drawn) == ("3", False)
    whole = read()
    assert (whole.page, whole.more, whole.is_drawn) == ("3", more, True)


@pytest.mark.parametrize(("shown", "said"), [("3", "from page 1 to page 3"), ("", r"from page 1 to page \?")])
def test_a_pager_that_passes_over_a_page_is_not_believed(
    show: Show, monkeypatch: pytest.MonkeyPatch, shown: str, said: str
) -> None:
    site = show("list")
    monkeypatch.setattr(ListWalk, "_turned", lambda _self, before: replace(before, page=shown))
    with pytest.raises(CannotSee, match=said):
        table_of(site).read_all()


def test_a_list_starts_at_its_first_page_wherever_it_was_left(show: Show, page: Page) -> None:
    site = show("list")
    table = table_of(site)
    table.read_all()
    assert "person24" in page.locator("tbody").inner_text()
    assert len(table.read_all().rows) == 25


def test_a_search_that_was_left_is_cleared(show: Show, page: Page) -> None:
    listing = table_of(show("list", search="ok", typed="person7@")).read_all()
    assert len(listing.rows) == 25
    assert page.get_by_placeholder("Search").input_value() == ""


def test_a_search_that_cannot_be_cleared_is_not_believed(show: Show) -> None:
    with pytest.raises(CannotSee, match="search box cannot be emptied"):
        table_of(show("list", search="stuck", typed="person7@")).read_all()


def test_a_remembered_filter_is_cleared(show: Show) -> None:
    listing = table_of(show("list", filter="Active", reset="yes")).read_all()
    assert len(listing.rows) == 25


@pytest.mark.parametrize("reset", ["no", ""])
def test_a_remembered_filter_that_stays_is_not_believed(show: Show, reset: str) -> None:
    with pytest.raises(CannotSee, match="filtered by Active"):
        table_of(show("list", filter="Active", reset=reset)).read_all()


@pytest.mark.nightly
def test_a_long_list_is_searched_when_its_search_is_shown_to_work(show: Show) -> None:
    site = show("list", rows=90, search="ok")
    found = find(site, "person77@client.example")
    assert [rows.email(row) for row in found.rows] == ["person77@client.example"]
    missing = find(site, "nobody@client.example")
    assert missing.rows == []
    assert "found the known row" in missing.proof
    assert len(table_of(site).read_all().rows) == 90, "what was searched last is cleared by who reads next"


def test_a_list_that_blanks_itself_while_suggestions_are_asked_for_is_not_yet_empty(show: Show) -> None:
    found = find(show("list", rows=90, search="ok", lull=300), "person77@client.example")
    assert len(found.rows) == 1


@pytest.mark.parametrize("search", ["deaf", "blind"])
def test_a_search_that_does_not_find_the_known_row_proves_nothing(show: Show, search: str) -> None:
    with pytest.raises(CannotSee, match="did not find just it"):
        find(show("list", rows=90, search=search), "nobody@client.example")


def test_a_long_list_without_a_search_is_walked(show: Show) -> None:
    found = find(show("list", rows=70), "person69@client.example")
    assert found.proof == "70 of 70 rows read"
    assert len(found.rows) == 1


def test_a_short_list_without_a_pager_is_whole(show: Show) -> None:
    listing = table_of(show("list", rows=4, pager="no")).read_all()
    assert len(listing.rows) == 4


@pytest.mark.nightly
def test_a_list_that_grows_when_scrolled_is_scrolled_to_its_end(show: Show) -> None:
    listing = table_of(show("list", rows=25, pager="no", grows="yes")).read_all()
    assert len(listing.rows) == 25


def test_columns_drawn_twice_are_one_row(show: Show) -> None:
    site = show("fixed")
    table = table_of(site)
    listing = table.read_all()
    assert [row.cells for row in listing.rows] == [
        (f"Person {at}", f"person{at}@client.example", "View") for at in range(3)
    ]
    assert listing.rows[0].headings == ("Username", "Email", "Action")
    rows.press(site, table.row("person1@client.example"), "view")
    assert site.page.url.endswith("#1")
    with pytest.raises(CannotSee, match="3 rows"):
        table.row("client.example")


@pytest.mark.nightly
def test_a_row_on_a_later_page_is_found_and_shown(show: Show) -> None:
    table = table_of(show("list"))
    assert "Person 23" in table.show("person23@client.example").inner_text()
    with pytest.raises(CannotSee, match="no row shows"):
        table.show("nobody@client.example")


def test_masked_addresses_cannot_be_told_apart(show: Show) -> None:
    site = show("list", rows=3, masked="yes")
    row = table_of(site).read_all().rows[0]
    assert rows.masked_email(row)
    assert rows.email(row) != "person0@client.example"
    with pytest.raises(CannotSee, match="partly hidden"):
        rows.cannot_tell(site, row, "person0@client.example")


def test_a_row_with_two_addresses_has_none() -> None:
    row = Row(("a@client.example\nb@client.example",), ("Email",))
    assert rows.email(row) == ""


def test_a_number_that_stands_apart_in_a_pager_counts() -> None:
    assert reading._total(words("en"), ["35\nRecords in Total"], of_pager=True) == 35

"""Which lists the looks of a visit share, and which each looks at by itself."""

import pytest

from bcflow.models.errors import CannotSee
from bcflow.pages.kit.lists import rows, table
from bcflow.pages.kit.lists import walk as list_walk
from bcflow.pages.kit.lists.table import Listing, Table
from bcflow.pages.kit.screen.shared_looks import joined
from bcflow.pages.kit.screen.site import Site
from standin import seed
from tests.pages.kit.conftest import Show


def visited(site: Site, *, looks: int) -> Site:
    """Begin a visit on the page shown, as an attempt that only looks does."""
    site.session.shared_looks = joined(site.session.shared_looks, {"id": "a visit", "looks": looks})
    site.proven_place = seed.NORTHWIND
    return site


def find(site: Site, number: int) -> Listing:
    email = f"person{number}@client.example"
    return Table(site, site.page.locator("body"), name="people").find(
        email, is_it=lambda row: rows.email(row) == email, known=lambda row: rows.email(row) or None
    )


def test_a_list_too_long_for_one_look_is_walked_for_two_and_kept(show: Show) -> None:
    site = visited(show("list", rows=90, search="ok"), looks=2)
    first = find(site, 88)
    assert first.proof == "90 of 90 rows read, once for several looks"
    site.page.close()
    assert [rows.email(row) for row in find(visited(site, looks=1), 7).rows] == ["person7@client.example"]


@pytest.mark.parametrize(("looks", "most"), [(1, 1200), (2, 80), (0, 1200)])
def test_a_list_that_is_not_worth_a_walk_is_searched(
    show: Show, monkeypatch: pytest.MonkeyPatch, looks: int, most: int
) -> None:
    monkeypatch.setattr(table, "WALK_TOGETHER_UP_TO", most)
    found = find(visited(show("list", rows=90, search="ok"), looks=looks), 88)
    assert found.proof.startswith("searched for it among 90 rows")
    assert [rows.email(row) for row in found.rows] == ["person88@client.example"]


def test_a_long_list_that_cannot_be_walked_is_searched(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_walk, "MOST_PAGES", 5)
    site = visited(show("list", rows=90, search="ok"), looks=2)
    with pytest.raises(CannotSee, match="more than 5 pages"):
        Table(site, site.page.locator("body")).read_all()
    for number in (88, 7):
        assert find(site, number).proof.startswith("searched for it")


def test_a_short_list_that_cannot_be_shown_whole_is_not_kept(show: Show) -> None:
    site = visited(show("list", claims=26), looks=9)
    for _ in range(2):
        with pytest.raises(CannotSee, match="25 rows were read, the list counts 26"):
            find(site, 7)


def test_without_a_place_that_was_seen_nothing_is_kept(show: Show) -> None:
    site = visited(show("list"), looks=9)
    site.proven_place = None
    assert find(site, 7).proof == "25 of 25 rows read"


def test_a_row_that_is_about_to_be_clicked_and_a_rest_end_what_stands(show: Show) -> None:
    site = visited(show("list"), looks=9)
    site.show("the list", f"{site.path}?show=list", org_id=seed.NORTHWIND)
    site.proven_place = seed.NORTHWIND
    find(site, 7)
    here = (site.screen, seed.NORTHWIND, site.page.url)
    assert site.session.shared_looks is not None
    assert site.session.shared_looks.is_on(here)
    Table(site, site.page.locator("body")).show("person7@client.example")
    assert not site.session.shared_looks.is_on(here)
    site.rest(0.01)
    assert site.session.shared_looks is None

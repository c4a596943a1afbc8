"""What a picture shows: the row itself, wherever in its list it is."""

import pytest

from bcflow.models.errors import CannotSee
from bcflow.pages.kit.widgets import picture_region
from bcflow.pages.kit.widgets.table import Table
from tests.pages.kit.conftest import Show
from tests.support.nightly import nightly_except

FIRST, LAST = "person0@client.example", "person24@client.example"


@pytest.mark.parametrize("table", ["table", "div"])
@pytest.mark.parametrize("search", nightly_except(["none", "ok"], "ok"))
def test_a_list_that_was_walked_to_its_end_is_turned_to_the_row(show: Show, table: str, search: str) -> None:
    site = show("list", table=table, search=search)
    Table(site, site.page.locator("body")).read_all()
    for email in (LAST, FIRST):
        target = picture_region.showing(site, email)
        assert email in target.inner_text()
        part = picture_region.visible_part(target)
        assert part is not None
        assert part["height"] < 100, "one row, not the list"


def test_what_no_row_shows_has_no_picture(show: Show) -> None:
    with pytest.raises(CannotSee, match=r"no row shows nobody@client\.example"):
        picture_region.showing(show("list", search="ok"), "nobody@client.example")
    with pytest.raises(CannotSee, match=r"nothing shows nobody@client\.example"):
        picture_region.showing(show("form"), "nobody@client.example")

"""An absence is proven or it is none: lists that other pages draw, and what their answers say beside."""

from typing import Any

import pytest

from bcflow.models.errors import CannotSee
from bcflow.pages.kit.screen.site import Site
from tests.pages.other_site import NOBODY, ORG, OWN, STRANGER, members, partners, people, told
from tests.support.nightly import nightly_except

# How far a list was read


def test_a_list_that_draws_only_what_is_in_view_is_scrolled_and_counted(site: Site) -> None:
    page = members(site, rows=people(40), kind="virtual", before="<div>Total: 40</div>")
    assert page.find(NOBODY) == ([], "40 of 40 rows read")
    assert [row.email for row in page.find("person33@client.example")[0]] == ["person33@client.example"]


def test_the_answer_s_own_total_counts_where_the_page_shows_none(site: Site) -> None:
    rows = people(40)
    page = members(site, rows=rows, kind="virtual", answer=lambda _query: told(rows, total="40"))
    found, proof = page.find(NOBODY)
    assert found == []
    assert "40 of 40 rows read" in proof


def test_a_list_that_draws_only_what_is_in_view_and_counts_nowhere_is_not_believed(site: Site) -> None:
    page = members(site, rows=people(40), kind="virtual")
    with pytest.raises(CannotSee, match="only the rows in view"):
        page.find(NOBODY)


def test_load_more_is_pressed_until_the_total_is_reached(site: Site) -> None:
    page = members(site, rows=people(40), kind="more", before="<div>Total: 40</div>")
    assert page.find(NOBODY) == ([], "40 of 40 rows read")


@pytest.mark.parametrize("before", nightly_except(["<div>Total: 40</div>", ""], ""))
def test_a_button_below_the_rows_that_is_not_known_may_hide_more(site: Site, before: str) -> None:
    page = members(site, rows=people(40), kind="more", before=before, word="Weitere")
    with pytest.raises(CannotSee, match=r"7 rows were read, the list counts 40|'Weitere' below"):
        page.find(NOBODY)


@pytest.mark.nightly
@pytest.mark.parametrize("delay", nightly_except([1500, 0], 1500))
def test_the_next_part_of_an_endless_list_may_take_its_time(site: Site, delay: int) -> None:
    page = members(site, rows=people(24), kind="endless", first=9, delay=delay)
    found, proof = page.find(NOBODY)
    assert found == []
    assert "24 rows" in proof
    assert page.find("person22@client.example")[0]


def test_a_search_is_a_proof_where_no_total_is(site: Site) -> None:
    page = members(site, rows=people(20), search=True, after="<button>Weitere</button>")
    found, proof = page.find(NOBODY)
    assert found == []
    assert f"found the known row {OWN}" in proof


def test_a_list_that_counts_more_than_it_gives_is_not_believed(site: Site) -> None:
    page = members(site, rows=people(9), before="<div>Total: 10</div>")
    with pytest.raises(CannotSee, match="9 rows were read, the list counts 10"):
        page.find(NOBODY)


# Whose rows they are


def test_a_member_s_row_without_an_address_may_be_anybody(site: Site) -> None:
    rows = [*people(3), ["Somebody", "-"]]
    page = members(site, rows=rows, before="<div>Total: 4</div>")
    with pytest.raises(CannotSee, match="1 of 4 rows"):
        page.find(NOBODY)


def test_partners_without_ids_may_be_anybody(site: Site) -> None:
    page = partners(site, rows=[["Omega Reach", ""], ["Delta", ""]], before="<div>Total: 2</div>")
    with pytest.raises(CannotSee, match="2 of 2 rows"):
        page.find(STRANGER)


def test_a_row_without_an_id_is_told_by_the_answer_that_names_it(site: Site) -> None:
    ids = {"Omega Reach": "7000000000000000001", "Delta": 7000000000000000002}
    answer = {"list": [{"partner_name": name, "partner_id": one} for name, one in ids.items()], "total": 2}
    page = partners(site, rows=[[name, ""] for name in ids], answer=lambda _query: answer)
    assert page.find(STRANGER)[0] is None
    found, _ = page.find("7000000000000000002")
    assert found is not None
    assert (found.partner_id, found.name) == ("7000000000000000002", "Delta")


def test_a_members_list_without_the_login_s_own_row_was_not_seen(site: Site) -> None:
    page = members(site, rows=people(5)[1:], before="<div>Total: 4</div>")
    with pytest.raises(CannotSee, match="this login's own row"):
        page.find(NOBODY)


@pytest.mark.parametrize("own", [OWN, None])
def test_an_empty_members_list_was_not_seen(site: Site, own: str | None) -> None:
    page = members(site, rows=[], before="<div>Total: 0</div>", answer=lambda _query: told([], total=0))
    site.session.own_email = own
    with pytest.raises(CannotSee, match="own row"):
        page.find(NOBODY)


# What the answers say beside


@pytest.mark.parametrize("name", ["Nobody@Client.example", "https://x/?mail=nobody@client.example"])
def test_who_stands_in_an_answer_and_in_no_row_is_not_absent(site: Site, name: str) -> None:
    rows = people(4)
    page = members(
        site, rows=rows, before="<div>Total: 4</div>", answer=lambda _query: told([*rows, ["Nobody", name]], total=4)
    )
    with pytest.raises(CannotSee, match=f"an answer of the site names {NOBODY}, but no row shows it"):
        page.find(NOBODY)


@pytest.mark.parametrize("one", [STRANGER, int(STRANGER)], ids=["text", "number"])
def test_an_id_is_named_as_a_number_or_as_a_text(site: Site, one: object) -> None:
    answer = {"list": [{"partner_name": "Omega", "partner_id": one}], "total": 1}
    page = partners(
        site, rows=[["Delta", "7000000000000000002"]], before="<div>Total: 1</div>", answer=lambda _q: answer
    )
    with pytest.raises(CannotSee, match="an answer of the site names"):
        page.find(STRANGER)


def test_an_answer_that_only_says_again_what_was_searched_names_nobody(site: Site) -> None:
    rows = people(90)

    def answer(query: dict[str, str]) -> dict[str, Any]:
        hits = [row for row in rows if query.get("keyword", "") in row[1]]
        return told(hits, total=len(hits), keyword=query.get("keyword", ""))

    page = members(site, rows=rows, search=True, before="<div>Total: 90</div>", answer=answer)
    found, proof = page.find(NOBODY)
    assert found == []
    assert "searched for it among 90 rows" in proof


def test_a_partner_that_is_a_business_center_of_the_login_itself_may_be_absent(site: Site) -> None:
    """The page's own data name it as one, which says nothing about partners."""
    page = partners(
        site,
        rows=[["Delta", "7000000000000000002"]],
        before="<div>Total: 1</div>",
        organizations=[{"id": ORG, "name": "Harbour House"}, {"id": STRANGER, "name": "Harbour Labs"}],
    )
    assert page.find(STRANGER)[0] is None


# What a look does not depend on


def test_a_select_in_the_header_is_no_filter(site: Site) -> None:
    page = members(site, rows=people(4), before="<div>Total: 4</div>", language="Deutsch")
    assert page.find(NOBODY) == ([], "4 of 4 rows read")


def test_a_select_beside_the_list_is_a_filter(site: Site) -> None:
    select = '<span class="x-select-input"><input readonly value="Active"></span>'
    page = members(site, rows=people(4), before=f"<div>Total: 4 </div>{select}")
    with pytest.raises(CannotSee, match="filtered by Active"):
        page.find(NOBODY)


def test_a_side_request_that_is_refused_does_not_empty_a_list(site: Site) -> None:
    page = partners(site, refused=("/api/account/gmv_max/",), answer=lambda _query: {"list": [], "total": 0, "page": 1})
    assert page.find(STRANGER)[0] is None


def test_a_list_whose_own_request_was_refused_is_not_empty(site: Site) -> None:
    page = partners(site, answer=lambda _query: {"code": 50000, "msg": "try later"}, beside=["/api/partner/requests/"])
    with pytest.raises(CannotSee, match="the site gave no data for /api/things/list/"):
        page.find(STRANGER)


def test_once_a_list_gave_rows_only_its_own_request_speaks_of_it(site: Site) -> None:
    delta = ["Delta", "7000000000000000002"]
    answer = {"list": [{"partner_name": delta[0], "partner_id": delta[1]}], "total": 1}
    page = partners(site, rows=[delta], before="<div>Total: 1</div>", answer=lambda _query: answer)
    assert page.find(STRANGER)[0] is None
    assert site.session.list_paths == {"partners": "/api/things/list/"}
    site.page.unroute_all()
    side = "/api/partner/requests/"
    again = partners(site, refused=(side,), answer=lambda _query: {"list": [], "total": 0})
    assert again.find(STRANGER)[0] is None


def test_an_emptiness_that_no_answer_says_is_not_believed(site: Site) -> None:
    page = partners(site, answer=lambda _query: told(people(3)))
    site.page.evaluate("document.getElementById('list').innerHTML = none")
    with pytest.raises(CannotSee, match="no answer of the site says that it is empty"):
        page.find(STRANGER)


def test_news_is_counted_beyond_what_the_browser_keeps_of_resources(site: Site) -> None:
    """Chromium keeps 250 of them."""
    page = members(site, rows=people(4), before="<div>Total: 4</div>", answer=lambda _query: told(people(4)))
    site.page.evaluate("() => Promise.all([...Array(260).keys()].map(at => fetch('/api/other/?' + at)))")
    before = page.table.drawn().answered
    site.page.evaluate("() => fetch('/api/other/')")
    assert site.until(lambda: page.table.drawn().answered > before, seconds=20)


@pytest.mark.parametrize("one", [int(ORG), ORG], ids=["number", "text"])
def test_the_name_of_a_business_center_is_known_by_an_id_of_either_kind(site: Site, one: object) -> None:
    members(site, rows=people(2), before="<div>Total: 2</div>", organizations=[{"id": one, "name": "Harbour House"}])
    assert site.session.business_centers == {ORG: "Harbour House"}


def test_a_yes_may_be_a_text(site: Site) -> None:
    page = partners(site, answer=lambda _query: {"code": "0", "data": {"list": [], "total": "0"}})
    assert page.find(STRANGER)[0] is None

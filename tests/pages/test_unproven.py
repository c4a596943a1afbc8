"""An absence is proven or it is none: lists that other pages draw, and what their answers say beside."""

from time import monotonic
from typing import Any

import pytest

from bcflow.models.errors import CannotSee
from bcflow.pages.chooser_page import ChooserPage
from bcflow.pages.kit.site import Site
from bcflow.pages.members_page import MembersPage
from bcflow.pages.partners_page import PartnersPage
from tests.pages.other_site import ORG, serve

MEMBERS, PARTNERS = "/manage/users/members", "/manage/users/partners"
OWN = "ops@agency.example"
NOBODY = "nobody@client.example"
STRANGER = "7999999999999999999"


def people(count: int) -> list[list[str]]:
    return [["Olivia", OWN], *([f"Person {at}", f"person{at}@client.example"] for at in range(1, count))]


def told(rows: list[list[str]], **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {"list": [{"user_name": name, "email": email} for name, email in rows], **more}


def members(site: Site, **how: Any) -> MembersPage:  # noqa: ANN401 - what the page takes
    site.own_email = OWN
    serve(site.page, MEMBERS, **how)
    return MembersPage.open(site, ORG)


def partners(site: Site, **how: Any) -> PartnersPage:  # noqa: ANN401 - what the page takes
    site.routes["partners"] = PARTNERS
    serve(site.page, PARTNERS, **{"title": "Partners", "headings": ["Partner name", "Partner ID"]} | how)
    return PartnersPage.open(site, ORG)


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


@pytest.mark.parametrize("before", ["<div>Total: 40</div>", ""])
def test_a_button_below_the_rows_that_is_not_known_may_hide_more(site: Site, before: str) -> None:
    page = members(site, rows=people(40), kind="more", before=before, word="Weitere")
    with pytest.raises(CannotSee, match=r"7 rows were read, the list counts 40|'Weitere' below"):
        page.find(NOBODY)


@pytest.mark.parametrize("delay", [1500, 0])
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
    site.own_email = own
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


def test_an_emptiness_that_no_answer_says_is_not_believed(site: Site) -> None:
    page = partners(site, answer=lambda _query: told(people(3)))
    site.page.evaluate("document.getElementById('list').innerHTML = none")
    with pytest.raises(CannotSee, match="no answer of the site says that it is empty"):
        page.find(STRANGER)


def test_news_is_counted_beyond_what_the_browser_keeps_of_resources(site: Site) -> None:
    """Chromium keeps 250 of them."""
    page = members(site, rows=people(4), before="<div>Total: 4</div>", answer=lambda _query: told(people(4)))
    site.page.evaluate("() => Promise.all([...Array(260).keys()].map(at => fetch('/api/other/?' + at)))")
    before = page.table.answered
    site.page.evaluate("() => fetch('/api/other/')")
    assert site.until(lambda: page.table.answered > before, seconds=5)


@pytest.mark.parametrize("one", [int(ORG), ORG], ids=["number", "text"])
def test_the_name_of_a_business_center_is_known_by_an_id_of_either_kind(site: Site, one: object) -> None:
    members(site, rows=people(2), before="<div>Total: 2</div>", organizations=[{"id": one, "name": "Harbour House"}])
    assert site.names == {ORG: "Harbour House"}


def test_a_yes_may_be_a_text(site: Site) -> None:
    page = partners(site, answer=lambda _query: {"code": "0", "data": {"list": [], "total": "0"}})
    assert page.find(STRANGER)[0] is None


# Where there is no list at all

BLOCKS = """<div id="blocks" style="display:none"><div class="request"><b>Omega Reach</b><p>ID: 7000000000000000001</p>
<button>Accept</button><button>Decline</button></div><div class="request"><b>Zeta</b><p>ID: 7000000000000000003</p>
<button>Accept</button><button>Decline</button></div></div>"""
TABS = """<div><div class="x-tab-bar-item x-tab-bar-item-active" onclick="show(this, false)"><span
class="x-tab-bar-item-label">Partners</span></div><div class="x-tab-bar-item" onclick="show(this, true)"><span
class="x-tab-bar-item-label">Requests</span></div></div><script>function show(tab, requests) {
  document.querySelectorAll('div.x-tab-bar-item').forEach(e => e.classList.remove('x-tab-bar-item-active'));
  tab.classList.add('x-tab-bar-item-active');
  document.getElementById('list').style.display = requests ? 'none' : '';
  document.getElementById('blocks').style.display = requests ? '' : 'none';
}</script>"""


ASSIGNED = """<h3>Assigned accounts (1)</h3><div>Total: 1</div>
<table><thead><tr><th>Name</th><th>Access permission</th></tr></thead>
<tbody><tr><td>Acme 7000000000000000009</td><td>Custom</td></tr></tbody></table>"""


def test_requests_in_blocks_instead_of_rows_stop_no_look(site: Site) -> None:
    rows = [["Delta", "7000000000000000002"]]
    page = partners(site, rows=rows, before=f"<div>Total: 1</div>{TABS}", after=BLOCKS)
    site.patience = 30
    started = monotonic()
    found, proof = page.find(STRANGER)
    assert found is None
    assert "none of them names it" in proof
    assert monotonic() - started < 15
    asked, _ = page.find("7000000000000000001")
    assert asked is not None
    assert (asked.name, asked.status) == ("Omega Reach", "request pending")


@pytest.mark.parametrize(
    ("body", "read"),
    [
        ("<h3>Assigned accounts (0)</h3>", {}),
        ("<h3>Something else</h3>", None),
        (ASSIGNED, {"7000000000000000009": "Custom"}),
    ],
    ids=["none", "not-shown", "unknown-level"],
)
def test_details_may_have_an_empty_section_for_assigned_accounts(
    site: Site, body: str, read: dict[str, str] | None
) -> None:
    dialog = f'<div role="dialog" id="details" style="display:none">person1@client.example{body}</div>'
    rows = [[*person, '<a href="#" onclick="details.style.display = \'\'">View</a>'] for person in people(3)]
    page = members(
        site, rows=rows, headings=["Username", "Email", "Action"], before="<div>Total: 3</div>", after=dialog
    )
    site.patience = 30
    started = monotonic()
    assert page.read_assigned("person1@client.example") == read
    assert monotonic() - started < 15


def test_a_list_that_does_not_come_is_named_and_not_waited_for_without_end(site: Site) -> None:
    page = members(site, rows=people(3))
    site.page.evaluate("document.getElementById('list').innerHTML = ''")
    site.patience = 60
    started = monotonic()
    with pytest.raises(CannotSee, match="Members: the list of members did not come: no rows"):
        page.find(NOBODY)
    assert monotonic() - started < 20


# The chooser leads on by itself


@pytest.mark.parametrize(
    ("there", "names"),
    [
        ([{"id": int(ORG), "name": "Harbour House", "role": 1}], ["Harbour House"]),
        (
            [{"id": ORG, "name": "Harbour House"}, {"id": STRANGER, "name": "Labs", "role": 7}],
            ["Harbour House", "Labs"],
        ),
    ],
    ids=["the-only-one", "the-first-of-several"],
)
def test_a_chooser_that_leads_on_is_read_from_the_page_s_own_data(
    site: Site, there: list[dict[str, object]], names: list[str]
) -> None:
    serve(site.page, "/manage/overview", rows=people(1), organizations=there)
    script = f"<script>location.replace('/manage/overview?org_id={ORG}')</script>"
    site.page.route("**/select*", lambda route: route.fulfill(content_type="text/html", body=script))
    found = ChooserPage.open(site).read()
    assert [each.name for each in found] == names
    assert found[0].id == ORG
    assert found[-1].role == ("admin" if len(names) == 1 else None)


def test_a_chooser_that_leads_on_and_names_nobody_is_not_believed(site: Site) -> None:
    serve(site.page, "/manage/overview", rows=people(1), organizations=[])
    script = f"<script>location.replace('/manage/overview?org_id={ORG}')</script>"
    site.page.route("**/select*", lambda route: route.fulfill(content_type="text/html", body=script))
    chooser = ChooserPage.open(site)
    with pytest.raises(CannotSee, match="it led to /manage/overview"):
        chooser.read()

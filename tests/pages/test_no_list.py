"""Screens without the list that a look is about: blocks, empty sections, a chooser that leads on by itself."""

from time import monotonic

import pytest

from bcflow.models.errors import CannotSee
from bcflow.pages.chooser_page import ChooserPage
from bcflow.pages.kit.screen.site import Site
from bcflow.pages.partners_page import PartnersPage
from tests.pages.other_site import NOBODY, ORG, STRANGER, members, partners, people, serve

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
    site.patience = 90
    started = monotonic()
    found, proof = page.find(STRANGER)
    assert found is None
    assert "none of them names it" in proof
    assert monotonic() - started < 60
    asked, _ = page.find("7000000000000000001")
    assert asked is not None
    assert (asked.name, asked.status) == ("Omega Reach", "request pending")


def requests_of(site: Site, blocks: str) -> PartnersPage:
    """Return the page of partners with these blocks behind its tab of requests."""
    return partners(site, rows=[["Delta", "7000000000000000002"]], before=f"<div>Total: 1</div>{TABS}", after=blocks)


def test_a_partner_that_two_blocks_name_is_there(site: Site) -> None:
    again = (
        "</div><div class='request'><b>Omega Reach</b><p>ID: 7000000000000000001</p><button>Accept</button></div></div>"
    )
    twice = again.join(BLOCKS.rsplit("</div></div>", 1))
    asked, _ = requests_of(site, twice).find("7000000000000000001")
    assert asked is not None


def test_a_partner_that_is_shown_in_no_block_is_not_absent(site: Site) -> None:
    beside = BLOCKS.replace("<button>", f"<aside>Latest: {STRANGER}</aside><button>", 1)
    with pytest.raises(CannotSee, match="in no block of its own"):
        requests_of(site, beside).find(STRANGER)


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
    site.patience = 90
    started = monotonic()
    assert page.read_assigned("person1@client.example") == read
    assert monotonic() - started < 60


def test_a_list_that_does_not_come_is_named_and_not_waited_for_without_end(site: Site) -> None:
    page = members(site, rows=people(3))
    site.page.evaluate("document.getElementById('list').innerHTML = ''")
    site.patience = 90
    started = monotonic()
    with pytest.raises(CannotSee, match="Members: the list of members did not come: no rows"):
        page.find(NOBODY)
    assert monotonic() - started < 60


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

"""What a Business Center did that somebody else drew from the public facts: rows without a table, cards, menus."""

import pytest

from bcflow.models.errors import CannotSee
from bcflow.pages import other_tabs
from bcflow.pages.kit.lists import answers, blocks
from bcflow.pages.kit.lists.reading import Row
from bcflow.pages.kit.lists.rows import email
from bcflow.pages.kit.lists.table import Table
from bcflow.pages.kit.screen.site import Site
from bcflow.pages.kit.widgets.cards import Card, Cards
from bcflow.pages.kit.widgets.surface import on_top, page_surface
from tests.support.nightly import nightly_except

ONE, TWO = "7100000000000000011", "7100000000000000012"
pytestmark = pytest.mark.usefixtures("on_an_empty_page")


def person(name: str) -> str:
    return (
        f'<div class="row"><div style="width:200px"><b>{name.title()}</b><div>{name}@acme.example</div></div>'
        '<div style="width:90px">Admin</div><div style="width:90px">Active</div></div>'
    )


PEOPLE = f"""<style>.row{{display:flex}}</style>
<div class="people"><div class="row head"><div style="width:200px">Who</div><div style="width:90px">Role</div>
<div style="width:90px">Status</div></div>{person("ana")}{person("bo")}
<div class="x-pager"><i class="x-pager-record">2 Records in Total</i></div></div>
<div class="corner"><span>Signed in as</span> ops@agency.example</div>
<div class="x-drawer-dialog" style="position:fixed;left:100vw;top:0;width:400px;height:300px">
<div class="x-loading-mask" style="height:90px"></div><h3>Invite people</h3><button>Invite people</button></div>"""


def _address(row: Row) -> str | None:
    return email(row) or None


def people(site: Site, html: str = PEOPLE) -> Table:
    site.page.set_content(html)
    root = page_surface(site).root
    return Table(site, root, name="people", identity=_address, by=blocks.ADDRESSES, shared=False)


def test_rows_without_a_table_are_read_under_the_headings_that_stand_above_them(site: Site) -> None:
    listing = people(site).read_all()
    assert listing.proof == "2 of 2 rows read"
    assert [(email(row), row.under(lambda text: text == "Status")) for row in listing.rows] == [
        ("ana@acme.example", "Active"),
        ("bo@acme.example", "Active"),
    ]


def test_one_address_alone_is_no_list(site: Site) -> None:
    with pytest.raises(CannotSee, match="did not come"):
        people(site, "<div>Signed in as ops@agency.example</div>").read_all()


NAMELESS = person("cy").replace("<div>cy@acme.example</div>", "<div></div>")
WAITS = NAMELESS.replace('class="row"', 'class="row waits"')
HASHED = NAMELESS.replace('class="row"', 'class="x7f" style="display:flex"')


@pytest.mark.parametrize(
    ("rows", "nameless"),
    nightly_except(
        [
            (("ana", "bo", ""), NAMELESS),
            (("", "ana", "bo"), NAMELESS),
            (("ana", "", "bo"), WAITS),
            (("ana", "", "bo"), HASHED),
        ],
        *(WAITS, HASHED),
    ),
)
def test_what_looks_like_the_rows_beside_it_is_one_whatever_it_shows(
    site: Site, rows: tuple[str, ...], nameless: str
) -> None:
    """It may be anybody's: nobody is absent from such a list."""
    drawn = "".join(person(one) if one else nameless for one in rows)
    heads = (
        '<div class="row"><div style="width:200px">Who</div><div style="width:90px">Role</div><div>Status</div></div>'
    )
    table = people(site, f"<style>.row{{display:flex}}</style><div>{heads}{drawn}</div>")
    assert [_address(row) for row in table.drawn().rows] == [f"{one}@acme.example" if one else None for one in rows]
    with pytest.raises(CannotSee):
        table.find("dee@acme.example", is_it=lambda row: _address(row) == "dee@acme.example")


def test_a_search_that_leaves_one_row_shows_it_though_nothing_in_it_tells_whose_it_is(site: Site) -> None:
    """A page of one row is one where it has a pager and the row looks like those before it."""
    pager = '<div class="x-pager"><i class="x-pager-item x-pager-item-checked">1</i></div>'
    heads = (
        '<div class="row"><div style="width:200px">Who</div><div style="width:90px">Role</div><div>Status</div></div>'
    )
    table = people(site, f"<style>.row{{display:flex}}</style><main>{heads}{person('ana')}{person('bo')}{pager}</main>")
    assert len(table.drawn().rows) == 2
    site.page.locator("main").evaluate("(main, html) => { main.innerHTML = html; }", heads + NAMELESS + pager)
    assert [row.under(lambda text: text == "Who") for row in table.drawn().rows] == ["Cy"]


PINNED = f"<section>{person('cy')}</section><div>{person('ana')}{person('bo')}"


def test_a_block_that_stands_apart_is_left_out_only_where_it_would_be_missed(site: Site) -> None:
    listing = people(site, f"{PINNED}</div>").read_all()
    assert [email(row) for row in listing.rows] == ["cy@acme.example", "ana@acme.example", "bo@acme.example"]
    with pytest.raises(CannotSee, match="2 rows were read, the list counts 3"):
        people(
            site, f'{PINNED}<div class="x-pager"><i class="x-pager-record">3 Records in Total</i></div></div>'
        ).read_all()


def test_one_alone_is_the_list_where_something_counts(site: Site) -> None:
    listing = people(site, f'{person("ana")}<div class="x-pager-record">1 Records in Total</div>').read_all()
    assert [email(row) for row in listing.rows] == ["ana@acme.example"]


def test_a_column_that_a_wide_table_scrolls_to_is_there(site: Site) -> None:
    def line(kind: str, *cells: str) -> str:
        drawn = "".join(f"<div class='x-table-cell-{kind}' style='min-width:900px'>{cell}</div>" for cell in cells)
        return f"<div class='x-table-row' style='display:flex'>{drawn}</div>"

    head, body = line("head", "Who", "Since", "Status"), line("body", "ana@acme.example", "May", "Active")
    table = f"<div class='x-table-head'>{head}</div><div class='x-table-body'>{body}</div>"
    (row,) = people(site, f"<div style='overflow:auto'>{table}</div><div>Total: 1</div>").read_all().rows
    assert row.under(lambda text: text == "Status") == "Active"


def test_what_waits_beyond_the_edge_of_the_window_is_not_there(site: Site) -> None:
    people(site, PEOPLE + "<button>Invite people</button>")
    site.session.learnt = site.session.learnt.with_word("invite member", "Invite people")
    site.learn_words()
    assert page_surface(site).find_button("invite member") is not None
    assert page_surface(site).find_text("invite member") is not None


CARD = """<div class="selection-item"><div class="selection-basic-info__header__name"><div>{name}</div>
<div>{more}</div></div><div>3 members</div></div>"""


def test_a_card_may_show_the_id_beside_the_name(site: Site) -> None:
    shown = [("Acme & Sons", f"ID: {ONE}"), ("Harbour House", "Verified")]
    site.page.set_content("".join(CARD.format(name=name, more=more) for name, more in shown))
    assert Cards(site).read() == [Card("Acme & Sons", ONE), Card("Harbour House")]


TABS = """<div class="x-tab-bar">{tabs}</div><div id="list"></div><script>
const shown = [{lists}];
const draw = at => {{
  document.querySelectorAll('.x-tab-bar-item-label').forEach((e, n) =>
    e.parentElement.className = n === at ? 'x-tab-bar-item x-tab-bar-item-active' : 'x-tab-bar-item');
  const rows = shown[at].map(t => `<tr><td>${{t}}</td></tr>`).join('');
  document.getElementById('list').innerHTML = `<table><tbody>${{rows}}</tbody></table>
    <div class="x-pager-record">{counts} Records in Total</div>`;
}};
draw(0);</script>"""


def tabs(site: Site, lists: dict[str, list[str]], *, counts: str = "${shown[at].length}") -> list[Row]:
    heads = [
        f"<div class='x-tab-bar-item' onclick='draw({at})'><span class='x-tab-bar-item-label'>{name}</span></div>"
        for at, name in enumerate(lists)
    ]
    site.page.set_content(TABS.format(tabs="".join(heads), lists=",".join(map(str, lists.values())), counts=counts))
    return other_tabs.rows(
        site, lambda row: TWO in row.ids, by=blocks.IDS, identity=lambda row: next(iter(row.ids), None)
    )


def test_what_stands_under_another_tab_of_its_list_is_there(site: Site) -> None:
    assert [row.ids for row in tabs(site, {"All": [ONE], "Requests": [TWO]})] == [[TWO]]
    assert site.page.locator(".x-tab-bar-item-active").inner_text() == "All", "it is open again"
    assert tabs(site, {"All": [ONE], "Requests": ["7100000000000000013"]}) == []


def test_a_tab_that_shows_nothing_of_the_kind_is_about_something_else(site: Site) -> None:
    lists = {"All (1)": [ONE], "What was done": ["Nobody did anything", "so far"]}
    assert tabs(site, lists) == []


def test_a_tab_whose_list_is_not_all_there_proves_nothing(site: Site) -> None:
    lists = {"All (1)": [ONE], "Requests": ["7100000000000000013"]}
    with pytest.raises(CannotSee, match="1 rows were read, the list counts 9"):
        tabs(site, lists, counts="9")


NESTED = [{"kind": 1, "account": [{"id": one}]} for one in (ONE, TWO)]
PERSON = {"email": "bo@acme.example", "accounts": [{"id": ONE, "level": 2}, {"id": TWO, "level": 1}]}


@pytest.mark.parametrize(
    ("rows", "total", "proof"),
    nightly_except(
        [
            ([PERSON, {"email": "cy@acme.example"}], 26, "the list gives no total"),
            ([PERSON | {"accounts": [ONE, TWO]}], 26, "the list gives no total"),
            ([{"id": ONE}, {"id": TWO}], 2, "2 of 2 rows"),
            ([{"id": ONE}, {"id": TWO}], 26, "the list counts 26"),
            (NESTED, 26, "the list counts 26"),
        ],
        *("2 of 2 rows", NESTED),
    ),
    ids=["of people", "of people with ids", "of all accounts", "of more accounts", "of more accounts, deeper"],
)
def test_the_total_of_a_list_of_people_is_none_of_one_person_s_accounts(
    site: Site, rows: list[dict[str, object]], total: int, proof: str
) -> None:
    answer = {"code": 0, "data": {"list": rows, "total_count": total}}
    site.page.route("**/api/v2/bm/user/list/", lambda route: route.fulfill(json=answer))
    site.page.evaluate("fetch('/api/v2/bm/user/list/')")
    assert site.until(lambda: answers.lists(site), seconds=5)
    site.page.set_content(f"<ul><li><b>One</b> {ONE} <i>Admin</i></li><li><b>Two</b> {TWO} <i>Admin</i></li></ul>")
    table = Table(site, site.page.locator("body"), name="assigned", identity=lambda row: row.ids[0])
    try:
        told = table.read_all().proof
    except CannotSee as error:
        told = str(error)
    assert proof in told


LISTED = f"<ul><li><b>One</b> {ONE} <i>Admin</i></li><li><b>Two</b> {TWO} <i>Admin</i></li></ul>"
DRAWER = f"""<div style="height:300px"></div><button style="margin-left:60vw">View</button>
<div class="x-drawer-dialog-show" style="position:fixed;right:0;top:0;width:400px;height:100%">{LISTED}MORE
<div class="x-drawer-content-footer" style="position:absolute;bottom:0"><button>Resend</button></div></div>"""
MORE = '<div style="padding-top:300px"><button>Load more</button></div>'


@pytest.mark.parametrize(
    ("html", "ends"),
    nightly_except(
        [(DRAWER.replace("MORE", ""), True), (DRAWER.replace("MORE", MORE), False), (LISTED + MORE, False)],
        *(True, LISTED + MORE),
    ),
    ids=["the page's", "the drawer's", "the page's own"],
)
def test_what_is_below_a_list_on_its_own_surface_may_show_more_of_it(site: Site, html: str, ends: bool) -> None:
    site.page.set_content(html)
    table = Table(site, on_top(site).root, name="assigned", identity=lambda row: row.ids[0])
    if ends:
        assert len(table.read_all().rows) == 2
    else:
        with pytest.raises(CannotSee, match="Load more"):
            table.read_all()

"""What a Business Center did that somebody else drew from the public facts: rows without a table, cards, menus."""

import pytest

from bcflow.models.errors import CannotSee, WordsUnknown
from bcflow.models.unknown import UnknownWord
from bcflow.pages import other_tabs
from bcflow.pages.kit.evidence import sought
from bcflow.pages.kit.evidence.asking import ask
from bcflow.pages.kit.lists import assets, blocks
from bcflow.pages.kit.lists.reading import Row
from bcflow.pages.kit.lists.rows import email
from bcflow.pages.kit.lists.table import Table
from bcflow.pages.kit.screen.site import Site
from bcflow.pages.kit.widgets import fields
from bcflow.pages.kit.widgets.cards import Card, Cards
from bcflow.pages.kit.widgets.surface import page_surface
from bcflow.pages.kit.widgets.toggles import chosen_cards
from standin.server import StandIn

ONE, TWO = "7100000000000000011", "7100000000000000012"


@pytest.fixture
def site(site: Site, standin: StandIn) -> Site:
    """An empty page of the site: whose words are spoken there is asked of its cookies."""
    site.page.goto(f"{standin.bc_url}/nothing")
    return site


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


@pytest.mark.parametrize("state", ["is-on", "selected", "x-card-checked"])
def test_a_card_without_an_input_is_the_chosen_one_by_its_class(site: Site, state: str) -> None:
    style = "style='cursor:pointer;border:1px solid'"
    site.page.set_content(
        f"<div><div class='card {state}' {style}><p>Admin</p><p>Runs it</p></div>"
        f"<div class='card' {style}><p>Standard</p><p>Works in it</p></div></div>"
    )
    among = {"admin": "admin", "standard": "standard"}
    assert chosen_cards(site, page_surface(site).root, among) == ["admin"]


FORM = """<div class="panel"><h3>Role</h3><div><div style="cursor:pointer">Admin</div></div>
<div class="x-form-container"><label class="x-form-container-label">Finance permissions</label>
<div class="x-form-container-content"><input placeholder="None"></div></div></div>"""
SUMMARY = """<div><dl><dt>Company name</dt><dd>Acme</dd></dl>
<div><label class="x-checkbox"><input type="checkbox">The details are right</label></div></div>"""


@pytest.mark.parametrize(("html", "concept"), [(FORM, "role"), (SUMMARY, "company name")])
def test_a_heading_is_no_caption_of_a_field_that_has_its_own(site: Site, html: str, concept: str) -> None:
    site.page.set_content(html)
    assert page_surface(site).find_field(concept) is None


SECTION = """<div class="panel"><h3>Access settings</h3><div class="x-form-container">
<label class="x-form-container-label">Role</label><div><input placeholder="Choose"></div></div></div>"""


def test_a_section_and_the_one_field_in_it_may_both_have_a_word_for_it(site: Site) -> None:
    site.page.set_content(SECTION)
    found = page_surface(site).find_field("access settings", "role")
    assert found is not None
    assert found.row.get_attribute("class") == "x-form-container"


def candidates(site: Site, *wanted: sought.Sought) -> list[list[str]]:
    return [[one.text for one in word.candidates] for word in page_surface(site).unknown(*wanted)]


MENU = f"""<style>body{{margin:99px 400px}}</style><button class="primary">Add one</button>
<span class="x-popper-trigger x-select-input" onclick="document.querySelector('.x-popover').hidden = true">
<input readonly placeholder="Any state"></span><div class="x-tab-bar"><span>Everything</span></div>
<div><table><tbody><tr><td>{ONE}</td></tr></tbody></table></div>
<style>li{{cursor:pointer}}</style><div class="x-popover x-popover-show"><ul class="x-dropdown-menu">
<li class="x-dropdown-menu-item">Make a new one</li><li class="x-dropdown-menu-item">Ask the owner for it</li>
</ul></div>"""


def test_an_item_of_a_menu_that_dropped_down_comes_before_all_else_on_the_page(site: Site) -> None:
    site.page.set_content(MENU)
    (found,) = page_surface(site).unknown(sought.text(site, "request access"))
    first, second, *others = found.candidates
    assert {first.text, second.text} == {"Make a new one", "Ask the owner for it"}
    assert "dropped down" in first.why
    assert not [one.why for one in others if "dropped down" in one.why]
    assert site.page.locator(".x-popover").is_visible(), "no select was opened over it"


def word(*strengths: str) -> UnknownWord:
    candidates = [{"n": at, "text": f"word {at}", "strength": each, "why": ""} for at, each in enumerate(strengths, 1)]
    return UnknownWord.model_validate(
        {"concept": "request access", "what": "it", "purpose": "write", "clicked": True, "candidates": candidates}
    )


@pytest.mark.parametrize(("strengths", "goes_on"), [(("fair", "fair"), False), (("fair", "weak"), True)])
def test_a_rehearsal_clicks_nothing_for_which_no_more_speaks_than_for_another(
    site: Site, strengths: tuple[str, ...], *, goes_on: bool
) -> None:
    site.session.rehearses = lambda _unknown: True
    if goes_on:
        ask(site, [word(*strengths)])
        assert site.session.learnt.texts("request access") == ("word 1",)
        return
    with pytest.raises(WordsUnknown):
        ask(site, [word(*strengths)])


PRESET = """<style>body{margin:99px 400px}</style>
<div class="x-form-container"><label class="x-form-container-label">Legal company name</label>
<input value="Northwind Ltd"></div><div class="x-form-container"><label class="x-form-container-label">Nickname</label>
<input value="Northy"></div>"""


def test_a_field_that_the_form_has_filled_in_is_asked_about_where_its_words_are_near(site: Site) -> None:
    site.page.set_content(PRESET)
    assert candidates(site, sought.field(site, "company name")) == [["Legal company name"]]


COMPLAINT = """<style>body{margin:99px 400px}</style>
<div><label class="x-checkbox"><input type="checkbox">I accept all of it</label>
<div class="late" hidden>Please accept to go on.</div></div>"""


def test_any_text_that_a_form_says_anew_is_a_complaint_about_the_box_that_it_stands_at(site: Site) -> None:
    site.page.set_content(COMPLAINT)
    root = page_surface(site).root
    before = fields.lines(root)
    assert fields.news(root, before) == []
    site.page.evaluate("document.querySelector('.late').hidden = false")
    assert fields.news(root, before) == ["I accept all of it: Please accept to go on."]
    assert candidates(site, sought.box(fields.news(root, before))) == [["I accept all of it"]]


def box(one: str, attributes: str = "") -> str:
    off = "x-checkbox-disabled" if "disabled" in attributes else ""
    state = "x-checkbox-checked" if "checked" in attributes else ""
    return f'<div><label class="x-checkbox {off} {state}"><input type="checkbox" {attributes}></label>{one}</div>'


def test_an_account_that_is_greyed_out_is_given_already_and_not_by_this_form(site: Site) -> None:
    site.page.set_content(f"<div>{box(ONE, 'checked disabled')}{box(TWO, 'checked')}</div>")
    assert list(assets.granted(page_surface(site), {TWO: ""}, together="")) == [TWO]


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

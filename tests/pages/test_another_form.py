"""Forms of Business Centers that others drew from the public facts: cards, popovers, menus, complaints, presets."""

import pytest

from bcflow.models.errors import WordsUnknown
from bcflow.models.unknown import UnknownWord
from bcflow.pages.kit.evidence import accepts, sought
from bcflow.pages.kit.evidence.asking import ask
from bcflow.pages.kit.evidence.scan import spot
from bcflow.pages.kit.lists import account_rows, assets
from bcflow.pages.kit.screen.site import Site
from bcflow.pages.kit.widgets import choice_cards, choices, fields
from bcflow.pages.kit.widgets.surface import on_top, page_surface

ONE, TWO = "7100000000000000011", "7100000000000000012"
pytestmark = pytest.mark.usefixtures("on_an_empty_page")


MARKS = {
    "class": "each.classList.toggle('style_an__q81zd', on)",
    "attribute": "each.setAttribute('aria-checked', on)",
    "border": "each.style.borderColor = on ? 'red' : 'black'",
    "tick": "each.lastChild.innerHTML = on ? '<svg width=9></svg>' : ''",
}
DECK = """<style>.card{{cursor:pointer;border:1px solid black}} .card:hover{{border-color:blue}}</style>
<div><div><div class="card" tabindex=0 onclick="pick(this)"><p>Admin</p><p>Runs it</p><i></i></div></div>
<div><div class="card" tabindex=0 onclick="pick(this)"><p>Standard</p><p>Works in it</p><i></i></div></div></div>
<button onclick="document.body.remove()" style="cursor:pointer">Next</button>
<script>function pick(card) {{ for (const each of document.querySelectorAll('.card')) {{
const on = each === card; {mark}; }} }} {preset}</script>"""
PRESET = "pick(document.querySelectorAll('.card')[1])"


@pytest.mark.parametrize("cursor", ["pointer", "default"])
@pytest.mark.parametrize("mark", MARKS.values(), ids=MARKS.keys())
def test_a_card_need_not_look_as_if_it_could_be_clicked(site: Site, mark: str, cursor: str) -> None:
    plain = DECK.format(mark=mark, preset="").replace("cursor:pointer", f"cursor:{cursor}").replace(" tabindex=0", "")
    site.page.set_content(plain)
    assert choice_cards.choose(site, page_surface(site).root.get_by_text("Standard"))() == ["Standard"]


@pytest.mark.parametrize("preset", ["", PRESET], ids=["none", "preset"])
@pytest.mark.parametrize("mark", MARKS.values(), ids=MARKS.keys())
def test_the_chosen_card_is_the_one_that_looks_otherwise_since_the_click(site: Site, mark: str, preset: str) -> None:
    site.page.set_content(DECK.format(mark=mark, preset=preset))
    card = page_surface(site).root.get_by_text("Standard")
    chosen = choice_cards.choose(site, card)
    assert chosen() == ["Standard"]
    site.page.evaluate("pick(document.querySelector('.card'))")
    assert chosen() == ["Admin"], "somebody else chose another one"


def test_a_card_that_shows_nothing_is_not_told_to_be_chosen(site: Site) -> None:
    site.page.set_content(DECK.format(mark="1", preset=""))
    chosen = choice_cards.choose(site, page_surface(site).root.get_by_text("Admin"))
    assert (chosen(), site.page.get_by_role("button").count()) == ([], 1)


def test_a_card_that_was_only_touched_is_not_the_chosen_one(site: Site) -> None:
    mark = "window.touched ??= (card.className += ' touched'); each.style.borderColor = on ? 'red' : 'black'"
    site.page.set_content(DECK.format(mark=mark, preset=""))
    chosen = choice_cards.choose(site, page_surface(site).root.get_by_text("Admin"))
    assert chosen() == ["Admin"]
    site.page.evaluate("pick(document.querySelectorAll('.card')[1])")
    assert chosen() != ["Admin"]


@pytest.mark.parametrize("cursor", ["pointer", "default"])
def test_the_list_that_stands_behind_a_form_has_no_cards(site: Site, cursor: str) -> None:
    listed = (
        "<table><tbody><tr><td>Acme US</td><td>Admin</td></tr><tr><td>Acme</td><td>Standard</td></tr></tbody></table>"
    )
    deck = DECK.format(mark=MARKS["tick"], preset="").replace("cursor:pointer", f"cursor:{cursor}")
    site.page.set_content(deck.replace("<button", listed + "<button"))
    card = choices.card(page_surface(site), "admin", ("admin", "standard"), sure=True)
    assert card is not None
    assert choice_cards.choose(site, card)() == ["Admin"]


def test_a_form_s_own_buttons_are_no_cards_beside_the_one(site: Site) -> None:
    button = '<button class="x-btn" style="cursor:pointer" onclick="this.title = 1">{}</button>'
    site.page.set_content(
        f"<form onsubmit='return false'><div><div>{button.format('Admin')}</div></div><p>All there is</p>"
        f"<div><div>{button.format('Cancel')}{button.format('Send')}</div></div></form>"
    )
    chosen = choice_cards.choose(site, page_surface(site).root.get_by_text("Admin"))
    assert chosen() in ([], ["Admin"])
    assert site.page.locator("[title]").all_inner_texts() == ["Admin"], "no other one is clicked"


POPOVER = """<button onclick="this.nextSibling.hidden = false">Request Access</button><div hidden
class="x-popover x-popover-show" style="position:fixed;top:40px"><div>{}<button>Send it</button></div></div>"""


@pytest.mark.parametrize(
    ("inside", "is_page"),
    [("<input>", False), ("<p>What it is</p>", True), ("<div class=x-select-popover-panel><input></div>", True)],
    ids=["form", "words", "options"],
)
def test_a_popover_that_is_filled_in_is_a_form_of_its_own(site: Site, inside: str, is_page: bool) -> None:
    site.page.set_content(POPOVER.format(inside))
    page_surface(site).press("request access")
    assert on_top(site).is_page == is_page


def test_a_popover_that_nobody_opened_is_none(site: Site) -> None:
    site.page.set_content(POPOVER.format("<input>").replace("<div hidden", "<div"))
    assert on_top(site).is_page


def test_the_button_that_opened_a_form_does_not_send_it(site: Site) -> None:
    site.page.set_content("<button>Request Access</button><input placeholder='Account ID'><button>Off</button>")
    page = page_surface(site)
    page.press("request access")
    assert page.find_button("request access") is not None
    assert page.find_button("request access", sends=True) is None
    sends = sought.button(site, "request access", leads="sends")
    assert candidates(site, sends) == [["Off"]], "nor is it proposed"
    site.page.evaluate("document.querySelector('button').innerText = 'Request access'")
    assert page.find_button("request access", sends=True) is not None, "it became another one"


BOX = '<div><label class="x-checkbox{on}"><input type="checkbox"{checked}></label><span>{name} ID: {id}</span></div>'
TRANSFER = f"""<div class="x-drawer-dialog-show"><div><input placeholder="Find">
{BOX.format(on=" x-checkbox-checked", checked=" checked", name="One", id=ONE)}
{BOX.format(on="", checked="", name="Two", id=TWO)}</div>
<div><div><b>One</b> <i>ID: {ONE}</i><div><div class="x-select-input x-popper-trigger"><input readonly value="Analyst">
</div></div><button>x</button></div></div></div>"""


def test_the_role_of_an_account_may_stand_where_those_are_that_were_chosen(site: Site) -> None:
    site.page.set_content(TRANSFER)
    form = on_top(site)
    assert account_rows.ticked(form) == {ONE: ["Analyst"]}
    control = account_rows.role_control(form, ONE)
    assert control is not None
    assert control.read() == "Analyst"
    assert account_rows.role_control(form, TWO) is None


TIPS = f"""<div><div>Partner ID: {ONE}</div><label class="x-form-container-label">Accounts</label>
<label class="x-checkbox"><input type="checkbox">Send me tips</label></div>"""


@pytest.mark.parametrize(
    ("html", "has_one"), [(TIPS, False), (BOX.format(on="", checked="", name="Two", id=TWO), True)]
)
def test_a_box_of_the_form_is_none_of_an_ad_account(site: Site, html: str, has_one: bool) -> None:
    site.page.set_content(html)
    assert account_rows.any_box(page_surface(site)) == has_one


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


def test_of_two_words_of_which_one_can_be_there_a_rehearsal_takes_one(site: Site) -> None:
    site.session.rehearses = lambda _unknown: True
    either = [word("strong", "fair").model_copy(update={"concept": one, "either": "a"}) for one in ("confirm", "next")]
    ask(site, either)
    assert site.session.learnt.guessed == {("confirm", either[0].candidates[0].text)}


FILLED_IN = """<style>body{margin:99px 400px}</style>
<div class="x-form-container"><label class="x-form-container-label">Legal company name</label>
<input value="Northwind Ltd"></div><div class="x-form-container"><label class="x-form-container-label">Nickname</label>
<input value="Northy"></div>"""


def test_a_field_that_the_form_has_filled_in_is_asked_about_where_its_words_are_near(site: Site) -> None:
    site.page.set_content(FILLED_IN)
    assert candidates(site, sought.field(site, "company name")) == [["Legal company name"]]


TWO_PHONES = """<style>body{margin:99px 400px}</style>
<div class="x-form-container"><label class="x-form-container-label">Reach at</label>
<input type="tel" value="+14155550100"></div><div class="x-form-container">
<label class="x-form-container-label">Digits</label><input type="tel"></div>"""


def test_of_two_fields_that_take_such_a_value_the_empty_one_is_proposed(site: Site) -> None:
    site.page.set_content(TWO_PHONES)
    assert candidates(site, sought.field(site, "phone", accepts=accepts.takes("phone"))) == [["Digits", "Reach at"]]


SIGN_BEFORE = """<style>body{margin:99px 400px} .head{display:flex;cursor:pointer}</style>
<div><div class="head"><i>▸</i><span>Further rights</span><span>(optional)</span></div>
<div style="height:0;overflow:hidden"><label class="x-radio"><input type="radio">Sees bills</label></div></div>"""


def test_a_sign_before_the_words_is_not_what_it_is_called(site: Site) -> None:
    site.page.set_content(SIGN_BEFORE)
    assert candidates(site, sought.section(site, "advanced permissions")) == [["Further rights"]]


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


def test_what_stands_left_because_the_page_is_scrolled_sideways_is_no_menu(site: Site) -> None:
    site.page.set_content(
        "<div style='width:3000px'><div style='margin:200px 400px'><input size=4 placeholder='Which one'>"
        "<button>Off it goes</button></div></div>"
    )
    site.page.evaluate("scrollTo(400, 0)")
    assert {one.text: one.place for one in spot(page_surface(site).root)}["Off it goes"] == "page"


def test_what_is_called_so_already_is_no_question(site: Site) -> None:
    site.page.set_content(
        "<style>body{margin:99px 400px}</style><div class='x-form-container'>"
        "<label class='x-form-container-label'>Company name</label><input></div>"
    )
    assert candidates(site, sought.field(site, "company name")) == []

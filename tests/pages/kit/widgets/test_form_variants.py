"""The same controls where another screen of the same kit may put them."""

import pytest
from playwright.sync_api import Page

from bcflow.models.errors import Refused, ScreenChanged
from bcflow.pages.kit.evidence.scan import spot
from bcflow.pages.kit.lists import assets
from bcflow.pages.kit.widgets.controls import Picker
from bcflow.pages.kit.widgets.surface import on_top, page_surface
from tests.pages.kit.conftest import Show
from tests.support.nightly import nightly_except

NORTH, TWIN, SOUTH = "7200000000000000011", "7200000000000000029", "7200000000000000037"


def ending(text: str) -> Picker:
    return lambda texts: [each for each in texts if each.endswith(text)]


def test_a_caption_above_stands_for_the_control_right_below_it(show: Show) -> None:
    form = on_top(show("plain"))
    form.field("company name").write("Acme Inc")
    form.field("time zone").choose(ending("London Time"), wanted="London")
    form.field("role").choose(ending("Standard"), wanted="standard")
    form.field("website").write("https://acme.example")
    inputs = form.root.locator(".gallery input:not([type=radio])")
    values = [one.input_value() for one in inputs.all()]
    assert values == ["Acme Inc", "(UTC+00:00) London Time", "https://acme.example"]
    assert form.find_field("email") is None


def test_a_heading_over_several_rows_is_not_a_field(show: Show) -> None:
    form = on_top(show("headed"))
    assert form.find_field("company name") is None
    form.field("street").write("1 Main")
    assert form.field("city").read() == ""


def test_a_telephone_number_is_written_beside_its_country(show: Show) -> None:
    phone = on_top(show("headed")).field("phone")
    assert phone.kind == "text"
    phone.write("+12125550100")
    assert phone.read() == "+12125550100"
    with pytest.raises(ScreenChanged):
        phone.choose(ending("+49"), wanted="+49")


def test_a_text_with_a_checkbox_beside_it_is_a_text(show: Show) -> None:
    form = on_top(show("headed"))
    form.field("website").write("https://acme.example")
    assert form.field("website").read() == "https://acme.example"
    assert form.root.locator("[class*='-checkbox-checked']").count() == 0


def test_an_option_with_an_explanation_is_chosen_by_its_first_line(show: Show) -> None:
    field = on_top(show("explained")).field("access permission")
    words = field.site.words
    field.choose(lambda texts: [text for text in texts if words.matches("operator", text)], wanted="operator")
    assert field.read() == "Operator"


def test_a_native_select_is_chosen_and_read(show: Show) -> None:
    field = on_top(show("native")).field("currency")
    assert field.read() == ""
    with pytest.raises(Refused, match="there is no VND"):
        field.choose(ending("VND"), wanted="VND")
    field.choose(ending("EUR"), wanted="EUR")
    assert field.read() == "EUR"


def test_a_select_that_draws_only_what_is_in_view_is_read_whole(show: Show) -> None:
    field = on_top(show("virtual")).field("company name")
    with pytest.raises(Refused, match="there is no Company 100"):
        field.choose(ending("Company 100"), wanted="Company 100")
    again = on_top(show("virtual")).field("company name")
    again.choose(lambda texts: [text for text in texts if text == "Company 77"], wanted="Company 77")
    assert again.read() == "Company 77"


@pytest.mark.parametrize("shape", nightly_except(["list", "table"], "table"))
@pytest.mark.parametrize("level", nightly_except(["row", "all"], "row"))
def test_accounts_are_ticked_and_given_their_role(show: Show, page: Page, shape: str, level: str) -> None:
    form = on_top(show("picker", **{"as": shape}, level=level))
    second = "analyst" if level == "row" else "operator"
    assets.choose(form, {NORTH: "operator", SOUTH: second})
    assert sorted(assets.ticked(form)) == [NORTH, SOUTH]
    where = {"row": {NORTH: "Operator", TWIN: "", SOUTH: "Analyst"}, "all": {"all": "Operator"}}[level]
    shown = {key: page.locator(f".level-{key} input").input_value() for key in where}
    assert shown == where


@pytest.mark.parametrize("shape", nightly_except(["list", "table"], "list"))
def test_one_role_for_all_cannot_be_two(show: Show, shape: str) -> None:
    form = on_top(show("picker", **{"as": shape}, level="all"))
    with pytest.raises(Refused, match="one role"):
        assets.choose(form, {NORTH: "operator", SOUTH: "analyst"})


@pytest.mark.nightly
def test_an_account_that_is_not_offered_is_refused_and_nothing_is_ticked(show: Show) -> None:
    form = on_top(show("picker", level="row"))
    with pytest.raises(Refused, match="not offered"):
        assets.choose(form, {"7200000000000000099": "operator"})
    assert assets.ticked(form) == []


def test_an_account_that_is_ticked_beforehand_is_not_given_along(show: Show, page: Page) -> None:
    form = on_top(show("picker", level="row"))
    page.locator(f".tick-{SOUTH} label").click()
    with pytest.raises(Refused, match=f"also give ad account {SOUTH}"):
        assets.choose(form, {NORTH: "operator"})
    assert assets.ticked(form) == [SOUTH]


@pytest.mark.nightly
@pytest.mark.parametrize("shape", ["list", "table", "select"])
def test_a_form_without_a_choice_of_the_role_is_refused(show: Show, shape: str) -> None:
    form = on_top(show("picker", **{"as": shape}, level="none"))
    with pytest.raises(Refused, match=f"cannot show the role asked for .analyst on ad account {NORTH}"):
        assets.choose(form, {NORTH: "analyst"})


@pytest.mark.parametrize(("told", "fits"), nightly_except([("Operator", True), ("Analyst", False)], "Analyst"))
def test_a_role_that_the_form_tells_as_a_text_counts_if_it_is_the_one(show: Show, told: str, *, fits: bool) -> None:
    form = on_top(show("picker", level="told", told=told))
    if fits:
        level = assets.choose(form, {NORTH: "operator"})
        assert level is not None
        assert level.said(form) == told
        return
    with pytest.raises(Refused, match="cannot show the role"):
        assets.choose(form, {NORTH: "operator"})


def test_accounts_in_a_select_are_chosen_by_their_id(show: Show) -> None:
    form = on_top(show("picker", **{"as": "select"}, level="all"))
    assets.choose(form, {TWIN: "analyst"})
    assert form.field("advertiser accounts").read() == f"North ({TWIN})"
    assert assets.ticked(form) == [TWIN]


FADING = """() => new MutationObserver((changes) => {
  for (const { target, oldValue } of changes) {
    if (!/-popover-show/.test(oldValue) || /-popover-show/.test(target.className)) continue;
    const fading = target.cloneNode(true);
    document.body.append(fading);
    setTimeout(() => fading.remove(), 600);
  }
}).observe(document, { subtree: true, attributes: true, attributeFilter: ['class'], attributeOldValue: true })"""
"""What a panel that closes shows for a moment, it shows for long: as on a loaded machine."""


def test_options_that_fade_are_no_second_row_of_the_account(show: Show, page: Page) -> None:
    form = on_top(show("picker", **{"as": "select"}, level="all"))
    page.evaluate(FADING)
    assets.choose(form, {TWIN: "analyst"})
    assert assets.ticked(form) == [TWIN]


def test_a_choice_of_the_form_is_no_tick_for_an_id_that_the_form_tells(show: Show, page: Page) -> None:
    form = on_top(show("picker", level="row"))
    told = """<div>Partner ID: 6900000000000000074</div><div><label class="bc-okee-radio bc-okee-radio-checked">
      <input type="radio" checked>Analyst</label>
      <label class="bc-okee-radio"><input type="radio">Operator</label></div>"""
    page.locator(".gallery").evaluate("(root, told) => { root.innerHTML = told; }", told)
    assert assets.ticked(form) == []


FOLDED = """
<div class="x-form-container-label">Access settings</div>
<div><div style="cursor:pointer">Admin</div><div style="cursor:pointer">Only what is given</div></div>
<div style="height:0; overflow:hidden">
  <div class="x-radio-group"><label class="x-radio"><input type="radio">Billing</label>
  <label class="x-radio"><input type="radio">Finance analyst</label></div>
</div>
"""


def test_what_is_folded_away_is_neither_a_field_nor_a_candidate(show: Show) -> None:
    """The caption stands before cards; the first control after it is in a section that is closed."""
    site = show("plain")
    site.page.evaluate("html => { document.body.innerHTML = html; }", FOLDED)
    form = page_surface(site)
    assert form.find_field("access settings") is None
    assert [each.text for each in spot(form.root) if each.kind == "choice"] == []
    site.page.evaluate("() => { document.querySelector('[style*=\"height:0\"]').style.height = 'auto'; }")
    assert {each.text for each in spot(form.root) if each.kind == "choice"} == {"Billing", "Finance analyst"}

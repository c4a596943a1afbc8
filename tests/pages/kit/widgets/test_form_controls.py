"""Each control of a form, set and read back, in the kit's own rows."""

import json
import unicodedata

import pytest
from playwright.sync_api import Page, expect

from bcflow.models.errors import Refused, ScreenChanged
from bcflow.models.identity import canonical_name
from bcflow.pages.kit.widgets.control_kinds import shows_way
from bcflow.pages.kit.widgets.controls import Picker
from bcflow.pages.kit.widgets.surface import on_top
from bcflow.pages.labels import words
from tests.pages.kit.conftest import Show
from tests.support.nightly import nightly_except

PREFIXES = [
    pytest.param(name, marks=pytest.mark.standin(axes={"kit_prefix": name})) for name in ("bc-okee", "okee", "byted")
]


def like(*wanted: str) -> Picker:
    return lambda texts: [text for text in texts if text in wanted]


@pytest.mark.parametrize("prefix", nightly_except(PREFIXES, "okee"))
def test_every_control_of_a_form_is_set_and_read_back(show: Show, prefix: str) -> None:
    form = on_top(show("form"))
    form.field("email", "enter email").write("new@client.example")
    form.field("company name").write("Acme Inc")
    form.field("country/region").choose(like("Germany"), wanted="DE")
    form.field("time zone").choose(like("(UTC+00:00) London Time"), wanted="London", search="London")
    form.field("advertiser accounts").choose(like("Acc B"), wanted="Acc B")
    form.field("industry").walk("Group 41", "Trade 41.33")
    form.field("role").choose(like("Admin"), wanted="admin")
    read = {name: form.field(name).read() for name in ("email", "company name", "country/region", "role")}
    assert read == {
        "email": "new@client.example",
        "company name": "Acme Inc",
        "country/region": "Germany",
        "role": "Admin",
    }
    assert form.field("time zone").read() == "(UTC+00:00) London Time"
    assert form.field("advertiser accounts").read() == "Acc B"
    assert "Trade 41.33" in form.field("industry").read()
    assert form.site.page.locator(f".{prefix}-popover-show").count() == 0, "no panel may stay open"


@pytest.mark.parametrize("surface", nightly_except(["modal", "drawer"], "drawer"))
def test_choosing_several_does_not_close_the_dialog_around_it(show: Show, surface: str) -> None:
    form = on_top(show("form", surface=surface))
    field = form.field("advertiser accounts")
    field.choose(like("Acc A"), wanted="Acc A")
    field.choose(like("Acc C"), wanted="Acc C")
    field.choose(like("Acc A"), wanted="Acc A")
    assert field.read() == "Acc A, Acc C", "choosing again takes nothing away"
    assert form.same_as(on_top(form.site))


def test_a_radio_with_an_explanation_is_called_by_its_first_line(show: Show) -> None:
    form = on_top(show("form"))
    admin = form.find_toggle("admin")
    assert admin is not None
    assert admin.caption == "Admin"
    admin.turn(on=True)
    standard = form.find_toggle("standard")
    assert standard is not None
    assert (admin.is_on, standard.is_on) == (True, False)


def test_ticking_the_terms_does_not_follow_the_link_in_them(show: Show, page: Page) -> None:
    terms = on_top(show("form")).find_toggle("terms")
    assert terms is not None
    assert not terms.is_on
    terms.turn(on=True)
    assert terms.is_on
    assert not page.url.endswith("#terms")
    terms.turn(on=True)
    assert terms.is_on, "asking again does not turn it off"


def test_a_switch_is_named_by_the_text_beside_it(show: Show) -> None:
    form = on_top(show("form"))
    switch = form.find_toggle("notify owner")
    assert switch is not None
    switch.turn(on=True)
    assert switch.is_on
    switch.turn(on=False)
    assert not switch.is_on


@pytest.mark.nightly
def test_several_addresses_become_chips(show: Show) -> None:
    form = on_top(show("form"))
    chips = form.field("contact name")
    assert chips.kind == "chips"
    chips.write("one@client.example")
    assert chips.read() == "one@client.example"
    with pytest.raises(ScreenChanged):
        chips.write("two@client.example")


def test_an_option_that_is_not_there_is_refused_with_those_that_are(show: Show, page: Page) -> None:
    field = on_top(show("form")).field("country/region")
    with pytest.raises(Refused, match=r"there is no FR; there are: United States, .*Germany"):
        field.choose(like("France"), wanted="FR")
    assert field.read() == ""
    expect(page.locator("[class*='-select-option-selected']")).to_have_count(0)


@pytest.mark.nightly
def test_an_industry_that_is_not_there_is_refused_after_all_were_seen(show: Show) -> None:
    field = on_top(show("form")).field("industry")
    with pytest.raises(Refused, match=r"no 'Mining'.*Group 0, .*Group 59"):
        field.walk("Mining", "Gold")
    assert field.read() == ""


DROPS_CLICKS = """drops => {
  window.toDrop = drops;
  window.addEventListener('click', event => {
    const text = event.target.innerText || '';
    if (!(drops[text] > 0)) return;
    drops[text] -= 1;
    event.stopImmediatePropagation();
  }, true);
}"""


@pytest.mark.nightly
@pytest.mark.parametrize(
    "drops", nightly_except([{"Group 41": 2}, {"Group 41": 4}, {"Trade 41.33": 2}], {"Group 41": 2})
)
def test_a_cascader_may_drop_a_click(show: Show, page: Page, drops: dict[str, int]) -> None:
    field = on_top(show("form")).field("industry")
    page.evaluate(DROPS_CLICKS, drops)
    assert "Trade 41.33" in field.walk("Group 41", "Trade 41.33")
    assert page.evaluate("Object.values(window.toDrop)") == [0], "all of them were dropped"


@pytest.mark.nightly
def test_an_industry_is_chosen_anew_from_an_open_group(show: Show) -> None:
    field = on_top(show("form")).field("industry")
    for group, leaf in (("Group 2", "Trade 2.1"), ("Group 41", "Trade 41.33"), ("Group 41", "Trade 41.2")):
        assert leaf in field.walk(group, leaf)


def test_what_is_required_and_empty_is_named_until_it_is_filled(show: Show) -> None:
    form = on_top(show("form"))
    assert form.required_but_empty() == ["Email", "Country/Region", "Role"]
    form.field("email").write("new@client.example")
    form.field("role").choose(like("Standard"), wanted="standard")
    assert form.required_but_empty() == ["Country/Region"]


def test_an_error_is_read_with_its_caption(show: Show) -> None:
    assert on_top(show("form", error="This is no address")).errors() == ["Email: This is no address"]
    assert on_top(show("form")).errors() == []


def test_a_field_that_does_not_keep_its_value_is_noticed(show: Show) -> None:
    form = on_top(show("preset"))
    with pytest.raises(ScreenChanged, match="holding what was typed"):
        form.field("email").write("new@client.example")
    with pytest.raises(ScreenChanged, match="Aster"):
        form.field("contact name").write("Asterix")
    assert form.field("time zone").read() == "Mars Time"


def test_what_is_greyed_out_is_refused(show: Show) -> None:
    form = on_top(show("preset"))
    with pytest.raises(Refused, match="greyed out"):
        form.field("role").choose(like("Admin"), wanted="admin")
    with pytest.raises(Refused, match="greyed out"):
        form.field("currency").choose(like("USD"), wanted="USD")
    assert form.field("role").read() == "Standard"
    assert form.field("currency").read() == ""
    assert not form.button("cancel").is_enabled()
    assert not form.button("confirm").is_enabled()


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("options", "concept", "shown"),
    [
        ('["Operator (3)", "Analyst (0)"]', "operator", "Operator (3)"),
        ('["OPERATOR", "Analyst"]', "operator", "OPERATOR"),
        ('["Ope\\u200brator", "Analyst"]', "analyst", "Analyst"),
    ],
)
def test_options_are_told_by_their_words(show: Show, options: str, concept: str, shown: str) -> None:
    field = on_top(show("words", options=options)).field("access permission")
    words = field.site.words
    field.choose(lambda texts: [text for text in texts if words.matches(concept, text)], wanted=concept)
    assert field.read() == shown


def test_an_option_that_is_there_twice_is_refused(show: Show) -> None:
    field = on_top(show("words", options='["Operator", "Analyst", "Operator"]')).field("access permission")
    with pytest.raises(Refused, match="could be any of: Operator, Operator"):
        field.choose(like("Operator"), wanted="operator")
    assert field.read() == ""


@pytest.mark.parametrize(
    ("language", "concept"), nightly_except([("vi", "operator"), ("tr", "cancel"), ("de", "confirm")], ("tr", "cancel"))
)
@pytest.mark.parametrize("change", ["NFD", "upper"])
def test_words_are_found_in_any_spelling_of_their_letters(show: Show, language: str, concept: str, change: str) -> None:
    word = words(language).of(concept)[0]
    spelt = unicodedata.normalize("NFD", word) if change == "NFD" else word.upper()
    other = words(language).of("analyst")[0]
    site = show("words", options=json.dumps([other, spelt]))
    field = on_top(site).field("access permission")
    known = words(language)
    field.choose(lambda texts: [text for text in texts if known.matches(concept, text)], wanted=concept)
    assert canonical_name(field.read()) == canonical_name(spelt)
    assert not known.matches("analyst", field.read())


@pytest.mark.parametrize(
    ("shown", "good"),
    [
        ("Other", True),
        ("Tech > Other", True),
        ("tech / other", True),
        ("Tech/Other (12)", True),
        ("Real Estate > Other", False),
        ("Tech", False),
        ("", False),
    ],
)
def test_a_leaf_of_the_same_name_in_another_group_is_not_it(shown: str, good: bool) -> None:
    assert shows_way(shown, ("Tech", "Other")) is good

"""The wizard's kit: Vue, class prefix `vi-`."""

import pytest
from playwright.sync_api import Page, expect

from bcflow.models.errors import Refused
from bcflow.pages.kit import css
from bcflow.pages.kit.widgets.controls import Picker
from bcflow.pages.kit.widgets.surface import Surface, on_top
from tests.pages.kit.conftest import Show


def exactly(wanted: str) -> Picker:
    return lambda texts: [text for text in texts if text == wanted]


@pytest.fixture
def form(show: Show, page: Page) -> Surface:
    site = show("wizard")
    page.locator(".vi-form").wait_for()
    return on_top(site)


def test_every_control_is_set_and_read_back(form: Surface) -> None:
    form.field("company name").write("Acme Inc")
    form.field("currency").choose(exactly("EUR"), wanted="EUR")
    form.field("country/region").choose(exactly("Germany"), wanted="DE", search="Germany")
    form.field("industry").walk("Group 2", "Trade 2.1")
    names = ("company name", "currency", "country/region")
    assert [form.field(name).read() for name in names] == ["Acme Inc", "EUR", "Germany"]
    assert "Trade 2.1" in form.field("industry").read()
    assert form.field("website").read() == ""


def test_a_long_list_is_chosen_from_without_a_search(form: Surface) -> None:
    form.field("country/region").choose(exactly("Country 77"), wanted="77")
    assert form.field("country/region").read() == "Country 77"


def test_what_is_not_there_or_greyed_out_is_refused(form: Surface) -> None:
    with pytest.raises(Refused, match="greyed out"):
        form.field("currency").choose(exactly("VND"), wanted="VND")
    assert form.field("currency").read() == ""


def test_a_checkbox_and_a_switch_are_turned(form: Surface) -> None:
    for name in ("terms", "notify owner"):
        toggle = form.find_toggle(name)
        assert toggle is not None, name
        assert not toggle.is_on
        toggle.turn(on=True)
        assert toggle.is_on


def test_errors_and_required_fields_are_named(form: Surface) -> None:
    assert form.errors() == ["Website: This is no address"]
    assert form.required_but_empty() == ["Company name"]
    form.field("company name").write("Acme Inc")
    assert form.required_but_empty() == []


def test_its_dialog_is_on_top_until_it_closes(form: Surface) -> None:
    site = form.site
    form.press("next")
    assert site.until(lambda: on_top(site).title == "The other dialog", seconds=20)
    on_top(site).press("confirm")
    assert site.until(lambda: on_top(site).is_page, seconds=20)


def test_the_dialog_above_counts_where_it_comes_first_in_the_document(form: Surface) -> None:
    site = form.site
    form.press("submit")
    assert site.until(lambda: on_top(site).title == "The question", seconds=20)
    on_top(site).press("confirm")
    assert site.until(lambda: on_top(site).is_page, seconds=20)
    form.press("next")
    assert site.until(lambda: on_top(site).title == "The other dialog", seconds=20)
    other = on_top(site)
    other.press("done")
    assert site.until(lambda: on_top(site).title == "The question", seconds=20)
    assert not other.same_as(on_top(site))
    on_top(site).press("confirm")
    assert site.until(lambda: on_top(site).title == "The other dialog", seconds=20)


def test_its_message_says_no(form: Surface, page: Page) -> None:
    assert page.locator(css.SAYS_NO).filter(visible=True).count() == 0
    form.press("back")
    expect(page.locator(css.SAYS_NO).filter(visible=True)).to_have_text("a message of an error")

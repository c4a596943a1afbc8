"""What is put into a form is read back, and nothing else is given with it."""

from time import monotonic

import pytest
from playwright.sync_api import Page, expect

from bcflow.models.errors import Refused, ScreenChanged, WordsUnknown
from bcflow.pages.kit.widgets.control_kinds import same_text
from bcflow.pages.kit.widgets.surface import on_top
from bcflow.pages.kit.writing.filling import Filling
from bcflow.pages.kit.writing.forms import Entry, fill_page
from bcflow.pages.kit.writing.parts import Choice
from standin.server import StandIn
from tests.pages.kit.conftest import Show

ROLES = {"admin": "admin", "standard": "standard"}
FINANCE = {"manager": "finance manager", "analyst": "finance analyst"}
ADVANCED = "advanced permissions"
DECLARATION = "I declare that what I filled in is right"


def test_what_is_chosen_otherwise_after_it_was_placed_is_noticed(show: Show) -> None:
    filling = Filling(on_top(show("asked")))
    filling.put("email", "new@client.example", filling.form.field("email"), ("email",))
    filling.word("role", "standard", ROLES, ("role",))
    filling.require()
    assert filling.shown == {"email": "new@client.example", "role": "standard"}
    filling.form.root.get_by_text("Admin", exact=True).click()
    with pytest.raises(ScreenChanged, match="role showing standard"):
        filling.require()


def test_a_right_that_the_form_has_ticked_by_itself_is_not_given_along(show: Show, standin: StandIn) -> None:
    filling = Filling(on_top(show("asked", finance="given")))
    filling.put("email", "new@client.example", filling.form.field("email"), ("email",))
    filling.word("role", "standard", ROLES, ("role",))
    filling.unasked("finance_role", FINANCE, (ADVANCED,))
    with pytest.raises(Refused, match="would give finance_role manager"):
        filling.require()
    assert standin.world.writes == []


def test_the_right_asked_for_replaces_the_one_that_was_ticked(show: Show) -> None:
    filling = Filling(on_top(show("asked", finance="given")))
    Choice("finance_role", "analyst", FINANCE, (ADVANCED,), under=ADVANCED).place(filling)
    states = {name: toggle.is_on for name in FINANCE.values() if (toggle := filling.form.find_toggle(name))}
    assert states == {"finance manager": False, "finance analyst": True}
    assert filling.shown == {"finance_role": "analyst"}


def test_what_is_collapsed_under_its_heading_is_opened_first(show: Show) -> None:
    filling = Filling(on_top(show("asked", finance="collapsed")))
    assert filling.form.find_toggle("finance manager") is None
    Choice("finance_role", "manager", FINANCE, (ADVANCED,), under=ADVANCED).place(filling)
    toggle = filling.form.find_toggle("finance manager")
    assert toggle is not None
    assert toggle.is_on


def test_a_select_known_by_its_placeholder_alone_is_chosen_and_read_back(show: Show) -> None:
    filling = Filling(on_top(show("asked", hinted="yes")))
    began = monotonic()
    fill_page(filling, [Entry("time_zone", "Europe/London", ("time zone", "select a time zone"), "time_zone")])
    assert monotonic() - began < 6, "nothing may be waited for in vain"
    assert filling.shown == {"time_zone": "Europe/London"}
    field = filling.form.field("select a time zone")
    assert field.read() == "(UTC+00:00) London Time"
    field.choose(lambda texts: texts[:1], wanted="another")
    with pytest.raises(ScreenChanged, match="time_zone showing Europe/London"):
        filling.require()


@pytest.mark.nightly
def test_a_select_that_takes_no_click_is_named(show: Show, page: Page) -> None:
    field = on_top(show("asked", hinted="yes")).field("select a time zone")
    page.add_style_tag(content="[class*='-select-input'] { pointer-events: none }")
    with pytest.raises(ScreenChanged, match="'select a time zone'"):
        field.choose(lambda texts: texts, wanted="London")


def test_a_box_that_must_be_ticked_is_asked_about_with_its_text_and_left_alone(show: Show, standin: StandIn) -> None:
    filling = Filling(on_top(show("asked", declare="marked")))
    filling.put("email", "new@client.example", filling.form.field("email"), ("email",))
    filling.word("role", "admin", ROLES, ("role",))
    with pytest.raises(WordsUnknown) as caught:
        filling.require()
    (word,) = caught.value.unknown.words
    assert [one.text for one in word.candidates] == [DECLARATION]
    expect(filling.form.root.locator("[class*='-checkbox-checked']")).to_have_count(0)
    assert standin.world.writes == []


def test_a_complaint_about_a_box_without_a_caption_names_it(show: Show, standin: StandIn) -> None:
    form = on_top(show("asked", declare="said"))
    form.press("confirm")
    assert form.site.until(form.errors, seconds=20) == [f"{DECLARATION}: This field is required."]
    assert standin.world.writes == []


@pytest.mark.parametrize(
    ("shown", "typed", "same"),
    [
        ("212 555 0100", "+1 212 555 0100", True),
        ("34567890123456789", "7034567890123456789", False),
        ("NEW@client.example", "new@client.example", True),
        ("new@client.example, other@client.example", "new@client.example", False),
    ],
)
def test_a_number_may_lose_its_country_but_an_id_no_digit(shown: str, typed: str, same: bool) -> None:
    assert same_text(shown, typed) is same

"""Dialogs, drawers, popovers, toasts, tabs: what is on top, and what stays in the document unseen."""

import pytest
from playwright.sync_api import Page, expect

from bcflow.models.errors import ScreenChanged, WordsUnknown
from bcflow.pages.kit import css
from bcflow.pages.kit.widgets import captioned_values, menu
from bcflow.pages.kit.widgets.surface import on_top, wait_for_surface
from tests.pages.kit.conftest import Show
from tests.support.nightly import nightly_except

PREFIXES = [
    pytest.param(name, marks=pytest.mark.standin(axes={"kit_prefix": name})) for name in ("bc-okee", "okee", "byted")
]


@pytest.mark.parametrize("prefix", nightly_except(PREFIXES, "byted"))
@pytest.mark.parametrize(
    ("open_it", "title"), [("Open the dialog", "The outer dialog"), ("Open the drawer", "The drawer")]
)
def test_what_is_open_is_on_top_until_it_closes(show: Show, page: Page, prefix: str, open_it: str, title: str) -> None:
    site = show("dialogs")
    assert on_top(site).is_page
    page.get_by_role("button", name=open_it).click()
    opened = wait_for_surface(site, lambda: None if (now := on_top(site)).is_page else now, title="a dialog")
    assert opened.title == title
    assert opened.same_as(on_top(site))
    opened.press("confirm")
    assert site.until(lambda: on_top(site).is_page, seconds=20)
    assert not opened.same_as(on_top(site))
    assert page.locator(f"[class*='{prefix}-']").filter(has_text=title).count() > 0, "closed, it stays in the document"


def test_of_two_dialogs_the_one_above_counts_until_it_closes(show: Show, page: Page) -> None:
    site = show("dialogs")
    page.get_by_role("button", name="Open the dialog").click()
    outer = wait_for_surface(site, lambda: None if (now := on_top(site)).is_page else now, title="a dialog")
    outer.press("next")
    assert site.until(lambda: on_top(site).title == "The inner dialog", seconds=20)
    assert not outer.same_as(on_top(site))
    on_top(site).press("confirm")
    assert site.until(lambda: on_top(site).title == "The outer dialog", seconds=20)
    assert outer.same_as(on_top(site))


def test_a_popover_that_asks_is_a_dialog_of_its_own(show: Show) -> None:
    site = show("dialogs")
    on_top(site).press("remove")
    asked = wait_for_surface(site, lambda: None if (now := on_top(site)).is_page else now, title="the question")
    assert asked.find_button("confirm") is not None
    assert asked.find_button("done") is None


def test_two_buttons_of_one_name_are_an_error_and_none_is_none(show: Show) -> None:
    page = on_top(show("dialogs"))
    with pytest.raises(ScreenChanged, match="several"):
        page.find_button("done")
    with pytest.raises(WordsUnknown) as caught:
        page.button("authorize")
    (word,) = caught.value.unknown.words
    assert "Open the dialog" in [one.text for one in word.candidates]
    assert page.find_button("authorize", "submit") is None


def test_a_link_serves_as_a_button(show: Show, page: Page) -> None:
    on_top(show("dialogs")).press("skip")
    assert page.url.endswith("#there")


@pytest.mark.parametrize("kind", ["error", "warning"])
@pytest.mark.standin(axes={"toast_prefix": "byted"})
def test_a_toast_that_says_no_is_told_from_others(show: Show, page: Page, kind: str) -> None:
    show("messages")
    says_no = page.locator(css.SAYS_NO).filter(visible=True)
    before = says_no.count()
    page.get_by_role("button", name="toast success").click()
    expect(page.locator("[class*='-message-type-success']")).to_be_visible()
    assert says_no.count() == before
    page.get_by_role("button", name=f"toast {kind}").click()
    expect(says_no.filter(has_text=f"a toast of {kind}")).to_be_visible()


def test_notifications_and_banners_say_no_too(show: Show, page: Page) -> None:
    show("messages")
    says_no = page.locator(css.SAYS_NO).filter(visible=True)
    expect(says_no).to_have_text(["A banner"])
    page.get_by_role("button", name="notify").click()
    expect(says_no).to_have_count(2)


def test_a_tab_is_opened_by_its_word_whatever_it_counts(show: Show, page: Page) -> None:
    site = show("tabs")
    root = page.locator(".gallery")
    assert menu.tab(site, root, "partners")
    expect(page.get_by_text("second panel")).to_be_visible()
    menu.tab(site, root, "members")
    expect(page.get_by_text("first panel")).to_be_visible()
    expect(page.get_by_text("second panel")).to_be_hidden()
    assert menu.find_tab(site, root, "requests") is None
    assert not menu.tab(site, root, "requests")


def test_a_button_in_a_shadow_is_pressed(show: Show, page: Page) -> None:
    on_top(show("shadow")).press("next")
    expect(page.locator(".shadow-place")).to_have_attribute("data-pressed", "yes")


def test_facts_are_read_beside_or_below_their_caption(show: Show) -> None:
    surface = on_top(show("facts"))
    assert captioned_values.read(surface, "currency") == "USD"
    assert captioned_values.read(surface, "time zone") == "(UTC-05:00) New York Time"
    assert captioned_values.read(surface, "owner") is None
    assert captioned_values.read(surface, "industry") is None


def test_a_dialog_stays_the_same_when_the_one_before_it_goes(show: Show, page: Page) -> None:
    site = show("shadow")
    page.evaluate("""() => { document.body.innerHTML =
      '<div role="dialog" id="first"><p>first</p></div><div role="dialog" id="second"><p>second</p></div>'; }""")
    second = on_top(site)
    assert second.text().strip() == "second"
    page.evaluate("document.getElementById('first').remove()")
    assert second.text().strip() == "second"
    assert second.same_as(on_top(site))
    page.evaluate("""document.body.insertAdjacentHTML('beforeend', '<div role="dialog"><p>third</p></div>')""")
    page.evaluate("document.getElementById('second').remove()")
    assert not second.same_as(on_top(site))
    assert on_top(site).text().strip() == "third"

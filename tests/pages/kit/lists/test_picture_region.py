"""What a picture shows: all that a form will send and the button that sends it; the row itself, wherever it is."""

from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import FloatRect, Locator, Page

from bcflow.models.errors import CannotSee
from bcflow.pages.kit.lists import picture_region
from bcflow.pages.kit.lists.table import Table
from bcflow.pages.kit.screen.site import Site
from bcflow.pages.kit.widgets.surface import Surface, on_top
from bcflow.pages.members_page import MembersPage
from standin import seed
from tests.pages.kit.conftest import Show
from tests.support.nightly import nightly_except

FIRST, LAST = "person0@client.example", "person24@client.example"
ANA = "ana.lima@agency.example"
SMALL = {"width": 900, "height": 420}
# What was scrolled while the form was filled is told with the next frame.
LISTEN = """async () => {
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  window.heard = 0;
  for (const name of ['scroll', 'scrollend']) document.addEventListener(name, () => window.heard++, true);
}"""
SCROLLED = "() => [...document.querySelectorAll('*')].map(e => [e.scrollLeft, e.scrollTop]).filter(([x, y]) => x || y)"
FRAMES = "() => [...document.querySelectorAll('[data-bcflow-outline]')].map(e => e.getBoundingClientRect().toJSON())"
# A page may be a fraction of a pixel higher than it scrolls.
WITHIN = """(all, at) => all.map(e => e.getBoundingClientRect()).map(b => b.left >= at.x && b.left < at.x + at.width
  && b.top >= at.y && b.bottom < at.y + at.height + 1)"""


def seen_in_parts(site: Site, form: Surface, button: Locator, wanted: Locator) -> tuple[int, list[Any], list[bool]]:
    """Return how many parts there are, the frames that were drawn, and which of `wanted` are whole in some part."""
    frames, within = [], []
    with closing(picture_region.parts(site, button, of=form.mark)) as parts:
        for part in parts:
            frames.append(site.page.evaluate(FRAMES))
            within.append(wanted.evaluate_all(WITHIN, part))
    return len(within), frames, [any(each) for each in zip(*within, strict=True)]


def only_part(site: Site, target: Locator) -> FloatRect:
    with closing(picture_region.parts(site, target)) as parts:
        (part,) = parts
    return part


@pytest.mark.parametrize("surface", nightly_except(["modal", "drawer", "page"], "modal"))
def test_a_form_that_the_window_cannot_hold_is_shown_part_after_part_and_left_as_it_was(
    show: Show, page: Page, surface: str
) -> None:
    page.set_viewport_size(SMALL)  # type: ignore[arg-type]
    site = show("form", surface=surface)
    form = on_top(site)
    form.field("email").type("ana@client.example")
    form.field("company name").type("Acme Inc.")
    page.evaluate(LISTEN)
    before, button = page.evaluate(SCROLLED), form.button("confirm")
    fields = form.root.locator("input[placeholder], textarea").filter(visible=True).or_(button)
    count, frames, within = seen_in_parts(site, form, button, fields)
    assert count > 1
    assert len(within) > 4
    assert all(within), "each field and the button, whole, in one of the parts"
    (framed,) = [frame for each in frames for frame in each][-1:]
    box = button.bounding_box()
    assert box is not None
    assert (framed["width"], framed["height"]) == pytest.approx((box["width"] + 6, box["height"] + 6), abs=1)
    assert page.evaluate(FRAMES) == []
    assert page.evaluate(SCROLLED) == before
    assert page.evaluate("() => window.heard") == 0, "the page is told of no scrolling"


def test_a_form_that_fits_is_one_part_and_nothing_is_moved(show: Show, page: Page) -> None:
    page.set_viewport_size({"width": 1440, "height": 1600})
    site = show("form", surface="modal")
    form = on_top(site)
    page.evaluate(LISTEN)
    count, frames, within = seen_in_parts(site, form, form.button("confirm"), form.button("confirm"))
    assert (count, len(frames[0]), within) == (1, 1, [True])
    assert page.evaluate("() => window.heard") == 0


def test_what_secretly_shows_has_no_part(show: Show, page: Page) -> None:
    site = show("form", surface="modal")
    form = on_top(site)
    page.evaluate("() => document.body.insertAdjacentHTML('beforeend', '<input type=password>')")
    assert seen_in_parts(site, form, form.button("confirm"), form.root)[0] == 0
    assert page.evaluate(FRAMES) == []


@pytest.mark.parametrize("table", ["table", "div"])
@pytest.mark.parametrize("search", nightly_except(["none", "ok"], "ok"))
def test_a_list_that_was_walked_to_its_end_is_turned_to_the_row(show: Show, table: str, search: str) -> None:
    site = show("list", table=table, search=search)
    Table(site, site.page.locator("body")).read_all()
    for email in (LAST, FIRST):
        target = picture_region.showing(site, email)
        assert email in target.inner_text()
        assert only_part(site, target)["height"] < 100, "one row, not the list"


@pytest.mark.standin(faults=["near_duplicates"])
def test_the_row_is_that_of_the_address_itself_and_of_no_longer_one(show: Show) -> None:
    site = show("empty")
    MembersPage.open(site, seed.NORTHWIND)
    row = picture_region.showing(site, ANA).inner_text()
    assert ANA in row.split()
    assert f"{ANA}.org" not in row


@pytest.mark.parametrize(
    "before",
    ["Ana Lima<br>", "<b style='margin-right:6px'>Ana Lima</b>", ""],
    ids=["a line", "an element", "nothing"],
)
def test_an_address_is_whole_though_other_texts_touch_it(show: Show, before: str) -> None:
    """A style parts them: between "ana@acme.example" and "You" there need be no blank."""
    site = show("empty")
    members = MembersPage.open(site, seed.NORTHWIND)
    members.table.show(ANA).first.get_by_text(ANA).evaluate(
        "(e, [before, address]) => { e.innerHTML = `${before}${address}<i style='margin-left:6px'>You</i>`; }",
        [before, ANA],
    )
    assert "You" in members.table.row(ANA).first.inner_text()


def test_the_row_is_pictured_and_not_a_message_with_the_same_text(show: Show) -> None:
    site = show("list", rows=4)
    site.page.get_by_text(FIRST).wait_for()
    said = f'<div class="bc-okee-message-type-success">Sent to {FIRST}</div><header>{FIRST}</header>'
    site.page.evaluate("said => document.body.insertAdjacentHTML('afterbegin', said)", said)
    assert "Person 0" in picture_region.showing(site, FIRST).inner_text()


def test_of_a_page_of_its_own_what_is_about_it_alone_is_shown(show: Show) -> None:
    site = show("form")
    said = f"<main><p>bob@client.example</p><section id=own><h2>Ana</h2><p>{ANA}</p></section></main>"
    site.page.evaluate("said => document.body.insertAdjacentHTML('beforeend', said)", said)
    assert picture_region.showing(site, ANA).get_attribute("id") == "own"


def test_what_no_row_shows_has_no_picture(show: Show) -> None:
    with pytest.raises(CannotSee, match=r"no row shows nobody@client\.example"):
        picture_region.showing(show("list", search="ok"), "nobody@client.example")
    with pytest.raises(CannotSee, match=r"nothing shows nobody@client\.example"):
        picture_region.showing(show("form"), "nobody@client.example")

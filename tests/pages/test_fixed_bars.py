"""What a bar that stays in its place covers in part is clicked where it shows."""

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from bcflow.pages.kit.evidence.scan import spot
from bcflow.pages.kit.screen.clicking import click
from bcflow.pages.kit.screen.site import Site
from bcflow.pages.kit.widgets.surface import page_surface

# The page ends before the label comes out from under the bar: its middle never does.
LONG = """<style>body{margin:0} .bar{position:fixed;bottom:0;left:0;right:0;height:64px;background:#eee;z-index:9}
.room{height:1900px} label{display:block;height:70px;width:400px} a{margin-left:100px}</style><div class="room"></div>
<label onclick="this.title = 'clicked'"><a href="/away">Terms</a>, and all that is said of them</label>
<div style="height:%s"></div><div class="bar"></div>"""
OVER = """<style>body{margin:0} .over{position:fixed;inset:0;background:#0003;z-index:9}</style>
<button style="margin:100px">Here</button>%s<div style="height:3000px"></div>"""


@pytest.mark.parametrize("room", ["12px", "24px", "90px"])
@pytest.mark.usefixtures("on_an_empty_page")
def test_what_a_bar_covers_is_clicked_where_it_shows(site: Site, room: str) -> None:
    site.page.set_content(LONG % room)
    site.page.set_viewport_size({"width": 800, "height": 640})
    label = site.page.locator("label")
    click(label, timeout=5000)
    assert (label.get_attribute("title"), site.page.url.endswith("/nothing")) == ("clicked", True)


@pytest.mark.parametrize("over", ["", '<div class="over"></div>'])
@pytest.mark.usefixtures("on_an_empty_page")
def test_nothing_is_scrolled_where_no_bar_lies_over_it_nor_clicked_under_a_dialog(site: Site, over: str) -> None:
    site.page.set_content(OVER % over)
    site.page.evaluate("scrollTo(0, 5)")
    button = site.page.get_by_role("button")
    if over:
        with pytest.raises(PlaywrightTimeout):
            click(button, timeout=500)
    else:
        click(button)
        assert site.page.evaluate("scrollY") == 5


LEFT = """<style>body{margin:0} .side{position:fixed;top:0;left:0;width:200px;height:100%%}
.bar{position:%s;bottom:0;left:0;right:0;height:64px} .room{height:1900px}</style>
<div class="side"><button>Members</button></div><div class="room"></div><div class="bar"><button>Go on</button></div>"""


@pytest.mark.parametrize("position", ["fixed", "sticky"])
@pytest.mark.usefixtures("on_an_empty_page")
def test_a_button_at_the_left_end_of_a_bar_is_in_no_menu(site: Site, position: str) -> None:
    site.page.set_content(LEFT % position)
    places = {each.text: each.place for each in spot(page_surface(site).root)}
    assert places == {"Members": "menu", "Go on": "page"}

"""What a bar that stays in its place covers in part is clicked where it shows."""

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from bcflow.pages.kit.screen.clicking import click
from bcflow.pages.kit.screen.site import Site

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

"""Pictures of a form that is about to be sent: they show the action, and a write never depends on them."""

from pathlib import Path

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page

from bcflow.pages.kit.screen.addresses import Addresses
from bcflow.pages.kit.screen.site import Site
from bcflow.pages.kit.widgets.surface import page_surface
from bcflow.pages.kit.writing.commit import Commit
from bcflow.pages.kit.writing.wire import Wire
from bcflow.runner.browser.pictures import Pictures
from bcflow.runner.reports.evidence import Evidence
from tests.support.small_site import small_site

FORM = f"<h1>Form</h1><input value=first>{'<p>rules</p>' * 60}<input value=last><button>Confirm</button>"
STATE = "() => [scrollY, document.querySelectorAll('[data-bcflow-outline]').length]"


def test_a_form_is_pictured_in_parts_and_one_that_cannot_be_drawn_only_warns(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with small_site({"/form": FORM}) as server:
        wire = Wire(page, may_load=lambda _url: True, on_stopped=lambda _what: None)
        site = Site(page, wire, Addresses(server.url, server.url), patience=4)
        site.show("a screen", "/form")
        commit = Commit.on(page_surface(site), "confirm", org=None)
        pictures = Pictures(site, Evidence(tmp_path / "run"))
        pictures.before(commit)
        before = page.evaluate(STATE)
        captions = [one.caption for one in pictures.taken]
        assert captions == [
            f"Before the click on “Confirm” ({at} of {len(captions)})" for at in range(1, len(captions) + 1)
        ]
        assert len(captions) > 1

        def cannot(**_options: object) -> bytes:
            raise PlaywrightError("no frame came")

        monkeypatch.setattr(page, "screenshot", cannot)
        pictures.before(commit)
        assert len(pictures.taken) == len(captions)
        assert before == page.evaluate(STATE) == [0, 0], "scrolled back, and without a frame"

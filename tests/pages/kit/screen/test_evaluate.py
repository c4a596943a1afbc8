"""The page is read in one message, and yet waited for as Playwright does."""

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page

from bcflow.pages.kit.screen import evaluate
from tests.pages.kit.conftest import Show


def test_reading_waits_for_an_element_that_is_yet_to_come(show: Show, page: Page) -> None:
    show("shadow")
    assert evaluate.one(page.locator("body"), "(e, given) => e.tagName + given", "!") == "BODY!"
    page.evaluate("setTimeout(() => { document.body.insertAdjacentHTML('beforeend', '<b id=late>x</b>'); }, 200)")
    assert evaluate.one(page.locator("#late"), "e => e.innerText") == "x"


def test_reading_one_of_several_is_an_error(show: Show, page: Page) -> None:
    show("shadow")
    page.evaluate("document.body.innerHTML = '<b>1</b><b>2</b>'")
    with pytest.raises(PlaywrightError, match="strict mode"):
        evaluate.one(page.locator("b"), "e => e.innerText")

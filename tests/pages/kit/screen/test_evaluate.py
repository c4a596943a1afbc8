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


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("drawn", "said"),
    [
        ("ana@acme.example<i style='margin-left:4px'>New</i>", "ana@acme.example\nNew"),
        ("<i style='margin-right:4px'>New</i>ana@acme.example", "New\nana@acme.example"),
        ("ana@<mark>acme</mark>.example", "ana@acme.example"),
        ("<mark style='padding:.2em'>ana@acme.example</mark>.org", "ana@acme.example.org"),
        ("<div style='display:flex'><mark>ana@acme.example</mark>.org</div>", "ana@acme.example.org"),
        ("<div style='display:flex;gap:4px'><b>ana@acme.example</b>New</div>", "ana@acme.example\nNew"),
        ("<div style='line-height:.8'><div>ana</div><div>bo</div></div>", "ana\nbo"),
        ("<table><tr><td style='padding:0'>ana</td><td style='padding:0'>bo</td></tr></table>", "ana\tbo"),
        ("Acme <b>US</b>", "Acme US"),
        ("<b>Acme 234</b><i style='margin-left:4px'>2</i><i style='margin-left:4px'>3</i>", "Acme 234\n2\n3"),
        ("acme<i style='margin-left:4px;text-transform:uppercase'>new</i>", "acme\nNEW"),
        ("a<i style='display:none'>x</i><i style='visibility:hidden'>y</i><i style='margin-left:4px'>z</i>", "a\nz"),
        ("7200000000000000011<i style='margin-left:4px'>3</i>", "7200000000000000011\n3"),
        ("<p>Acme  US\n shop</p><p>b<i style='margin-left:4px'>c</i></p>", "Acme US shop\n\nb\nc"),
        ("<span>Acme US</span><span style='padding:0 6px'>Paused</span><span>2</span>", "Acme US\nPaused\n2"),
        ("<div>Acme US</div><div>ID: 7</div>", "Acme US\nID: 7"),
        ("<div dir='rtl'>\u05d0\u05d1<i style='margin-right:4px'>\u05d2\u05d3</i></div>", "\u05d0\u05d1\n\u05d2\u05d3"),
    ],
)
def test_texts_that_stand_apart_are_not_one_word(show: Show, page: Page, drawn: str, said: str) -> None:
    show("shadow")
    page.evaluate("drawn => { document.body.innerHTML = `<main>${drawn}</main>`; }", drawn)
    assert evaluate.one(page.locator("main"), evaluate.SAID) == said

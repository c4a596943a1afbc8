"""No picture while a password or a code can be seen, and no typed code in anything that is kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from bcflow.pages.kit.screen.addresses import Addresses
from bcflow.pages.kit.screen.page_scan import scan
from bcflow.pages.kit.screen.site import Site
from bcflow.pages.kit.writing.code_prompt import CodePrompt
from bcflow.pages.kit.writing.wire import Wire
from bcflow.runner.browser.code_entry import CodeStep
from bcflow.runner.browser.pictures import Pictures
from bcflow.runner.reports.evidence import Evidence
from tests.support.small_site import SmallSite, small_site

CODE = "VAE97H"
# Only a placeholder or a caption tells what these are for.
PLACEHOLDER = '<input placeholder="Enter verification code">'
CAPTION = "<div><div>Verification code *</div><div><input></div></div>"
MIRRORED = """<input placeholder="Enter the code" oninput="cells.replaceChildren(...[...this.value].map(letter => {
const cell = document.createElement('b'); cell.textContent = letter; return cell }))"><p id=cells></p>"""
WIDE = '<button>Send code</button><input maxlength="6">'
SHADOW = """<script>class Code extends HTMLElement { connectedCallback() {
this.attachShadow({mode: 'open'}).innerHTML = '<input placeholder="Enter code">' } }
customElements.define('x-code', Code)</script><x-code></x-code>"""
SHOWN_PASSWORD = '<input type="text" name="password" value="Planted-Password-1!">'
HARMLESS = '<input placeholder="Postal code" maxlength="6"><input placeholder="Search">'


@pytest.fixture
def server() -> Iterator[SmallSite]:
    with small_site({}) as made:
        yield made


def opened(page: Page, server: SmallSite, body: str) -> Site:
    server.pages["/verify"] = f"<h1>Verify</h1><p>Sent to o***@agency.example</p>{body}<button>Confirm</button>"
    page.set_default_timeout(5000)
    wire = Wire(page, may_load=lambda _url: True, on_stopped=lambda _what: None)
    site = Site(page, wire, Addresses(server.url, server.url), patience=4)
    site.show("a screen", "/verify")
    return site


@pytest.mark.parametrize("body", [PLACEHOLDER, CAPTION, MIRRORED, WIDE, SHADOW, SHOWN_PASSWORD])
def test_no_picture_is_taken_while_something_secret_shows(
    page: Page, server: SmallSite, tmp_path: Path, body: str
) -> None:
    site = opened(page, server, body)
    assert scan(site).secret
    pictures = Pictures(site, Evidence(tmp_path / "run"))
    pictures.failure("in between")
    assert pictures.taken == []
    assert list((tmp_path / "run").glob("*.png")) == []


def test_other_fields_hinder_no_picture(page: Page, server: SmallSite, tmp_path: Path) -> None:
    site = opened(page, server, HARMLESS)
    pictures = Pictures(site, Evidence(tmp_path / "run"))
    pictures.failure("in between")
    assert len(pictures.taken) == 1
    assert not CodePrompt(site).is_open


@pytest.mark.parametrize("body", [PLACEHOLDER, CAPTION, MIRRORED, WIDE, SHADOW])
def test_a_typed_code_is_in_nothing_that_is_kept(page: Page, server: SmallSite, tmp_path: Path, body: str) -> None:
    site = opened(page, server, body)
    assert not scan(site).captcha
    evidence = Evidence(tmp_path / "run")
    prompt = CodePrompt(site)
    assert prompt.is_open
    code = CodeStep(lambda _question: CODE, learn_secret=evidence.redactor.add).ask(prompt)
    prompt.type(code or "")
    # The words that told what the field is for are gone once something is typed.
    page.locator("input").evaluate_all(
        "all => all.forEach(e => { e.placeholder = ''; e.removeAttribute('maxlength') })"
    )
    pictures = Pictures(site, evidence)
    pictures.failure("after the code")
    assert pictures.taken == []
    tree = (tmp_path / "run" / "tree.txt").read_text(encoding="utf-8")
    assert "Verify" in tree
    assert CODE not in tree
    assert not set(CODE) & {line.strip('- "').rpartition('"')[2].strip(': "') for line in tree.splitlines()}

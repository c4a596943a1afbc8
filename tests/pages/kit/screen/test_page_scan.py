"""One look over the whole page: it misses nothing that a search would find."""

from dataclasses import replace

import pytest
from playwright.sync_api import Page

from bcflow.pages.kit.screen import page_scan
from bcflow.pages.labels.store import languages
from tests.pages.kit.conftest import Show
from tests.support.nightly import nightly_except

FORMS = [
    pytest.param("<button>{word}</button>", id="text"),
    pytest.param('<button aria-label="{word}">x</button>', id="aria-label"),
    pytest.param('<div role="button" title="{word}"></div>', id="title"),
    pytest.param('<input type="button" value="{word}">', id="value"),
    pytest.param('<i id="name" hidden>{word}</i><button aria-labelledby="name">x</button>', id="labelled by another"),
    pytest.param("<button><span>  {word}\n</span> (2)</button>", id="with a count"),
]


@pytest.mark.nightly
@pytest.mark.parametrize("form", nightly_except(FORMS, "aria-label"))
def test_a_scan_misses_no_button_that_a_search_by_role_finds(show: Show, page: Page, form: str) -> None:
    site = show("shadow")
    hits = 0
    for language in sorted(languages()):
        page.evaluate("language => { localStorage.clear(); document.documentElement.lang = language; }", language)
        site.forget_language()
        for concept in (*page_scan.DISMISSING, "authorize"):
            for word in {each for said in site.words.of(concept) for each in (said, said.upper(), said.lower())}:
                page.evaluate(
                    "html => { document.body.innerHTML = html; document.body.firstChild.style.minHeight = '9px'; }",
                    form.format(word=word.replace('"', "&quot;")),
                )
                found = page.get_by_role("button", name=site.words.pattern(concept)).count()
                hits += found
                seen = page_scan.scan(site)
                assert (seen.consent if concept == "authorize" else seen.in_the_way) >= bool(found), (language, word)
    assert hits


def test_a_scan_sees_captcha_and_code_and_nothing_on_a_quiet_page(show: Show, page: Page) -> None:
    site = show("shadow")
    nothing = page_scan.PageScan(captcha=False, code=False, consent=False, in_the_way=False, data=False, secret=False)
    assert page_scan.scan(site) == nothing
    page.evaluate("document.body.innerHTML = '<div class=\"secsdk-captcha-x\">solve</div><input maxlength=1>'")
    assert page_scan.scan(site) == replace(nothing, captcha=True, code=True, secret=True)
    page.evaluate("for (const e of document.body.children) e.style.display = 'none'")
    assert page_scan.scan(site) == nothing


def test_a_scan_looks_into_open_shadows(show: Show, page: Page) -> None:
    site = show("shadow")
    page.evaluate("""() => {
      const host = document.body.appendChild(document.createElement('div'));
      host.attachShadow({mode: 'open'}).innerHTML = '<button>Not now</button>';
    }""")
    assert page_scan.scan(site).in_the_way

"""Whoever is asked, the page lives on meanwhile."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from bcflow.models.errors import BrowserGone
from bcflow.pages.kit.writing.wire import Wire
from bcflow.runner.browser.asking import beside
from tests.support.small_site import Answer, Served, SmallSite, small_site

LONGEST = 5.0
SENDS = """<button onclick="setTimeout(() => fetch('/send_code', {method: 'POST'}), DELAY)">Send code</button>"""


class Mailbox:
    """Has the code once the site has been asked for it, as a mailbox does."""

    def __init__(self) -> None:
        self.came = threading.Event()

    def take(self, _site: SmallSite) -> Answer:
        self.came.set()
        return {"code": 0}

    def ask(self, _question: dict[str, Any]) -> str | None:
        return "482913" if self.came.wait(LONGEST) else None


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def site(mailbox: Mailbox) -> Iterator[SmallSite]:
    pages: dict[str, Served] = {f"/{delay}": SENDS.replace("DELAY", str(delay)) for delay in (0, 150, 300)}
    moves = "<script>setTimeout(() => { location = '/next' }, 100)</script>"
    then = "<script>setTimeout(() => fetch('/send_code', {method: 'POST'}), 100)</script>"
    with small_site(pages | {"/send_code": mailbox.take, "/moves": moves, "/next": then}) as made:
        yield made


def fenced(page: Page) -> Page:
    """Hold each request until the browser's thread lets it pass, as the product does."""
    Wire(page, may_load=lambda _url: True, on_stopped=lambda _what: None)
    return page


@pytest.mark.parametrize("delay", [0, 150, 300])
def test_a_code_that_the_page_asks_for_a_moment_later_is_sent_while_it_is_waited_for(
    page: Page, site: SmallSite, mailbox: Mailbox, delay: int
) -> None:
    fenced(page).goto(f"{site.url}/{delay}")
    page.get_by_role("button").click()
    assert beside(page, mailbox.ask, {}) == "482913"
    assert site.got.count("POST /send_code") == 1


def test_a_page_that_goes_elsewhere_meanwhile_lives_on_there(page: Page, site: SmallSite, mailbox: Mailbox) -> None:
    fenced(page).goto(f"{site.url}/moves")
    assert beside(page, mailbox.ask, {}) == "482913"
    assert page.url == f"{site.url}/next"


def test_a_page_that_was_closed_does_not_lose_the_answer(page: Page) -> None:
    page.close()
    assert beside(page, lambda question: f"{question['kind']}, said late", {"kind": "code"}) == "code, said late"
    assert page.is_closed()


def test_no_answer_is_no_answer_at_once(page: Page) -> None:
    asked: list[dict[str, Any]] = []
    assert beside(page, lambda question: asked.append(question), {"kind": "consent"}) is None  # noqa: PLW0108
    assert asked == [{"kind": "consent"}]


def test_what_goes_wrong_with_the_asking_is_raised_where_it_is_waited_for(page: Page) -> None:
    def broken(_question: object) -> str:
        raise OSError("no such terminal")

    with pytest.raises(OSError, match="no such terminal"):
        beside(page, broken, {})
    assert not page.is_closed()


def test_once_nobody_wants_the_answer_it_is_not_waited_for(page: Page) -> None:
    end, given_up = threading.Event(), threading.Event()

    def ask(_question: object) -> str:
        given_up.set()
        end.wait(LONGEST)
        return "too late"

    with pytest.raises(BrowserGone):
        beside(page, ask, {}, given_up=given_up.is_set)
    assert not end.is_set()
    end.set()


def test_it_is_asked_in_another_thread_with_the_same_context(page: Page) -> None:
    seen: list[Callable[[], bool]] = []

    def ask(_question: object) -> None:
        seen.append(threading.current_thread().is_alive)
        assert threading.current_thread() is not threading.main_thread()

    assert beside(page, ask, {}) is None
    assert len(seen) == 1

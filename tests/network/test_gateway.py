"""A guarded request is received at most once, whatever closes whenever; the browser itself would send it again."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserType, Page

from bcflow.pages.kit.writing.wire import Wire
from bcflow.runner.network.gateway import Gateway, place_of
from tests.support.raw_site import OwnProxy, RawSite, certificate

POST = "path => fetch(path, {method: 'POST', body: '{}'}).then(answer => answer.text()).catch(() => 'broken')"
CUTS = [(where, how) for where in ("unanswered", "headers", "body") for how in ("fin", "rst")]
Open = Callable[..., tuple[Page, Wire, RawSite, Gateway]]


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("raw"))


@pytest.fixture
def open_site(browser_type: BrowserType, browser_type_launch_args: dict[str, Any], pem: Path) -> Iterator[Open]:
    """Open a page of a raw site through a gateway, on a connection that was used before."""
    with ExitStack() as stack:

        def at(protocol: str, *, tls: bool, proxy: str | None = None, guarded: bool = True) -> Any:  # noqa: ANN401
            site = stack.enter_context(RawSite(protocol=protocol, pem=pem if tls else None))
            gateway = stack.enter_context(Gateway(proxy_for=lambda _host: proxy))
            # Playwright's own way to ignore a bad certificate makes the browser connect a second time.
            args = [*browser_type_launch_args["args"], "--ignore-certificate-errors"]
            launch = browser_type_launch_args | {"args": args, "proxy": {"server": gateway.address}}
            browser = browser_type.launch(**launch)
            stack.callback(browser.close)
            page = browser.new_context(service_workers="block").new_page()
            guard = gateway if guarded else None
            wire = Wire(page, may_load=lambda _url: True, on_stopped=lambda _what: None, guard=guard)
            page.goto(f"{site.url}/")
            for _ in range(3):
                page.evaluate(POST, "/warm")
            site.posts.clear()
            return page, wire, site, gateway

        yield at


def send(page: Page, wire: Wire, path: str) -> str:
    with wire.armed(org=None, ids=frozenset()) as sent:
        said: str = page.evaluate(POST, path)
        while sent.busy:
            wire.tick()
            page.evaluate("() => new Promise(requestAnimationFrame)")
    assert len(sent.writes) == 1
    return said


@pytest.mark.parametrize("how", ["fin", "rst"])
def test_the_browser_by_itself_sends_a_request_again(open_site: Open, how: str) -> None:
    page, wire, site, _ = open_site("h1", tls=False, guarded=False)
    assert send(page, wire, f"/unanswered/{how}") == "broken"
    assert len(site.posts) == 2, "if this fails the browser has changed, and the gateway may be needed no more"


@pytest.mark.nightly
@pytest.mark.parametrize(("protocol", "tls"), [("h1", False), ("h1", True), ("h2", True)])
def test_a_guarded_request_is_received_once_wherever_the_connection_is_cut(
    open_site: Open, protocol: str, tls: bool
) -> None:
    page, wire, site, _ = open_site(protocol, tls=tls)
    received = {}
    for where, how in [*CUTS, *([("unanswered", "goaway")] if protocol == "h2" else [])]:
        page.evaluate(POST, "/warm")
        site.posts.clear()
        assert "msg" not in send(page, wire, f"/{where}/{how}"), (where, how)
        wire.open_again()
        received[where, how] = [path for _, _, path in site.posts if path != "/warm"]
    assert received == {(where, how): [f"/{where}/{how}"] for where, how in received}


@pytest.mark.parametrize(("protocol", "tls"), [("h1", False), ("h1", True), ("h2", True)])
def test_a_guarded_request_has_a_connection_of_its_own_and_is_answered(
    open_site: Open, protocol: str, tls: bool
) -> None:
    page, wire, site, _ = open_site(protocol, tls=tls)
    assert "msg" in send(page, wire, "/api/create")
    ((connection, nth, _),) = site.posts
    assert (connection > 1, nth) == (True, 1)
    wire.open_again()
    assert "msg" in page.evaluate(POST, "/warm"), "afterwards the page goes on as before"


def test_a_guarded_request_goes_through_the_user_s_own_proxy_and_is_received_once(
    open_site: Open, pem: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    monkeypatch.setattr("bcflow.runner.network.dialling.LOOPBACK", frozenset())
    with OwnProxy(pem) as own:
        page, wire, site, _ = open_site("h2", tls=True, proxy=own.address)
        assert send(page, wire, "/unanswered/rst") == "broken"
        assert [path for _, _, path in site.posts] == ["/unanswered/rst"]
    assert set(own.asked) == {f"127.0.0.1:{place_of(site.url)[1]}"}
    assert own.passwords[0] == "Proxy-Authorization: Basic YWdlbmN5OnNAZmU="


def test_reads_of_the_page_wait_while_the_write_is_under_way_and_go_on_afterwards(open_site: Open) -> None:
    page, wire, site, _ = open_site("h1", tls=False)
    both = "path => Promise.all([path, '/a', '/b'].map(one => fetch(one, {method: one === path ? 'POST' : 'GET'})"
    with wire.armed(org=None, ids=frozenset()) as sent:
        answered = page.evaluate(f"{both}.then(answer => answer.status, () => 0)))", "/api/create")
    assert answered == [200, 200, 200]
    assert len(sent.writes) == len(site.posts) == 1


def test_a_host_that_is_not_there_is_named(open_site: Open) -> None:
    page, _, site, gateway = open_site("h1", tls=False)
    gone = f"{site.url}/again"
    site.__exit__()
    page.goto("about:blank")
    with pytest.raises(Exception, match="ERR_SOCKS_CONNECTION_FAILED"):
        page.goto(gone)
    assert gateway.failure.startswith("127.0.0.1: ")

"""Where the browser may go and where a password may be typed: the rule alone, then in a browser."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page

from bcflow.models.errors import WrongPlace
from bcflow.pages.kit.screen.addresses import Addresses
from bcflow.pages.kit.screen.site import Site
from bcflow.pages.kit.writing.login_form import LoginForm
from bcflow.pages.kit.writing.wire import Wire
from bcflow.runner.network.fence import Fence
from standin.server import StandIn

REAL = ["https://business.tiktok.com", "https://ads.tiktok.com"]
LOOKS_LIKE_IT = b"<form><input name=email><input type=password name=password><button>Log in</button></form>"


@pytest.mark.parametrize(
    "url",
    [
        "https://business.tiktok.com/manage/overview?org_id=7100000000000000017",
        "https://ads.tiktok.com/i18n/login",
        "https://seller-us.tiktokglobalshop.com/",
        "https://ADS.TikTok.com/",
    ],
)
def test_own_domains_over_https_are_allowed(url: str) -> None:
    assert Fence(REAL).allows(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://business.tiktok.com/",
        "http://ads.tiktok.com/i18n/login",
        "https://tiktok.com.evil.example/",
        "https://eviltiktok.com/",
        "https://ads.tiktok.com@evil.example/",
        "https://evil.example/ads.tiktok.com",
        "ftp://ads.tiktok.com/",
        "about:blank",
        "data:text/html,hello",
        "javascript:alert(1)",
        "",
    ],
)
def test_everything_else_is_not(url: str) -> None:
    assert not Fence(REAL).allows(url)


def test_configured_site_without_https_must_be_on_this_machine() -> None:
    fence = Fence(["http://127.0.0.1:8001", "http://intranet.example:8002"])
    assert fence.allows("http://127.0.0.1:8001/manage")
    assert not fence.allows("http://127.0.0.1:8003/manage")
    assert not fence.allows("http://intranet.example:8002/manage")


def test_further_hosts_count_only_over_https() -> None:
    fence = Fence(REAL, extra_hosts=["sso.agency.example"])
    assert fence.allows("https://sso.agency.example/login")
    assert not fence.allows("http://sso.agency.example/login")
    assert not fence.allows("https://other.agency.example/login")


@pytest.mark.parametrize(
    "url",
    [
        "https://verification.tiktokw.eu/captcha/verify",
        "https://mssdk.tiktokw.us/web/report",
        "https://mcs.tiktokv.us/v1/list",
        "https://log.byteoversea.com/service/2/app_log/",
    ],
)
def test_other_hosts_of_the_company_receive_but_show_no_page(url: str) -> None:
    assert Fence(REAL).may_receive(url)
    assert not Fence(REAL).allows(url)
    assert not Fence(REAL).may_receive(url.replace("https:", "http:"))


@pytest.mark.parametrize(
    "url",
    [
        "https://tiktokw.eu.evil.example/",
        "https://eviltiktokw.us/",
        "https://byteoversea.com@evil.example/",
        "https://collector.example/",
        "http://127.0.0.1:8003/",
        "ftp://mssdk.tiktokw.us/",
    ],
)
def test_nobody_else_receives_anything(url: str) -> None:
    assert not Fence(REAL).may_receive(url)


def test_what_may_be_opened_may_receive() -> None:
    fence = Fence(["http://127.0.0.1:8001"], extra_hosts=["sso.agency.example"])
    for url in ("http://127.0.0.1:8001/api", "https://sso.agency.example/x", "https://mcs-sg.tiktokv.com/v1/list"):
        assert fence.allows(url)
        assert fence.may_receive(url)
    assert not fence.may_receive("http://127.0.0.1:8002/api")


class Stranger(ThreadingHTTPServer):
    """A host of somebody else's; `got` are the requests that reached it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.got: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Answer(BaseHTTPRequestHandler):
    server: Stranger

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        self.server.got.append(f"{self.command} {self.path}")
        self.send_response(302 if self.path == "/away" else 200)
        self.send_header("Location", self.server.url)
        self.send_header("Content-Type", "text/html")
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()
        self.wfile.write(LOOKS_LIKE_IT)

    def log_message(self, *_words: object) -> None:
        """Say nothing on stderr."""


@pytest.fixture
def stranger() -> Iterator[Stranger]:
    with Stranger() as server:
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        yield server
        server.shutdown()


class Fenced:
    """A page behind the fence, and what the fence stopped."""

    def __init__(self, page: Page, standin: StandIn) -> None:
        self.page = page
        page.set_default_timeout(5000)
        self.fence = Fence([standin.bc_url, standin.ads_url])
        Wire(page, may_load=self.fence.allows, on_stopped=self.fence.note)
        page.goto(f"{standin.ads_url}/i18n/login")

    @property
    def stopped(self) -> list[str]:
        return self.fence.stopped


@pytest.fixture
def fenced(page: Page, standin: StandIn) -> Fenced:
    return Fenced(page, standin)


def test_foreign_page_is_not_opened_and_named(fenced: Fenced, stranger: Stranger) -> None:
    with pytest.raises(PlaywrightError, match="ERR_BLOCKED_BY_CLIENT"):
        fenced.page.goto(f"{stranger.url}/offer?aadvid=7200000000000000011")
    assert fenced.stopped == [f"GET 127.0.0.1:{stranger.server_port}"]
    assert stranger.got == []


def test_link_of_the_page_itself_leads_nowhere_else(fenced: Fenced, stranger: Stranger) -> None:
    fenced.page.evaluate("url => { location.href = url }", f"{stranger.url}/")
    with pytest.raises(PlaywrightError, match="ERR_BLOCKED_BY_CLIENT"):
        fenced.page.wait_for_url(f"{stranger.url}/")
    assert fenced.stopped == [f"GET 127.0.0.1:{stranger.server_port}"]
    assert stranger.got == []


def test_redirect_to_a_foreign_page_is_stopped(page: Page, stranger: Stranger) -> None:
    ours = f"http://localhost:{stranger.server_port}"
    fence = Fence([ours])
    Wire(page, may_load=fence.allows, on_stopped=fence.note)
    with pytest.raises(PlaywrightError, match="ERR_BLOCKED_BY_CLIENT"):
        page.goto(f"{ours}/away")
    assert fence.stopped == [f"GET 127.0.0.1:{stranger.server_port}"]
    assert stranger.got == ["GET /away"]


def test_data_sent_to_an_unknown_host_is_stopped_and_named(fenced: Fenced, stranger: Stranger) -> None:
    failed = fenced.page.evaluate(
        "url => fetch(url, {method: 'POST', body: 'x', mode: 'no-cors'}).then(() => '', e => e.name)", stranger.url
    )
    assert failed == "TypeError"
    assert fenced.stopped == [f"POST 127.0.0.1:{stranger.server_port}"]
    assert stranger.got == []


def test_beacon_to_an_unknown_host_is_stopped(fenced: Fenced, stranger: Stranger) -> None:
    fenced.page.evaluate("url => navigator.sendBeacon(url, 'x')", stranger.url)
    fenced.page.evaluate("url => fetch(url).then(r => r.text())", stranger.url)
    assert fenced.stopped == [f"POST 127.0.0.1:{stranger.server_port}"]
    assert stranger.got == ["GET /"]


def test_password_is_never_typed_on_a_foreign_page(page: Page, standin: StandIn, stranger: Stranger) -> None:
    fence = Fence([standin.bc_url, standin.ads_url])
    wire = Wire(page, may_load=lambda _url: True, on_stopped=fence.note)
    site = Site(page, wire, Addresses(standin.bc_url, standin.ads_url), may_type=fence.allows)
    page.goto(stranger.url)
    assert LoginForm(site).is_shown

    with pytest.raises(WrongPlace, match=f"127.0.0.1:{stranger.server_port}"):
        LoginForm(site).fill("ops@agency.example", "Planted-Password-1!")
    assert page.locator("input").evaluate_all("all => all.map(e => e.value)") == ["", ""]
    assert stranger.got == ["GET /"]

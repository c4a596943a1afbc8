"""Signed in is who was given what only a session is given, and as the account that was meant."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import BrowserContext
from pydantic import SecretStr

from bcflow.models.errors import NeedsPerson
from bcflow.pages.kit.screen.addresses import Addresses
from bcflow.pages.kit.screen.site import Site
from bcflow.pages.kit.writing.wire import Wire
from bcflow.runner.browser.code_entry import CodeStep
from bcflow.runner.browser.own_account import require_own_account
from bcflow.runner.browser.sign_in import sign_in
from bcflow.runner.config.settings import Credentials
from tests.support.small_site import LOGIN, Served, SmallSite, small_site

OWN, OTHER = "ops@agency.example", "rana@client.example"
BC = "7100000000000000017"
MARKETING = "<h1>Grow with us</h1><p>Ask sales@site.example</p>"
SHELL = """<h1>Select an account</h1><script>for (const path of ['organizations/', 'user/'])
fetch('/api/v2/bm/' + path + '?org_id=')</script>"""
VERIFIES: dict[str, Served] = {"/sign-in": {"next": "/verify"}, "/verify": "<h1>Verify it is you</h1>"}
ORGANIZATIONS = {"code": 0, "data": {"organizations": [{"id": BC, "name": "Northwind"}]}}


def user(email: str | None) -> dict[str, object]:
    return {"code": 0, "data": {"user": {"id": "1", "email": email} if email else {"id": "1"}}}


def signed_in_as(email: str | None) -> dict[str, Served]:
    """Return a chooser that asks who is signed in, and the answers to it."""
    return {"/select": SHELL, "/api/v2/bm/organizations/": ORGANIZATIONS, "/api/v2/bm/user/": user(email)}


def leads_to(path: str, *, cookie: str = "sessionid_ads") -> Served:
    """Return what answers the password: a cookie, and where to go."""

    def answer(site: SmallSite) -> dict[str, object]:
        site.cookies[cookie] = "planted-cookie-1"
        return {"next": path}

    return answer


class Door:
    """A browser before the log-in page of a small site."""

    def __init__(self, site: SmallSite, context: BrowserContext) -> None:
        self.server = site
        page = context.new_page()
        page.set_default_timeout(5000)
        wire = Wire(page, may_load=lambda _url: True, on_stopped=lambda _what: None)
        self.site = Site(page, wire, Addresses(site.url, site.url), patience=4)
        self.asked: list[str] = []

    @classmethod
    def before(cls, pages: dict[str, Served], context: BrowserContext, stack: ExitStack) -> "Door":
        """Serve `pages` for as long as `stack` lasts, and come to their door."""
        return cls(stack.enter_context(small_site(pages)), context)

    def enter(self, *, headed: bool = False) -> None:
        who = Credentials(name="default", email=OWN, password=SecretStr("Planted-Password-1!"))
        codes = CodeStep(lambda _question: None, learn_secret=lambda _code: None)
        sign_in(self.site, who, codes, ask=self._ask, headed=headed, person_seconds=1)

    def _ask(self, question: dict[str, object]) -> str:
        self.asked.append(str(question["kind"]))
        return "done"


Open = Callable[[dict[str, Served]], Door]


@pytest.fixture
def door(context: BrowserContext) -> Iterator[Open]:
    with ExitStack() as stack:
        yield lambda pages: Door.before({"/i18n/login": LOGIN} | pages, context, stack)


@pytest.mark.nightly
def test_a_page_away_from_the_log_in_without_a_session_is_no_sign_in(door: Open) -> None:
    made = door(VERIFIES | signed_in_as(OWN))
    with pytest.raises(NeedsPerson, match="/verify") as need:
        made.enter()
    assert need.value.kind == "sign-in"
    assert "GET /select" not in made.server.got


def test_a_page_for_everybody_is_no_sign_in_though_a_cookie_is_there(door: Open) -> None:
    no_session = {"code": 40101, "data": {}}
    made = door(
        {
            "/sign-in": leads_to("/business"),
            "/business": MARKETING,
            "/select": SHELL,
            "/api/v2/bm/organizations/": no_session,
            "/api/v2/bm/user/": no_session,
        }
    )
    with pytest.raises(NeedsPerson, match="nothing that only a session is given"):
        made.enter()
    assert made.server.got.count("POST /sign-in") == 1


def test_data_that_only_a_session_is_given_is_proof_whatever_its_cookie_is_called(door: Open) -> None:
    made = door({"/sign-in": leads_to("/select", cookie="sid_of_tomorrow")} | signed_in_as(OWN))
    made.enter()
    assert made.site.path == "/select"
    assert made.server.got.count("POST /sign-in") == 1


@pytest.mark.nightly
def test_a_page_for_everybody_after_the_log_in_is_left_for_the_proof(door: Open) -> None:
    made = door({"/sign-in": leads_to("/business"), "/business": MARKETING} | signed_in_as(OWN))
    made.enter()
    assert made.site.path == "/select"
    assert made.server.got.count("POST /sign-in") == 1


@pytest.mark.parametrize("cookie", ["sessionid", "sid_tt", "sso_user_ads"])
def test_every_cookie_of_a_session_will_do(door: Open, cookie: str) -> None:
    made = door({"/sign-in": leads_to("/select", cookie=cookie)} | signed_in_as(None))
    made.enter()
    assert made.site.path == "/select"
    assert made.asked == []


def test_a_person_at_the_window_is_waited_for_on_a_page_that_verifies(door: Open) -> None:
    made = door(VERIFIES | signed_in_as(OWN))
    with pytest.raises(NeedsPerson):
        made.enter(headed=True)
    assert made.asked
    assert set(made.asked) == {"sign-in"}


@pytest.mark.parametrize("named", [OWN, OWN.upper(), "o***@agency.example", None])
def test_the_own_account_or_none_named_is_no_hindrance(door: Open, named: str | None) -> None:
    made = door(signed_in_as(named))
    require_own_account(made.site, OWN)
    assert made.server.got[0] == "GET /select"


@pytest.mark.parametrize("named", [OTHER, "r***@client.example"])
def test_another_account_stops_it(door: Open, named: str) -> None:
    made = door(signed_in_as(named))
    with pytest.raises(NeedsPerson, match="nothing was written") as need:
        require_own_account(made.site, OWN)
    assert (need.value.kind, named in str(need.value), OWN in str(need.value)) == ("sign-in", True, True)


def test_people_in_a_list_are_not_the_account(door: Open) -> None:
    people = {"code": 0, "data": {"users": [{"id": "2", "email": OTHER}]}}
    made = door(
        signed_in_as(None)
        | {
            "/select": f"{SHELL}<script>fetch('/api/v2/bm/user/list/')</script>",
            "/api/v2/bm/user/list/": people,
        }
    )
    require_own_account(made.site, OWN)
    assert "GET /api/v2/bm/user/list/" in made.server.got


@pytest.mark.parametrize(
    "button",
    [
        "<button type=submit class=login-btn>Weiter</button>",
        "<button type=submit>Continuer</button>",
        "<button type=button onclick=go()>Log in</button>",
    ],
)
def test_the_form_is_sent_whatever_its_button_is_called(door: Open, button: str) -> None:
    form = LOGIN.replace("<button type=submit class=login-btn>Log in</button>", button)
    other = "<button type=button>Log in with TikTok</button>"
    made = door({"/i18n/login": form + other, "/sign-in": leads_to("/select")} | signed_in_as(OWN))
    made.enter()
    assert made.server.got.count("POST /sign-in") == 1

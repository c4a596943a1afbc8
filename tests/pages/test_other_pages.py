"""Details, overview, log-in and consent."""

import pytest

from bcflow.pages.ad_account_details_page import AdAccountDetailsPage
from bcflow.pages.ad_accounts_page import AdAccountsPage
from bcflow.pages.consent_page import ConsentPage
from bcflow.pages.kit.screen.site import Site
from bcflow.pages.kit.writing.code_prompt import CodePrompt
from bcflow.pages.login_page import LoginPage
from bcflow.pages.overview_page import OverviewPage
from standin import seed
from standin.server import StandIn
from tests.support.nightly import nightly_except

FACTS = {"country": "US", "time_zone": "America/New_York", "currency": "USD"}
OTHER_FACTS = {"country": "CA", "time_zone": "America/Toronto", "currency": "CAD"}
TONGUES = [
    pytest.param(marks=pytest.mark.standin(axes={"edition": edition, "language": language}), id=f"{edition}-{language}")
    for edition, language in (("2026", "en"), ("2024", "vi"))
]


@pytest.mark.parametrize((), nightly_except(TONGUES, "2024-vi"))
def test_an_account_s_details_are_read_as_what_they_mean(site: Site) -> None:
    AdAccountsPage.open(site, seed.NORTHWIND).open_details(seed.OWNED_APPROVED)
    page = AdAccountDetailsPage(site, seed.OWNED_APPROVED)
    assert page.read(FACTS | {"company": "Acme US Inc."}) == FACTS | {"company": "Acme US Inc."}
    other = page.read(OTHER_FACTS)
    assert all(other[name] not in (None, value) for name, value in OTHER_FACTS.items())


@pytest.mark.parametrize((), nightly_except(TONGUES, "2026-en"))
def test_what_an_overview_does_not_show_is_not_made_up(site: Site) -> None:
    read = OverviewPage.open(site, seed.NORTHWIND_LABS).read(FACTS | {"company": "Northwind Labs LLC"})
    assert set(read) == {*FACTS, "company"}
    assert set(read.values()) == {None}


@pytest.mark.parametrize(
    (),
    [
        pytest.param(marks=pytest.mark.standin(axes={"login_form": "new"}), id="new"),
        pytest.param(marks=pytest.mark.standin(axes={"login_form": "old", "language": "vi"}), id="old"),
        pytest.param(marks=pytest.mark.standin(faults=["login_blank:*:1"]), id="blank-at-first"),
    ],
)
def test_the_log_in_page_signs_in_with_e_mail_and_password(stranger: Site, standin: StandIn) -> None:
    page = LoginPage.open(stranger)
    page.log_in(seed.EMAIL, seed.PASSWORD)
    assert stranger.until(lambda: not stranger.signed_out(), seconds=20)
    assert [row.email for row in standin.world.sessions.values()] == [seed.EMAIL]


def test_a_wrong_password_is_told_in_the_page_s_words(stranger: Site, standin: StandIn) -> None:
    page = LoginPage.open(stranger)
    page.log_in(seed.EMAIL, "wrong")
    assert stranger.until(page.read_problem, seconds=20)
    assert stranger.signed_out()
    assert standin.world.sessions == {}


@pytest.mark.standin(axes={"consent": "yes"})
def test_a_consent_screen_is_recognised_and_not_answered(stranger: Site, standin: StandIn) -> None:
    page = LoginPage.open(stranger)
    assert not ConsentPage(stranger).is_shown
    page.log_in(seed.EMAIL, seed.PASSWORD)
    assert stranger.until(lambda: ConsentPage(stranger).is_shown, seconds=20)
    assert standin.world.sessions == {}


@pytest.mark.parametrize(
    ("channel", "to"),
    [
        pytest.param("email", "@", marks=pytest.mark.standin(axes={"login_code": "six"}), id="six-email"),
        pytest.param(
            "authenticator",
            "",
            marks=pytest.mark.standin(axes={"login_code": "single", "code_source": "authenticator"}),
            id="single-authenticator",
        ),
        pytest.param(
            "text",
            "*",
            marks=pytest.mark.standin(axes={"login_code": "single", "code_source": "text"}),
            id="single-text",
        ),
    ],
)
def test_a_code_prompt_says_where_the_code_went(stranger: Site, standin: StandIn, channel: str, to: str) -> None:
    LoginPage.open(stranger).log_in(seed.EMAIL, seed.PASSWORD)
    prompt = stranger.until(lambda: CodePrompt.on(stranger), seconds=20)
    assert prompt is not None
    assert prompt.channel == channel
    assert to in prompt.to
    assert standin.world.sessions == {}

"""Signing in to the stand-in: both widgets, codes, captcha, consent, and what a page without a session does."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from standin import seed
from standin.server import StandIn

MEMBERS = f"/manage/users/members?org_id={seed.NORTHWIND}"
Do = Callable[..., Any]
TELL_THE_SHELL = """new MutationObserver((_, observer) => {
  if (!document.querySelector('.si-frame')) return;
  observer.disconnect();
  console.log(`the shell at ${location.pathname}`);
}).observe(document, {childList: true, subtree: true})"""


def log_in(page: Page, email: str = seed.EMAIL, password: str = seed.PASSWORD) -> None:
    page.locator("input[name=email]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="Log in", exact=True).click()


def enter_code(page: Page, code: str) -> None:
    page.locator("input[maxlength='1']").first.click()
    page.keyboard.type(code)


@pytest.mark.standin(axes={"late_redirect": "0.2"})
def test_deep_link_without_session_shows_the_shell_then_the_login_page_and_comes_back(
    standin: StandIn, page: Page
) -> None:
    # The page itself tells what it showed: whoever looks from outside may come too late.
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.add_init_script(TELL_THE_SHELL)
    page.goto(standin.bc_url + MEMBERS, wait_until="commit")
    page.wait_for_url(f"{standin.ads_url}/i18n/login?redirect=**")
    assert "the shell at /manage/users/members" in told
    expect(page).to_have_title("TikTok Ads: Log In")
    log_in(page)
    page.wait_for_url(standin.bc_url + MEMBERS)
    names = {cookie.get("name") for cookie in page.context.cookies()}
    assert {"sessionid_ads", "csrftoken", "lang_type"} <= names
    expect(page.locator(".si-switcher-name")).to_have_text("Northwind Agency")
    assert page.evaluate("localStorage.__Garfish__react__business_suite_lang") == "en-US"
    assert standin.world.writes == []


@pytest.mark.parametrize(
    ("email", "password", "message"),
    [
        ("nobody@x.example", seed.PASSWORD, "We couldn't find an account with that email."),
        (seed.EMAIL, "wrong", "The email or password you entered is incorrect."),
    ],
)
def test_wrong_credentials_are_said(standin: StandIn, page: Page, email: str, password: str, message: str) -> None:
    page.goto(f"{standin.ads_url}/i18n/login")
    log_in(page, email, password)
    expect(page.locator("div.login-error-tip > div.content-wrapper > div")).to_have_text(message)
    assert standin.world.sessions == {}


@pytest.mark.standin(axes={"login_code": "six"})
def test_code_is_asked_resent_and_good_once(standin: StandIn, page: Page) -> None:
    page.goto(f"{standin.ads_url}/i18n/login")
    log_in(page)
    expect(page.get_by_text("For security reasons, a verification code has been sent to")).to_be_visible()
    first = standin.world.codes[-1].code
    page.get_by_role("button", name="Resend").click()
    enter_code(page, first)
    expect(page.get_by_text("incorrect or has expired")).to_be_visible()
    good = standin.world.codes[-1].code
    enter_code(page, good)
    page.wait_for_url(f"{standin.bc_url}/select**")
    page.goto(f"{standin.ads_url}/i18n/login")
    log_in(page)
    enter_code(page, good)
    expect(page.get_by_text("incorrect or has expired")).to_be_visible()
    assert len(standin.world.codes) == 3


@pytest.mark.standin(axes={"login_code": "single", "code_source": "authenticator"})
def test_authenticator_code_is_good_once(standin: StandIn, page: Page) -> None:
    code = page.request.get(f"{standin.control}/totp").json()["code"]
    for turn in range(2):
        page.goto(f"{standin.ads_url}/i18n/login")
        log_in(page)
        page.locator("#ac-sendcode-separate-input").click()
        page.keyboard.type(code)
        if turn == 0:
            page.wait_for_url(f"{standin.bc_url}/select**")
    expect(page.get_by_text("incorrect or has expired")).to_be_visible()
    expect(page.get_by_role("button", name="Resend")).to_have_count(0)
    assert standin.world.codes == []


@pytest.mark.standin(axes={"login_form": "old", "login_code": "six"})
def test_older_widget_signs_in(standin: StandIn, page: Page) -> None:
    page.goto(f"{standin.ads_url}/i18n/login/?redirect={standin.bc_url}{MEMBERS}")
    expect(page.locator("#TikTok_Ads_SSO_Login_Email_Input")).to_have_count(0)
    page.locator("#TikTok_Ads_SSO_Login_Email_Panel_Button").click()
    page.locator("#TikTok_Ads_SSO_Login_Email_Input").fill(seed.EMAIL)
    page.locator("#TikTok_Ads_SSO_Login_Pwd_Input").fill("wrong")
    page.locator("#TikTok_Ads_SSO_Login_Btn").click()
    expect(page.locator("span.error-msg")).to_be_visible()
    page.locator("#TikTok_Ads_SSO_Login_Pwd_Input").fill(seed.PASSWORD)
    page.locator("#TikTok_Ads_SSO_Login_Btn").click()
    expect(page.get_by_placeholder("Enter verification code")).to_be_visible()
    page.get_by_placeholder("Enter verification code").fill(standin.world.codes[-1].code)
    page.locator("#TikTok_Ads_SSO_Login_Code_Btn").click()
    page.wait_for_url(standin.bc_url + MEMBERS)


@pytest.mark.standin(faults=["captcha"])
def test_captcha_waits_for_a_person(standin: StandIn, page: Page, act: Do) -> None:
    page.goto(f"{standin.ads_url}/i18n/login")
    log_in(page)
    expect(page.locator(".captcha-verify-container")).to_be_visible()
    page.locator(".secsdk-captcha-drag-wrapper").click()
    assert standin.world.sessions == {}
    act("solve-captcha")
    page.wait_for_url(f"{standin.bc_url}/select**")


def test_log_in_with_tiktok_goes_by_the_consent_screen(standin: StandIn, page: Page) -> None:
    page.goto(f"{standin.ads_url}/i18n/login")
    page.get_by_role("button", name="Log in with TikTok").click()
    expect(page.get_by_text("authorise TikTok Business to access your TikTok account")).to_be_visible()
    assert standin.world.sessions == {}
    page.get_by_role("button", name="Authorize").click()
    page.wait_for_url(f"{standin.bc_url}/select**")


def test_foreign_redirect_is_not_followed(standin: StandIn, page: Page) -> None:
    page.goto(f"{standin.ads_url}/i18n/login?redirect=https://evil.example/")
    log_in(page)
    page.wait_for_url(f"{standin.bc_url}/select**")
    assert "evil.example" not in page.url


@pytest.mark.standin(axes={"two_step_page": "yes"})
def test_two_step_page_is_skipped_and_the_chooser_leads_on(standin: StandIn, page: Page) -> None:
    page.goto(f"{standin.ads_url}/i18n/login")
    log_in(page)
    page.wait_for_url("**/two-step-verification**")
    page.locator(".two-sv-footer").get_by_role("button").first.click()
    expect(page.get_by_text("Select an account", exact=True)).to_be_visible()
    name = page.locator(".selection-basic-info__header__name .text-ellipsis span")
    name.get_by_text("Northwind Labs", exact=True).click()
    page.wait_for_url(f"{standin.bc_url}/manage/overview?org_id={seed.NORTHWIND_LABS}")


@pytest.mark.standin(faults=["login_blank:*:1"])
def test_login_form_may_need_a_second_load(standin: StandIn, page: Page) -> None:
    page.goto(f"{standin.ads_url}/i18n/login")
    expect(page.locator("input")).to_have_count(0)
    page.reload()
    expect(page.locator("input[name=email]")).to_be_visible()

"""The core of the stand-in: signing in, the shell, faults of writes, the control API."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from standin import seed
from standin.server import StandIn
from standin.switches import AXES, parse_fault
from standin.writes import KIND_OF_PATH

ROOT = Path(__file__).parents[2]
INVITE = "/api/v2/bm/admin/user/invite/"
MEMBERS = f"/manage/users/members?org_id={seed.NORTHWIND}"
OVERVIEW = f"/manage/overview?org_id={seed.NORTHWIND}"
NEW = "new.person@client.example"
Do = Callable[..., Any]


@pytest.fixture
def act(standin: StandIn, page: Page) -> Do:
    """Ask the control API for something; returns its answer."""

    def ask(name: str, **body: object) -> Any:  # noqa: ANN401 - any JSON
        return page.request.post(f"{standin.control}/{name}", data=body).json()

    return ask


@pytest.fixture
def shell(standin: StandIn, page: Page, act: Do) -> Page:
    """Return a signed-in page that shows the overview."""
    act("sign-in", email=seed.EMAIL)
    page.goto(standin.bc_url + OVERVIEW)
    expect(page.get_by_role("heading", name="Northwind Agency")).to_be_visible()
    return page


def invite(page: Page, email: str = NEW) -> str:
    """Send the invite request as the members screen does; says how it ended."""
    script = """async ([path, body]) => {
      try { await BC.post(path, body); return 'ok'; }
      catch (error) { return error.how + ': ' + error.message; }
    }"""
    return str(page.evaluate(script, [INVITE, {"email_list": [email], "org_role": 1, "lang": "en"}]))


def log_in(page: Page, email: str = seed.EMAIL, password: str = seed.PASSWORD) -> None:
    page.locator("input[name=email]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="Log in", exact=True).click()


def enter_code(page: Page, code: str) -> None:
    page.locator("input[maxlength='1']").first.click()
    page.keyboard.type(code)


# --- signing in ---


@pytest.mark.standin(axes={"late_redirect": "0.2"})
def test_deep_link_without_session_shows_the_shell_then_the_login_page_and_comes_back(
    standin: StandIn, page: Page
) -> None:
    page.goto(standin.bc_url + MEMBERS)
    assert "/manage/users/members" in page.url
    expect(page.locator(".si-frame")).to_be_visible()
    page.wait_for_url(f"{standin.ads_url}/i18n/login?redirect=**")
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
def test_wrong_credentials_are_said(
    standin: StandIn, page: Page, email: str, password: str, message: str
) -> None:
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


# --- the shell ---


def test_overview_and_settings_show_name_and_id(shell: Page) -> None:
    expect(shell.get_by_text(f"ID: {seed.NORTHWIND}", exact=True)).to_be_visible()
    shell.get_by_text("Business Settings", exact=True).click()
    expect(shell.get_by_role("heading", name="Business Center Information")).to_be_visible()
    expect(shell.get_by_text(seed.NORTHWIND, exact=True)).to_be_visible()


def test_switcher_goes_to_another_business_center(standin: StandIn, shell: Page) -> None:
    shell.locator(".si-switcher-name").click()
    shell.locator(".si-switcher-item").filter(has_text="Fabrikam").click()
    shell.wait_for_url(f"{standin.bc_url}/manage/overview?org_id={seed.FABRIKAM}")
    expect(shell.locator(".si-switcher-name")).to_have_text("Fabrikam")
    assert shell.evaluate("BC.me.role") == "standard"


def test_without_an_id_the_last_used_business_center_is_shown(standin: StandIn, shell: Page) -> None:
    shell.goto(f"{standin.bc_url}/manage/overview?org_id={seed.FABRIKAM}")
    expect(shell.locator(".si-switcher-name")).to_have_text("Fabrikam")
    shell.goto(f"{standin.bc_url}/manage/overview")
    expect(shell.locator(".si-switcher-name")).to_have_text("Fabrikam")


def test_foreign_business_center_leads_to_the_chooser(standin: StandIn, shell: Page) -> None:
    shell.goto(f"{standin.bc_url}/manage/overview?org_id={seed.UNRELATED_BC}")
    shell.wait_for_url(f"{standin.bc_url}/select")


@pytest.mark.parametrize(
    ("edition", "word"),
    [pytest.param("2024", "Assets", id="2024"), pytest.param("2026", "Accounts", id="2026")],
)
def test_navigation_words_follow_the_edition(
    standin: StandIn, page: Page, act: Do, edition: str, word: str
) -> None:
    act("axes", edition=edition)
    act("sign-in", email=seed.EMAIL)
    page.goto(standin.bc_url + OVERVIEW)
    expect(page.locator(".bc-okee-menu").get_by_text(word, exact=True)).to_be_visible()
    page.locator(".bc-okee-menu").get_by_text("Members", exact=True).click()
    page.wait_for_url(re.compile(r"/manage/users/members\?org_id="))


@pytest.mark.parametrize("prefix", ["okee", "byted"])
def test_kit_prefix_and_toast_prefix_are_separate(standin: StandIn, page: Page, act: Do, prefix: str) -> None:
    act("axes", kit_prefix=prefix, toast_prefix="byted")
    act("sign-in", email=seed.EMAIL)
    page.goto(standin.bc_url + OVERVIEW)
    expect(page.locator(f".{prefix}-menu")).to_be_visible()
    page.evaluate("BC.toast('success', 'Saved')")
    expect(page.locator(".byted-message-type-success")).to_have_text("Saved")


# --- faults ---


@pytest.mark.parametrize(
    ("fault", "ends", "applied", "answered"),
    [
        ("slow=0.1", "ok", True, True),
        ("500_before", "broken: HTTP 500", False, True),
        ("500_after", "broken: HTTP 500", True, True),
        ("drop_before", "broken: TypeError: Failed to fetch", False, False),
        ("drop_after", "broken: TypeError: Failed to fetch", True, False),
        ("silent_confirm", "silent: no code", False, True),
        ("rate_limit", "refused: Too many requests. Please try again later.", False, True),
        ("captcha=write", "refused: Verify to continue", False, True),
        ("signed_out=next_write", "silent: signed out", False, True),
        ("signed_out=after_write", "ok", True, True),
    ],
)
def test_fault_strikes_one_write_once(
    standin: StandIn, shell: Page, act: Do, fault: str, ends: str, applied: bool, answered: bool
) -> None:
    act("faults", faults=[f"{fault}:invite:1"])
    assert invite(shell) == ends
    (entry,) = shell.request.get(f"{standin.control}/writes").json()
    assert entry["kind"] == "invite"
    assert entry["received"] is True
    assert (entry["applied"], entry["answered"]) == (applied, answered)
    found = standin.world.business_centers[seed.NORTHWIND].member(NEW)
    assert (found is not None) == applied


def test_fault_for_another_kind_does_not_strike(shell: Page, act: Do) -> None:
    act("faults", faults=["500_before:share"])
    assert invite(shell) == "ok"


def test_unsent_confirm_sends_nothing(standin: StandIn, shell: Page, act: Do) -> None:
    act("faults", faults=["silent_confirm=unsent:invite"])
    shell.reload()
    assert invite(shell) == "silent: not sent"
    assert standin.world.writes == []


@pytest.mark.parametrize("how", ["5", "1 loads"])
def test_stale_list_shows_the_state_before_the_write(shell: Page, act: Do, how: str) -> None:
    act("faults", faults=[f"stale_list={how}:invite:1"])
    assert invite(shell) == "ok"
    script = "async () => (await BC.get('/api/v2/bm/user/list/', {keyword: 'new.person'})).total"
    assert shell.evaluate(script) == 0
    if how == "5":
        act("advance-clock", seconds=6)
    assert shell.evaluate(script) == 1


def test_write_without_csrf_token_is_refused_and_logged(standin: StandIn, shell: Page) -> None:
    answer = shell.request.post(f"{standin.bc_url}{INVITE}?org_id={seed.NORTHWIND}", data={})
    assert answer.status == 403
    assert [entry.applied for entry in standin.world.writes] == [False]


def test_wrong_business_center_is_shown_under_the_asked_address(
    standin: StandIn, shell: Page, act: Do
) -> None:
    act("faults", faults=["wrong_bc"])
    shell.reload()
    expect(shell.get_by_text(f"ID: {seed.NORTHWIND_LABS}", exact=True)).to_be_visible()
    assert f"org_id={seed.NORTHWIND}" in shell.url
    assert invite(shell) == "ok"
    assert standin.world.writes[-1].org_id == seed.NORTHWIND_LABS


def test_session_ends_at_the_next_page(standin: StandIn, shell: Page, act: Do) -> None:
    act("axes", late_redirect="0.1")
    act("faults", faults=["signed_out=next_page:*:1"])
    shell.reload()
    shell.wait_for_url(f"{standin.ads_url}/i18n/login?redirect=**")


def test_near_duplicates_differ_a_little(standin: StandIn, act: Do) -> None:
    act("faults", add=["near_duplicates"])
    names = [row.name for row in standin.world.ad_accounts.values()]
    assert {"Acme US", "acme us", "Acme  US"} <= set(names)


def test_code_before_a_write_travels_as_a_ticket(standin: StandIn, shell: Page, act: Do) -> None:
    act("axes", codes="invite")
    assert invite(shell) == "refused: Verification is needed"
    shell.reload()
    expect(shell.get_by_role("heading", name="Northwind Agency")).to_be_visible()
    shell.evaluate("() => { window.asked = BC.askCode('invite'); }")
    expect(shell.get_by_text("Enter the confirmation code", exact=True)).to_be_visible()
    shell.get_by_placeholder("Enter verification code").fill("12345x")
    confirm = shell.get_by_role("button", name="Confirm", exact=True)
    confirm.click()
    expect(shell.get_by_text("incorrect or has expired")).to_be_visible()
    shell.get_by_placeholder("Enter verification code").fill(standin.world.codes[-1].code)
    confirm.click()
    assert shell.evaluate("async () => Object.keys(await window.asked)") == ["ticket"]
    assert len(standin.world.writes) == 1


# --- what lies over the page ---


def test_interruptions_lie_over_the_page_until_dismissed(shell: Page, act: Do) -> None:
    act("faults", faults=["survey", "tips", "announcement", "cookie_banner"])
    shell.reload()
    shell.locator("tiktok-cookie-banner").get_by_role("button", name="Allow all").click()
    shell.locator("byted-wc-modal").get_by_role("button", name="Got it").click()
    shell.locator(".feelgood-survey-close").click()
    shell.locator(".vi-byted-button.footer-btn").click()
    shell.get_by_text("Business Settings", exact=True).click()
    expect(shell.get_by_role("heading", name="Business Center Information")).to_be_visible()


@pytest.mark.standin(faults=["survey=redirect@0.1:*:1"])
def test_survey_may_take_the_page_away_once(standin: StandIn, page: Page, act: Do) -> None:
    act("sign-in", email=seed.EMAIL)
    page.goto(standin.bc_url + OVERVIEW)
    page.wait_for_url("**/survey?**")
    page.go_back()
    expect(page.get_by_role("heading", name="Northwind Agency")).to_be_visible()


@pytest.mark.standin(faults=["renamed_button=nav.members>People"])
def test_renamed_word_is_renamed(standin: StandIn, page: Page, act: Do) -> None:
    act("sign-in", email=seed.EMAIL)
    page.goto(standin.bc_url + OVERVIEW)
    expect(page.locator(".bc-okee-menu").get_by_text("People", exact=True)).to_be_visible()


# --- switches and control ---


def test_control_api_is_closed_to_pages(standin: StandIn, shell: Page) -> None:
    status = shell.evaluate("async (url) => (await fetch(url)).status", f"{standin.control}/state")
    assert status == 403


def test_unknown_switches_are_refused(standin: StandIn, act: Do) -> None:
    assert "no axis" in act("axes", colour="red")["error"]
    assert "not one of" in act("axes", surface="window")["error"]
    assert "no fault" in act("faults", add=["rain"])["error"]
    assert standin.world.axis("surface") == "modal"


def test_fault_text_is_read() -> None:
    fault = parse_fault("500_after:invite:1")
    assert (fault.name, fault.value, fault.kind, fault.count) == ("500_after", "", "invite", 1)
    assert parse_fault("slow=2.5:*:3").kind is None


def test_same_seed_gives_the_same_ids() -> None:
    first, second, other = (seed.build(seed=number) for number in (4, 4, 5))
    assert first.new_id() == second.new_id() != other.new_id()
    ids = [*first.ad_accounts, *first.business_centers]
    assert all(re.fullmatch(r"[67]\d{18}", number) for number in ids)
    assert len(first.business_centers[seed.NORTHWIND].members) == 28


def test_each_axis_has_a_default_and_each_write_a_kind(standin: StandIn) -> None:
    assert {name: standin.world.axis(name) for name in AXES} == {name: AXES[name][0] for name in AXES}
    assert KIND_OF_PATH[INVITE] == "invite"


@pytest.mark.parametrize("end", ["signal", "parent"])
def test_program_says_where_it_is_and_ends_well(end: str) -> None:
    command = [sys.executable, "-m", "standin", "--with-parent", "--axis", "surface=drawer"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        where = json.loads(program.stdout.readline())
        assert set(where) == {"bc", "ads", "control"}
        assert where["control"].startswith(where["bc"])
        if end == "signal":
            program.terminate()
        else:
            program.stdin.close()
        assert program.wait(10) == 0


def test_program_refuses_an_unknown_axis() -> None:
    command = [sys.executable, "-m", "standin", "--axis", "surface=window"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=20)
    assert ended.returncode == 2
    assert "not one of modal, drawer, page" in ended.stderr

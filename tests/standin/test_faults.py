"""Faults of the stand-in: what a write meets, what lists show after it, what is in the log."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from standin import seed
from standin.server import StandIn

pytestmark = pytest.mark.own_context

INVITE = "/api/v2/bm/admin/user/invite/"
NEW = "new.person@client.example"
Do = Callable[..., Any]


def invite(page: Page, email: str = NEW) -> str:
    """Send the invite request as the members screen does; says how it ended."""
    script = """async ([path, body]) => {
      try { await BC.post(path, body); return 'ok'; }
      catch (error) { return error.how + ': ' + error.message; }
    }"""
    return str(page.evaluate(script, [INVITE, {"email_list": [email], "org_role": 1, "lang": "en"}]))


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("fault", "ends", "applied", "answered"),
    [
        ("slow=0.1", "ok", True, True),
        ("500_before", "broken: HTTP 500", False, True),
        ("500_after", "broken: HTTP 500", True, True),
        ("answer_before=409", "broken: HTTP 409", False, True),
        ("answer_after=429", "broken: HTTP 429", True, True),
        ("internal_error_before", "refused: System error, please try again later.", False, True),
        ("internal_error_after", "refused: System error, please try again later.", True, True),
        ("cut_rst=body", "broken: TypeError: Failed to fetch", True, False),
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


@pytest.mark.parametrize("fault", ["drop_before", "drop_after"])
def test_dropped_write_is_sent_again_by_the_browser(standin: StandIn, shell: Page, act: Do, fault: str) -> None:
    act("faults", faults=[f"{fault}:invite:1"])
    assert invite(shell).startswith("ok" if fault == "drop_before" else "refused")
    assert [entry.answered for entry in standin.world.writes] == [False, True]
    assert [entry.applied for entry in standin.world.writes] == [fault == "drop_after", fault == "drop_before"]


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


def test_wrong_business_center_is_shown_under_the_asked_address(standin: StandIn, shell: Page, act: Do) -> None:
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
    expect(shell.locator('input[type="password"]')).to_be_visible()


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

"""Faults that a page plays round a write: what it shows, what it sends before and after, what takes effect when."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from standin import seed
from standin.server import StandIn
from tests.standin.conftest import Do
from tests.standin.test_faults import INVITE, NEW

pytestmark = pytest.mark.own_context

LISTED = "async () => (await BC.get('/api/v2/bm/user/list/', {keyword: 'new.person'})).total"
PRESS = """([path, body]) => {
  const send = async () => {
    const code = await BC.askCode('invite');
    if (!code) return 'cancelled';
    try { await BC.post(path, { ...body, ...code }); return 'ok'; }
    catch (error) { return error.how + ': ' + error.message; }
  };
  const started = performance.now();
  window.ended = send().then((how) => [how, performance.now() - started]);
}"""
Strike = Callable[..., None]


@pytest.fixture
def strike(shell: Page, act: Do) -> Strike:
    """Set these faults, load the page again and press what sends an invitation."""

    def work(*faults: str) -> None:
        act("faults", faults=list(faults))
        shell.reload()
        expect(shell.get_by_role("heading", name="Northwind Agency")).to_be_visible()
        shell.evaluate(PRESS, [INVITE, {"email_list": [NEW], "org_role": 1, "lang": "en"}])

    return work


def ended(page: Page) -> tuple[str, float]:
    """How the write ended, and after how many seconds."""
    how, milliseconds = page.evaluate("() => window.ended")
    return how, milliseconds / 1000


def kinds(standin: StandIn) -> list[tuple[str, bool]]:
    return [(entry.kind, entry.applied) for entry in standin.world.writes]


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("fault", "seconds"), [("late_write=1.2", 1.2), ("toast=:invite", 0.04), ("toast=Not loaded@300:invite:1", 0.3)]
)
def test_write_leaves_late(standin: StandIn, shell: Page, strike: Strike, fault: str, seconds: float) -> None:
    strike(fault)
    how, took = ended(shell)
    assert how == "ok"
    assert seconds <= took
    assert kinds(standin) == [("invite", True)]


@pytest.mark.parametrize("prefix", ["bc-okee", "byted"])
def test_unrelated_toast_shows_before_the_write_leaves(
    standin: StandIn, shell: Page, act: Do, strike: Strike, prefix: str
) -> None:
    act("axes", kit_prefix=prefix)
    strike("toast=Not loaded@1500:invite")
    expect(shell.locator(f".{prefix}-message-type-error")).to_have_text("Not loaded")
    assert standin.world.writes == []
    assert ended(shell)[0] == "ok"


@pytest.mark.standin(axes={"surface": "drawer"})
def test_precheck_comes_first_with_the_same_body(standin: StandIn, shell: Page, strike: Strike) -> None:
    strike("precheck:invite:1")
    assert ended(shell)[0] == "ok"
    check, write = standin.world.writes
    assert (check.kind, check.path, check.applied) == ("precheck", "/api/v3/bm/user/precheck/", False)
    assert check.body == write.body
    assert (write.kind, write.applied) == ("invite", True)


def test_precheck_that_says_no_is_the_end(standin: StandIn, shell: Page, strike: Strike) -> None:
    strike("precheck=no:invite")
    assert ended(shell)[0].startswith("refused: This action is not available")
    assert kinds(standin) == [("precheck", False)]


@pytest.mark.nightly
def test_effect_shows_only_after_the_second_request(standin: StandIn, shell: Page, strike: Strike) -> None:
    with shell.expect_response("**/bind/**"):
        with shell.expect_response(f"**{INVITE}**") as write:
            strike("two_requests=3:invite:1")
        assert write.value.json()["code"] == 0
        assert shell.evaluate(LISTED) == 0
        assert kinds(standin) == [("invite", False)]
    assert ended(shell)[0] == "ok"
    assert shell.evaluate(LISTED) == 1
    assert kinds(standin) == [("invite", True), ("bind", True)]


@pytest.mark.nightly
def test_without_the_second_request_nothing_takes_effect(standin: StandIn, shell: Page, strike: Strike) -> None:
    with shell.expect_response(f"**{INVITE}**"):
        strike("two_requests=30:invite:1")
    shell.reload()
    expect(shell.get_by_role("heading", name="Northwind Agency")).to_be_visible()
    assert shell.evaluate(LISTED) == 0
    assert standin.world.business_centers[seed.NORTHWIND].member(NEW) is None


def test_second_step_makes_the_id_that_the_answer_named(standin: StandIn, shell: Page, act: Do) -> None:
    act("faults", faults=["two_requests=0:create:1"])
    shell.reload()
    expect(shell.get_by_role("heading", name="Northwind Agency")).to_be_visible()
    made: dict[str, Any] = shell.evaluate(
        """() => BC.post('/api/v2/bm/account/create/', {
          account_info: { account_name: 'New Shop', currency: 'USD', timezone: 'America/New_York' },
          company_info: { company_name: 'New Shop', registered_area: 'US' } })"""
    )
    assert set(made) == {"account_id", "status"}
    assert standin.world.ad_accounts[made["account_id"]].name == "New Shop"
    assert [row.name for row in standin.world.ad_accounts.values()].count("New Shop") == 1


def test_code_is_asked_after_the_yes(standin: StandIn, shell: Page, strike: Strike) -> None:
    with shell.expect_response(f"**{INVITE}**") as write:
        strike("code_after_yes=0.2:invite:1")
    assert write.value.json()["code"] == 0
    field = shell.get_by_placeholder("Enter verification code")
    field.fill("000000")
    confirm = shell.get_by_role("button", name="Confirm", exact=True)
    confirm.click()
    expect(shell.get_by_text("incorrect or has expired")).to_be_visible()
    assert shell.evaluate(LISTED) == 0
    field.fill(standin.world.codes[-1].code)
    confirm.click()
    assert ended(shell)[0] == "ok"
    assert shell.evaluate(LISTED) == 1
    assert kinds(standin) == [("invite", True)]


@pytest.mark.nightly
def test_fee_is_accepted_by_the_button_of_a_dialog(standin: StandIn, shell: Page, strike: Strike) -> None:
    strike("fee_dialog:invite")
    expect(shell.get_by_text("you accept a monthly fee of $400")).to_be_visible()
    assert standin.world.writes == []
    shell.get_by_role("button", name="Confirm", exact=True).click()
    assert ended(shell)[0] == "ok"
    assert kinds(standin) == [("fee", True), ("invite", True)]


@pytest.mark.nightly
def test_fee_that_is_not_accepted_sends_nothing(standin: StandIn, shell: Page, strike: Strike) -> None:
    strike("fee_dialog=Pay $9:invite")
    expect(shell.get_by_text("Pay $9", exact=True)).to_be_visible()
    shell.get_by_role("button", name="Cancel", exact=True).click()
    assert ended(shell)[0] == "cancelled"
    assert standin.world.writes == []


def test_fault_with_a_count_is_used_up_by_the_write(standin: StandIn, shell: Page, strike: Strike) -> None:
    strike("precheck:invite:1")
    assert ended(shell)[0] == "ok"
    shell.reload()
    expect(shell.get_by_role("heading", name="Northwind Agency")).to_be_visible()
    shell.evaluate(PRESS, [INVITE, {"email_list": ["b@client.example"], "org_role": 1, "lang": "en"}])
    assert ended(shell)[0] == "ok"
    assert kinds(standin) == [("precheck", False), ("invite", True), ("invite", True)]

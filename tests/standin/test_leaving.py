"""Other ways for a write to leave the page, a puzzle that is solved in it, and what pages send all the time."""

import pytest
from playwright.sync_api import Page, expect

from standin import seed
from standin.api.background import TELEMETRY
from standin.api.writes import KIND_OF_PATH
from standin.server import StandIn
from standin.switches import AXES, DRAWN, FAULTS, PLAYED_ANYWHERE, PLAYED_BY_PAGES, SHAPES, STRIKES, WRITES, parse_fault
from tests.standin.conftest import Do
from tests.standin.test_faults import INVITE, NEW, invite
from tests.standin.test_round_a_write import PRESS, ended, kinds
from tests.support.waiting import until

pytestmark = pytest.mark.own_context


def load(page: Page, act: Do, *faults: str) -> None:
    act("faults", faults=list(faults))
    page.reload()
    expect(page.get_by_role("heading", name="Northwind Agency")).to_be_visible()


def press(page: Page) -> None:
    page.evaluate(PRESS, [INVITE, {"email_list": [NEW], "org_role": 1, "lang": "en"}])


@pytest.mark.parametrize("how", ["page", "page_sso"])
def test_puzzle_solved_in_the_page_sends_the_same_request_again(
    standin: StandIn, shell: Page, act: Do, how: str
) -> None:
    load(shell, act, f"captcha={how}:invite")
    with shell.expect_response(f"**{INVITE}**") as first:
        press(shell)
    puzzle = first.value.json()
    assert puzzle.get("error_code" if how == "page_sso" else "code") == (1107 if how == "page_sso" else 40110)
    assert standin.world.captcha_solved is False
    with shell.expect_request(f"**{INVITE}**") as again:
        shell.locator(".captcha-verify-container").get_by_role("button", name="Confirm").click()
    assert "&fp=verify_" in again.value.url
    assert "fp=" not in first.value.url
    assert ended(shell)[0] == "ok"
    assert kinds(standin) == [("invite", False), ("invite", True)]
    assert standin.world.writes[0].body == standin.world.writes[1].body
    expect(shell.locator(".captcha-verify-container")).to_have_count(0)


def test_puzzle_of_a_refused_write_has_no_button(shell: Page, act: Do) -> None:
    load(shell, act, "captcha=write:invite")
    press(shell)
    expect(shell.locator(".captcha-verify-container")).to_be_visible()
    expect(shell.locator(".captcha-verify-container").get_by_role("button")).to_have_count(0)
    assert ended(shell)[0] == "refused: Verify to continue"


@pytest.mark.nightly
@pytest.mark.parametrize("struck", ["500_before:invite:2", "answer_before=503:invite:2"])
def test_page_sends_a_failed_write_again_after_a_second(standin: StandIn, shell: Page, act: Do, struck: str) -> None:
    load(shell, act, "retry", struck)
    press(shell)
    how, seconds = ended(shell)
    assert how == "ok"
    assert seconds > 2
    assert kinds(standin) == [("invite", False), ("invite", False), ("invite", True)]


@pytest.mark.nightly
def test_page_gives_up_after_the_fourth_time_and_never_repeats_a_no(standin: StandIn, shell: Page, act: Do) -> None:
    load(shell, act, "retry", "500_before:invite:9")
    press(shell)
    assert ended(shell)[0] == "broken: HTTP 500"
    assert len(standin.world.writes) == 4
    load(shell, act, "retry", "answer_before=409:invite")
    press(shell)
    assert ended(shell)[0] == "broken: HTTP 409"
    assert len(standin.world.writes) == 5


def test_write_leaves_as_a_beacon(standin: StandIn, shell: Page, act: Do) -> None:
    load(shell, act, "beacon:invite:1")
    with shell.expect_request(f"**{INVITE}**") as sent:
        press(shell)
    assert sent.value.resource_type == "ping"
    assert ended(shell)[0] == "ok"
    until(lambda: standin.world.writes and standin.world.writes[0].applied, "the beacon")
    assert kinds(standin) == [("invite", True)]


def test_write_leaves_to_both_versions_of_the_api(standin: StandIn, shell: Page, act: Do) -> None:
    load(shell, act, "other_path:invite:1")
    press(shell)
    assert ended(shell)[0].partition(":")[0] in {"ok", "refused"}
    assert sorted(entry.path for entry in standin.world.writes) == [INVITE, INVITE.replace("v2", "v3")]
    assert sorted(kinds(standin)) == [("invite", False), ("invite", True)]
    assert invite(shell, "next@client.example") == "ok"
    assert len(standin.world.writes) == 3


@pytest.mark.nightly
def test_chatty_page_fills_the_browsers_resource_timing(shell: Page, act: Do) -> None:
    load(shell, act, "chatty")
    shell.wait_for_function("performance.getEntriesByType('resource').length >= 250")
    before = shell.evaluate("performance.getEntriesByType('resource').length")
    shell.evaluate("async () => { await fetch('/static/chunk/1.json?late'); }")
    assert shell.evaluate("performance.getEntriesByType('resource').length") == before


@pytest.mark.nightly
def test_noise_comes_from_page_and_worker_all_the_time(standin: StandIn, shell: Page, act: Do) -> None:
    load(shell, act, "noise")
    seen: dict[str, int] = standin.world.notes["telemetry"]
    until(lambda: set(seen) == set(TELEMETRY) and min(seen.values()) > 3, "telemetry")
    assert len(shell.workers) == 1
    assert seen["/v1/user/webid"] > seen["/v1/list"]
    assert standin.world.writes == []


def test_switches_can_be_drawn_at_random() -> None:
    assert set(DRAWN) | set(SHAPES) | set(PLAYED_BY_PAGES) | set(PLAYED_ANYWHERE) <= set(FAULTS)
    assert set(KIND_OF_PATH.values()) == set(WRITES)
    for fault in FAULTS:
        for value in DRAWN.get(fault, ("",)):
            for kind in STRIKES[fault] or ("*",):
                parsed = parse_fault(f"{fault}={value}:{kind}:1")
                assert (parsed.name, parsed.value, parsed.count) == (fault, value, 1)
    assert all(len(values) == len(set(values)) for values in AXES.values())


def test_counted_fault_of_a_page_is_used_up_by_the_write_alone(standin: StandIn, shell: Page, act: Do) -> None:
    load(shell, act, "retry:invite:1", "late_write=0:share:1")
    press(shell)
    assert ended(shell)[0] == "ok"
    assert [fault.count for fault in standin.world.faults] == [0, 1]
    assert standin.world.business_centers[seed.NORTHWIND].member(NEW) is not None

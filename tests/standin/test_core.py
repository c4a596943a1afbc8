"""The core of the stand-in: the shell, what lies over it, the control API, the program."""

import json
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from standin import seed
from standin.api.writes import KIND_OF_PATH
from standin.server import StandIn
from standin.switches import AXES, parse_fault

ROOT = Path(__file__).parents[2]
INVITE = "/api/v2/bm/admin/user/invite/"
MEMBERS = f"/manage/users/members?org_id={seed.NORTHWIND}"
OVERVIEW = f"/manage/overview?org_id={seed.NORTHWIND}"
Do = Callable[..., Any]


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
    expect(shell).to_have_url(f"{standin.bc_url}/select")


@pytest.mark.parametrize(
    ("edition", "word"),
    [pytest.param("2024", "Assets", id="2024"), pytest.param("2026", "Accounts", id="2026")],
)
def test_navigation_words_follow_the_edition(standin: StandIn, page: Page, act: Do, edition: str, word: str) -> None:
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


@pytest.mark.parametrize("table", ["table", "div"])
def test_pager_shows_each_row_once(standin: StandIn, page: Page, act: Do, table: str) -> None:
    act("axes", members_table=table, list_order="oldest")
    act("sign-in", email=seed.EMAIL)
    page.goto(standin.bc_url + MEMBERS)
    seen: list[str] = []
    for number in ("1", "2", "3"):
        page.locator("li[class*='-pager-item']").get_by_text(number, exact=True).click()
        expect(page.locator("li[class*='-pager-item-checked']")).to_have_text(number)
        last = standin.world.business_centers[seed.NORTHWIND].members[min(int(number) * 10, 28) - 1]
        list_ = page.locator(".si-list")
        expect(list_.get_by_text(last.email, exact=True)).to_be_visible()
        seen += re.findall(r"[\w.]+@[\w.]+", list_.inner_text())
    assert sorted(seen) == sorted(row.email for row in standin.world.business_centers[seed.NORTHWIND].members)
    expect(page.get_by_text("28 Records in Total", exact=True)).to_be_visible()


@pytest.mark.nightly
def test_page_size_is_chosen_in_the_pager(standin: StandIn, shell: Page) -> None:
    shell.goto(standin.bc_url + MEMBERS)
    shell.locator("[class*='-pager'] [class*='-select-input']").click()
    shell.locator("[data-type=select-option]").get_by_text("50 Lines/Page", exact=True).click()
    expect(shell.get_by_role("row")).to_have_count(29)


@pytest.mark.nightly
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
@pytest.mark.parametrize(
    "program", [("standin",), ("bcflow.runner.cli", "dev", "standin", "--json")], ids=["own", "bcflow"]
)
def test_program_says_where_it_is_and_ends_well(program: tuple[str, ...], end: str) -> None:
    """None of its processes outlives it: whoever started it knows one number."""
    command = [sys.executable, "-m", *program, "--with-parent", "--axis", "surface=drawer"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        where = json.loads(process.stdout.readline())
        assert set(where) == {"bc", "ads", "control"}
        assert where["control"].startswith(where["bc"])
        if end == "signal":
            process.terminate()
        else:
            process.stdin.close()
        assert process.wait(10) == 0
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", urlsplit(where["bc"]).port), timeout=5).close()


def test_program_tells_a_person_how_to_use_it() -> None:
    command = [sys.executable, "-m", "bcflow.runner.cli", "dev", "standin", "--with-parent"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = ""
        while "bcflow run invite-member" not in said:
            line = process.stdout.readline()
            assert line, said
            said += line
        process.terminate()
    (site,) = re.findall(r"export BCFLOW_BUSINESS_CENTER_URL=(\S+)", said)
    assert f"Business Center  {site}\n" in said
    assert f"BCFLOW_PASSWORD='{seed.PASSWORD}'" in said


def test_program_refuses_an_unknown_axis() -> None:
    command = [sys.executable, "-m", "standin", "--axis", "surface=window"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=20)
    assert ended.returncode == 2
    assert "not one of modal, drawer, page" in ended.stderr

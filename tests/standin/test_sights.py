"""Axes that make a screen harder to see whole: totals, ids, lists that draw a part, other types in the JSON."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from standin import seed
from standin.server import StandIn
from tests.standin.conftest import Do

# Flows meet every one of these screens with every change; their own rules are looked at by night.
pytestmark = pytest.mark.nightly

MEMBERS = f"/manage/users/members?org_id={seed.NORTHWIND}"
PARTNERS = f"/manage/users/partners?org_id={seed.NORTHWIND}"
ACCOUNTS = f"/manage/accounts/adv?org_id={seed.NORTHWIND}"
LISTS = {MEMBERS: "user/list/", PARTNERS: "partner/list/", ACCOUNTS: "account/list/"}
ROWS = "tbody tr, [class*='-table-body'] [class*='-table-row']"
EMAIL_LIKE = re.compile(r"[\w.]+@[\w.]+")


@pytest.fixture
def see(standin: StandIn, page: Page, act: Do) -> Do:
    """Open a screen of a signed-in login, in these axes; returns the JSON of its list and of who is signed in."""

    def opened(path: str, **axes: str) -> dict[str, Any]:
        act("axes", **axes)
        act("sign-in", email=seed.EMAIL)
        with page.expect_response("**/api/v2/bm/user/?**") as user, page.expect_response(f"**/{LISTS[path]}**") as rows:
            page.goto(standin.bc_url + path)
        expect(page.locator(ROWS).first).to_be_visible()
        return {"rows": rows.value.json(), "user": user.value.json(), "text": user.value.text()}

    return opened


@pytest.mark.parametrize("path", LISTS, ids=["members", "partners", "accounts"])
def test_list_without_a_total_only_says_whether_there_is_more(page: Page, see: Do, path: str) -> None:
    data = see(path, totals="no")["rows"]["data"]
    assert "total" not in data
    assert data["has_more"] is (path != PARTNERS)
    expect(page.locator("[class*='-pager-item-checked']")).to_have_text("1")
    expect(page.locator("[class*='-pager-record']")).to_have_count(0)
    expect(page.get_by_text("Records in Total")).to_have_count(0)
    expect(page.locator("li[class*='-pager-item']").get_by_text("2", exact=True)).to_have_count(int(path != PARTNERS))
    expect(page.locator("li[class*='-pager-item']").get_by_text("3", exact=True)).to_have_count(0)


@pytest.mark.parametrize("table", ["table", "div"])
def test_row_of_a_member_or_partner_shows_no_id(page: Page, see: Do, table: str) -> None:
    data = see(MEMBERS, row_ids="no", members_table=table, partners_table=table)["rows"]["data"]
    assert any("@" in row["email"] for row in data["list"])
    assert EMAIL_LIKE.findall(page.locator(".si-list").evaluate("it => it.outerHTML")) == []
    see(PARTNERS)
    assert re.findall(r"\d{19}", page.locator(".si-content").evaluate("it => it.outerHTML")) == []
    expect(page.get_by_text("Delta Media", exact=True)).to_be_visible()


@pytest.mark.parametrize("path", [MEMBERS, ACCOUNTS], ids=["members", "accounts"])
def test_virtual_list_draws_only_the_rows_in_view(page: Page, see: Do, path: str) -> None:
    data = see(path, list_style="virtual")["rows"]["data"]
    assert len(data["list"]) == data["total"] >= 28
    expect(page.get_by_text(f"{data['total']} Records in Total", exact=True)).to_be_visible()
    assert page.locator(ROWS).count() < 12
    last = data["list"][-1].get("email") or data["list"][-1]["aadvid"]
    expect(page.get_by_text(last)).to_have_count(0)
    page.locator(".ReactVirtualized__Grid").evaluate("it => { it.scrollTop = it.scrollHeight; }")
    expect(page.get_by_text(last)).to_be_visible()
    first = data["list"][0].get("email") or data["list"][0]["aadvid"]
    expect(page.get_by_text(first)).to_have_count(0)


@pytest.mark.parametrize("totals", ["yes", "no"])
def test_endless_list_grows_when_scrolled_to_its_end(page: Page, act: Do, see: Do, totals: str) -> None:
    act("faults", faults=["slow_next=0.8"])
    see(MEMBERS, list_style="endless", totals=totals)
    expect(page.locator(ROWS)).to_have_count(10)
    expect(page.get_by_text("28 Records in Total")).to_have_count(int(totals == "yes"))
    for count in (20, 28):
        end = (
            "it => { it.scrollTop = it.scrollHeight; it.dispatchEvent(new Event('scroll')); return performance.now(); }"
        )
        started = page.locator("[class*='-Table-Container']").evaluate(end)
        expect(page.locator(ROWS)).to_have_count(count)
        assert page.evaluate("performance.now()") - started > 700
    rows = page.locator(ROWS).all_inner_texts()
    assert len(set(rows)) == 28
    expect(page.locator("[class*='-pager']")).to_have_count(0)


def test_header_holds_a_filled_select(page: Page, see: Do) -> None:
    see(MEMBERS, header_select="yes")
    expect(page.locator(".si-top [class*='-select-input'] input")).to_have_value("English")


def test_side_request_is_refused_and_the_list_is_whole(page: Page, act: Do, see: Do) -> None:
    act("faults", faults=["side_refused"])
    with page.expect_response("**/api/v3/bm/account/gmv_max/?**") as side:
        see(ACCOUNTS)
    assert f"org_id={seed.NORTHWIND}" in side.value.url
    assert "account_type=1" in side.value.url
    assert (side.value.status, side.value.json()["code"]) == (200, 40003)
    expect(page.locator(ROWS)).to_have_count(10)
    expect(page.locator("[class*='-message']")).to_have_count(0)


@pytest.mark.parametrize("ids", ["number", "all"])
def test_ids_are_exact_numbers_in_the_json_and_the_page_knows_them(page: Page, see: Do, ids: str) -> None:
    seen = see(MEMBERS, ids=ids)
    assert re.search(rf'"id":\s*{seed.NORTHWIND}\b', seen["text"])
    assert seen["user"]["data"]["organization"]["id"] == int(seed.NORTHWIND)
    assert isinstance(seen["user"]["data"]["user"]["id"], int) is (ids == "all")
    assert page.evaluate("BC.org") == seed.NORTHWIND
    partners = see(PARTNERS)["rows"]["data"]["list"]
    assert all(isinstance(row["partner_id"], int) for row in partners)
    expect(page.get_by_text(seed.DELTA_MEDIA, exact=True)).to_be_visible()
    accounts = see(ACCOUNTS)["rows"]["data"]["list"]
    assert all(isinstance(row["aadvid"], int) is (ids == "all") for row in accounts)
    expect(page.get_by_text(f"ID: {accounts[0]['aadvid']}", exact=True)).to_be_visible()


def test_code_is_text(page: Page, see: Do) -> None:
    seen = see(MEMBERS, code_type="text")
    assert seen["rows"]["code"] == seen["user"]["code"] == "0"
    script = "() => BC.get('/api/v2/bm/partner/lookup/', {partner_id: '1'}).catch((e) => [e.how, e.code])"
    assert page.evaluate(script) == ["refused", 40031]


def test_roles_are_numbers_and_the_page_shows_the_same_words(page: Page, see: Do) -> None:
    see(MEMBERS)
    before = page.locator(".si-list").inner_text()
    seen = see(MEMBERS, role_type="number")
    assert seen["user"]["data"]["role"] == 1
    assert {row["role"] for row in seen["rows"]["data"]["list"]} <= {1, 2}
    assert page.locator(".si-list").inner_text() == before
    assert page.evaluate("BC.me.role") == "admin"


def test_chooser_may_lead_to_the_first_business_center_by_itself(standin: StandIn, page: Page, act: Do) -> None:
    act("axes", select_page="redirect")
    act("sign-in", email=seed.EMAIL)
    page.goto(f"{standin.bc_url}/select")
    page.wait_for_url(f"**/manage/overview?org_id={seed.NORTHWIND}")
    expect(page.get_by_role("heading", name="Northwind Agency")).to_be_visible()


def test_requests_may_be_blocks_with_two_buttons(standin: StandIn, page: Page, see: Do) -> None:
    standin.world.notes["partner_requests"] = {(seed.ZETA_ADS, seed.NORTHWIND)}
    see(PARTNERS, requests_tab="blocks")
    page.get_by_text("Requests", exact=True).click()
    block = page.locator(".si-block")
    expect(block).to_have_count(1)
    expect(block.get_by_role("button")).to_have_text(["Decline", "Accept"])
    expect(page.locator(ROWS).filter(visible=True)).to_have_count(0)
    block.get_by_role("button", name="Accept").click()
    expect(block).to_have_count(0)
    assert [entry.kind for entry in standin.world.writes] == ["accept_partner"]


def test_assigned_accounts_of_an_invitation_may_be_a_heading_with_a_zero(standin: StandIn, page: Page, see: Do) -> None:
    invited = standin.world.business_centers[seed.NORTHWIND].member("pending.one@client.example")
    assert invited is not None
    invited.assets = {seed.TWIN_A: "admin"}
    see(MEMBERS, assigned="empty", surface="page")
    page.get_by_text(invited.email, exact=True).click()
    expect(page.get_by_role("heading", name="Assigned accounts (0)")).to_be_visible()
    expect(page.locator(ROWS).filter(visible=True)).to_have_count(0)
    invited.status = "active"
    page.reload()
    page.get_by_role("row").filter(has_text=invited.email).get_by_text("View", exact=True).click()
    expect(page.get_by_role("heading", name="Assigned accounts (1)")).to_be_visible()
    expect(page.locator(ROWS).filter(visible=True)).to_have_count(1)

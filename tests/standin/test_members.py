"""The Members screens of the stand-in, driven as a person would, in several of their variations."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from standin import control, seed
from standin.server import StandIn
from standin.words import words_for
from standin.world import Member

# Flows meet every one of these screens with every change; their own rules are looked at by night.
pytestmark = pytest.mark.nightly

NEW = "new.person@client.example"


class Screen:
    """The Members screen in one variation, with the words it has there."""

    def __init__(self, site: StandIn, page: Page, org_id: str) -> None:
        self.site, self.page, self.org_id = site, page, org_id
        self.words = words_for(site.world)
        page.context.request.post(f"{site.control}/sign-in", data={"email": seed.EMAIL})
        page.goto(f"{site.bc_url}/manage/users/members?org_id={org_id}")
        expect(page.get_by_role("heading", name=self.words["members.title"])).to_be_visible()

    def css(self, suffix: str) -> Locator:
        return self.page.locator(f"[class*='-{suffix}']").filter(visible=True)

    def button(self, key: str) -> Locator:
        return self.page.get_by_role("button", name=self.words[key], exact=True)

    def row(self, text: str) -> Locator:
        return self.page.locator("tr, [class*='-table-row']").filter(has_text=text).filter(visible=True)

    def pick(self, trigger: Locator, key: str) -> None:
        trigger.click()
        self.css("select-option-inner-wrapper").get_by_text(self.words[key], exact=True).click()

    def form_row(self, key: str) -> Locator:
        label = self.page.get_by_text(self.words[key], exact=True)
        return self.page.locator("[class*='-form-container-vertical']").filter(has=label).filter(visible=True)

    def choose(self, row: str, key: str) -> None:
        """Choose a role by whatever widget this variation has."""
        select = self.form_row(row).locator("[class*='-select-input']:not(label, input)").first
        if select.count():
            self.pick(select, key)
        else:
            self.form_row(row).get_by_text(self.words[key], exact=True).click()

    def fill_email(self, email: str) -> None:
        chips = self.site.axes.get("emails") == "chips"
        key = "members.email.chips" if chips else "members.email.placeholder"
        self.page.get_by_placeholder(self.words[key]).fill(email)
        if chips:
            self.page.keyboard.press("Enter")

    def start(self, email: str, role: str = "standard") -> None:
        self.button("members.invite").click()
        self.fill_email(email)
        if self.site.axes.get("preselected_role") != role:
            self.choose("members.access", f"members.role.{role}")

    def invite(self, email: str, role: str = "standard") -> None:
        self.start(email, role)
        self.button("members.next").click()
        self.button("members.skip").click()

    def invited(self, email: str = NEW) -> Member | None:
        return self.site.world.business_centers[self.org_id].member(email)

    def error_toast(self) -> Locator:
        return self.css("message-type-error").locator("[class*='-message-content']")


Open = Callable[..., Screen]


@pytest.fixture(scope="module")
def standin() -> Iterator[StandIn]:
    with StandIn() as running:
        yield running


@pytest.fixture
def open_members(standin: StandIn, page: Page) -> Open:
    def opened(*faults: str, org_id: str = seed.NORTHWIND, **axes: str) -> Screen:
        standin.reset(axes=axes, faults=list(faults))
        return Screen(standin, page, org_id)

    return opened


VARIATIONS = [
    {},
    {"language": "vi", "surface": "drawer", "emails": "chips", "members_table": "div"},
    {"edition": "2024", "surface": "page", "role_widget": "select", "finance_widget": "select"},
    {"edition": "2024", "language": "vi", "finance_widget": "checkbox", "accounts_table": "div"},
    {"kit_prefix": "byted", "preselected_role": "standard", "success_screen": "yes", "codes": "invite"},
    {"kit_prefix": "okee", "toast_prefix": "byted", "preselected_role": "admin", "list_order": "name"},
]


def choose_account(screen: Screen, aadvid: str, level: str) -> None:
    """Tick one account of the asset step and give it a level."""
    screen.page.get_by_placeholder(screen.words["members.accounts.search"]).fill(aadvid)
    row = screen.row(aadvid)
    expect(screen.page.get_by_text(re.compile("^ID: 7")).filter(visible=True)).to_have_count(1)
    row.locator("label[class*='-checkbox']").click()
    each = screen.site.world.axis("edition") == "2026"
    place = row if each else screen.form_row("members.permission")
    screen.pick(place.locator("[class*='-popper-trigger']"), f"members.level.{level}")


@pytest.mark.parametrize("axes", VARIATIONS, ids=str)
def test_member_is_invited_with_a_role_and_an_account(axes: dict[str, str], open_members: Open) -> None:
    screen = open_members(**axes)
    screen.start(NEW)
    screen.choose("members.advanced", "members.finance.analyst")
    screen.button("members.next").click()
    choose_account(screen, seed.TWIN_B, "operator")
    finish(screen)

    write = screen.site.world.writes[-1]
    assert write.kind == "invite"
    assert write.body["email_list"] == [NEW]
    assert (write.body["org_role"], write.body["finance_role"]) == (2, 6)
    member = screen.invited()
    assert member is not None
    assert (member.status, member.role, member.finance) == ("pending", "standard", "analyst")
    assert member.assets == {seed.TWIN_B: "operator"}
    if axes.get("list_order") != "name":
        expect(screen.row(NEW)).to_contain_text(screen.words["members.status.pending"])


def finish(screen: Screen) -> None:
    """Confirm, give the code and leave the success screen where there are any; then the form is gone."""
    confirm = screen.button("members.confirm")
    if screen.site.axes.get("codes") == "invite":
        with screen.page.expect_response("**/send_code/**"):
            confirm.click()
        code = screen.site.world.codes[-1].code
        screen.page.get_by_placeholder(screen.words["code.placeholder"]).fill(code)
        screen.button("code.confirm").last.click()
    else:
        confirm.click()
    if screen.site.axes.get("success_screen") == "yes":
        screen.button("members.done").click()
    expect(screen.page.get_by_text(screen.words["members.access"]).filter(visible=True)).to_have_count(0)


def test_skip_invites_without_accounts(open_members: Open) -> None:
    screen = open_members()
    screen.invite(NEW, "admin")
    expect(screen.row(NEW)).to_be_visible()
    assert screen.site.world.writes[-1].body["org_role"] == 1
    assert screen.site.world.writes[-1].body["advertiser_list"] == []


def test_without_the_asset_step_confirm_invites_at_once(open_members: Open) -> None:
    screen = open_members(asset_step="no")
    screen.start(NEW)
    expect(screen.button("members.next")).to_have_count(0)
    screen.button("members.confirm").click()
    expect(screen.row(NEW)).to_be_visible()


@pytest.mark.parametrize("email", ["", "ana", "ana@agency", "ana@@agency.example", "a b@agency.example"])
def test_malformed_address_is_an_error_of_its_field(email: str, open_members: Open) -> None:
    screen = open_members()
    screen.start(email)
    screen.button("members.next").click()
    expect(screen.form_row("members.email").locator("[class*='-form-container-help']")).to_be_visible()
    expect(screen.button("members.skip")).to_have_count(0)
    assert screen.site.world.writes == []


@pytest.mark.parametrize(
    ("email", "reason"),
    [("Ana.Lima@agency.example", "already_member"), ("pending.one@client.example", "already_invited")],
)
def test_known_address_is_refused(email: str, reason: str, open_members: Open) -> None:
    screen = open_members()
    screen.invite(email)
    words = screen.words[f"members.refused.{reason}"].replace("${name}", email)
    expect(screen.error_toast()).to_have_text(words)
    expect(screen.button("members.skip")).to_be_visible()
    assert [(write.received, write.applied) for write in screen.site.world.writes] == [(True, False)]


def test_the_twenty_first_admin_is_refused(open_members: Open) -> None:
    screen = open_members()
    for member in screen.site.world.business_centers[seed.NORTHWIND].members[:20]:
        member.role = "admin"
    screen.invite(NEW, "admin")
    expect(screen.error_toast()).to_have_text(screen.words["members.refused.admin_quota"])
    assert screen.invited() is None


def test_other_domain_is_refused_at_the_address_field(open_members: Open) -> None:
    screen = open_members()
    screen.site.world.business_centers[seed.NORTHWIND].details["allowed_domains"] = ["agency.example"]
    screen.invite(NEW)
    expect(screen.form_row("members.email")).to_contain_text(screen.words["members.refused.domain"])
    assert screen.invited() is None


def test_standard_login_may_not_invite(open_members: Open) -> None:
    screen = open_members(org_id=seed.FABRIKAM)
    expect(screen.row(seed.EMAIL)).to_be_visible()
    expect(screen.button("members.invite")).to_have_count(0)


def test_silent_confirm_leaves_the_dialog_open(open_members: Open) -> None:
    screen = open_members("silent_confirm:invite:1")
    screen.invite(NEW)
    expect(screen.button("members.skip")).to_be_enabled()
    expect(screen.css("message-type")).to_have_count(0)
    assert [(write.received, write.applied) for write in screen.site.world.writes] == [(True, False)]


def test_dropped_answer_says_that_something_went_wrong(open_members: Open) -> None:
    screen = open_members("cut_fin=headers:invite:1")
    screen.invite(NEW)
    expect(screen.error_toast()).to_have_text(screen.words["core.broken"])
    assert screen.invited() is not None
    assert len(screen.site.world.writes) == 1


@pytest.mark.parametrize("surface", ["modal", "drawer", "page"])
def test_pending_invitation_is_sent_again_and_cancelled(surface: str, open_members: Open) -> None:
    screen = open_members(surface=surface)
    screen.page.get_by_text("pending.one@client.example", exact=True).click()
    screen.button("members.resend").click()
    expect(screen.css("message-content")).to_have_text(screen.words["members.resent"])
    screen.row("pending.one@client.example").get_by_text("pending.one").click()
    screen.button("members.cancel_invitation").click()
    screen.css("confirm-ok").click()
    expect(screen.row("pending.two@client.example")).to_be_visible()
    expect(screen.row("pending.one@client.example")).to_have_count(0)
    assert [write.kind for write in screen.site.world.writes] == ["resend", "cancel_invitation"]
    assert screen.invited("pending.one@client.example") is None


@pytest.mark.parametrize("table", ["table", "div"])
def test_details_show_each_assigned_account_with_its_level(table: str, open_members: Open) -> None:
    screen = open_members(members_table=table)
    member = screen.invited("viktor.berg@agency.example")
    assert member is not None
    member.assets = {seed.TWIN_A: "admin", seed.TWIN_B: "analyst"}
    screen.row("viktor.berg@agency.example").get_by_text(screen.words["members.view"], exact=True).click()
    assigned = screen.words["members.assigned"].replace("${n}", "2")
    expect(screen.page.get_by_text(assigned, exact=True)).to_be_visible()
    expect(screen.row(f"ID: {seed.TWIN_A}")).to_contain_text(screen.words["members.level.admin"])
    expect(screen.row(f"ID: {seed.TWIN_B}")).to_contain_text(screen.words["members.level.analyst"])
    expect(screen.button("members.resend")).to_have_count(0)


def test_every_member_is_found_by_pages_and_by_search(open_members: Open) -> None:
    screen = open_members(list_order="oldest")
    members = screen.site.world.business_centers[seed.NORTHWIND].members
    assert len(members) >= 27
    expect(screen.css("pager-record")).to_contain_text(str(len(members)))
    for number in (1, 3, 2):
        screen.css("pager-item").get_by_text(str(number), exact=True).click()
        expect(screen.css("pager-item-checked")).to_have_text(str(number))
        shown = members[10 * number - 10 : 10 * number]
        expect(screen.page.locator("tbody tr")).to_contain_text([row.email for row in shown])
    screen.page.get_by_placeholder(screen.words["members.search"]).fill("ANA.LIMA")
    expect(screen.page.locator("tbody tr")).to_have_count(1)
    expect(screen.row("ana.lima@agency.example")).to_be_visible()


def test_accepted_invitation_is_an_active_row(open_members: Open) -> None:
    screen = open_members()
    given = {"org_id": seed.NORTHWIND, "email": "pending.one@client.example", "name": "Pia One"}
    control.accept_invitation(screen.site.world, given)
    screen.page.reload()
    expect(screen.row("Pia One")).to_contain_text(screen.words["members.status.active"])

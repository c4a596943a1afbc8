"""The Partners screens of the stand-in, driven as a person would, in several of their variations."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from standin import control, seed
from standin.server import StandIn
from standin.words import words_for
from standin.world import Partner

pytestmark = pytest.mark.nightly


class Screen:
    """The Partners screen in one variation, with the words it has there. Opened by the menu."""

    def __init__(self, site: StandIn, page: Page, org_id: str) -> None:
        self.site, self.page, self.org_id, self.words = site, page, org_id, words_for(site.world)
        page.context.request.post(f"{site.control}/sign-in", data={"email": seed.EMAIL})
        page.goto(f"{site.bc_url}/manage/overview?org_id={org_id}")
        self.css("menu-line-title").get_by_text(self.words["nav.partners"], exact=True).click()
        expect(page.get_by_role("heading", name=self.words["partners.title"])).to_be_visible()

    def css(self, suffix: str) -> Locator:
        return self.page.locator(f"[class*='-{suffix}']").filter(visible=True)

    def button(self, key: str) -> Locator:
        return self.page.get_by_role("button", name=self.words[key], exact=True)

    def row(self, text: str) -> Locator:
        return self.page.locator("tr, [class*='-table-row']").filter(has_text=text).filter(visible=True)

    def listed(self, text: str) -> Locator:
        """A row of the page itself. The kit's closed drawers stay beside the screen and count as visible."""
        return self.page.locator(".si-content").locator(self.row(text))

    def tab(self, key: str) -> Locator:
        return self.css("tab-bar-item-label").get_by_text(self.words[key], exact=True)

    def form_row(self, key: str) -> Locator:
        label = self.page.get_by_text(self.words[key], exact=True)
        return self.page.locator("[class*='-form-container-vertical']").filter(has=label).filter(visible=True)

    def choose_level(self, level: str) -> None:
        row, words = self.form_row("partners.permission"), self.words[f"partners.level.{level}"]
        options = row
        if self.site.axes.get("role_widget") == "select":
            row.locator("[class*='-popper-trigger']").click()
            options = self.css("select-option-inner-wrapper")
        options.get_by_text(words, exact=True).click()

    def look_up(self, partner_id: str) -> None:
        self.button("partners.add").click()
        self.page.get_by_placeholder(self.words["partners.id.placeholder"], exact=True).fill(partner_id)
        self.button("partners.next").click()

    def tick(self, *aadvids: str) -> None:
        for aadvid in aadvids:
            self.page.get_by_placeholder(self.words["partners.accounts.search"]).fill(aadvid)
            self.row(f"ID: {aadvid}").locator("label[class*='-checkbox']").click()

    def primary_agency(self, key: str) -> None:
        self.form_row("partners.primary").get_by_text(self.words[key], exact=True).click()

    def open_partner(self, name: str) -> None:
        self.row(name).get_by_text(self.words["partners.view"], exact=True).click()
        expect(self.page.get_by_role("heading", name=name)).to_be_visible()

    def partner(self, partner_id: str) -> Partner | None:
        return self.site.world.business_centers[self.org_id].partner(partner_id)

    def toast(self, kind: str) -> Locator:
        return self.css(f"message-type-{kind}").locator("[class*='-message-content']")

    def writes(self) -> list[tuple[str, str, bool]]:
        return [(one.kind, one.path.removeprefix("/api/v2/bm/"), one.applied) for one in self.site.world.writes]


Open = Callable[..., Screen]


@pytest.fixture(scope="module")
def standin() -> Iterator[StandIn]:
    with StandIn() as running:
        yield running


@pytest.fixture
def open_partners(standin: StandIn, page: Page) -> Open:
    def opened(*faults: str, org_id: str = seed.NORTHWIND, **axes: str) -> Screen:
        standin.reset(axes=axes, faults=list(faults))
        return Screen(standin, page, org_id)

    return opened


VARIATIONS = [
    {},
    {"language": "vi", "surface": "drawer", "partners_table": "div", "role_widget": "select"},
    {"edition": "2024", "surface": "page", "accounts_table": "div", "partners_route": "other"},
    {"edition": "2024", "language": "vi", "partner_acceptance": "none", "kit_prefix": "okee"},
]


@pytest.mark.parametrize("axes", VARIATIONS, ids=str)
def test_partner_is_added_with_accounts_in_one_request(axes: dict[str, str], open_partners: Open) -> None:
    screen = open_partners(**axes)
    screen.look_up(seed.OMEGA)
    expect(screen.form_row("partners.partner")).to_contain_text("Omega Reach")
    screen.tick(seed.OWNED_APPROVED, seed.TWIN_B)
    screen.choose_level("operator")
    if axes.get("edition") != "2024":
        screen.primary_agency("partners.no")
    screen.button("partners.confirm").click()
    expect(screen.toast("success")).to_be_visible()

    assert screen.writes() == [("share", "partner/add/", True)]
    partner = screen.partner(seed.OMEGA)
    waiting = axes.get("partner_acceptance") != "none"
    assert partner is not None
    assert partner.state == ("requested" if waiting else "active")
    assert {key: share.level for key, share in partner.shares.items()} == {
        seed.OWNED_APPROVED: "operator",
        seed.TWIN_B: "operator",
    }
    if waiting:
        screen.tab("partners.tab.requests").click()
    expect(screen.row(seed.OMEGA)).to_contain_text(screen.words[f"partners.status.{partner.state}"])


def test_partner_may_be_added_without_accounts_since_2026(open_partners: Open) -> None:
    screen = open_partners()
    screen.look_up(seed.OMEGA)
    screen.button("partners.confirm").click()
    expect(screen.row(seed.OMEGA)).to_contain_text(screen.words["partners.status.requested"])
    partner = screen.partner(seed.OMEGA)
    assert partner is not None
    assert partner.shares == {}


def test_the_2024_form_wants_accounts_at_once(open_partners: Open) -> None:
    screen = open_partners(edition="2024")
    screen.look_up(seed.OMEGA)
    screen.button("partners.confirm").click()
    expect(screen.toast("error")).to_have_text(screen.words["partners.error.accounts"])
    assert screen.writes() == []


@pytest.mark.parametrize(
    ("partner_id", "reason", "name"),
    [
        (seed.NORTHWIND, "own_id", ""),
        ("7999999999999999999", "unknown_id", ""),
        ("71000000000000000", "malformed_id", ""),
        ("Omega Reach", "malformed_id", ""),
        (seed.DELTA_MEDIA, "already_partner", "Delta Media"),
        (seed.ZETA_ADS, "already_requested", "Zeta Ads"),
    ],
)
def test_id_that_cannot_be_added_is_refused_at_its_field(
    partner_id: str, reason: str, name: str, open_partners: Open
) -> None:
    screen = open_partners()
    screen.look_up(partner_id)
    words = screen.words[f"partners.refused.{reason}"].replace("${name}", name)
    expect(screen.form_row("partners.id").locator("[class*='-form-container-help']")).to_have_text(words)
    expect(screen.button("partners.confirm")).to_have_count(0)
    assert screen.writes() == []


@pytest.mark.parametrize("axes", VARIATIONS, ids=str)
def test_more_accounts_are_shared_from_the_partners_page(axes: dict[str, str], open_partners: Open) -> None:
    screen = open_partners(**axes)
    screen.open_partner("Delta Media")
    screen.button("partners.share").click()
    screen.tick(seed.TWIN_A)
    screen.choose_level("analyst")
    expect(screen.form_row("partners.primary")).to_have_count(0)
    screen.button("partners.assign").click()
    expect(screen.toast("success")).to_have_text(screen.words["partners.shared"])

    state = "active" if axes.get("partner_acceptance") == "none" else "requested"
    row = screen.listed(f"ID: {seed.TWIN_A}")
    expect(row).to_contain_text(screen.words[f"partners.share.{state}"])
    expect(row).to_contain_text(screen.words["partners.level.analyst"])
    assert screen.writes() == [("share", "partner/asset/share/", True)]
    assert screen.site.world.writes[-1].body["asset_ids"] == [seed.TWIN_A]


@pytest.mark.parametrize(
    ("aadvid", "reason"),
    [
        (seed.OWNED_APPROVED, "already_shared"),
        (seed.PARTNER_OWNED, "not_owned"),
        (seed.OWNED_DISAPPROVED, "not_shareable"),
    ],
)
def test_account_that_cannot_be_shared_is_refused(aadvid: str, reason: str, open_partners: Open) -> None:
    screen = open_partners(edition="2024")
    screen.open_partner("Delta Media")
    screen.button("partners.share").click()
    screen.tick(aadvid, seed.TWIN_A)
    screen.choose_level("admin")
    screen.button("partners.assign").click()
    name, level = screen.site.world.ad_accounts[aadvid].name, screen.words["partners.level.operator"]
    words = screen.words[f"partners.refused.{reason}"].replace("${name}", name).replace("${level}", level)
    expect(screen.toast("error")).to_have_text(words)
    expect(screen.button("partners.assign")).to_be_visible()
    assert screen.writes() == [("share", "partner/asset/share/", False)]
    partner = screen.partner(seed.DELTA_MEDIA)
    assert partner is not None
    assert set(partner.shares) == {seed.OWNED_APPROVED}


def test_sharing_asks_for_accounts_permission_and_agency(open_partners: Open) -> None:
    screen = open_partners()
    screen.open_partner("Delta Media")
    screen.button("partners.share").click()
    screen.button("partners.assign").click()
    expect(screen.toast("error").last).to_have_text(screen.words["partners.error.accounts"])
    screen.tick(seed.TWIN_A)
    screen.button("partners.assign").click()
    expect(screen.toast("error").last).to_have_text(screen.words["partners.error.permission"])
    screen.choose_level("admin")
    screen.button("partners.assign").click()
    expect(screen.toast("error").last).to_have_text(screen.words["partners.error.primary"])
    assert screen.writes() == []
    screen.primary_agency("partners.yes")
    screen.button("partners.assign").click()
    expect(screen.toast("success")).to_have_text(screen.words["partners.shared"])
    assert screen.site.world.writes[-1].body["primary_media_agency"] is True


def test_code_is_asked_before_sharing(open_partners: Open) -> None:
    screen = open_partners(codes="share", edition="2024")
    screen.open_partner("Delta Media")
    screen.button("partners.share").click()
    screen.tick(seed.TWIN_A)
    screen.choose_level("operator")
    with screen.page.expect_response("**/send_code/**"):
        screen.button("partners.assign").click()
    assert "share" not in {kind for kind, _, _ in screen.writes()}
    screen.page.get_by_placeholder(screen.words["code.placeholder"]).fill(screen.site.world.codes[-1].code)
    screen.button("code.confirm").click()
    expect(screen.toast("success")).to_have_text(screen.words["partners.shared"])
    assert screen.writes()[-1] == ("share", "partner/asset/share/", True)


def test_accepted_partner_and_its_accounts_turn_active(open_partners: Open) -> None:
    screen = open_partners()
    screen.open_partner("Epsilon")
    expect(screen.row(f"ID: {seed.TWIN_A}")).to_contain_text(screen.words["partners.share.requested"])
    control.accept_partner(screen.site.world, {"org_id": seed.NORTHWIND, "partner_id": seed.EPSILON})
    screen.page.reload()
    expect(screen.row(f"ID: {seed.TWIN_A}")).to_contain_text(screen.words["partners.share.active"])


def test_what_the_partner_shares_is_under_its_own_tab(open_partners: Open) -> None:
    screen = open_partners()
    screen.open_partner("Delta Media")
    expect(screen.row(f"ID: {seed.OWNED_APPROVED}")).to_be_visible()
    screen.tab("partners.shared_with_you").click()
    expect(screen.row(f"ID: {seed.PARTNER_OWNED}")).to_contain_text(screen.words["partners.level.operator"])
    expect(screen.row(f"ID: {seed.OWNED_APPROVED}")).to_have_count(0)
    expect(screen.button("partners.share")).to_have_count(0)


def test_asked_business_center_accepts_under_requests(open_partners: Open) -> None:
    screen = open_partners()
    screen.look_up(seed.NORTHWIND_LABS)
    screen.tick(seed.TWIN_A)
    screen.choose_level("analyst")
    screen.button("partners.confirm").click()
    expect(screen.toast("success")).to_have_text(screen.words["partners.requested"])
    screen.page.goto(screen.page.url.replace(seed.NORTHWIND, seed.NORTHWIND_LABS))
    expect(screen.css("pager-record")).to_contain_text("0")
    screen.tab("partners.tab.requests").click()
    screen.row("Northwind Agency").get_by_text(screen.words["partners.accept"], exact=True).click()
    screen.tab("partners.tab.partners").click()
    expect(screen.row("Northwind Agency")).to_contain_text(screen.words["partners.status.active"])
    partner = screen.partner(seed.NORTHWIND_LABS)
    assert partner is not None
    assert (partner.state, partner.shares[seed.TWIN_A].status) == ("active", "active")


def test_standard_login_may_neither_add_nor_share(open_partners: Open) -> None:
    screen = open_partners(org_id=seed.FABRIKAM)
    expect(screen.css("empty-inner-text")).to_be_visible()
    expect(screen.button("partners.add")).to_have_count(0)


def test_silent_confirm_leaves_the_dialog_open(open_partners: Open) -> None:
    screen = open_partners("silent_confirm=unsent:share:1")
    screen.look_up(seed.OMEGA)
    screen.button("partners.confirm").click()
    expect(screen.button("partners.confirm")).to_be_enabled()
    expect(screen.css("message-type")).to_have_count(0)
    assert screen.writes() == []

"""The pages that are forms: they are filled, read back, and never sent by themselves."""

from collections.abc import Callable

import pytest

from bcflow.models.errors import Refused, ScreenChanged
from bcflow.models.looks import Effect
from bcflow.pages.access_request_page import AccessRequestPage
from bcflow.pages.ad_account_wizard_page import AdAccountWizardPage
from bcflow.pages.ad_accounts_page import AdAccountsPage
from bcflow.pages.invitation_page import InvitationPage
from bcflow.pages.kit.lists.assets import choose
from bcflow.pages.kit.lists.table import Table
from bcflow.pages.kit.screen.site import Site
from bcflow.pages.kit.widgets.controls import toggles
from bcflow.pages.kit.writing.commit import Commit
from bcflow.pages.kit.writing.sending import guard
from bcflow.pages.members_page import MembersPage
from bcflow.pages.partner_details_page import PartnerDetailsPage
from bcflow.pages.partner_form_page import PartnerFormPage
from bcflow.pages.partners_page import PartnersPage
from bcflow.pages.registration_page import RegistrationPage
from standin import seed
from standin.server import StandIn
from tests.support import flow_jobs as jobs
from tests.support.nightly import nightly_except

SURFACES = [
    pytest.param(marks=pytest.mark.standin(axes={"surface": surface}), id=surface)
    for surface in ("modal", "drawer", "page")
]


@pytest.mark.parametrize((), nightly_except(SURFACES, "drawer"))
def test_the_invitation_is_filled_up_to_the_button_that_sends(site: Site, standin: StandIn) -> None:
    MembersPage.open(site, seed.NORTHWIND).start_invitation()
    job = jobs.make_invite_member(ad_accounts=[jobs.asset(seed.OWNED_APPROVED)])
    commit = InvitationPage(site).fill(job)
    assert commit.names == ("Confirm",)
    assert commit.button.is_enabled()
    assert commit.ids == {seed.OWNED_APPROVED}
    assert standin.world.writes == []


@pytest.mark.parametrize((), nightly_except(SURFACES, "page"))
def test_the_request_for_access_holds_the_id_that_was_asked_for(site: Site, standin: StandIn) -> None:
    AdAccountsPage.open(site, seed.NORTHWIND).start_request()
    page = AccessRequestPage(site)
    commit = page.fill(jobs.make_add_ad_account())
    assert commit.ids == {seed.REQUESTABLE}
    page.form.field("account id", "enter account id").write(seed.OWN_PERSONAL)
    with pytest.raises(ScreenChanged, match=seed.REQUESTABLE):
        guard(commit)
    assert standin.world.writes == []


@pytest.mark.nightly
def test_the_wizard_is_walked_to_its_last_page(site: Site, standin: StandIn) -> None:
    AdAccountsPage.open(site, seed.NORTHWIND).start_creation()
    commit = AdAccountWizardPage(site).fill(jobs.make_create_ad_account())
    assert commit.names == ("Submit",)
    assert "Zephyr US" in commit.surface.text()
    assert standin.world.writes == []


@pytest.mark.nightly
@pytest.mark.parametrize(
    (),
    [
        pytest.param(marks=pytest.mark.standin(axes={"registration": "old"}), id="old"),
        pytest.param(marks=pytest.mark.standin(axes={"registration": "combined"}), id="combined"),
    ],
)
def test_the_registration_is_filled_whatever_its_form(site: Site, standin: StandIn) -> None:
    page = RegistrationPage.open(site)
    assert page.makes_ad_account is (standin.world.axis("registration") == "combined")
    job = jobs.make_create_business_center(kind=None if page.makes_ad_account else "agency")
    commit = page.fill(job)
    assert commit.names == ("Create",)
    assert commit.org is None
    assert standin.world.writes == []


@pytest.mark.parametrize((), nightly_except(SURFACES, "modal"))
def test_a_new_partner_s_form_ticks_the_one_account(site: Site, standin: StandIn) -> None:
    PartnersPage.open(site, seed.NORTHWIND).start_adding()
    job = jobs.make_share_with_partner()
    shared = Effect(seed.NORTHWIND, "share", f"{seed.OMEGA}:{seed.OWNED_APPROVED}")
    commit = PartnerFormPage(site).fill_new(job, job.ad_accounts[0], shared=shared)
    assert commit.ids == {seed.OMEGA, seed.OWNED_APPROVED}
    assert commit.also == (shared,)
    assert standin.world.writes == []


def test_a_partner_s_page_shows_what_is_shared_and_shares_more(site: Site, standin: StandIn) -> None:
    PartnersPage.open(site, seed.NORTHWIND).open_details(seed.DELTA_MEDIA)
    page = PartnerDetailsPage(site, seed.DELTA_MEDIA)
    found, _ = page.find_share(seed.OWNED_APPROVED)
    assert found is not None
    assert (found.role, found.status) == ("operator", "active")
    assert page.find_share(seed.TWIN_A)[0] is None
    assert not page.why_not_share(seed.NORTHWIND)
    page.start_sharing()
    job = jobs.make_share_with_partner(partner_id=seed.DELTA_MEDIA, ad_accounts=[jobs.asset(seed.TWIN_A)])
    commit = PartnerFormPage(site).fill_share(job, job.ad_accounts[0])
    assert commit.subject == seed.TWIN_A
    assert standin.world.writes == []


def invitation(site: Site) -> Commit:
    MembersPage.open(site, seed.NORTHWIND).start_invitation()
    return InvitationPage(site).fill(jobs.make_invite_member())


def request(site: Site) -> Commit:
    AdAccountsPage.open(site, seed.NORTHWIND).start_request()
    return AccessRequestPage(site).fill(jobs.make_add_ad_account(notify_owner=True))


def share(site: Site) -> Commit:
    PartnersPage.open(site, seed.NORTHWIND).open_details(seed.DELTA_MEDIA)
    PartnerDetailsPage(site, seed.DELTA_MEDIA).start_sharing()
    job = jobs.make_share_with_partner(partner_id=seed.DELTA_MEDIA, ad_accounts=[jobs.asset(seed.TWIN_A)])
    return PartnerFormPage(site).fill_share(job, job.ad_accounts[0])


def wizard(site: Site) -> Commit:
    AdAccountsPage.open(site, seed.NORTHWIND_LABS).start_creation()
    return AdAccountWizardPage(site).fill(jobs.make_create_ad_account(business_center=seed.NORTHWIND_LABS))


def registration(site: Site) -> Commit:
    return RegistrationPage.open(site).fill(jobs.make_create_business_center(kind="agency"))


def press(name: str) -> Callable[[Commit], None]:
    return lambda commit: commit.surface.root.get_by_text(name, exact=True).click()


def fill(caption: str) -> Callable[[Commit], None]:
    return lambda commit: commit.surface.field(caption).type("Another one")


def unticked(concept: str) -> Callable[[Commit], None]:
    def turn(commit: Commit) -> None:
        toggle = commit.surface.find_toggle(concept)
        assert toggle is not None
        toggle.turn(on=False)

    return turn


def tick_another(commit: Commit) -> None:
    site, root = commit.surface.site, commit.surface.root
    search = Table(site, root).search_box()
    assert search is not None
    search.fill("")
    others = site.until(lambda: [box for box in toggles(site, root) if not box.caption and not box.is_on], seconds=20)
    assert others
    others[0].turn(on=True)


@pytest.mark.parametrize(
    ("filled", "change", "named"),
    nightly_except(
        [
            pytest.param(invitation, press("Admin"), "role showing standard", id="role"),
            pytest.param(invitation, press("Finance Manager"), "would give finance_role manager", id="unasked"),
            pytest.param(request, press("Admin"), "role showing operator", id="permission"),
            pytest.param(request, unticked("notify owner"), "notify_owner showing True", id="notice"),
            pytest.param(share, press("Admin"), f"{seed.TWIN_A} operator", id="level"),
            pytest.param(share, tick_another, "instead: .*7200.*, 7200", id="account"),
            pytest.param(wizard, fill("ad account name"), "name showing Zephyr US", id="name"),
            pytest.param(registration, press("I am an advertiser"), "kind showing agency", id="card"),
            pytest.param(registration, fill("legal name"), "company showing Zephyr Inc", id="company"),
        ],
        # A choice and a text are read back in any form alike.
        *("unasked", "account"),
    ),
)
@pytest.mark.standin(axes={"asset_step": "no", "registration": "old", "edition": "2024"})
def test_what_a_form_shows_otherwise_right_before_the_click_stops_it(
    site: Site, standin: StandIn, filled: Callable[[Site], Commit], change: Callable[[Commit], None], named: str
) -> None:
    commit = filled(site)
    guard(commit)
    change(commit)
    with pytest.raises((ScreenChanged, Refused), match=named):
        guard(commit)
    assert standin.world.writes == []


@pytest.mark.nightly
def test_each_account_shows_its_own_level_up_to_the_click(site: Site, standin: StandIn) -> None:
    MembersPage.open(site, seed.NORTHWIND).start_invitation()
    wanted = [jobs.asset(seed.TWIN_A, "admin"), jobs.asset(seed.OWNED_APPROVED, "analyst")]
    wanted_otherwise = {seed.TWIN_A: "operator", seed.OWNED_APPROVED: "analyst"}
    commit = InvitationPage(site).fill(jobs.make_invite_member(ad_accounts=wanted))
    guard(commit)
    choose(commit.surface, wanted_otherwise)
    with pytest.raises(ScreenChanged, match=f"{seed.TWIN_A} operator"):
        guard(commit)
    assert standin.world.writes == []

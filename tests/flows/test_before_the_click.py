"""What must stop a flow before anything is sent."""

import pytest

from standin import seed
from standin.switches import parse_fault
from tests.support.flow_desk import Desk
from tests.support.flow_jobs import FLOWS, make
from tests.support.nightly import nightly_except

IN_A_BUSINESS_CENTER = [flow for flow in FLOWS if flow != "create-business-center"]
ENTRY = {
    "invite-member": "members.invite",
    "add-ad-account": "accounts.addAgency",
    "share-with-partner": "partners.add",
    "create-ad-account": "accounts.addAgency",
    "create-business-center": "registration.create",
}
SENDING = {
    "invite-member": "members.skip",
    "add-ad-account": "accounts.send",
    "share-with-partner": "partners.confirm",
    "create-ad-account": "wizard.submit",
    "create-business-center": "registration.create",
}
NEEDED = {
    "invite-member": ("members.email", "members.email.placeholder"),
    "add-ad-account": ("accounts.request.id", "accounts.request.idHint"),
    "share-with-partner": ("partners.id", "partners.id.placeholder"),
    "create-ad-account": ("wizard.currency", "wizard.currencyHint"),
    "create-business-center": ("registration.timeZone", "registration.timeZoneHint"),
}


def rename(desk: Desk, *keys: str) -> None:
    desk.standin.world.faults += [parse_fault(f"renamed_button={key}>Something Else") for key in keys]


@pytest.mark.nightly
@pytest.mark.parametrize("flow", nightly_except(FLOWS, "add-ad-account", "create-business-center"))
def test_a_renamed_way_in_is_asked_about_and_nothing_is_written(desk: Desk, flow: str) -> None:
    rename(desk, ENTRY[flow])
    ran = desk.run(make(flow))
    assert (ran.first.outcome, ran.first.needs) == ("waiting", "word"), ran.said
    assert desk.writes() == []


@pytest.mark.nightly
@pytest.mark.parametrize("flow", nightly_except(FLOWS, "share-with-partner", "create-business-center"))
def test_a_renamed_button_that_sends_is_never_guessed(desk: Desk, flow: str) -> None:
    rename(desk, SENDING[flow], "members.confirm")
    ran = desk.run(make(flow))
    assert (ran.first.outcome, ran.first.needs) == ("waiting", "word"), ran.said
    assert desk.writes() == []
    assert ran.writes == 0


@pytest.mark.parametrize("how", nightly_except(["", "=no", "=drop"], "=drop"))
@pytest.mark.parametrize(
    "flow",
    nightly_except(IN_A_BUSINESS_CENTER, "invite-member"),
)
def test_a_list_that_could_not_be_had_looks_empty_but_proves_nothing(desk: Desk, flow: str, how: str) -> None:
    desk.standin.world.faults.append(parse_fault(f"lists_fail{how}"))
    ran = desk.run(make(flow))
    assert ran.first.outcome == "failed", "a site that is down is no new screen: " + ran.said
    assert desk.writes() == []


@pytest.mark.nightly
@pytest.mark.parametrize("flow", nightly_except(FLOWS, "invite-member", "add-ad-account"))
def test_a_field_that_is_not_to_be_found_stops_the_flow(desk: Desk, flow: str) -> None:
    rename(desk, *NEEDED[flow])
    ran = desk.run(make(flow))
    asked = ran.first.outcome == "waiting" and ran.first.needs == "word"
    assert asked or ran.first.outcome == "refused", ran.said
    assert desk.writes() == []


@pytest.mark.nightly
@pytest.mark.parametrize(
    "flow",
    nightly_except(IN_A_BUSINESS_CENTER, "add-ad-account", "share-with-partner"),
)
@pytest.mark.standin(faults=[f"wrong_bc={seed.NORTHWIND_LABS}"])
def test_another_business_center_on_the_screen_stops_the_flow(desk: Desk, flow: str) -> None:
    ran = desk.run(make(flow))
    assert ran.first.outcome == "failed", ran.said
    assert "Northwind Labs" in ran.first.message or seed.NORTHWIND_LABS in ran.first.message
    assert desk.writes() == []


@pytest.mark.nightly
@pytest.mark.parametrize(
    "flow",
    nightly_except(IN_A_BUSINESS_CENTER, "invite-member", "create-ad-account"),
)
def test_a_login_that_may_not_do_it_is_told_so(desk: Desk, flow: str) -> None:
    ran = desk.run(make(flow, business_center=seed.FABRIKAM))
    assert ran.first.outcome == "failed", ran.said
    assert "Standard" in ran.first.message
    assert desk.writes() == []


@pytest.mark.parametrize("flow", nightly_except(FLOWS, "invite-member", "create-business-center"))
def test_a_dry_run_only_looks(desk: Desk, flow: str) -> None:
    ran = desk.run(make(flow), only_look=True)
    assert set(ran.outcomes) == {"planned"}, ran.said
    assert desk.writes() == []
    assert desk.ledger.history() == []


@pytest.mark.nightly
@pytest.mark.parametrize("flow", nightly_except(FLOWS, "add-ad-account", "create-ad-account"))
def test_nothing_is_started_once_the_batch_may_write_no_more(desk: Desk, flow: str) -> None:
    ran = desk.run(make(flow), may_write=False)
    assert set(ran.outcomes) == {"skipped"}, ran.said
    assert desk.writes() == []


@pytest.mark.nightly
@pytest.mark.parametrize("flow", nightly_except(FLOWS, "create-business-center"))
@pytest.mark.standin(faults=["captcha=write"])
def test_a_captcha_at_the_write_is_left_to_a_person(desk: Desk, flow: str) -> None:
    ran = desk.run(make(flow), settle=1)
    assert ran.first.outcome in ("waiting", "refused"), ran.said
    assert not any(entry.applied for entry in desk.writes())
    assert len(desk.writes()) <= 1


@pytest.mark.nightly
@pytest.mark.parametrize(
    "fault",
    nightly_except(
        ["survey=modal", "tips", "announcement", "cookie_banner", "survey=redirect:*:1"],
        "survey=modal",
        "survey=redirect:*:1",
    ),
    ids=lambda text: text[:10],
)
def test_what_lies_over_the_page_is_cleared(desk: Desk, fault: str) -> None:
    desk.standin.world.faults.append(parse_fault(fault))
    ran = desk.run(make("invite-member"))
    assert ran.first.outcome == "waiting", ran.said
    assert len(desk.writes()) == 1


@pytest.mark.parametrize("flow", nightly_except(["add-ad-account", "create-ad-account"], "add-ad-account"))
def test_a_next_that_sends_is_stopped_first_and_sent_once_it_is_armed(desk: Desk, flow: str) -> None:
    rename = {"add-ad-account": "accounts.send", "create-ad-account": "wizard.submit"}
    desk.standin.world.faults.append(parse_fault(f"renamed_button={rename[flow]}>Next"))
    ran = desk.run(make(flow))
    assert ran.first.outcome in ("done", "waiting"), ran.said
    assert [(write.received, write.applied) for write in desk.writes()] == [(True, True)]
    assert ran.writes == 1
    assert [what for what in desk.stopped if "nothing is armed" in what], "the first press was no write yet"


LATE = """document.addEventListener('click', event => {
  const button = event.target.closest('button');
  if (!button || window.isLate || !button.innerText.includes('%s')) return;
  event.stopImmediatePropagation();
  setTimeout(() => { window.isLate = true; button.click(); }, 4000);
}, true);"""


@pytest.mark.nightly
def test_a_form_that_takes_its_time_without_a_sign_of_life_is_waited_for(desk: Desk) -> None:
    """Nothing is asked for, loaded or drawn meanwhile."""
    desk.page.add_init_script(LATE % "Invite")
    desk.site.patience = 30
    ran = desk.run(make("invite-member"))
    assert ran.first.waiting_for == "invitee", ran.said
    assert len(desk.writes("invite")) == 1

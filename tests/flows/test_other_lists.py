"""Lists and answers of other kinds: what can be seen is seen as ever, and what cannot leads to no write."""

from typing import Any

import pytest

from bcflow.models.errors import CannotSee
from bcflow.pages.members_page import MembersPage
from standin import seed
from standin.world import Member
from tests.support.flow_desk import Desk
from tests.support.flow_jobs import KNOWN_PERSON, NEW_PERSON, WRITE_KIND, asset, make
from tests.support.nightly import nightly_except

ASSETS = [asset(seed.OWNED_APPROVED).model_dump()]
INVITE: tuple[str, dict[str, Any]] = ("invite-member", {"ad_accounts": ASSETS})
BOTH = [*ASSETS, asset(seed.BOUND_INDIVIDUAL, "analyst").model_dump()]
INVITE_BOTH: tuple[str, dict[str, Any]] = ("invite-member", {"ad_accounts": BOTH})
SHARE: tuple[str, dict[str, Any]] = ("share-with-partner", {})
REQUEST: tuple[str, dict[str, Any]] = ("add-ad-account", {})
REGISTER: tuple[str, dict[str, Any]] = ("create-business-center", {"kind": "agency"})
CREATE: tuple[str, dict[str, Any]] = ("create-ad-account", {})
BARE = {"list_rows": "plain", "totals": "no", "row_ids": "no", "search": "no"}
CARDS = [INVITE, SHARE, REGISTER]
SEEN_ALL_THE_SAME: list[tuple[dict[str, str], list[str], list[tuple[str, dict[str, Any]]]]] = [
    ({"totals": "no"}, [], [INVITE, SHARE]),
    ({"list_style": "virtual"}, [], [INVITE, REQUEST]),
    ({"list_style": "virtual", "totals": "no"}, [], [INVITE]),
    ({"list_style": "virtual", "totals": "no", "row_ids": "no"}, [], [INVITE]),
    ({"list_style": "endless"}, ["slow_next=1.5"], [INVITE]),
    ({"list_style": "endless", "totals": "no"}, ["slow_next=1.5"], [INVITE]),
    ({"header_select": "yes"}, [], [INVITE, REQUEST]),
    ({}, ["side_refused"], [("add-ad-account", {"business_center": seed.EMPTY_BC}), REQUEST]),
    ({"requests_tab": "blocks"}, [], [SHARE]),
    ({"requests_tab": "blocks", "edition": "2024"}, [], [SHARE]),
    ({"assigned": "empty"}, [], [INVITE]),
    ({"picker": "select"}, [], [INVITE_BOTH, SHARE]),
    ({"picker": "select", "edition": "2024"}, [], [INVITE, SHARE]),
    ({"picker": "transfer"}, [], [INVITE_BOTH, SHARE]),
    ({"picker": "transfer", "edition": "2024"}, [], [INVITE, SHARE]),
    ({"request_form": "popover"}, [], [REQUEST]),
    ({"request_form": "popover", "edition": "2024"}, [], [REQUEST]),
    ({"request_form": "popover", "form_steps": "three", "level_style": "cards"}, [], [REQUEST]),
    ({"picker": "select", "extra_boxes": "tips", "edition": "2024", "level_style": "select"}, [], [INVITE]),
    ({"row_ids": "no", "requests_tab": "blocks"}, [], [SHARE]),
    *(
        ({"card_mark": each, "role_style": "cards", "level_style": "cards", "registration": "old"}, [], CARDS)
        for each in ("hashed", "border", "tick")
    ),
    ({"list_rows": "plain"}, [], [INVITE, REQUEST, SHARE, CREATE]),
    ({"list_rows": "plain", "totals": "no"}, [], [INVITE, REQUEST]),
    ({"list_rows": "plain", "panel": "closed"}, [], [INVITE]),
    ({"list_rows": "plain", "totals": "no", "row_ids": "no", "surface": "page"}, [], [INVITE]),
    ({**BARE, "row_actions": "menu", "columns": "reversed", "extra_columns": "3"}, [], [INVITE]),
    ({"list_rows": "hashed"}, [], [INVITE, REQUEST, SHARE, CREATE]),
    ({**BARE, "list_rows": "hashed", "row_actions": "menu", "columns": "reversed", "extra_columns": "3"}, [], [INVITE]),
    ({"accounts_tabs": "requests"}, [], [("add-ad-account", {"business_center": seed.EMPTY_BC}), REQUEST, CREATE]),
    ({"accounts_tabs": "requests", "list_rows": "plain"}, [], [REQUEST]),
    ({"pager": "loses", "search": "no"}, [], [INVITE, REQUEST]),
    ({"beside": "tag"}, [], [INVITE, REQUEST, SHARE, CREATE]),
    ({"beside": "count"}, [], [INVITE, REQUEST, SHARE, CREATE]),
    ({"beside": "tag", "partners_style": "blocks", "row_ids": "no"}, [], [SHARE]),
    ({"beside": "count", "requests_tab": "blocks"}, [], [SHARE]),
    ({"beside": "count", "hits": "marked"}, [], [INVITE, SHARE]),
    ({"ids": "number"}, [], [SHARE]),
    ({"ids": "all", "code_type": "text", "role_type": "number"}, [], [INVITE, SHARE, REQUEST]),
    ({"row_ids": "no"}, [], [INVITE, SHARE]),
    ({"select_page": "redirect", "ids": "number", "code_type": "text"}, [], [("create-business-center", {})]),
]
NOT_SEEN: list[tuple[dict[str, str], list[tuple[str, dict[str, Any]]]]] = [
    ({"list_style": "virtual", "totals": "no", "search": "no"}, [INVITE]),
]


def mark(flow: str, job: dict[str, Any], axes: dict[str, str], faults: list[str]) -> Any:  # noqa: ANN401 - pytest's own
    named = "-".join(
        [flow, *job.get("business_center", "")[-2:], *(f"{name}={value}" for name, value in axes.items()), *faults]
    )
    return pytest.param(flow, job, marks=pytest.mark.standin(axes=axes, faults=faults), id=named)


@pytest.mark.parametrize(
    ("flow", "job"),
    nightly_except(
        [mark(*job, axes, faults) for axes, faults, jobs in SEEN_ALL_THE_SAME for job in jobs],
        "invite-member-list_rows=plain-panel=closed",
        "add-ad-account-request_form=popover",
    ),
)
def test_what_can_be_seen_is_written_once_and_seen(desk: Desk, flow: str, job: dict[str, Any]) -> None:
    ran = desk.run(make(flow, **job), settle=8)
    assert set(ran.outcomes) <= {"done", "waiting"}, ran.said
    assert "you" not in [one.waiting_for for one in ran.settled], ran.said
    assert len(desk.writes()) == len(desk.writes(WRITE_KIND[flow])) == 1
    again = desk.run(make(flow, **job))
    assert set(again.outcomes) <= {"already", "waiting"}, again.said
    assert len(desk.writes()) == 1


@pytest.mark.parametrize(("flow", "job"), [mark(*job, axes, []) for axes, jobs in NOT_SEEN for job in jobs])
def test_what_cannot_be_seen_is_not_written(desk: Desk, flow: str, job: dict[str, Any]) -> None:
    ran = desk.run(make(flow, **job))
    assert set(ran.outcomes) == {"failed"}, ran.said
    assert desk.writes() == []


@pytest.mark.standin(axes={"row_ids": "no"})
def test_a_row_that_shows_no_address_or_id_is_told_by_its_name(desk: Desk) -> None:
    assert desk.run(make("invite-member", email=KNOWN_PERSON)).first.outcome == "already"
    ran = desk.run(make("share-with-partner", partner_id=seed.DELTA_MEDIA, ad_accounts=ASSETS))
    assert ran.outcomes == ["already", "already"], ran.said
    assert desk.writes() == []


TURNED = """new MutationObserver(() => {
  const body = document.querySelector('tbody');
  if (!body || body.dataset.turned) return;
  const pending = [...body.rows].filter(row => row.innerText.includes('Pending'));
  if (pending.length < 2) return;
  body.dataset.turned = 'yes';
  pending.forEach(row => body.prepend(row));
}).observe(document, {childList: true, subtree: true});"""


@pytest.mark.standin(axes={"row_ids": "no", "search": "no"})
@pytest.mark.parametrize("role", ["standard", "admin"])
def test_rows_that_may_have_changed_places_are_not_told_apart(desk: Desk, role: str) -> None:
    """The page puts the invitations, which show no name, in another order than the answer has them."""
    members = desk.standin.world.business_centers[seed.NORTHWIND].members
    first = next(member for member in members if member.status == "pending")
    first.role = role
    desk.page.add_init_script(TURNED)
    page = MembersPage.open(desk.site, seed.NORTHWIND)
    if role == "standard":
        # All read alike: whichever it is, it says the same.
        assert [found.role for found in page.find(first.email)[0]] == ["standard"]
        return
    with pytest.raises(CannotSee):
        page.find(first.email)


@pytest.mark.standin(axes={"row_ids": "no"})
def test_searched_for_a_row_that_does_not_show_what_it_is_stands_alone(desk: Desk) -> None:
    members = desk.standin.world.business_centers[seed.NORTHWIND].members
    first = next(member for member in members if member.status == "pending")
    first.role = "admin"
    desk.page.add_init_script(TURNED)
    found, proof = MembersPage.open(desk.site, seed.NORTHWIND).find(first.email)
    assert ([one.role for one in found], "searched for it" in proof) == (["admin"], True)


@pytest.mark.standin(axes={"hits": "marked"})
def test_a_longer_address_of_which_the_searched_part_is_marked_is_another_persons(desk: Desk) -> None:
    center = desk.standin.world.business_centers[seed.NORTHWIND]
    for number, end in ((90, ".uk"), (91, "s")):
        center.members.append(Member(f"68000000000000009{number}", f"{NEW_PERSON}{end}", "", status="pending"))
    ran = desk.run(make("invite-member", ad_accounts=ASSETS), settle=8)
    assert ran.outcomes == ["waiting"], ran.said
    [write] = desk.writes("invite")
    assert write.body["email_list"] == [NEW_PERSON]
    center.members.remove(next(one for one in center.members if one.email == NEW_PERSON))
    with pytest.raises(CannotSee, match="no row shows"):
        MembersPage.open(desk.site, seed.NORTHWIND).table.show(NEW_PERSON)

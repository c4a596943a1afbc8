"""Every way the site may look, each at least once on a flow it concerns."""

from typing import Any

import pytest

from standin import seed
from standin.switches import AXES
from tests.flows.test_other_lists import NOT_SEEN, SEEN_ALL_THE_SAME
from tests.support.flow_desk import Desk
from tests.support.flow_jobs import WRITE_KIND, asset, make
from tests.support.nightly import nightly_except

ASSETS = [asset(seed.OWNED_APPROVED).model_dump(), asset(seed.BOUND_INDIVIDUAL, "analyst").model_dump()]
FULL = {"role": "admin", "finance_role": "analyst", "ad_accounts": ASSETS}
PLAIN = {"role": "standard", "finance_role": "manager"}

LOOKS: dict[str, list[tuple[dict[str, Any], dict[str, str]]]] = {
    "invite-member": [
        (FULL, {"surface": "modal", "emails": "one", "kit_prefix": "bc-okee", "finance_widget": "radio"}),
        (FULL, {"surface": "drawer", "emails": "chips", "members_table": "div", "finance_widget": "checkbox"}),
        (FULL, {"surface": "page", "kit_prefix": "okee", "role_widget": "select", "finance_widget": "select"}),
        ({"role": "admin"}, {"kit_prefix": "byted", "asset_step": "no", "access_column": "no", "list_order": "oldest"}),
        (PLAIN, {"preselected_role": "admin", "list_order": "name", "search": "no", "asset_step": "no"}),
        (PLAIN, {"preselected_role": "standard", "emails": "chips", "surface": "page", "toast_prefix": "byted"}),
        (PLAIN, {"success_screen": "yes", "members_table": "div", "language": "vi", "surface": "drawer"}),
    ],
    "add-ad-account": [
        ({}, {"surface": "drawer", "accounts_table": "div", "link_wording": "link"}),
        ({"notify_owner": True}, {"surface": "page", "kit_prefix": "okee", "preselected_role": "admin"}),
        ({"role": "admin"}, {"role_widget": "select", "success_screen": "yes", "kit_prefix": "byted", "search": "no"}),
        ({"business_center": seed.EMPTY_BC}, {"empty_bc": "buttons"}),
        ({"business_center": seed.EMPTY_BC}, {"empty_bc": "buttons", "link_wording": "link", "edition": "2024"}),
    ],
    "share-with-partner": [
        ({}, {"surface": "drawer", "partners_table": "div", "partner_acceptance": "none"}),
        ({}, {"surface": "page", "partners_route": "other", "kit_prefix": "okee"}),
        ({"ad_accounts": ASSETS[:1]}, {"partners_route": "other", "edition": "2024", "search": "no"}),
        ({}, {"success_screen": "yes", "kit_prefix": "byted", "language": "vi", "list_order": "oldest"}),
        ({}, {"role_widget": "select", "partners_table": "div", "edition": "2024", "partner_acceptance": "none"}),
    ],
    "create-ad-account": [
        ({}, {"surface": "drawer", "accounts_table": "div", "search": "no"}),
        ({"business_center": seed.NORTHWIND_LABS}, {"surface": "page", "kit_prefix": "okee"}),
        ({"business_center": seed.EMPTY_BC}, {"edition": "2024", "language": "vi", "kit_prefix": "byted"}),
    ],
    "create-business-center": [
        ({"kind": "agency"}, {"registration": "old", "kit_prefix": "okee"}),
        ({}, {"registration": "combined", "kit_prefix": "byted", "language": "vi"}),
    ],
}
CASES = [
    pytest.param(flow, job, marks=pytest.mark.standin(axes=axes), id="-".join([flow, *axes.values()]))
    for flow, looks in LOOKS.items()
    for job, axes in looks
]
OF_SIGNING_IN = {"login_code", "login_form", "code_source", "consent", "late_redirect", "two_step_page"}
OF_LISTS = {
    f"{name}={value}"
    for axes in ([each[0] for each in SEEN_ALL_THE_SAME] + [each[0] for each in NOT_SEEN])
    for name, value in axes.items()
}
IN_OTHER_TESTS = {"language=de", "language=ja", "codes=invite", "codes=share", "codes=all"} | OF_LISTS


@pytest.mark.parametrize(("flow", "job"), nightly_except(CASES, "add-ad-account-buttons"))
def test_it_works_however_the_site_looks(desk: Desk, flow: str, job: dict[str, object]) -> None:
    ran = desk.run(make(flow, **job))
    assert set(ran.outcomes) <= {"done", "waiting"}, ran.said
    assert len(desk.writes()) == len(desk.writes(WRITE_KIND[flow])) == 1
    again = desk.run(make(flow, **job))
    assert set(again.outcomes) <= {"already", "waiting"}, again.said
    assert again.first.outcome == "already"
    assert again.writes == 0
    assert len(desk.writes()) == 1


def test_no_value_of_an_axis_is_left_out() -> None:
    tried = {f"{name}={value}" for looks in LOOKS.values() for _, axes in looks for name, value in axes.items()}
    first = {f"{name}={values[0]}" for name, values in AXES.items()}
    all_values = {f"{name}={value}" for name, values in AXES.items() if name not in OF_SIGNING_IN for value in values}
    assert all_values - first - tried - IN_OTHER_TESTS == set()
    assert tried - {f"{name}={value}" for name, values in AXES.items() for value in values} == set()

"""Nothing is sent that a control did not show as asked: no preset ever stands in for what was asked."""

import pytest

from standin import seed
from standin.switches import parse_fault
from tests.support.flow_desk import Desk
from tests.support.flow_jobs import asset, make_create_business_center, make_share_with_partner

UNKNOWN_CAPTION = "renamed_button=partners.permission>Kind of use"
PRESET_LEVEL = """let kept;
const preset = () => ({accounts: {}, level: 'analyst', primary: 'no'});
Object.defineProperty(window, 'BC', {
  get: () => kept,
  set: made => { kept = made; Object.defineProperty(made, 'emptyGrant', {get: () => preset, set: () => {}}); },
});"""
"""The forms that share come with the level Analyst."""


@pytest.mark.parametrize("partner", [seed.OMEGA, seed.DELTA_MEDIA], ids=["new", "known"])
@pytest.mark.parametrize(
    (),
    [
        pytest.param(marks=pytest.mark.standin(axes={"role_widget": "select", "edition": "2024"}), id="select"),
        pytest.param(marks=pytest.mark.standin(axes={"role_widget": "radio", "edition": "2024"}), id="radio"),
    ],
)
def test_a_level_whose_control_has_another_caption_is_refused_and_its_preset_not_sent(desk: Desk, partner: str) -> None:
    desk.page.add_init_script(PRESET_LEVEL)
    desk.standin.world.faults.append(parse_fault(UNKNOWN_CAPTION))
    job = make_share_with_partner(partner_id=partner, ad_accounts=[asset(seed.TWIN_A).model_dump()])
    ran = desk.run(job)
    assert "refused" in ran.outcomes, ran.said
    assert f"operator on ad account {seed.TWIN_A}" in ran.said
    assert ran.writes == 0
    assert desk.writes() == []


@pytest.mark.standin(axes={"registration": "combined"})
def test_a_kind_that_the_form_has_no_choice_for_is_refused(desk: Desk) -> None:
    ran = desk.run(make_create_business_center(kind="agency"))
    assert ran.outcomes == ["refused"], ran.said
    assert "cannot show kind (agency)" in ran.said
    assert desk.writes() == []


@pytest.mark.standin(axes={"registration": "old"})
def test_the_kind_asked_for_is_chosen_on_its_card(desk: Desk) -> None:
    ran = desk.run(make_create_business_center(kind="agency"))
    assert ran.outcomes == ["done"], ran.said
    (write,) = desk.writes()
    assert write.body["business_center_info"]["business_center_type"] == 6

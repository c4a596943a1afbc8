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


@pytest.mark.nightly
@pytest.mark.parametrize("partner", [seed.OMEGA, seed.DELTA_MEDIA], ids=["new", "known"])
@pytest.mark.parametrize(
    (),
    [
        pytest.param(marks=pytest.mark.standin(axes={"role_widget": "select", "edition": "2024"}), id="select"),
    ],
)
def test_a_level_whose_control_has_another_caption_is_asked_about_and_its_preset_not_sent(
    desk: Desk, partner: str
) -> None:
    desk.page.add_init_script(PRESET_LEVEL)
    desk.standin.world.faults.append(parse_fault(UNKNOWN_CAPTION))
    job = make_share_with_partner(partner_id=partner, ad_accounts=[asset(seed.TWIN_A).model_dump()])
    ran = desk.run(job)
    assert "word" in [one.needs for one in ran.settled], ran.said
    unknown = desk.attempts[-1][0].story.unknown[0]
    assert [one.text for word in unknown.words for one in word.candidates][:1] == ["Kind of use"]
    assert ran.writes == 0
    assert desk.writes() == []


@pytest.mark.standin(axes={"role_widget": "radio", "edition": "2024"})
def test_a_level_known_by_its_choices_alone_is_chosen_whatever_is_preset(desk: Desk) -> None:
    desk.page.add_init_script(PRESET_LEVEL)
    desk.standin.world.faults.append(parse_fault(UNKNOWN_CAPTION))
    job = make_share_with_partner(partner_id=seed.OMEGA, ad_accounts=[asset(seed.TWIN_A).model_dump()])
    ran = desk.run(job)
    assert ran.first.outcome in ("done", "waiting"), ran.said
    (write,) = desk.writes("share")
    assert "OPERATOR" in str(write.body).upper()
    assert "ANALYST" not in str(write.body).upper()


@pytest.mark.standin(axes={"registration": "combined"})
def test_a_kind_that_the_form_has_no_choice_for_is_refused(desk: Desk) -> None:
    ran = desk.run(make_create_business_center(kind="agency"))
    assert ran.outcomes == ["refused"], ran.said
    assert "cannot show kind (agency)" in ran.said
    assert desk.writes() == []


@pytest.mark.nightly
@pytest.mark.standin(axes={"registration": "old"})
def test_the_kind_asked_for_is_chosen_on_its_card(desk: Desk) -> None:
    ran = desk.run(make_create_business_center(kind="agency"))
    assert ran.outcomes == ["done"], ran.said
    (write,) = desk.writes()
    assert write.body["business_center_info"]["business_center_type"] == 6

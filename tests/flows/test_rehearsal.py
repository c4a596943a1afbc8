"""A rehearsal does all but send: the form is filled, its button pressed, and nothing leaves the browser."""

import pytest

from bcflow.models.outcomes import WouldSend
from bcflow.pages.labels.learnt import Learnt
from standin import seed
from tests.support.flow_desk import Desk
from tests.support.flow_jobs import FLOWS, WRITE_KIND, asset, make, make_invite_member
from tests.support.nightly import nightly_except


def rehearsed(desk: Desk) -> WouldSend:
    """Return what the last rehearsal's first effect would have sent."""
    found = next(iter(desk.attempts[-1][0].story.effects.values())).would_send
    assert found is not None
    return found


@pytest.mark.parametrize("flow", nightly_except(FLOWS, "add-ad-account"))
def test_what_it_shows_is_what_the_run_then_sends(desk: Desk, flow: str) -> None:
    ran = desk.run(make(flow), rehearses=True)
    assert (ran.first.outcome, ran.writes) == ("planned", 0), ran.said
    assert (desk.writes(), desk.stopped) == ([], []), "what was to be seen is no warning"
    assert {picture.kind for picture in ran.pictures} == {"before"}, "the form as it would be sent"
    would = rehearsed(desk)
    assert would.contrary == ""
    kind = ran.first.effect.kind
    done = desk.run(make(flow), sends={kind: [would.kind]})
    assert done.first.outcome in ("done", "waiting"), done.said
    (write, *_) = desk.writes(WRITE_KIND[flow])
    assert would.request == f"{write.method} {write.path}"


@pytest.mark.nightly
def test_it_says_what_of_the_job_can_be_read_in_the_request(desk: Desk) -> None:
    granted = [asset(seed.OWNED_APPROVED).model_dump()]
    desk.run(make_invite_member(ad_accounts=granted), rehearses=True)
    would = rehearsed(desk)
    assert would.carries == ["ad_accounts", "business_center", "email"]
    assert would.silent == ["role"], "a number that stands for it is not read"


@pytest.mark.nightly
def test_another_request_than_the_rehearsed_one_is_stopped(desk: Desk) -> None:
    ran = desk.run(make_invite_member(), sends={"member": ["POST /api/something/else"]})
    assert (ran.first.outcome, ran.writes) == ("failed", 0), ran.said
    assert "rehearsed was POST /api/something/else" in ran.said
    assert desk.writes() == []


@pytest.mark.nightly
@pytest.mark.standin(axes={"declaration": "invite"})
def test_a_box_that_a_form_asks_for_after_the_click_is_asked_about(desk: Desk) -> None:
    ran = desk.run(make_invite_member(), rehearses=True)
    assert (ran.first.outcome, ran.first.needs, ran.writes) == ("waiting", "word", 0), ran.said
    assert desk.writes() == []
    (unknown,) = desk.attempts[-1][0].story.unknown
    desk.site.session.learnt = Learnt({"declaration": (unknown.words[0].candidates[0].text,)})
    desk.site.forget_language()
    again = desk.run(make_invite_member(), rehearses=True)
    assert (again.first.outcome, desk.writes()) == ("planned", []), again.said


DEAF = """document.addEventListener('click', event => {
  const button = event.target.closest('button');
  if (button && /Skip|Confirm/.test(button.innerText)) event.stopImmediatePropagation();
}, true);"""


@pytest.mark.nightly
def test_a_button_that_sends_nothing_is_no_plan(desk: Desk) -> None:
    desk.page.add_init_script(DEAF)
    ran = desk.run(make_invite_member(), rehearses=True)
    assert (ran.first.outcome, ran.writes) == ("failed", 0), ran.said
    assert "wanted to send nothing" in ran.said
    assert desk.writes() == []


@pytest.mark.nightly
@pytest.mark.standin(faults=["precheck:invite"])
def test_of_several_requests_the_first_is_shown(desk: Desk) -> None:
    ran = desk.run(make_invite_member(), rehearses=True)
    assert ran.first.outcome == "planned", ran.said
    assert "what it sends after that was not seen" in ran.said
    assert rehearsed(desk).kind == "", "a question before the write is not all that a later run may begin with"
    assert desk.writes() == []


@pytest.mark.standin(axes={"codes": "invite"})
def test_no_code_is_sent_for(desk: Desk) -> None:
    ran = desk.run(make_invite_member(), rehearses=True)
    assert ran.first.outcome == "planned", ran.said
    assert desk.standin.world.codes == []
    assert (rehearsed(desk).kind, "send_code" in rehearsed(desk).request) == ("", True)


WEATHERS = ["beacon:invite", "late_write=1:invite", "two_requests:invite", "retry:invite", "other_path:invite", "noise"]


@pytest.mark.nightly
@pytest.mark.parametrize(
    "weather",
    nightly_except(
        [pytest.param(each, marks=pytest.mark.standin(faults=[each, "tips", "cookie_banner"])) for each in WEATHERS],
        "two_requests:invite",
        "beacon:invite",
    ),
)
def test_nothing_leaves_however_the_page_sends_it(desk: Desk, weather: str) -> None:
    ran = desk.run(make_invite_member(), rehearses=True)
    assert (ran.first.outcome, ran.writes) == ("planned", 0), (weather, ran.said)
    # What the page had in mind is let go only where a next run opens the gate: by then it is gone.
    desk.run(make_invite_member(), only_look=True)
    assert desk.writes() == []


@pytest.mark.nightly
def test_what_is_there_already_is_not_rehearsed(desk: Desk) -> None:
    desk.run(make_invite_member())
    ran = desk.run(make_invite_member(), rehearses=True)
    assert (ran.first.outcome, ran.writes) == ("already", 0)
    assert next(iter(desk.attempts[-1][0].story.effects.values())).would_send is None

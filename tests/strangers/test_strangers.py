"""Business Centers that nobody wrote, with a person who answers: see `python -m tests.strangers`."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from bcflow.runner.network.gateway import Gateway
from standin import seed
from standin.server import StandIn
from tests.strangers.person import Person
from tests.strangers.play import Stranger, play
from tests.support.flow_desk import Desk
from tests.support.flow_jobs import FLOWS
from tests.support.nightly import nightly_except

TWELVE = [pytest.param(number, (FLOWS[number % len(FLOWS)],), id=f"{number}-one") for number in range(1, 13)]
"""By night twelve strangers, each with another flow than the one before it, until nothing is asked; and whole ones,
with each flow once more: then nothing is asked at all."""
EACH_FLOW = ("2-one", "4-one", "6-one")
"""With every change three strangers, each with a flow of its own."""
WHOLE = [pytest.param(number, FLOWS, id=str(number)) for number in (1, 7)]
REGISTRATION = ("create-business-center",)
"""On stranger 14 two of the answers are wrong until it is done."""


def met(
    browser: Browser,
    gateway: Gateway,
    folder: Path,
    number: int,
    *,
    flows: Sequence[str] = FLOWS,
    slips: float = 0.0,
) -> Stranger:
    with StandIn(stranger=number) as standin:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US", service_workers="block")
        assert context.request.post(f"{standin.control}/sign-in", data={"email": seed.EMAIL}).ok
        desk, person = Desk(standin, context, folder, gateway), Person(standin.world, slips=slips)
        desk.answer, desk.site.session.own_email = person.code, seed.EMAIL
        played = [play(desk, flow, person, again=len(flows) > 1) for flow in flows]
        desk.close()
        context.close()
        return Stranger(number, standin.world.axis("language"), played, person.said, len(person.questions))


@pytest.mark.slow
@pytest.mark.parametrize(("number", "flows"), nightly_except([*TWELVE, *WHOLE], *EACH_FLOW))
def test_all_flows_end_right_on_a_stranger(
    browser: Browser, gateway: Gateway, tmp_path: Path, number: int, flows: Sequence[str]
) -> None:
    stranger = met(browser, gateway, tmp_path, number, flows=flows)
    assert stranger.wrong == [], "\n".join(stranger.lines(verbose=True))
    assert stranger.questions, "it has words that nobody knows"
    assert [one.flow for one in stranger.played if one.asked_again] == []


@pytest.mark.nightly
@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "flows"),
    [(2, FLOWS), (8, FLOWS), (1, FLOWS), (14, REGISTRATION)],
    ids=["2", "8", "1", "14-registration"],
)
def test_wrong_answers_cost_a_stop_and_nothing_is_written_twice(
    browser: Browser, gateway: Gateway, tmp_path: Path, number: int, flows: Sequence[str]
) -> None:
    stranger = met(browser, gateway, tmp_path, number, flows=flows, slips=0.2)
    received = {one.flow: one.received for one in stranger.played}
    assert all(one.received <= one.most for one in stranger.played), received
    assert [one.astray for one in stranger.played if one.astray] == []
    assert any(said.slip for said in stranger.said)

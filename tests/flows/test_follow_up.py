"""A run that waits for others, looked at again on the stand-in: what it has become, and that nothing was written."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bcflow.models.outcomes import RunRecord
from bcflow.runner.follow_up import judged, waits_for_others
from standin import control, seed
from standin.server import StandIn
from standin.world import World
from tests.flows.jobs import NEW_PERSON, make
from tests.flows.slots import Operator, slot_on

REQUEST = {"org_id": seed.NORTHWIND, "aadvid": seed.REQUESTABLE}
INVITATION = {"org_id": seed.NORTHWIND, "email": NEW_PERSON}
OMEGA = {"org_id": seed.NORTHWIND, "partner_id": seed.OMEGA}
Happening = Callable[[World], object]


def nothing(_world: World) -> None:
    """Let the other side do nothing."""


ENDS: dict[str, tuple[str, Happening, str, str]] = {
    "nobody approved": ("add-ad-account", nothing, "waiting", "was written and seen"),
    "approved": ("add-ad-account", lambda world: control.accept_request(world, REQUEST), "done", "was approved"),
    "declined": ("add-ad-account", lambda world: control.decline_request(world, REQUEST), "refused", "declined"),
    "not accepted yet": ("invite-member", nothing, "waiting", "was written and seen"),
    "accepted": ("invite-member", lambda world: control.accept_invitation(world, INVITATION), "done", "accepted"),
    "no partner yet": ("share-with-partner", nothing, "waiting", "was written and seen"),
    "partner": ("share-with-partner", lambda world: control.accept_partner(world, OMEGA), "done", "accepted"),
    "no partner": ("share-with-partner", lambda world: control.decline_partner(world, OMEGA), "refused", "declined"),
}


@pytest.fixture(scope="module")
def one_slot(standin_server: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operator]:
    """One slot for this file: the start of a browser is what takes long."""
    with slot_on(standin_server, tmp_path_factory.mktemp("slot")) as made:
        yield made


# Only partners that were asked are shown otherwise in the older edition.
@pytest.mark.parametrize(
    ("edition", "end"), [*(("2026", end) for end in ENDS), *(("2024", end) for end in ENDS if "partner" in end)]
)
def test_a_follow_up_tells_what_became_of_it(one_slot: Operator, standin: StandIn, edition: str, end: str) -> None:
    flow, happens, outcome, said = ENDS[end]
    standin.world.set_axes({"edition": edition})
    one_slot.forget()
    before = RunRecord.model_validate(one_slot.run(make(flow)))
    assert waits_for_others(before), before.message
    happens(standin.world)
    after = judged(before, look(one_slot, before), datetime.now(UTC))
    assert (after.outcome, said in after.message) == (outcome, True), after.message
    assert waits_for_others(after) == (outcome == "waiting")
    assert len(standin.world.writes) == 1


def look(operator: Operator, before: RunRecord) -> RunRecord:
    """Look at what `before` waits for, as a worker does."""
    folder = str(Path(before.evidence) / "follow-up")
    request = {"job": before.inputs, "run": before.id, "folder": folder, "mode": "look", "may_write": False}
    return RunRecord.model_validate(operator.slot.call("attempt", request, 110))

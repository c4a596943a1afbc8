"""The five flows on one stranger, each as often as it takes until nothing is asked any more."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from standin import seed
from tests.strangers.person import Person
from tests.support.flow_jobs import FLOWS, WRITE_KIND, asset, make_for

if TYPE_CHECKING:
    from bcflow.models.jobs import JobBase
    from standin.world import World
    from tests.support.flow_desk import Desk, Ran

MOST_ROUNDS = 12
GOOD = {"done", "waiting", "already"}


@dataclass
class Played:
    """How one flow went on one stranger."""

    flow: str
    outcomes: list[str]
    said: str
    rounds: int
    received: int
    wrong: list[str] = field(default_factory=list)


def job_for(world: World, flow: str) -> JobBase:
    """Return the job of a flow, with an ad account for the invited person where the form has that step."""
    if flow == "invite-member" and world.axis("asset_step") == "yes":
        return make_for(world, flow, ad_accounts=[asset(seed.OWNED_APPROVED).model_dump()])
    return make_for(world, flow)


def play(desk: Desk, flow: str, person: Person) -> Played:
    """Run one flow until nothing is asked any more; what is learnt stays in the desk's session."""
    job, before = job_for(desk.standin.world, flow), len(desk.writes(WRITE_KIND[flow]))
    ran, rounds = _until_nothing_is_asked(desk, job, flow, person)
    received = len(desk.writes(WRITE_KIND[flow])) - before
    return Played(flow, ran.outcomes, ran.said, rounds, received)


def _until_nothing_is_asked(desk: Desk, job: JobBase, flow: str, person: Person) -> tuple[Ran, int]:
    for rounds in range(MOST_ROUNDS):
        ran = desk.run(job)
        unknown = desk.attempts[-1][0].story.unknown
        if unknown is None:
            break
        session = desk.site.session
        session.learnt = person.teach(session.learnt, unknown, flow=flow)
        desk.site.forget_language()
    return ran, rounds


def play_all(desk: Desk, person: Person) -> list[Played]:
    """Run the five flows one after another."""
    return [play(desk, flow, person) for flow in FLOWS]

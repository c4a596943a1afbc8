"""The five flows on one stranger, each as often as it takes until nothing is asked any more."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bcflow.models.errors import WordsUnknown
from bcflow.runner.browser import outcomes
from standin import seed
from tests.strangers.person import Person
from tests.support.flow_jobs import FLOWS, WRITE_KIND, asset, make_for

if TYPE_CHECKING:
    from bcflow.flows.run import Settled
    from bcflow.models.jobs import JobBase
    from bcflow.models.looks import Effect
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
    caught: list[WordsUnknown] = []
    plain = outcomes.trouble

    def noted(effect: Effect, error: Exception, *, screen: str) -> Settled:
        if isinstance(error, WordsUnknown):
            caught.append(error)
        return plain(effect, error, screen=screen)

    outcomes.trouble = noted
    try:
        for rounds in range(MOST_ROUNDS):
            caught.clear()
            ran = desk.run(job)
            if not caught:
                break
            for error in caught:
                desk.site.session.learnt = person.teach(desk.site.session.learnt, error.unknown, flow=flow)
            desk.site.forget_language()
    finally:
        outcomes.trouble = plain
    return ran, rounds


def play_all(desk: Desk, person: Person) -> list[Played]:
    """Run the five flows one after another."""
    return [play(desk, flow, person) for flow in FLOWS]

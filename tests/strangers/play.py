"""The five flows on one stranger, each as often as it takes until nothing is asked any more."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from standin import seed
from tests.support.flow_jobs import FLOWS, WRITE_KIND, asset, make_for

if TYPE_CHECKING:
    from bcflow.models.jobs import JobBase
    from standin.world import World
    from tests.strangers.person import Person
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
    most: int = 1


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
    return Played(flow, ran.outcomes, ran.said, rounds, received, most=2 if flow == "share-with-partner" else 1)


def _until_nothing_is_asked(desk: Desk, job: JobBase, flow: str, person: Person) -> tuple[Ran, int]:
    rounds = 0
    while rounds < MOST_ROUNDS:
        ran = desk.run(job)
        unknown = desk.attempts[-1][0].story.unknown
        if unknown is None:
            break
        session = desk.site.session
        session.learnt = person.teach(session.learnt, unknown, flow=flow)
        desk.site.forget_language()
        rounds += 1
    return ran, rounds


def play_all(desk: Desk, person: Person) -> list[Played]:
    """Run the five flows one after another."""
    return [play(desk, flow, person) for flow in FLOWS]


@dataclass(frozen=True)
class Stranger:
    """One stranger, and how the five flows went on it."""

    seed: int
    language: str
    played: list[Played]
    person: Person

    @property
    def wrong(self) -> list[Played]:
        """Return the flows that did not end right, or wrote more than once."""
        return [one for one in self.played if not set(one.outcomes) <= GOOD or one.received > one.most]

    def lines(self, *, verbose: bool = False) -> list[str]:
        """Tell it: a line for the stranger, and one for each flow that went wrong."""
        said, asked = self.person.said, len(self.person.questions)
        right = sum(one.right for one in said)
        rounds = ", ".join(str(one.rounds) for one in self.played)
        first = f"seed {self.seed} ({self.language}): {len(self.played) - len(self.wrong)} of {len(self.played)} flows"
        told = [f"{first}, {asked} questions, {right} of {len(said)} proposals right, rounds {rounds}"]
        told += [
            f"    {one.flow}: {', '.join(one.outcomes)}, received {one.received}: {one.said}" for one in self.wrong
        ]
        return told + ([f"      {one}" for one in said] if verbose else [])


def summary(strangers: list[Stranger]) -> str:
    """Return what all of them came to, in one line."""
    asked = [len(one.person.questions) for one in strangers]
    said = [each.right for one in strangers for each in one.person.said]
    flows, wrong = sum(len(one.played) for one in strangers), sum(len(one.wrong) for one in strangers)
    return (
        f"{len(strangers)} strangers: {flows - wrong} of {flows} flows right; questions a stranger: median "
        f"{median(asked):g}, most {max(asked)}; {sum(said)} of {len(said)} proposals right"
    )

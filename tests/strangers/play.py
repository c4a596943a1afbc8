"""The five flows on one stranger, each as often as it takes until nothing is asked any more."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from standin import seed
from standin.stranger.vocabulary import dice
from tests.support.flow_jobs import FLOWS, WRITE_KIND, asset, make_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcflow.models.jobs import JobBase
    from standin.world import World
    from tests.strangers.person import Person, Said
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
    astray: tuple[str, ...] = ()
    """What was written otherwise than asked, by the body that the stand-in received."""
    asked_again: int = 0
    """How many questions were asked when the flow was run once more, after it had ended right."""


def job_for(world: World, flow: str) -> JobBase:
    """Return the job of a flow, drawn from the stranger's seed: it asks for anything that the forms may have."""

    def drawn(name: str, *values: Any) -> Any:  # noqa: ANN401 - a value of a job
        return dice(world.stranger, f"job {flow} {name}").choice(values)

    levels = ("admin", "operator", "analyst")
    accounts = [seed.OWNED_APPROVED, seed.TWIN_A][: drawn("accounts", 1, 2)]
    # The older form has one level for all, as that of a share has.
    each_own = flow == "invite-member" and world.axis("edition") == "2026"
    given = [asset(one, drawn(f"level {one}" if each_own else "level", *levels)).model_dump() for one in accounts]
    if flow == "invite-member":
        finance = drawn("finance", None, "analyst", "manager")
        accounts_asked = given if world.axis("asset_step") == "yes" else []
        role = drawn("role", "admin", "standard")
        return make_for(world, flow, role=role, finance_role=finance, ad_accounts=accounts_asked)
    if flow == "share-with-partner":
        return make_for(world, flow, ad_accounts=given, primary_agency=drawn("primary", "yes", "no") == "yes")
    if flow == "add-ad-account":
        return make_for(world, flow, role=drawn("level", *levels))
    if flow == "create-business-center" and world.axis("registration") == "old":
        return make_for(world, flow, kind=drawn("kind", "advertiser", "agency"))
    return make_for(world, flow)


def play(desk: Desk, flow: str, person: Person, *, again: bool = True) -> Played:
    """Run one flow until nothing is asked any more, then once `again`; what is learnt stays in the desk's session."""
    job, before = job_for(desk.standin.world, flow), len(desk.writes(WRITE_KIND[flow]))
    ran, rounds = _until_nothing_is_asked(desk, job, flow, person)
    asked_again = 0
    if again and set(ran.outcomes) <= GOOD:
        desk.run(job)
        asked_again = len(desk.attempts[-1][0].story.unknown)
    written = desk.writes(WRITE_KIND[flow])[before:]
    wrongly = tuple(wrong for write in written for wrong in astray(write.body, job.model_dump()))
    # The partner is asked first; each account is shared by a request of its own.
    most = 1 + len(job.model_dump()["ad_accounts"]) if flow == "share-with-partner" else 1
    return Played(flow, ran.outcomes, ran.said, rounds, len(written), most, wrongly, asked_again)


def astray(body: dict[str, Any], job: dict[str, Any]) -> Iterator[str]:
    """Yield what a request says otherwise than the job, by the stand-in's own names: not by what bcflow looks at."""
    for name, want, have in _grants(body, job):
        if want != have:
            yield f"{name} is {have!r}, not {want!r}"
    says = {
        "business_center_name": job.get("name"),
        "company_name": job.get("company"),
        "account_name": job.get("ad_account_name") if job["flow"] == "create-business-center" else job.get("name"),
        "payment_currency": job.get("currency"),
        "currency": job.get("currency"),
        "city": job.get("city"),
        "primary_media_agency": job.get("primary_agency"),
    }
    for name, value in _leaves(body):
        if says.get(name) not in (None, value) and value not in ("", None):
            yield f"{name} is {value!r}, not {says[name]!r}"


def _grants(body: dict[str, Any], job: dict[str, Any]) -> Iterator[tuple[str, object, object]]:
    """Yield what is given to whom: what the job asks, and what the request gives: more and less is told, too."""
    asked = {each["aadvid"]: each["role"].upper() for each in job.get("ad_accounts") or ()}
    if job["flow"] == "invite-member":
        yield "email_list", [job["email"]], body.get("email_list")
        yield "org_role", {"admin": 1, "standard": 2}[job["role"]], body.get("org_role")
        finance = {"manager": 5, "analyst": 6, None: None}[job["finance_role"]]
        yield "finance_role", finance, body.get("finance_role") or None
        given = {each["advertiser_id"]: each["advertiser_role"] for each in body.get("advertiser_list") or ()}
        yield "advertiser_list", asked, given
    if job["flow"] == "share-with-partner":
        yield "partner_id", job["partner_id"], body.get("partner_id")
        for aadvid in body.get("asset_ids") or ():
            yield f"the level on {aadvid}", asked.get(aadvid), body.get("advertiser_role")
    if job["flow"] == "add-ad-account":
        yield "account_id", job["aadvid"], body.get("account_id")
        yield "role", job["role"], body.get("role")


def _leaves(value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, each in value.items():
        below = [one for one in each if isinstance(one, dict)] if isinstance(each, list) else []
        if isinstance(each, dict) or below:
            for one in below or [each]:
                yield from _leaves(one)
        else:
            yield name, each


def _until_nothing_is_asked(desk: Desk, job: JobBase, flow: str, person: Person) -> tuple[Ran, int]:
    rounds = 0
    while rounds < MOST_ROUNDS:
        ran = desk.run(job)
        unknown = desk.attempts[-1][0].story.unknown
        if not unknown:
            break
        session = desk.site.session
        for each in unknown:
            session.learnt = person.teach(session.learnt, each, flow=flow)
        desk.site.forget_language()
        rounds += 1
    return ran, rounds


def play_all(desk: Desk, person: Person) -> list[Played]:
    """Run the five flows one after another."""
    return [play(desk, flow, person) for flow in FLOWS]


@dataclass(frozen=True)
class Stranger:
    """One stranger, how the five flows went on it, what the person said, and in how many questions."""

    seed: int
    language: str
    played: list[Played]
    said: list[Said]
    questions: int

    @property
    def wrong(self) -> list[Played]:
        """Return the flows that did not end right, or wrote more than once."""
        return [one for one in self.played if not set(one.outcomes) <= GOOD or one.received > one.most or one.astray]

    def lines(self, *, verbose: bool = False) -> list[str]:
        """Tell it: a line for the stranger, and one for each flow that went wrong."""
        right = sum(one.right for one in self.said)
        rounds = ", ".join(str(one.rounds) for one in self.played)
        first = f"seed {self.seed} ({self.language}): {len(self.played) - len(self.wrong)} of {len(self.played)} flows"
        told = [f"{first}, {self.questions} questions, {right} of {len(self.said)} proposals right, rounds {rounds}"]
        told += [
            f"    {one.flow}: {', '.join(one.outcomes)}, received {one.received} {' '.join(one.astray)}: {one.said}"
            for one in self.wrong
        ]
        return told + ([f"      {one}" for one in self.said] if verbose else [])


def table(strangers: list[Stranger]) -> str:
    """Return what all of them came to: how the flows ended, what was asked, and what never may be."""
    flows = [one for each in strangers for one in each.played]
    said = [each.right for one in strangers for each in one.said]
    asked = sorted(one.questions for one in strangers)
    rounds = sorted(one.rounds for one in flows)
    ended = sum(set(one.outcomes) <= GOOD for one in flows)
    rows = {
        "strangers": f"{len(strangers)}",
        "flows that ended right": f"{ended} of {len(flows)}",
        "written twice": f"{sum(one.received > one.most for one in flows)}",
        "written otherwise than asked": f"{sum(bool(one.astray) for one in flows)}",
        "questions a stranger": f"median {median(asked):g}, most {asked[-1]}",
        "rounds a flow": f"median {median(rounds):g}, most {rounds[-1]}",
        "proposals right": f"{sum(said)} of {len(said)}",
        "asked again on the second pass": f"{sum(one.asked_again for one in flows)}",
    }
    return "\n".join(f"{name:<30} {value}" for name, value in rows.items())

"""A run that waits for others, looked at again on the stand-in: what it has become, and that nothing was written."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bcflow.models import effect_words
from bcflow.models.effects import canonical
from bcflow.models.outcomes import EffectRecord, RunRecord
from bcflow.runner.batches.context import Context
from bcflow.runner.batches.follow_up_looks import FollowUpSession
from bcflow.runner.batches.follow_ups import FollowUps
from bcflow.runner.batches.results import ended_record
from bcflow.runner.jobfiles.task import Task
from bcflow.runner.policy.follow_up import judged, waits_for_others
from bcflow.runner.storage.batch_record import BatchRecord
from bcflow.runner.storage.batch_rows import Batch, Terms, new_run
from bcflow.runner.storage.database import as_text
from bcflow.runner.storage.history import run_id
from bcflow.runner.storage.runs import Store
from bcflow.runner.storage.tables import follow_ups
from standin import control, seed
from standin.server import StandIn
from standin.world import Member, World
from tests.support.flow_jobs import NEW_PERSON, make, make_invite_member
from tests.support.nightly import nightly_except
from tests.support.slots import Operator, slot_on
from tests.support.turns import house_of

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
@pytest.mark.nightly
@pytest.mark.parametrize(
    ("edition", "end"),
    nightly_except(
        [*(("2026", end) for end in ENDS), *(("2024", end) for end in ENDS if "partner" in end)],
        ("2026", "accepted"),
        ("2024", "no partner"),
    ),
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


@pytest.mark.nightly
def test_all_that_is_due_of_a_login_is_looked_at_with_one_reading_of_the_list(
    one_slot: Operator, standin: StandIn, asked: Counter[str], tmp_path: Path
) -> None:
    one_slot.forget()
    assert one_slot.slot.call("login", {}, 110)["ok"]
    one_slot.slot._calls = 0  # a new browser in the middle would read it again
    emails = [f"invited.{number:02d}@client.example" for number in range(20)]
    members = standin.world.business_centers[seed.NORTHWIND].members
    members += [Member(standin.world.new_id(), email, "", status="pending") for email in emails]
    for email in emails[::2]:
        control.accept_invitation(standin.world, INVITATION | {"email": email})
    with house_of(one_slot, tmp_path) as (services, listener):
        runs = waiting_runs(services.context, emails)
        FollowUpSession(services, listener.called[-1]).work()
        records = [Store(services.context.database).record(run) for run in runs]
    assert [one.outcome for one in records] == ["done", "waiting"] * 10
    # What is as it was is not told again.
    assert [text.partition(",")[0] for text in listener.told] == [f"looked again at {run}: done" for run in runs[::2]]
    assert asked["/api/v2/bm/user/list/"] == -(-len(members) // 10)
    assert standin.world.writes == []


def test_without_a_sign_in_nothing_is_looked_at_and_no_code_is_asked_for(
    one_slot: Operator, standin: StandIn, tmp_path: Path
) -> None:
    standin.world.set_axes({"late_redirect": "0", "login_code": "six"})
    with house_of(one_slot, tmp_path) as (services, listener):
        runs = waiting_runs(services.context, ["invited.00@client.example", "invited.01@client.example"])
        FollowUpSession(services, listener.called[-1]).work()
        outcomes = [Store(services.context.database).record(run).outcome for run in runs]
    assert outcomes == ["waiting", "waiting"]
    assert (len(listener.told), "expired" in listener.told[0]) == (1, True)
    assert (standin.world.codes, standin.world.writes) == ([], [])


def waiting_runs(context: Context, emails: list[str]) -> list[str]:
    """Keep a batch whose runs invited these people, wait for them and are to be looked at now; return the runs."""
    jobs = [make_invite_member(email=email) for email in emails]
    made = [new_run(Task(job, job.email), run_id("2twq9c4k", at)) for at, job in enumerate(jobs, start=1)]
    for run in made:
        run.ended = True
    store = Store(context.database)
    store.add(Batch(BatchRecord(id="2twq9c4k", logins=["default"]), "ended", Terms(), made))
    for run, job in zip(made, jobs, strict=True):
        (wanted,) = canonical(job)
        effect = EffectRecord(
            kind=wanted.kind,
            identity=wanted.identity,
            business_center=wanted.business_center,
            outcome="waiting",
            waiting_for="invitee",
            have={"status": "pending"},
        )
        then = effect_words.waiting(wanted, "invitee")
        waiting = ended_record(run, "2twq9c4k", "waiting", "", next_action=then, waiting_for="invitee")
        store.keep_record(waiting.model_copy(update={"effects": [effect]}))
    records = [store.record(run.id) for run in made]
    with context.database.transaction() as connection:
        for record in records:
            FollowUps(connection, context).note(record)
        past = as_text(datetime.now(UTC) - timedelta(hours=1))
        connection.execute(follow_ups.update().values(due=past))
        FollowUps(connection, context).call("default")
    return [run.id for run in made]


def look(operator: Operator, before: RunRecord) -> RunRecord:
    """Look at what `before` waits for, as a worker does."""
    folder = str(Path(before.evidence) / "follow-up")
    request = {"job": before.inputs, "run": before.id, "folder": folder, "mode": "look", "may_write": False}
    return RunRecord.model_validate(operator.slot.call("attempt", request, 110))

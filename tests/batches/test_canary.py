"""A flow that was never seen to work here: one write, then five, then all, and a person is asked in between."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bcflow.models.errors import BadInput
from bcflow.runner.batches.submit import How, may_start
from bcflow.runner.jobfiles.source import Order
from bcflow.runner.jobfiles.task import Task
from bcflow.runner.reports import summary
from bcflow.runner.storage.proofs import Proof, Proofs
from tests.support.batches import Desk
from tests.support.fake_browser import Died
from tests.support.jobs import make_account, make_job, make_jobs

NINE = [f"p{number}" for number in range(9)]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with closing(Desk(tmp_path / "home")) as opened:
        yield opened


def proofs(desk: Desk, flow: str = "invite-member") -> list[Proof]:
    with desk.database.transaction() as connection:
        return Proofs(connection).of(flow)


def test_an_unproven_flow_writes_one_then_five_then_all(desk: Desk) -> None:
    desk.go(*make_jobs(NINE), trust=False, attended=True)
    assert desk.written == NINE[:1]
    first = desk.answer("yes")
    desk.work()
    assert desk.written == NINE[:6]
    second = desk.answer("yes")
    desk.work()

    assert [question.splitlines()[-1] for question in (first, second)] == ["Go on with 8 more?", "Go on with 3 more?"]
    assert (desk.outcomes, len(desk.questions)) == (["done"] * 9, 2)


def test_how_far_it_came_survives_a_restart(desk: Desk) -> None:
    desk.runs = {"p0": Died()}
    desk.submit(*make_jobs(NINE), trust=False, attended=True)
    desk.die()
    desk.runs = {}
    desk.work()
    assert desk.written == ["p0", "p0"], "the run at hand is the first write, still"

    desk.runs = {"p3": Died()}
    desk.answer("yes")
    desk.die()
    desk.runs = {}
    desk.work()
    assert desk.written == ["p0", "p0", "p1", "p2", "p3", "p3", "p4", "p5"]
    assert [question.state for question in desk.questions] == ["answered", "open"]
    assert [run.ended for run in desk.held.runs] == [True] * 6 + [False] * 3


def test_no_other_login_writes_while_the_first_write_is_under_way(tmp_path: Path) -> None:
    with closing(Desk(tmp_path / "home", BCFLOW_EMAIL__OTHER="other@acme.example")) as desk:

        def meanwhile(_request: dict[str, Any]) -> dict[str, Any]:
            desk.work(login="default")
            return {"outcome": "done", "writes": 1}

        # Whoever looked last goes on at once.
        desk.runs = {"bo": meanwhile}
        desk.go(make_job("ana"), make_job("bo", login="other"), trust=False, attended=True)

        assert (desk.written, desk.outcomes) == (["bo"], ["planned", "done"])
        assert len(desk.open_questions) == 1


def test_what_this_batch_proves_does_not_count_for_itself(desk: Desk) -> None:
    desk.go(*make_jobs(["ana", "bo"]), trust=False, attended=True)

    assert [proof.run for proof in proofs(desk)] == [f"{desk.batch}-001"]
    assert (desk.written, len(desk.open_questions)) == (["ana"], 1)

    desk.go(*make_jobs(["cy", "di"]), trust=False)
    assert desk.written == ["ana", "cy", "di"], "for the next one it does"
    assert desk.questions == []


def test_the_question_after_the_first_write_shows_its_picture(desk: Desk) -> None:
    files = ["01-before-step.png", "02-before-write.png"]
    pictures = [{"file": file, "caption": "before", "kind": "before"} for file in files]
    desk.runs = {"ana": {"outcome": "done", "writes": 1, "pictures": pictures}}
    desk.go(*make_jobs(["ana", "bo"]), trust=False, attended=True)
    question = desk.answer("no")
    desk.work()

    assert desk.written == ["ana"]
    assert desk.outcomes == ["done", "cancelled"]
    assert desk.message("bo").startswith("you stopped after the first writes of invite-member")
    folder = desk.context.run_folder(f"{desk.batch}-001")
    assert all(str(folder / file) in question for file in files), "each step of the form"


@pytest.mark.parametrize("outcome", ["unknown", "screen-changed"])
def test_a_first_write_that_is_not_seen_stops_everything(desk: Desk, outcome: str) -> None:
    desk.runs = {"ana": {"outcome": outcome, "writes": 1}}
    desk.go(*make_jobs(["ana", "bo"]), make_account())

    assert desk.written == ["ana"]
    assert desk.outcomes == [outcome, "skipped", "skipped"]


def test_a_first_write_that_is_not_seen_stops_everything_after_a_restart_too(desk: Desk) -> None:
    desk.runs = {"ana": {"outcome": "unknown", "writes": 1}, "main": Died()}
    desk.prove("create-ad-account")
    desk.submit(make_account(), *make_jobs(["ana", "bo"]))
    desk.die()
    desk.runs["main"] = {"outcome": "done", "writes": 1}
    desk.work()

    assert desk.written == ["main", "main", "ana"]
    assert desk.outcomes == ["done", "unknown", "skipped"]


def test_a_proven_flow_goes_on_after_an_unknown_and_asks_nothing(desk: Desk) -> None:
    desk.prove("invite-member")
    desk.runs = {"ana": {"outcome": "unknown", "writes": 1}}
    desk.go(*make_jobs(["ana", "bo"]), trust=False)

    assert (desk.outcomes, desk.questions) == (["unknown", "done"], [])


def test_where_nobody_is_at_a_terminal_an_unproven_flow_ends_after_its_look(desk: Desk) -> None:
    desk.go(*make_jobs(["ana", "bo"]), trust=False)

    assert (desk.written, desk.outcomes) == ([], ["cancelled", "cancelled"])
    assert desk.held.record.exit_code == summary.BAD_INPUT
    (said,) = desk.told
    assert said.startswith("invite-member: never seen to work on this site in this language; run one by hand first")


def test_proof_holds_for_its_language_only(desk: Desk) -> None:
    desk.prove("invite-member", language="vi")
    desk.go(make_job("ana"), make_job("bo"), trust=False)

    assert (desk.written, desk.outcomes) == ([], ["cancelled", "cancelled"])


def test_a_refused_or_unwritten_run_proves_nothing(desk: Desk) -> None:
    desk.looks = {"bo": {"outcome": "already"}}
    desk.runs = {"ana": {"outcome": "refused", "writes": 1}}
    desk.go(*make_jobs(["ana", "bo"]))
    assert proofs(desk) == []

    desk.go(make_job("cy"))
    assert [proof.language for proof in proofs(desk)] == ["en"]


def test_nothing_is_submitted_that_nobody_could_agree_to(desk: Desk) -> None:
    order = Order((Task(make_job("ana"), "ana"),), "jobs.yaml")
    given: list[dict[str, Any]] = [{"yes": True}, {}]
    for how in given:
        with pytest.raises(BadInput):
            may_start(desk.context, order, How(**how))
    may_start(desk.context, order, How(yes=True, trust_first_write=True))
    may_start(desk.context, order, How(attended=True))
    may_start(desk.context, order, How(dry_run=True))
    desk.prove("invite-member")
    may_start(desk.context, order, How(yes=True))

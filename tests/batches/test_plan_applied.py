"""A batch that carries out a plan looks again: what the plan rests on is as it was, or nothing is written."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bcflow.models.outcomes import RunRecord
from bcflow.runner.batches.plans.plan import Agreed, facts_of
from bcflow.runner.reports import summary
from tests.support.batches import Desk
from tests.support.fake_browser import Answer, Given, make_record
from tests.support.jobs import make_jobs

NAMES = ["ana", "bo"]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with closing(Desk(tmp_path / "home")) as opened:
        opened.prove("invite-member")
        yield opened


def saw(outcome: str, **effect: object) -> Answer:
    """Return a look with one effect of that outcome."""

    def look(request: dict[str, Any]) -> Given:
        job = request["job"]
        identity = {"kind": "member", "identity": job["email"], "business_center": job["business_center"]}
        seen = {"proof": "33 of 33 rows", "outcome": outcome} | effect
        return {"outcome": outcome, "effects": [identity | seen]}

    return look


def agreed(desk: Desk, *, partial: bool = False) -> dict[str, Any]:
    """Return what a plan of the jobs rests on: all of it is to do."""
    facts = []
    for job in make_jobs(NAMES):
        look = saw("planned")
        assert callable(look)
        request = {"run": "b-001", "batch": "b", "name": job.id, "job": job.model_dump(mode="json"), "dry_run": True}
        given = look(request)
        assert isinstance(given, dict)
        facts.append(facts_of(RunRecord.model_validate(make_record(request, **given))))
    assert desk.requests == []
    return Agreed(partial=partial, facts=tuple(facts)).model_dump(mode="json")


def test_what_is_as_it_was_is_written(desk: Desk) -> None:
    desk.looks = dict.fromkeys(NAMES, saw("planned"))
    desk.go(*make_jobs(NAMES), plan=agreed(desk))

    assert desk.asked == [("look", "ana"), ("look", "bo"), ("run", "ana"), ("run", "bo")]
    assert (desk.outcomes, desk.held.record.exit_code) == (["done", "done"], summary.OK)


def test_one_fact_that_changed_holds_all_of_it_back(desk: Desk) -> None:
    desk.looks = {"ana": saw("differs", have={"role": "admin"}), "bo": saw("planned")}
    desk.go(*make_jobs(NAMES), plan=agreed(desk))

    assert desk.written == []
    assert (desk.outcomes, desk.held.record.exit_code) == (["skipped", "cancelled"], summary.STALE_PLAN)
    assert desk.message("bo") == "the plan is out of date; nothing was sent"
    assert desk.message("ana").startswith("not started: since the plan was made, member ana@acme.example: was to do")
    assert desk.told == []


def test_in_part_what_did_not_change_is_written(desk: Desk) -> None:
    desk.looks = {"ana": saw("differs", have={"role": "admin"}), "bo": saw("planned")}
    desk.go(*make_jobs(NAMES), plan=agreed(desk, partial=True))

    assert (desk.written, desk.outcomes) == (["bo"], ["skipped", "done"])
    assert desk.held.record.exit_code == summary.NOT_DONE


def test_what_could_not_be_looked_at_again_holds_all_of_it_back(desk: Desk) -> None:
    desk.looks = {"ana": {"outcome": "failed", "message": "no such page"}, "bo": saw("planned")}
    desk.go(*make_jobs(NAMES), plan=agreed(desk))

    assert (desk.written, desk.outcomes) == ([], ["failed", "cancelled"])
    assert any(text.startswith("could not be looked at again: ana") for text in desk.told)


def test_who_resumes_it_has_it_compared_again(desk: Desk) -> None:
    desk.looks = {"ana": {"outcome": "failed", "message": "no such page"}, "bo": saw("planned")}
    desk.go(*make_jobs(NAMES), plan=agreed(desk))
    desk.looks = {"ana": saw("planned"), "bo": saw("differs", have={"role": "admin"})}
    desk.requests.clear()
    assert desk.resume(yes=True)
    desk.work()

    assert desk.asked == [("look", "ana"), ("look", "bo")]
    assert (desk.outcomes, desk.held.record.exit_code) == (["cancelled", "skipped"], summary.STALE_PLAN)

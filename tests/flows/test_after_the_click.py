"""What may go wrong once the request has left: never a second request, and an honest outcome."""

import pytest

from bcflow.models.looks import Effect
from bcflow.pages.kit.writing import aftermath
from standin.switches import parse_fault
from tests.support.flow_desk import Desk
from tests.support.flow_jobs import FLOWS, WRITE_KIND, make
from tests.support.nightly import nightly_except


@pytest.fixture
def short_of_breath(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait less for an answer that will never come."""
    monkeypatch.setattr(aftermath, "ANSWER_SECONDS", 5.0)


def strike(desk: Desk, flow: str, fault: str, count: str = ":1") -> None:
    desk.standin.world.faults.append(parse_fault(f"{fault}:{WRITE_KIND[flow]}{count}"))


@pytest.mark.parametrize("flow", nightly_except(FLOWS, "share-with-partner"))
@pytest.mark.parametrize("fault", nightly_except(["500_after", "drop_after"], "drop_after"))
@pytest.mark.usefixtures("short_of_breath")
def test_a_write_that_happened_without_a_good_answer_is_seen_and_not_sent_again(
    desk: Desk, flow: str, fault: str
) -> None:
    strike(desk, flow, fault)
    ran = desk.run(make(flow))
    assert set(ran.outcomes) <= {"done", "waiting"}, ran.said
    assert len(desk.writes()) == ran.writes == 1
    assert desk.writes()[0].applied
    assert set(desk.run(make(flow)).outcomes) <= {"already", "waiting"}
    assert len(desk.writes()) == 1


@pytest.mark.nightly
@pytest.mark.parametrize("flow", nightly_except(FLOWS, "create-business-center"))
@pytest.mark.parametrize("fault", nightly_except(["500_before", "drop_before"], "500_before"))
@pytest.mark.usefixtures("short_of_breath")
def test_a_write_that_did_not_happen_and_was_not_answered_ends_unknown_and_is_never_sent_again(
    desk: Desk, flow: str, fault: str
) -> None:
    strike(desk, flow, fault)
    job = make(flow)
    ran = desk.run(job, settle=1)
    assert ran.first.outcome == "unknown", ran.said
    assert "settle" in ran.first.next_action
    assert len(desk.writes()) == 1
    assert not desk.writes()[0].applied
    again = desk.run(job, settle=0.5)
    assert again.first.outcome == "unknown", again.said
    assert again.writes == 0
    assert len(desk.writes()) == 1


@pytest.mark.nightly
@pytest.mark.parametrize("flow", nightly_except(FLOWS, "share-with-partner"))
def test_a_confirm_that_sends_but_says_nothing_ends_unknown(desk: Desk, flow: str) -> None:
    strike(desk, flow, "silent_confirm=accepted")
    ran = desk.run(make(flow), settle=1)
    assert ran.first.outcome == "unknown", ran.said
    assert len(desk.writes()) == 1
    assert not desk.writes()[0].applied


@pytest.mark.nightly
@pytest.mark.parametrize("flow", nightly_except(FLOWS, "add-ad-account"))
def test_a_confirm_that_sends_nothing_at_all_fails_and_works_the_next_time(
    desk: Desk, flow: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    strike(desk, flow, "silent_confirm=unsent", "")
    job = make(flow)
    with monkeypatch.context() as hurry:
        hurry.setattr(aftermath, "SILENCE_SECONDS", 1.5)
        ran = desk.run(job, settle=1)
    assert ran.first.outcome == "failed", ran.said
    assert "no request left the browser" in ran.said
    assert desk.writes() == []
    desk.standin.world.faults.clear()
    assert set(desk.run(job).outcomes) <= {"done", "waiting"}
    assert len(desk.writes()) == 1


@pytest.mark.nightly
@pytest.mark.parametrize("flow", nightly_except(FLOWS, "share-with-partner"))
def test_a_list_that_lags_behind_is_waited_for(desk: Desk, flow: str) -> None:
    strike(desk, flow, "stale_list=2 loads")
    ran = desk.run(make(flow), settle=10)
    assert set(ran.outcomes) <= {"done", "waiting"}, ran.said
    assert len(desk.writes()) == 1


@pytest.mark.nightly
@pytest.mark.parametrize("flow", nightly_except(FLOWS, "invite-member"))
def test_a_list_that_lags_too_long_is_unknown_and_settled_by_a_later_look(desk: Desk, flow: str) -> None:
    strike(desk, flow, "stale_list=3600")
    job = make(flow)
    ran = desk.run(job, settle=1)
    assert ran.first.outcome == "unknown", ran.said
    assert "done" not in ran.outcomes
    desk.standin.world.advance(4000)
    later = desk.run(job)
    assert set(later.outcomes) <= {"done", "waiting"}, later.said
    assert later.writes == 0
    assert len(desk.writes()) == 1


@pytest.mark.nightly
@pytest.mark.parametrize("flow", nightly_except(FLOWS, "add-ad-account"))
def test_a_rate_limit_is_told_in_the_site_s_words(desk: Desk, flow: str) -> None:
    strike(desk, flow, "rate_limit")
    ran = desk.run(make(flow))
    assert ran.first.outcome == "refused", ran.said
    assert "Too many requests" in ran.first.message
    assert len(desk.writes()) == 1
    assert not desk.writes()[0].applied


def unsettled(desk: Desk) -> list[str]:
    return [row["event"] for row in desk.ledger.history()]


@pytest.mark.nightly
def test_a_person_s_word_that_it_did_not_happen_lets_it_be_sent_again(desk: Desk) -> None:
    strike(desk, "invite-member", "500_before")
    job = make("invite-member")
    assert desk.run(job, settle=0.5).first.outcome == "unknown"
    assert desk.ledger.settle("run-1", happened=False) == [f"member {job.model_dump()['email']}"]
    assert desk.run(job).first.outcome == "waiting"
    assert [entry.applied for entry in desk.writes()] == [False, True]


@pytest.mark.nightly
def test_a_person_s_word_that_it_happened_is_believed_but_looked_at(desk: Desk) -> None:
    strike(desk, "invite-member", "500_before")
    job = make("invite-member")
    desk.run(job, settle=0.5)
    desk.ledger.settle("run-1", happened=True)
    ran = desk.run(job)
    assert (ran.first.outcome, ran.first.waiting_for) == ("waiting", "you"), ran.said
    assert "gone" in ran.first.message
    assert len(desk.writes()) == 1


@pytest.mark.nightly
@pytest.mark.parametrize("flow", nightly_except(["invite-member", "add-ad-account"], "invite-member"))
def test_what_was_seen_before_and_is_gone_is_a_question_and_no_write(desk: Desk, flow: str) -> None:
    job = make(flow)
    desk.run(job)
    center = desk.standin.world.business_centers[job.business_center or ""]
    center.members[:] = [row for row in center.members if row.status != "pending"]
    for account in desk.standin.world.ad_accounts.values():
        if account.relations.get(center.bc_id) and account.relations[center.bc_id].state == "pending":
            del account.relations[center.bc_id]
    ran = desk.run(job)
    assert (ran.first.outcome, ran.first.waiting_for) == ("waiting", "you"), ran.said
    assert "--did-not-happen" in ran.first.next_action
    assert ran.writes == 0
    assert len(desk.writes()) == 1


@pytest.mark.usefixtures("short_of_breath")
def test_an_unanswered_write_leaves_the_effect_armed_for_whoever_comes_next(desk: Desk) -> None:
    strike(desk, "invite-member", "drop_before")
    job = make("invite-member")
    desk.run(job, settle=0.5)
    effect = Effect(job.business_center or "", "member", job.model_dump()["email"])
    assert desk.ledger.peek(desk.addresses.origin, effect).armed
    assert unsettled(desk)[-1] == "unknown"
    assert "seen" not in unsettled(desk)

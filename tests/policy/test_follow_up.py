"""When a run that waits for others is looked at again, and what it is after the look."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bcflow.models.outcomes import EffectRecord, RunRecord, StepRecord
from bcflow.runner.policy.follow_up import (
    Patience,
    is_overdue,
    judged,
    next_due,
    waiting_since,
    waits_for,
    waits_for_others,
)

BC = "7123456789012345678"
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(days=2)


def make_effect(**overrides: Any) -> EffectRecord:  # noqa: ANN401 - a field's value
    values = {
        "kind": "member",
        "identity": "ana@acme.example",
        "business_center": BC,
        "outcome": "waiting",
        "waiting_for": "invitee",
        "have": {"status": "pending"},
        "seen_at": "2026-11-20T11:59:00+00:00",
    }
    return EffectRecord.model_validate(values | overrides)


def make_run(**overrides: Any) -> RunRecord:  # noqa: ANN401 - a field's value
    effects = overrides.pop("effects", [make_effect(armed_at="2026-11-20T11:58:00+00:00", writes=1)])
    values = {
        "id": "2twq9c4k-001",
        "job": "ana",
        "client": "acme",
        "flow": "invite-member",
        "outcome": "waiting",
        "waiting_for": "invitee",
        "message": "member ana@acme.example was written and seen: pending",
        "started": "2026-11-20T11:57:00+00:00",
        "finished": "2026-11-20T12:00:00+00:00",
        "evidence": "runs/2twq9c4k-001",
        "writes": 1,
    }
    return RunRecord.model_validate(values | overrides | {"effects": [one.model_dump() for one in effects]})


def make_look(**overrides: Any) -> RunRecord:  # noqa: ANN401 - a field's value
    """Return what a look gives: what stands is `already`, whoever wrote it."""
    found = {"have": {"status": "active"}, "outcome": "already", "waiting_for": None} | overrides.pop("effect", {})
    effects = overrides.pop("effects", [make_effect(**found)])
    words = {"message": "as the look says", "outcome": found["outcome"], "waiting_for": found["waiting_for"]}
    return make_run(**(words | {"dry_run": True, "effects": effects, "started": "", "writes": 0} | overrides))


@pytest.mark.parametrize(
    ("outcome", "who", "others"),
    [
        ("waiting", "invitee", True),
        ("already", "owner", True),
        ("waiting", "tiktok review", True),
        ("waiting", "you", False),
        ("waiting", "job main", False),
        ("already", None, False),
        ("done", None, False),
        ("refused", "owner", False),
    ],
)
def test_only_what_waits_for_others_is_followed(outcome: str, who: str | None, *, others: bool) -> None:
    run = make_run(outcome=outcome, waiting_for=who, effects=[make_effect(outcome=outcome, waiting_for=who)])

    assert waits_for_others(run) is others
    assert (next_due(run, 0, NOON) is not None) is others


def test_a_second_fact_that_waits_is_not_forgotten() -> None:
    there = make_effect(kind="partner", identity="7345678901234567890", outcome="already", waiting_for=None)
    share = make_effect(kind="share", identity=f"7345678901234567890:{BC}", outcome="already", waiting_for="partner")

    assert waits_for(make_run(outcome="already", waiting_for=None, effects=[there, share])) == "partner"


@pytest.mark.parametrize(
    ("looks", "pause"),
    [(0, "0:10:00"), (1, "1:00:00"), (2, "6:00:00"), (3, "1 day, 0:00:00"), (9, "1 day, 0:00:00")],
)
def test_looks_come_at_ever_longer_distances(looks: int, pause: str) -> None:
    due = next_due(make_run(), looks, NOON)

    assert due is not None
    assert str(due - NOON) == pause


def test_the_last_look_is_when_it_is_given_up() -> None:
    run = make_run()
    end = datetime(2026, 12, 20, 11, 58, tzinfo=UTC)

    assert next_due(run, 30, end - timedelta(hours=5)) == end
    assert next_due(run, 30, end + timedelta(hours=1)) == end + timedelta(days=1, hours=1)
    assert next_due(make_run(dry_run=True), 0, NOON) is None


def test_a_wait_is_as_old_as_its_write_and_overdue_after_three_days() -> None:
    since = waiting_since(make_run())

    assert since == datetime(2026, 11, 20, 11, 58, tzinfo=UTC)
    assert waiting_since(make_run(effects=[make_effect()])) == NOON
    assert not is_overdue(since, since + timedelta(days=2, hours=23))
    assert is_overdue(since, since + timedelta(days=3))
    assert is_overdue(since, since + timedelta(days=1), Patience(remind_after=timedelta(hours=12)))


@pytest.mark.parametrize(
    ("who", "kind", "identity", "said"),
    [
        ("invitee", "member", "ana@acme.example", "member ana@acme.example accepted the invitation"),
        ("owner", "ad-account-access", BC, f"access to ad account {BC} was approved"),
        ("partner", "partner", BC, f"partner {BC} accepted"),
        ("tiktok review", "ad-account", "Acme US", "ad account 'Acme US' was approved"),
        ("tiktok review", "tiktok-account", "acme", "tiktok-account acme was approved"),
    ],
)
def test_what_is_there_now_is_done(who: str, kind: str, identity: str, said: str) -> None:
    fact = {"kind": kind, "identity": identity}
    before = make_run(
        waiting_for=who, effects=[make_effect(**fact, waiting_for=who)], result={"id": "1", "status": "x"}
    )
    look = make_look(effect=fact, result={"id": None, "status": "active"})
    run = judged(before, look, LATER)

    assert (run.outcome, run.message, run.waiting_for, run.next_action) == ("done", said, None, "")
    assert (run.effects[0].outcome, run.effects[0].waiting_for) == ("done", None)
    assert run.result == {"id": "1", "status": "active"}
    assert (run.id, run.started, run.evidence, run.dry_run) == (before.id, before.started, before.evidence, False)
    assert run.finished == LATER.isoformat(timespec="seconds")


def test_what_still_waits_stays_as_it_was_and_as_old() -> None:
    before = make_run()
    look = make_look(effect={"waiting_for": "invitee", "have": {"status": "pending"}}, next_action="open the mail")
    run = judged(before, look, LATER)

    assert (run.outcome, run.waiting_for, run.message) == ("waiting", "invitee", before.message)
    assert (run.next_action, run.finished) == ("open the mail", before.finished)
    assert (run.effects[0].armed_at, run.effects[0].writes) == (before.effects[0].armed_at, 1)
    assert waiting_since(run) == waiting_since(before)


def test_whom_it_waits_for_may_change() -> None:
    assert judged(make_run(), make_look(effect={"waiting_for": "tiktok review"}), LATER).waiting_for == "tiktok review"


def test_after_thirty_days_it_is_given_up() -> None:
    look = make_look(effect={"waiting_for": "invitee"})
    last = judged(make_run(), look, NOON + timedelta(days=29))
    run = judged(last, look, NOON + timedelta(days=30))

    assert last.outcome == "waiting"
    assert (run.outcome, run.waiting_for, run.effects[0].outcome) == ("expired", None, "expired")
    assert run.message == (
        "member ana@acme.example: waited 30 days for invitee; it still waits there, but is no longer looked at"
    )
    assert run.next_action == "remind them (bcflow remind acme), then run the same job again"


@pytest.mark.parametrize(
    ("patience", "said"),
    [
        (timedelta(days=1), "1 day"),
        (timedelta(hours=36), "36 hours"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(seconds=45), "45 seconds"),
    ],
)
def test_it_is_told_how_long_was_waited(patience: timedelta, said: str) -> None:
    look = make_look(effect={"waiting_for": "invitee"})
    run = judged(make_run(), look, LATER, Patience(give_up_after=patience))

    assert run.outcome == "expired"
    assert f"waited {said} for invitee" in run.message


@pytest.mark.parametrize(
    ("found", "said", "then"),
    [
        (
            {"outcome": "refused", "message": "the owner declined", "have": {}},
            "the owner declined",
            "talk to them before asking again",
        ),
        (
            {"outcome": "already", "have": {"status": "disapproved"}},
            "member ana@acme.example is disapproved",
            "talk to them before asking again",
        ),
        (
            {"outcome": "waiting", "waiting_for": "you", "proof": "4 of 4 rows read"},
            "member ana@acme.example was asked for and is gone: declined, taken back or lapsed; nothing was written",
            "if it shall be asked for again: bcflow settle 2twq9c4k-001 --did-not-happen, then run it again",
        ),
        (
            {"outcome": "planned", "proof": "4 of 4 rows read"},
            "member ana@acme.example was asked for and is gone: declined, taken back or lapsed; nothing was written",
            "if it shall be asked for again: bcflow settle 2twq9c4k-001 --did-not-happen, then run it again",
        ),
    ],
)
def test_declined_or_gone_is_refused_in_words(found: dict[str, Any], said: str, then: str) -> None:
    run = judged(make_run(), make_look(effect=found), LATER)

    assert (run.outcome, run.message, run.next_action, run.waiting_for) == ("refused", said, then, None)
    assert (run.effects[0].outcome, run.effects[0].waiting_for) == ("refused", None)


def test_accepted_in_another_role_differs() -> None:
    look = make_look(effect={"outcome": "differs"}, message="role: want admin, have standard", next_action="by hand")
    run = judged(make_run(), look, LATER)

    assert (run.outcome, run.message, run.next_action) == ("differs", "role: want admin, have standard", "by hand")


_FAILED_SIGN_IN = StepRecord(name="sign in again", at="", seconds=1.0, ok=False)
_SAW_NOTHING: dict[str, dict[str, Any]] = {
    "the page broke": {"effect": {"outcome": "failed"}},
    "the screen changed": {"effect": {"outcome": "screen-changed"}},
    "a write is in doubt": {"effect": {"outcome": "unknown"}},
    "a captcha came": {"effect": {"outcome": "waiting", "waiting_for": "you"}},
    "signed out": {"outcome": "waiting", "waiting_for": "you", "effects": []},
    "no browser": {"outcome": "failed", "effects": []},
    "broke off at the end": {"outcome": "failed"},
    "another fact": {"effects": [make_effect(identity="bo@acme.example", outcome="already", waiting_for=None)]},
    "the password is wrong": {"effect": {"outcome": "refused"}, "steps": [_FAILED_SIGN_IN]},
}


@pytest.mark.parametrize("look", _SAW_NOTHING.values(), ids=_SAW_NOTHING)
def test_what_could_not_be_seen_changes_nothing(look: dict[str, Any]) -> None:
    before = make_run()

    assert judged(before, make_look(**look), LATER + timedelta(days=100)) is before


def test_a_run_that_waits_for_nobody_stays() -> None:
    before = make_run(outcome="done", waiting_for=None, effects=[make_effect(outcome="done", waiting_for=None)])

    assert judged(before, make_look(effect={"outcome": "refused"}), LATER) is before


def test_what_can_be_written_only_now_waits_for_you() -> None:
    partner, share = {"kind": "partner", "identity": "7345678901234567890"}, {"kind": "share", "proof": "2 of 2 rows"}
    before = make_run(waiting_for="partner", effects=[make_effect(**partner, waiting_for="partner")])
    accepted = make_effect(**partner, outcome="already", waiting_for=None)
    to_do = make_effect(**share, identity=f"7345678901234567890:{BC}", outcome="planned", waiting_for=None)
    run = judged(before, make_look(outcome="planned", effects=[accepted, to_do]), LATER)

    left = f"ad account {BC} for partner 7345678901234567890"
    assert (run.outcome, run.waiting_for) == ("waiting", "you")
    assert run.message == f"partner 7345678901234567890 accepted; still to be written: {left}"
    assert run.next_action == "run the same job again: it writes only what is missing"
    assert not waits_for_others(run)


def test_while_one_of_several_waits_all_wait() -> None:
    partner = {"kind": "partner", "identity": "7345678901234567890"}
    share = {"kind": "share", "identity": f"7345678901234567890:{BC}"}
    before = make_run(
        waiting_for="partner", effects=[make_effect(**one, waiting_for="partner") for one in (partner, share)]
    )
    there = make_effect(**partner, outcome="already", waiting_for=None)
    waits = make_effect(**share, outcome="already", waiting_for="partner")
    run = judged(before, make_look(effects=[there, waits], outcome="already", waiting_for=None), LATER)

    assert (run.outcome, run.waiting_for) == ("waiting", "partner")
    assert [(one.outcome, one.waiting_for) for one in run.effects] == [("done", None), ("waiting", "partner")]
    assert judged(run, make_look(effects=[there], outcome="waiting", waiting_for="partner"), LATER).outcome == "waiting"

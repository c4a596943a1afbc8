"""Plans: what is in them, whose they are, and what counts as changed."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcflow.models.errors import BadInput
from bcflow.models.outcomes import EffectRecord, Outcome, RunRecord
from bcflow.runner.batches.plans.file import check_fits, opened, rendered, signing_key
from bcflow.runner.batches.plans.plan import Change, Plan, changes, facts_of, make_plan
from bcflow.runner.config.keys import load_key
from bcflow.runner.jobfiles.task import Task
from bcflow.runner.storage.batch_record import BatchRecord
from bcflow.runner.storage.batch_rows import new_run
from tests.support.batches import SITE
from tests.support.jobs import BC, make_account, make_job, make_share

KEY = signing_key(b"the key of this home")
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
WANT = {"role": "standard"}
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


def looked(outcome: Outcome = "planned", *, effect: Outcome | None = None, **more: Any) -> RunRecord:  # noqa: ANN401 - an effect's own fields
    """Return a look's record with one effect; `more` are values of the effect."""
    values = {"identity": "ana@acme.example", "want": WANT, "proof": "33 of 33 rows", "seen_at": None} | more
    if effect is None and outcome in ("already", "done") and "seen_at" not in more:
        values["seen_at"] = "2026-11-24T12:00:00.000+00:00"
    one = EffectRecord(kind="member", business_center=BC, outcome=effect or outcome, **values)
    return RunRecord(
        id="b-001",
        job="ana",
        flow="invite-member",
        outcome=outcome,
        message="",
        business_center=BC,
        business_center_name="Northwind",
        effects=[one],
    )


def bare(outcome: Outcome) -> RunRecord:
    """Return a look's record that came to no effect."""
    return looked(outcome).model_copy(update={"effects": []})


def moved(was: RunRecord, now: RunRecord) -> list[Change]:
    return changes(facts_of(was), now)


def make(*, allow_unusual: bool = False) -> Plan:
    main, ana, share = make_account(), make_job("ana"), make_share("share", "${main.aadvid}")
    runs = [new_run(Task(job, job.id or "", f"jobs.yaml:{n}"), f"b-{n}") for n, job in enumerate((main, ana, share))]
    outcomes: tuple[Outcome, ...] = ("planned", "differs", "planned")
    for run, outcome in zip(runs, outcomes, strict=True):
        run.record = looked(outcome)
        run.ended = True
    batch = BatchRecord(id="b", source="jobs.yaml", sha256="ab" * 32, site=SITE, logins=["default"])
    return make_plan(batch, runs, made_by="ana@desk", allow_unusual=allow_unusual, at=NOON)


def test_a_plan_says_all_that_apply_needs_and_comes_back_as_it_was() -> None:
    plan = make()

    assert (plan.made_at, plan.made_by, plan.site) == ("2026-11-24T12:00:00+00:00", "ana@desk", SITE)
    assert (plan.source, plan.sha256, plan.logins) == ("jobs.yaml", "ab" * 32, ("default",))
    assert plan.business_centers == {BC: "Northwind"}
    assert [one.facts is None for one in plan.jobs] == [False, False, True]
    assert opened(rendered(plan, KEY), KEY, name="plan.json") == plan
    assert [task.job for task in plan.tasks()] == [
        make_account(),
        make_job("ana"),
        make_share("share", "${main.aadvid}"),
    ]
    assert [task.source for task in plan.tasks()] == ["jobs.yaml:0", "jobs.yaml:1", "jobs.yaml:2"]


def test_unusual_ids_come_back_only_in_a_plan_that_allows_them() -> None:
    plan = make(allow_unusual=True)
    odd = plan.jobs[1].model_copy(update={"job": plan.jobs[1].job | {"business_center": "7123"}})

    assert plan.model_copy(update={"jobs": (odd,)}).tasks()[0].job.business_center == "7123"


SIGNED = rendered(make(), KEY)


@given(place=st.integers(0, len(SIGNED) - 1), byte=st.integers(0, 255))
def test_a_plan_with_any_byte_changed_is_refused(place: int, byte: int) -> None:
    content = SIGNED[:place] + bytes([byte]) + SIGNED[place + 1 :]
    if content == SIGNED:
        assert opened(content, KEY, name="p") == make()
        return
    with pytest.raises(BadInput):
        opened(content, KEY, name="p")


@given(st.integers(0, len(SIGNED) - 1), st.binary(max_size=3))
def test_a_plan_with_anything_cut_off_or_added_is_refused(place: int, added: bytes) -> None:
    with pytest.raises(BadInput):
        opened(SIGNED[:place], KEY, name="p")
    if added:
        with pytest.raises(BadInput):
            opened(SIGNED + added, KEY, name="p")


@given(st.binary(max_size=60) | st.from_regex(r"[\[\]{}\":,a-z0-9]{0,40}").map(str.encode))
def test_what_is_no_plan_is_refused_in_one_line(content: bytes) -> None:
    with pytest.raises(BadInput) as refused:
        opened(content, KEY, name="p")
    [line] = refused.value.problems
    assert line.startswith("p: ")


def test_the_same_laid_out_anew_is_refused_because_somebody_touched_it() -> None:
    with pytest.raises(BadInput, match="was changed"):
        opened(json.dumps(json.loads(SIGNED), indent=2).encode(), KEY, name="p")


def test_a_plan_of_another_home_is_refused(tmp_path: Path) -> None:
    mine, other = (signing_key(load_key(None, tmp_path / name)) for name in ("mine", "other"))
    signed = rendered(make(), mine)

    assert opened(signed, mine, name="p") == make()
    with pytest.raises(BadInput, match="another key"):
        opened(signed, other, name="p")


def test_the_key_of_plans_is_not_the_key_of_sign_ins(tmp_path: Path) -> None:
    home = load_key(None, tmp_path)

    assert signing_key(home) not in (home, home[:32])
    assert signing_key(home) == signing_key(home)


def test_a_plan_of_another_format_says_so() -> None:
    document = json.loads(SIGNED) | {"format": 2}
    with pytest.raises(BadInput, match="format this bcflow does not know"):
        opened(json.dumps(document).encode(), KEY, name="p")


@pytest.mark.parametrize(
    ("later", "said"),
    [
        (timedelta(hours=24), ""),
        (timedelta(hours=24, seconds=1), "24.0 hours old, and 24 are allowed"),
        (timedelta(days=3), "72.0 hours old"),
        (-timedelta(minutes=4), ""),
        (-timedelta(hours=1), "still to come"),
    ],
)
def test_a_plan_has_an_age(later: timedelta, said: str) -> None:
    def check() -> None:
        check_fits(make(), site=SITE, max_age=timedelta(hours=24), now=NOON + later, name="p")

    if not said:
        return check()
    with pytest.raises(BadInput, match=said):
        check()
    return None


def test_a_plan_for_another_site_is_refused() -> None:
    with pytest.raises(BadInput, match="this bcflow works on https://else"):
        check_fits(make(), site="https://else.example", max_age=timedelta(1), now=NOON, name="p")


SEEN: dict[str, Any] = {"seen_at": "2026-11-24T12:00:00.000+00:00"}
OTHER: dict[str, Any] = {"have": {"role": "admin", "status": "active"}}


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (looked("planned"), looked("already")),
        (looked("differs", **OTHER), looked("already")),
        (looked("unknown"), looked("done")),
        (looked("planned"), looked("waiting", waiting_for="invitee", **SEEN)),
        (looked("already", have={"status": "pending"}), looked("already", have={"status": "active"})),
        (looked("planned"), looked("unknown")),
        (looked("planned"), looked("refused", armed_at="2026-11-24T12:00:00.000+00:00")),
        (looked("differs", **OTHER), looked("differs", have={"role": "admin", "status": "pending"})),
        (looked("planned", proof="33 of 33 rows"), looked("planned", proof="34 of 34 rows")),
        (looked("planned"), bare("cancelled")),
        (bare("failed"), bare("failed")),
        (bare("planned"), bare("already")),
        (bare("failed"), looked("already")),
    ],
)
def test_what_is_no_change(was: RunRecord, now: RunRecord) -> None:
    assert moved(was, now) == []


GONE = looked("waiting", waiting_for="you", message="was there before and is gone now")


@pytest.mark.parametrize(
    ("was", "now", "seen"),
    [
        (looked("planned"), looked("differs", **OTHER), True),
        (looked("already"), looked("planned"), True),
        (looked("already"), looked("differs", **OTHER), True),
        (looked("waiting", **SEEN), GONE, True),
        (looked("planned"), GONE, True),
        (looked("differs", **OTHER), looked("planned"), True),
        (looked("differs", **OTHER), looked("differs", have={"role": "operator"}), True),
        (looked("unknown"), looked("planned"), True),
        (looked("planned"), looked("refused"), True),
        (looked("planned"), looked("planned", want={"role": "admin"}), True),
        (looked("planned"), looked("planned", identity="bo@acme.example"), True),
        (looked("planned"), looked("planned").model_copy(update={"business_center_name": "Southwind"}), True),
        (bare("failed"), looked("planned"), True),
        (looked("planned"), looked("failed", proof=""), False),
        (looked("planned"), looked("screen-changed", proof=""), False),
        (looked("planned"), bare("waiting"), False),
        (looked("planned"), bare("failed"), False),
        (looked("already"), bare("skipped"), False),
    ],
)
def test_what_is_a_change_and_whether_it_was_seen(was: RunRecord, now: RunRecord, seen: bool) -> None:
    [change] = moved(was, now)

    assert change.seen is seen
    assert "was " in str(change)
    assert "\n" not in str(change)


def test_a_change_names_what_it_is_about_and_both_ends() -> None:
    [change] = moved(looked("planned"), looked("differs", message="role: want standard, have admin", **OTHER))

    assert str(change) == "member ana@acme.example: was to do, now differs (role: want standard, have admin)"


def test_an_effect_that_could_not_be_looked_at_before_is_no_change() -> None:
    share = EffectRecord(kind="share", identity="1:2", business_center=BC, outcome="differs", proof="")
    was, now = looked("planned"), looked("differs", effect="already", **SEEN)
    now.effects.append(share)

    assert moved(was, now) == []


records = st.builds(
    looked,
    st.sampled_from(OUTCOMES),
    seen_at=st.none() | st.just("2026-11-24T12:00:00.000+00:00"),
    proof=st.sampled_from(["", "33 of 33 rows"]),
    have=st.dictionaries(st.sampled_from(["role", "status"]), st.sampled_from(["admin", "standard"])),
) | st.builds(bare, st.sampled_from(OUTCOMES))


@given(records)
def test_nothing_changes_when_the_second_look_is_as_the_first(record: RunRecord) -> None:
    assert moved(record, record) == []


@given(records)
def test_as_wanted_is_never_a_change(was: RunRecord) -> None:
    assert moved(was, looked("already")) == []


@given(records)
def test_what_stood_and_is_to_do_now_always_is_one(now: RunRecord) -> None:
    was = looked("already")
    as_wanted = now.outcome in ("already", "done") or (
        now.outcome == "waiting" and now.effects and now.effects[0].seen_at
    )

    assert bool(moved(was, now)) is not (bool(as_wanted) or now.outcome == "cancelled")


@given(records, records)
def test_only_what_is_planned_both_times_or_stands_or_was_sent_is_let_through(was: RunRecord, now: RunRecord) -> None:
    """No job is written on facts that nobody agreed to: what is to do now was to do then."""
    if now.outcome == "planned" and was.outcome != "planned":
        assert moved(was, now) != []


@given(records)
def test_facts_survive_being_written_down(record: RunRecord) -> None:
    facts = facts_of(record)

    assert type(facts).model_validate_json(facts.model_dump_json()) == facts

"""How fast a login may write, how long that takes, and what makes a flow rest."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bcflow.models.outcomes import Outcome, RunRecord
from bcflow.runner.config.limits import pace_of
from bcflow.runner.config.settings import Settings
from bcflow.runner.policy.pace import DAY, TEN_MINUTES, Breaker, Pace, QuietHours, about

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = QuietHours(time(22), time(7), "Europe/Berlin")

unhurried = hypothesis_settings(deadline=None)  # the machine may be shared
moments = st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - zone beside it
minutes = st.integers(0, 1439).map(lambda minute: time(minute // 60, minute % 60))
quiet_hours = st.builds(
    QuietHours,
    minutes,
    minutes,
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]),
).filter(lambda quiet: quiet.start != quiet.end)
paces = st.builds(
    Pace,
    st.floats(0, 700, allow_nan=False),
    st.integers(1, 6),
    st.integers(1, 12),
    st.none() | quiet_hours,
)


def make_run(number: int = 1, outcome: Outcome = "failed", message: str = "it broke", **more: str | bool) -> RunRecord:
    return RunRecord.model_validate(
        {"id": f"b-{number:03}", "job": "j", "flow": "invite-member", "outcome": outcome, "message": message, **more}
    )


def at(*seconds: float) -> list[datetime]:
    return [NOON + timedelta(seconds=each) for each in seconds]


def test_the_first_write_goes_at_once() -> None:
    assert Pace().next_write(NOON, []) == NOON


def test_two_writes_are_three_seconds_apart() -> None:
    assert Pace().next_write(NOON, at(-1)) == NOON + timedelta(seconds=2)
    assert Pace().next_write(NOON, at(-3)) == NOON


def test_the_21st_write_waits_until_ten_minutes_are_over() -> None:
    writes = at(*range(-400, 0, 20))
    assert len(writes) == 20
    assert Pace().next_write(NOON, writes) == writes[0] + TEN_MINUTES


def test_the_201st_write_waits_until_a_day_is_over() -> None:
    writes = at(*range(-80_000, 0, 400))
    assert len(writes) == 200
    assert Pace().next_write(NOON, writes) == writes[0] + DAY


def test_order_of_the_writes_and_their_zones_do_not_matter() -> None:
    writes = [at(-1)[0].astimezone(BERLIN), *at(-500, -2)]
    assert Pace().next_write(NOON.astimezone(BERLIN), writes) == NOON + timedelta(seconds=2)


def test_a_write_in_the_future_counts_as_just_now() -> None:
    assert Pace().next_write(NOON, at(86_400 * 900)) == NOON + timedelta(seconds=3)


@unhurried
@given(paces, moments, st.lists(st.floats(0, 4000, allow_nan=False), max_size=30))
def test_no_window_ever_holds_more_than_the_limits(pace: Pace, start: datetime, idle: list[float]) -> None:
    now = start
    writes: list[datetime] = []
    for seconds in idle:
        moment = pace.next_write(now, writes)
        assert moment >= now
        writes.append(moment)
        now = moment + timedelta(seconds=seconds)
    for index, write in enumerate(writes):
        assert sum(1 for each in writes if write <= each < write + TEN_MINUTES) <= pace.per_ten_minutes
        assert sum(1 for each in writes if write <= each < write + DAY) <= pace.per_day
        assert index == 0 or write - writes[index - 1] >= timedelta(seconds=pace.seconds_between)
        assert pace.quiet is None or not pace.quiet.hold(write)


@unhurried
@given(paces.filter(lambda pace: pace.quiet is None), moments, st.lists(st.floats(0, 90_000), max_size=15))
def test_it_never_waits_longer_than_needed(pace: Pace, now: datetime, ago: list[float]) -> None:
    writes = [now - timedelta(seconds=each) for each in ago]
    moment = pace.next_write(now, writes)
    if moment > now:
        earlier = moment - timedelta(microseconds=1)
        too_soon = earlier - max(writes) < timedelta(seconds=pace.seconds_between)
        full = sum(1 for each in writes if each > earlier - TEN_MINUTES) >= pace.per_ten_minutes
        full_day = sum(1 for each in writes if each > earlier - DAY) >= pace.per_day
        assert too_soon or full or full_day


@pytest.mark.parametrize(
    ("local", "ends"),
    [
        ("2026-11-24T21:59", "2026-11-24T21:59"),
        ("2026-11-24T22:00", "2026-11-25T07:00"),
        ("2026-11-25T03:00", "2026-11-25T07:00"),
        ("2026-11-25T07:00", "2026-11-25T07:00"),
        ("2026-03-28T23:00", "2026-03-29T07:00"),  # clocks go forward in that night
        ("2026-10-24T23:00", "2026-10-25T07:00"),  # and back
    ],
)
def test_nothing_is_written_in_the_night(local: str, ends: str) -> None:
    now = datetime.fromisoformat(local).replace(tzinfo=BERLIN)
    assert Pace(quiet=NIGHT).next_write(now, []) == datetime.fromisoformat(ends).replace(tzinfo=BERLIN)


@unhurried
@given(quiet_hours, moments)
def test_quiet_hours_end_within_a_day_and_outside_themselves(quiet: QuietHours, moment: datetime) -> None:
    after = quiet.after(moment)
    assert moment <= after <= moment + timedelta(hours=26)
    assert not quiet.hold(after)
    assert quiet.hold(moment) or after == moment


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("22:00-07:00 Europe/Berlin", "22:00-07:00 Europe/Berlin"),
        (" 9:30 \u2013 17:00   america/new_york ", "09:30-17:00 America/New_York"),
    ],
)
def test_quiet_hours_are_read(text: str, shown: str) -> None:
    assert str(QuietHours.parse(text)) == shown


def test_quiet_hours_may_take_the_zone_from_beside() -> None:
    assert QuietHours.parse("22:00-07:00", "Europe/Berlin") == NIGHT


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is not a span of hours"),
        ("22-7 Europe/Berlin", "is not a span of hours"),
        ("22:00-07:00", "needs a time zone"),
        ("22:00-24:30 UTC", "hours go from"),
        ("08:00-8:00 UTC", "begins when it ends"),
        ("22:00-07:00 Europe/Berlim", "Europe/Berlin"),
    ],
)
def test_what_is_no_span_of_hours_is_refused(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        QuietHours.parse(text)


@pytest.mark.parametrize("wrong", [{"seconds_between": -1.0}, {"per_ten_minutes": 0}, {"per_day": 0}])
def test_a_pace_that_lets_nothing_through_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="pace"):
        Pace(**wrong)  # type: ignore[arg-type]


def test_settings_make_the_pace() -> None:
    assert pace_of(Settings.load({"BCFLOW_HOME": "/nowhere"})) == Pace()
    given_ones = {"PACE_SECONDS": "0", "WRITES_PER_TEN_MINUTES": "60", "WRITES_PER_DAY": "1000"}
    given_ones |= {"QUIET_HOURS": "22:00-07:00 Europe/Berlin", "HOME": "/nowhere"}
    settings = Settings.load({f"BCFLOW_{name}": value for name, value in given_ones.items()})
    assert pace_of(settings) == Pace(0.0, 60, 1000, NIGHT)
    assert not settings.read_only


@pytest.mark.parametrize(
    ("jobs", "seconds", "total"),
    [
        (0, 10, timedelta()),
        (1, 10, timedelta(seconds=10)),
        (3, 1, timedelta(seconds=7)),  # three seconds apart
        (20, 10, timedelta(seconds=200)),
        (21, 10, TEN_MINUTES + timedelta(seconds=10)),
        (201, 60, DAY + timedelta(seconds=60)),
    ],
)
def test_the_estimate_is_what_the_pace_allows(jobs: int, seconds: float, total: timedelta) -> None:
    assert Pace().estimate(jobs, seconds, now=NOON) == total


def test_the_estimate_counts_earlier_writes_and_the_night() -> None:
    assert Pace(per_day=1).estimate(1, 5, now=NOON, writes=at(-3600)) == timedelta(hours=23, seconds=5)
    evening = datetime(2026, 11, 24, 22, tzinfo=BERLIN)
    assert Pace(quiet=NIGHT).estimate(1, 60, now=evening) == timedelta(hours=9, minutes=1)


@pytest.mark.parametrize(
    ("duration", "words"),
    [
        (timedelta(seconds=40), "about 40 s"),
        (timedelta(minutes=12, seconds=20), "about 12 min"),
        (timedelta(minutes=59, seconds=50), "about 1 h"),
        (timedelta(hours=1, minutes=10), "about 1 h 10 min"),
        (timedelta(hours=24), "about 1 day"),
        (timedelta(days=2, hours=3, minutes=20), "about 2 days 3 h"),
    ],
)
def test_a_length_of_time_is_told_as_a_person_says_it(duration: timedelta, words: str) -> None:
    assert about(duration) == words


@pytest.mark.parametrize(
    ("outcome", "message", "told"),
    [
        ("waiting", "the site shows a captcha: a person must solve it", "captcha"),
        ("refused", "Too many requests. Please try again later. (the site's answer)", "too fast"),
        ("failed", "We detected unusual login activity", "too fast or unusual"),
        ("unknown", "the write may have happened and could not be seen (answer 429)", "too fast"),
        ("screen-changed", "members: the Invite button was not found", "a screen changed"),
    ],
)
def test_some_ends_make_a_flow_rest_at_once(outcome: Outcome, message: str, told: str) -> None:
    why = Breaker().trips([make_run(1, "done", "fine"), make_run(2, outcome, message)])
    assert told in why
    assert "b-002" in why
    assert message in why


@pytest.mark.parametrize(
    "run",
    [
        make_run(1, "done", "Captcha Ltd is a partner"),
        make_run(1, "already", "rate limit GmbH was there"),
        make_run(1, "waiting", "Captcha Ltd was asked", waiting_for="owner"),
        make_run(1, "waiting", "a code is needed", waiting_for="you"),
        make_run(1, "failed", "Something went wrong. Please try again later."),
        make_run(1, "refused", "advertiser 7012345678901429000 does not exist"),
    ],
)
def test_other_ends_do_not(run: RunRecord) -> None:
    assert Breaker().trips([run]) == ""


def test_three_equal_failures_in_a_row_make_a_flow_rest() -> None:
    alike = [make_run(number) for number in (1, 2, 3)]
    assert Breaker().trips(alike[:2]) == ""
    assert Breaker().trips(alike) == "3 runs in a row ended failed, the last b-003: it broke"
    assert Breaker().trips([*alike[:2], make_run(9, "skipped", "not started"), alike[2]]) != ""


def test_failures_that_differ_or_are_interrupted_do_not() -> None:
    for between in (make_run(9, "done", "fine"), make_run(9, "refused"), make_run(9, "failed", "it broke otherwise")):
        assert Breaker().trips([make_run(1), make_run(2), between, make_run(3), make_run(4)]) == ""
    assert Breaker().trips([]) == ""


def test_a_dry_run_that_is_refused_lets_no_flow_rest_but_what_it_meets_does() -> None:
    def looked(number: int, outcome: Outcome, message: str) -> RunRecord:
        return make_run(number, outcome, message, dry_run=True)

    refused = [looked(number, "refused", "there is no such ad account") for number in (1, 2, 3)]
    assert Breaker().trips(refused) == ""
    assert Breaker().trips([make_run(4, "refused"), *refused, make_run(5, "refused")]) == ""
    in_earnest = [make_run(number, "refused") for number in (4, 5, 6)]
    assert "3 runs in a row ended refused" in Breaker().trips([*in_earnest[:1], *refused, *in_earnest[1:]])
    assert "a screen changed" in Breaker().trips([looked(7, "screen-changed", "no button")])
    assert "a captcha" in Breaker().trips([looked(8, "refused", "The site shows a captcha")])

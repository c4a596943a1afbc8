"""How fast a login may write, and when a flow must rest: policy only, nothing is read or waited for here.

The site publishes no limit for its pages. What is known: people who automated them saw Confirm leave its dialog
open without a word when they were too fast, and waited three to five minutes. So the defaults are our own
judgement, for each login, and every one can be set:

| limit                  | default | setting                      | why                                              |
| ---------------------- | ------- | ---------------------------- | ------------------------------------------------ |
| between two writes     | 3 s     | BCFLOW_PACE_SECONDS          | no quicker than an attentive person              |
| writes in ten minutes  | 20      | BCFLOW_WRITES_PER_TEN_MINUTES| what such a person keeps up; longer than the     |
|                        |         |                              | pause after which Confirm worked again           |
| writes in 24 hours     | 200     | BCFLOW_WRITES_PER_DAY        | forty clients with five writes each; more in one |
|                        |         |                              | day is more often a mistake in a file            |
| quiet hours            | none    | BCFLOW_QUIET_HOURS           | for who wants writes in working hours only       |

Windows slide: any ten minutes and any 24 hours count, not clock hours or calendar days.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final, Self
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bcflow.models.outcomes import RunRecord

TEN_MINUTES: Final = timedelta(minutes=10)
DAY: Final = timedelta(days=1)

_QUIET: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})\s*[-\u2013]\s*([0-9]{1,2}):([0-9]{2})(?:\s+(\S.*))?")
_CAPTCHA: Final = re.compile(r"\bcaptcha\b|not a robot|you are (?:a )?human", re.IGNORECASE)
# A plain "try again later" is not among them: it is what any broken server says. Three in a row trip anyway.
_TOO_FAST: Final = re.compile(
    r"(?:unusual|suspicious) (?:\w+ )?activit|too many (?:requests|attempts|times)|maximum number of attempts"
    r"|too (?:often|fast|frequent)|rate.?limit|(?:answer|HTTP|status|code)\W{1,3}429\b",
    re.IGNORECASE,
)
_FAILURES: Final = frozenset({"failed", "refused"})
NOT_TRIED: Final = frozenset({"skipped", "cancelled", "expired", "planned"})
_WENT_WELL: Final = frozenset({"done", "already", "differs"})


@dataclass(frozen=True)
class QuietHours:
    """Hours of every day in which nothing is written: from `start` up to `end`, by the clock of `zone` (IANA)."""

    start: time
    end: time
    zone: str

    @classmethod
    def parse(cls, text: str, zone: str | None = None) -> Self:
        """Read `22:00-07:00 Europe/Berlin`, or `22:00-07:00` with the `zone` beside it. Raises ValueError."""
        from bcflow.models.identity import quoted
        from bcflow.models.places.spelling import check_time_zone

        found = _QUIET.fullmatch(text.strip())
        if found is None:
            raise ValueError(f"{quoted(text)} is not a span of hours such as 22:00-07:00 Europe/Berlin")
        try:
            start, end = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
        except ValueError:
            raise ValueError(f"{quoted(text)}: hours go from 00:00 to 23:59") from None
        if start == end:
            raise ValueError(f"{quoted(text)} begins when it ends")
        named = found[5] or zone
        if not named:
            raise ValueError(f"{quoted(text)} needs a time zone, such as 22:00-07:00 Europe/Berlin")
        return cls(start, end, check_time_zone(named))

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M} {self.zone}"

    def hold(self, moment: datetime) -> bool:
        """Whether `moment` is in them."""
        local = moment.astimezone(ZoneInfo(self.zone)).time()
        if self.start < self.end:
            return self.start <= local < self.end
        return local >= self.start or local < self.end

    def after(self, moment: datetime) -> datetime:
        """Return `moment` if it is not in them, else when they end, in UTC."""
        moment = moment.astimezone(UTC)
        while self.hold(moment):  # twice where a clock is set back over the end of them
            local = moment.astimezone(ZoneInfo(self.zone))
            day = local.date() if local.time() < self.end else local.date() + timedelta(days=1)
            ends = datetime.combine(day, self.end, ZoneInfo(self.zone)).astimezone(UTC)
            moment = ends if ends > moment else ends + timedelta(hours=1)
        return moment


@dataclass(frozen=True)
class Pace:
    """How fast one login may write. The defaults and their reasons are in the table above."""

    seconds_between: float = 3.0
    per_ten_minutes: int = 20
    per_day: int = 200
    quiet: QuietHours | None = None

    def __post_init__(self) -> None:
        if self.seconds_between < 0 or self.per_ten_minutes < 1 or self.per_day < 1:
            raise ValueError("a pace has no negative pause and lets at least one write through")

    def next_write(self, now: datetime, writes: Sequence[datetime]) -> datetime:
        """Return the earliest moment from `now` on at which the login may write next, in UTC.

        `writes` are the moments of its earlier writes, in any order; those of the last 24 hours are enough. One
        later than `now` (a clock was set back) counts as just now. All moments must know their time zone.
        """
        now = now.astimezone(UTC)
        earlier = sorted(min(write.astimezone(UTC), now) for write in writes)
        moment = now
        if earlier:
            moment = max(moment, earlier[-1] + timedelta(seconds=self.seconds_between))
        for most, window in ((self.per_ten_minutes, TEN_MINUTES), (self.per_day, DAY)):
            if len(earlier) >= most:
                moment = max(moment, earlier[-most] + window)
        return moment if self.quiet is None else self.quiet.after(moment)

    def estimate(
        self, jobs: int, seconds_per_job: float, *, now: datetime, writes: Sequence[datetime] = ()
    ) -> timedelta:
        """Return how long `jobs` of one login will take from `now` on, with one write each.

        `seconds_per_job` is what one takes by itself; `writes` are the login's earlier ones, as in `next_write`.
        Logins work side by side: of several the longest counts.
        """
        counted = max(self.per_ten_minutes, self.per_day)
        latest = sorted(writes)[-counted:]
        start = moment = now.astimezone(UTC)
        for _ in range(jobs):
            write = self.next_write(moment, latest)
            latest = [*latest, write][-counted:]
            moment = write + timedelta(seconds=seconds_per_job)
        return moment - start


def about(duration: timedelta) -> str:
    """Return `duration` as a person says it: `about 40 s`, `about 12 min`, `about 1 h 10 min`, `about 2 days 3 h`."""
    seconds = max(0, round(duration.total_seconds()))
    if seconds < 90:  # noqa: PLR2004 - below this, minutes are too coarse
        return f"about {seconds} s"
    minutes = round(seconds / 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [f"{days} day{'s' if days > 1 else ''}"] if days else []
    parts += [f"{hours} h"] if hours else []
    parts += [f"{minutes} min"] if minutes and not days else []
    return f"about {' '.join(parts)}"


@dataclass(frozen=True)
class Breaker:
    """Says when one flow on one login must rest until a person looked: going on would make it worse."""

    equal_failures: int = 3

    def trips(self, records: Sequence[RunRecord]) -> str:
        """Return why that flow on that login must pause now, or an empty text.

        `records` are its ended runs, oldest first, since it was last started (again): a captcha, words about
        unusual activity or too many requests, the first `screen-changed`, or equal failures in a row (same
        outcome, same message). Runs that were never tried do not count, neither for nor against; nor do refusals of a
        dry run or a plan: they say what is wrong with the job, and nothing was sent.
        """
        alike: list[RunRecord] = []
        for record in (each for each in records if each.outcome not in NOT_TRIED):
            if why := _at_once(record):
                return why
            if record.outcome == "refused" and record.dry_run:
                continue
            same = alike and (record.outcome, record.message) == (alike[-1].outcome, alike[-1].message)
            alike = [*(alike if same else []), record] if record.outcome in _FAILURES else []
            if len(alike) >= self.equal_failures:
                return f"{len(alike)} runs in a row ended {record.outcome}, the last {record.id}: {record.message}"
        return ""


def _at_once(record: RunRecord) -> str:
    if record.outcome == "screen-changed":
        return f"a screen changed (run {record.id}): {record.message}"
    if record.outcome in _WENT_WELL or record.waiting_for not in (None, "you"):
        return ""  # its message names things on the site, which may be called anything
    if _CAPTCHA.search(record.message):
        return f"{record.message} (run {record.id})"
    if _TOO_FAST.search(record.message):
        return f"the site found us too fast or unusual (run {record.id}): {record.message}"
    return ""

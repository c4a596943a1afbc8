"""What holds a batch back: the stop and read-only switches, a breaker's pause, the pace of a login."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from bcflow.runner.config.limits import pace_of
from bcflow.runner.policy.pace import DAY, Breaker, about
from bcflow.runner.storage.switches import Switches

if TYPE_CHECKING:
    from bcflow.models.outcomes import RunRecord
    from bcflow.runner.config.settings import Settings
    from bcflow.runner.storage.runs import Store

TICK_SECONDS: Final = 1.0
WORTH_SAYING_SECONDS: Final = 20.0
SECONDS_A_JOB: Final = 10.0
LONG_BATCH: Final = 10
"""A batch of so many writes is told how long it will take before it is agreed to."""


class Oversight:
    """Watches over the writes of one batch."""

    def __init__(self, settings: Settings, store: Store, *, tell: Callable[[str], None]) -> None:
        """Watch with the pace of `settings`; a stand-in on this machine has none unless one was asked for."""
        self._read_only = settings.read_only
        self._store = store
        self._switches = Switches(store.database)
        self._tell = tell
        self._ended: dict[tuple[str, str], list[RunRecord]] = defaultdict(list)
        asked = {"pace_seconds", "writes_per_ten_minutes", "writes_per_day", "quiet_hours"} & settings.model_fields_set
        self._pace = pace_of(settings) if settings.is_real_site() or asked else None

    def stopped(self) -> str:
        """Return why nothing may be started now, or an empty text."""
        why = self._switches.stopped()
        return f"everything is stopped: {why}; bcflow start lifts it" if why else ""

    def read_only(self) -> str:
        """Return why nothing may be written now, or an empty text."""
        if self._read_only:
            return "BCFLOW_READ_ONLY is set: nothing is written"
        why = self._switches.is_read_only()
        return f"only looking is allowed: {why}; bcflow start --read-only lifts it" if why else ""

    def paused(self, flow: str, login: str) -> str:
        """Return why this flow rests on this login, or an empty text."""
        why = self._switches.paused(flow, login)
        return f"{flow} rests on login '{login}': {why}; bcflow start {flow} --login {login} lifts it" if why else ""

    def learn(self, record: RunRecord) -> None:
        """Take note of how a run ended; the flow may have to rest from now on."""
        key = (record.flow, record.login)
        self._ended[key].append(record)
        why = Breaker().trips(self._ended[key])
        if why and not self._switches.paused(*key):
            self._switches.pause(*key, why)
            self._tell(self.paused(*key))

    def wait_for_turn(self, login: str, *, must_end: Callable[[], str]) -> None:
        """Wait until `login` may write again by its pace, or until `must_end` gives a reason to stop waiting."""
        if self._pace is None:
            return
        said, tick = False, threading.Event()
        while not must_end():
            now = datetime.now(UTC)
            left = (self._pace.next_write(now, self._store.writes(login, since=now - DAY)) - now).total_seconds()
            if left <= 0:
                return
            if left > WORTH_SAYING_SECONDS and not said:
                said = True
                self._tell(f"login '{login}' keeps its pace: the next write is in {round(left / 60)} min")
            tick.wait(min(left, TICK_SECONDS))

    def estimate(self, jobs: int, login: str) -> str:
        """Return how long so many writes will take, for a batch long enough to ask."""
        if jobs < LONG_BATCH or self._pace is None:
            return ""
        now = datetime.now(UTC)
        writes = self._store.writes(login, since=now - DAY)
        return f"This will take {about(self._pace.estimate(jobs, SECONDS_A_JOB, now=now, writes=writes))}."

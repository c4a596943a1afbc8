"""One file of several logins, worked one after another and side by side: how much sooner it ends.

With fake browsers the engine is measured, with one worker killed in the middle of each round; with real ones against
the stand-in, what two cores make of it.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Final

from standin.server import StandIn
from tests.faults.batch_storm import Storm, jobs_of
from tests.faults.many_logins import ALONE, ONE, THREE, figures, play_rounds
from tests.support.postgres import PostgresServer

ROUNDS_ALONE: Final = 3


def with_fake_browsers(rounds: int) -> dict[str, dict[str, float]]:
    """Return the figures of 60 jobs of six logins: three workers on PostgreSQL, one on SQLite, each killed once."""
    alone = play_rounds(ALONE, ROUNDS_ALONE)
    return {setting.name: figures(alone, play_rounds(setting, rounds)) for setting in (THREE, ONE)}


def with_real_browsers() -> dict[str, Any]:
    """Return the seconds of twelve jobs of three logins in real browsers: by one slot, then by two workers of two."""
    found: dict[str, Any] = {}
    with StandIn() as standin, PostgresServer() as server:
        for name, workers, slots in (("1 worker, 1 slot", ("only",), 1), ("2 workers, 2 slots", ("left", "right"), 2)):
            with tempfile.TemporaryDirectory(prefix="bcflow-bench-") as folder, server.database() as url:
                storm = Storm(standin, url, Path(folder), seed_number=1, jobs=jobs_of(3), workers=workers, slots=slots)
                done = storm.play(kills=0)
            found[name] = {"seconds": round(done.seconds, 1), "wrong": len(done.wrong)}
    return found

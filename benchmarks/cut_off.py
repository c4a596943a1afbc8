"""What a connection that breaks at a write brings, with a plain script and with bcflow: `python -m benchmarks.cut_off`.

Each flow is run against the stand-in with the connection of its write cut at one of four moments, and then run once
more, as somebody does who saw it fail. Chromium sends a request again by itself when a connection that it used before
is cut; the script cannot know. Exits 1 if bcflow sent anything twice.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import product
from pathlib import Path
from typing import Final

from loguru import logger
from playwright.sync_api import Error as PlaywrightError

from benchmarks.bcflow_side import BcflowSide
from benchmarks.duel import plain_side
from benchmarks.jobs import JOBS
from benchmarks.plain_playwright import FLOWS
from standin.server import StandIn

WRITES: Final = {
    "invite-member": "invite",
    "add-ad-account": "request",
    "share-with-partner": "share",
    "create-ad-account": "create",
    "create-business-center": "register",
}
WHERE: Final = ("before-applied", "unanswered", "headers", "body")
PATIENCE_MS: Final = 8000.0


def measure(say: Callable[[str], None]) -> dict[str, Counter[str]]:
    """Return for each side how many writes were cut, how many arrived twice, and how many took effect twice."""
    total: dict[str, Counter[str]] = {"plain": Counter(), "bcflow": Counter()}
    with tempfile.TemporaryDirectory() as home, StandIn() as standin:
        addresses = {"bc": standin.bc_url, "ads": standin.ads_url, "control": standin.control}
        with plain_side(addresses) as (script, _), BcflowSide(addresses, Path(home)) as ours:
            script.page.set_default_timeout(PATIENCE_MS)
            runs: dict[str, Callable[[str], object]] = {
                "plain": lambda flow: FLOWS[flow](script, JOBS[flow]),
                "bcflow": ours.run,
            }
            for flow, where, side in product(WRITES, WHERE, total):
                ours.forget()
                applied = _most_alike(standin, where, WRITES[flow], partial(runs[side], flow))
                total[side]["cut"] += 1
                total[side]["arrived twice"] += len(applied) > 1
                total[side]["took effect twice"] += sum(applied) > 1
                say(f"{flow:<24}{where:<16}{side:<8}arrived {len(applied)}, took effect {sum(applied)}")
    return total


def _most_alike(standin: StandIn, where: str, kind: str, run: Callable[[], object]) -> list[bool]:
    """Run twice in a fresh world; of the request that arrived most often, return of each time if it took effect.

    A share is two requests, of which each is told by what it carries.
    """
    sessions = standin.world.sessions
    standin.reset(faults=[f"cut_rst={where}:{kind}:1"])
    standin.world.sessions = sessions
    for _ in range(2):
        with suppress(RuntimeError, AssertionError, PlaywrightError):
            run()
    alike: dict[str, list[bool]] = {}
    for write in standin.world.writes:
        if write.kind == kind:
            alike.setdefault(json.dumps(write.body, sort_keys=True), []).append(write.applied)
    return max(alike.values(), key=lambda each: (sum(each), len(each)), default=[])


def main() -> int:
    """Measure, and print a line for each write and what all came to."""
    logger.remove()
    total = measure(lambda line: print(line, flush=True))
    for side, counts in total.items():
        print(f"{side}: {', '.join(f'{count} {name}' for name, count in counts.items())}")
    return int(total["bcflow"]["arrived twice"] > 0)


if __name__ == "__main__":
    raise SystemExit(main())

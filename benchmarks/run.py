"""Measure bcflow against plain Playwright: `make bench`. See README.md beside this file."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from loguru import logger

from benchmarks import overhead, results, workers
from benchmarks.duel import fight

OUT = Path(__file__).with_name("results.json")


def main() -> int:
    """Measure, print, write results.json; return 1 if a flow did not end as it must."""
    parser = argparse.ArgumentParser(description="bcflow compared with plain Playwright")
    parser.add_argument("--rounds", type=int, default=10, help="how often each side does each flow")
    parser.add_argument("--worker-rounds", type=int, default=5, help="how often a worker is killed, for each database")
    parser.add_argument("--out", type=Path, default=OUT, help="where to write the numbers")
    given = parser.parse_args()
    # As on the command line without --debug; each run's own log is still kept with its evidence.
    logger.remove()
    with tempfile.TemporaryDirectory(prefix="bcflow-bench-") as folder:
        found = measure(given.rounds, Path(folder), worker_rounds=given.worker_rounds)
    results.show(found)
    given.out.write_text(json.dumps(found, indent=2) + "\n")
    return 1 if found["duel"]["failures"] else 0


def measure(rounds: int, home: Path, *, worker_rounds: int) -> results.Results:
    """Measure everything once, in a folder of its own."""
    _say("starting up, the ledger")
    start = {name: round(overhead.seconds_to_start(name, home=home), 3) for name in ("--help", "flows")}
    ledger = round(overhead.milliseconds_per_ledger_write(home), 3)
    dispatch = round(overhead.milliseconds_per_dispatch(home), 1)
    duel = fight(rounds, home / "duel", say=_say)
    _say("one file, several logins")
    side_by_side = {"fake": workers.with_fake_browsers(worker_rounds), "real": workers.with_real_browsers()}
    _say("memory")
    return {
        "machine": results.machine(duel.browser),
        "duel": results.of_duel(duel),
        "start": start,
        "ledger_write_ms": ledger,
        "dispatch_ms": dispatch,
        "workers": side_by_side,
        "memory": overhead.memory_of_a_slot(home),
        "plain_memory": overhead.memory_of_plain_playwright(),
        "empty_page": overhead.memory_of_an_empty_page(),
    }


def _say(what: str) -> None:
    print(f"bench: {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())

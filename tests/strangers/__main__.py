"""`python -m tests.strangers --seeds 1-200`: all flows on that many strangers, with a person who answers; the table."""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed

from tests.strangers.meeting import meet
from tests.strangers.play import table


def main() -> None:
    """Play, and print a line for each stranger, one for each flow that did not end right, then what it came to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="1-12", help="from and to, as in 1-200")
    parser.add_argument(
        "--slips", type=float, default=0.0, help="how often the person is wrong: 0.2 is one time in five"
    )
    parser.add_argument("--workers", type=int, default=4, help="how many are played at once: most of it is waiting")
    parser.add_argument("--verbose", action="store_true", help="each answer, too")
    given = parser.parse_args()
    first, _, last = given.seeds.partition("-")
    with ProcessPoolExecutor(given.workers, multiprocessing.get_context("spawn")) as players:
        meetings = [players.submit(meet, number, given.slips) for number in range(int(first), int(last or first) + 1)]
        strangers = []
        for meeting in as_completed(meetings):
            strangers.append(meeting.result())
            say("\n".join(strangers[-1].lines(verbose=given.verbose)))
    say(table(strangers))


def say(text: str) -> None:
    """Print at once: a run takes hours."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()

"""`python -m tests.strangers --seeds 1-200`: all flows on that many strangers, with a person who answers; the table."""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import signal
import sys
from functools import partial

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
    numbers = range(int(first), int(last or first) + 1)
    # Told to end, this process ends those that play for it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with multiprocessing.get_context("spawn").Pool(given.workers) as players:
        strangers = []
        for stranger in players.imap_unordered(partial(meet, slips=given.slips), numbers):
            strangers.append(stranger)
            say("\n".join(stranger.lines(verbose=given.verbose)))
    say(table(strangers))


def say(text: str) -> None:
    """Print at once: a run takes hours."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()

"""Kills the runner and its browser round every write, many times, and says what came of it.

`python -m tests.faults.storm --seed N --kills N [--part]` (`make faults`). Exit code 1 if anything was sent twice, was
lost, was left unknown, or was told in an order that cannot be.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterable
from itertools import product
from typing import Any, Final

from loguru import logger

from standin.server import StandIn
from tests.faults.kill_case import BEFORE, FAULTS, RANDOM, UNANSWERED, UNRECORDED, UNSEEN, WINDOWS, Case, Result, play
from tests.support.flow_jobs import FLOWS

SEED: Final = 20261125
KILLS: Final = 300
EDITIONS: Final = ("2026", "2024")
RANDOM_SHARE: Final = 6
"""One kill of the runner in so many is at a random moment."""
MOST_EVENTS, MOST_SECONDS = 7, 0.7
"""A run tells about eight events, some tenths of a second apart; the longest step takes a few seconds."""
FAULT_WINDOWS: Final = (UNANSWERED, UNSEEN, UNRECORDED, BEFORE)
Wanted = tuple[str, str, str, str, str]
"""Flow, edition, window, victim, fault."""


def whole(seed: int, kills: int) -> list[Case]:
    """Plan `kills` kills of the runner, then a sixth as many of the browser, then a tenth with faults at the site."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    at_random = kills // RANDOM_SHARE
    everywhere = [(flow, edition, window) for window, edition, flow in product(WINDOWS, EDITIONS, FLOWS)]
    somewhere = [(flow, edition, RANDOM) for edition, flow in product(EDITIONS, FLOWS)]
    troubles = list(product(FAULTS, FAULT_WINDOWS, EDITIONS, FLOWS))
    # Not in order: a part of them is still a bit of everything.
    for each in (everywhere, troubles):
        chance.shuffle(each)
    wanted: list[Wanted] = [(*each, "runner", "") for each in _around(everywhere, kills - at_random)]
    wanted += [(*each, "runner", "") for each in _around(somewhere, at_random)]
    wanted += [(*each, "browser", "") for each in _around(everywhere, max(len(WINDOWS), kills // 6))]
    wanted += [
        (flow, edition, window, ("runner", "browser")[index % 2], fault)
        for index, (fault, window, edition, flow) in enumerate(_around(troubles, max(len(FAULTS), kills // 10)))
    ]
    return _numbered(wanted, chance)


def part(seed: int = SEED) -> list[Case]:
    """Plan a few kills that touch every window, flow, edition, fault and both victims."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    flows = list(FLOWS)
    chance.shuffle(flows)
    wanted: list[Wanted] = [
        (flow, EDITIONS[index % 2], window, "runner", "")
        for index, (window, flow) in enumerate(zip(WINDOWS, flows, strict=True))
    ]
    quick = ("invite-member", "add-ad-account")
    wanted.append((quick[0], "2024", RANDOM, "runner", ""))
    wanted += [(quick[index % 2], EDITIONS[index % 2], UNSEEN, "runner", fault) for index, fault in enumerate(FAULTS)]
    wanted += [(quick[1], "2026", UNANSWERED, "browser", ""), (quick[0], "2024", WINDOWS[0], "browser", "")]
    return _numbered(wanted, chance)


def _around(rows: list[Any], count: int) -> list[Any]:
    return [rows[index % len(rows)] for index in range(count)]


def _numbered(wanted: Iterable[Wanted], chance: random.Random) -> list[Case]:
    """Give each its number; every next one of a kind strikes at the window's next place."""
    met: Counter[Wanted] = Counter()
    cases = []
    for number, each in enumerate(wanted, start=1):
        flow, edition, window, victim, fault = each
        # The editions start at different places.
        turn = met[each] + EDITIONS.index(edition)
        met[each] += 1
        events, seconds = chance.randint(0, MOST_EVENTS), chance.uniform(0, MOST_SECONDS)
        cases.append(Case(number, flow, edition, window, victim, fault, turn, events, seconds))
    return cases


def report(results: list[Result], seed: int) -> str:
    """Return what is printed in the end."""
    lines = [f"seed {seed}"]
    for title, some in (
        ("runner killed", [one for one in results if one.case.victim == "runner" and not one.case.fault]),
        ("browser killed", [one for one in results if one.case.victim == "browser" and not one.case.fault]),
        ("one of them killed, with a fault at the site", [one for one in results if one.case.fault]),
    ):
        lines.append(f"{title}: {len(some)}")
        fell = Counter(one.where for one in some)
        aimed = Counter(one.case.window for one in some)
        lines += [f"  {window:15} {fell[window]:4}" for window in WINDOWS]
        if aimed[RANDOM]:
            lines.append(f"  of these at random moments: {aimed[RANDOM]}")
    doubts = sum(bool(one.unknown) for one in results)
    lines += [
        f"requests {sum(one.requests for one in results)} for {len(results)} jobs",
        f"doubles  {sum(one.doubles for one in results)}",
        f"lost     {sum(one.lost for one in results)}",
        f"unknown  {doubts}, settled {doubts - sum('not settled' in ' '.join(one.wrong) for one in results)}",
        f"wrong    {sum(bool(one.wrong) for one in results)}",
    ]
    return "\n".join(lines)


def _line(result: Result, total: int) -> str:
    number, _, rest = str(result.case).partition(" ")
    ended = ", ".join(result.outcomes)
    return f"{number}/{total} {rest}: {ended} ({result.seconds:.1f} s)"


def main(arguments: list[str] | None = None) -> int:
    """Play the storm; 0 if nothing was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.storm", description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--kills", type=int, default=KILLS, help="kills of the runner (default: %(default)s)")
    parser.add_argument("--part", action="store_true", help="only the few cases that `make test-all` plays")
    parser.add_argument("--only", type=int, nargs="*", metavar="NUMBER", help="only the cases of these numbers")
    given = parser.parse_args(arguments)
    logger.remove()
    cases = part(given.seed) if given.part else whole(given.seed, given.kills)
    chosen = [case for case in cases if not given.only or case.number in given.only]
    results = []
    with StandIn() as standin:
        for case in chosen:
            result = play(case, standin)
            results.append(result)
            _say(_line(result, len(cases)))
            for sentence in result.wrong:
                _say(f"    WRONG: {sentence}")
    _say(report(results, given.seed))
    return int(any(result.wrong or result.doubles or result.lost for result in results))


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

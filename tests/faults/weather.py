"""Draws at random what a site may do round a write, and says what came of it: the site's log against the ledger.

`python -m tests.faults.weather --seed N --cases N [--only NUMBER …]` (the second half of `make faults`). Exit code 1 if
anything was sent twice or lost, went to another account or level than was asked, or was told otherwise than it is.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any, Final

from loguru import logger

from bcflow.runner.storage.ledger import Ledger
from standin.server import StandIn
from standin.switches import AXES, DRAWN, STRIKES
from standin.world import World
from tests.faults import history, truth
from tests.support.flow_jobs import FLOWS, WRITE_KIND, make_for
from tests.support.signed_in_home import Desk

SEED: Final = 20261128
CASES: Final = 260
LANGUAGES: Final = ("en", "vi")
LEFT_OUT: Final = frozenset({"renamed_button", "login_blank", "wrong_bc", "near_duplicates", "stale_list"})
"""Faults that need a word or an id of their own; an old list is drawn with another fault, as `lag`."""
FIXED_AXES: Final = frozenset(
    {"edition", "language", "late_redirect", "empty_bc", "login_code", "login_form", "consent"}
)
SETTLE, MOST_RUNS = 3.0, 6
STANDS: Final = frozenset({"done", "already", "waiting"})


@dataclass(frozen=True)
class Case:
    """One job under one weather; `person` says whether somebody is there to give codes."""

    number: int
    flow: str
    axes: tuple[tuple[str, str], ...]
    faults: tuple[str, ...]
    person: bool

    def __str__(self) -> str:
        axes = " ".join(f"{name}={value}" for name, value in self.axes)
        return f"{self.number} {self.flow} {axes} {' '.join(self.faults)}{'' if self.person else ' nobody'}"


@dataclass
class Result:
    """What came of a case; `wrong` must be empty."""

    case: Case
    outcomes: list[str] = field(default_factory=list)
    requests: int = 0
    doubles: int = 0
    lost: int = 0
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0
    last: str = ""

    @property
    def arrived(self) -> bool:
        """Whether the job was done in the end."""
        return self.outcomes[-1:] != [] and self.outcomes[-1] in STANDS


def drawn(seed_number: int, cases: int) -> list[Case]:
    """Draw `cases` cases; every fault comes up about equally often."""
    chance = random.Random(seed_number)  # noqa: S311 - no secret
    faults = [name for name in STRIKES if name not in LEFT_OUT]
    made = []
    for number in range(1, cases + 1):
        if number % len(faults) == 1:
            chance.shuffle(faults)
        flow = FLOWS[number % len(FLOWS)]
        striking = [_fault(faults[number % len(faults)], WRITE_KIND[flow], chance)]
        if chance.random() < 1 / 3:
            striking.append(_fault(chance.choice(faults), WRITE_KIND[flow], chance))
        if chance.random() < 1 / 4:
            striking.append(f"stale_list={chance.choice(('1', '2 loads', '30'))}:{WRITE_KIND[flow]}:1")
        made.append(Case(number, flow, _axes(chance), tuple(dict.fromkeys(striking)), chance.random() < 2 / 3))
    return made


def _fault(name: str, kind: str, chance: random.Random) -> str:
    value = chance.choice(DRAWN.get(name, ("",)))
    head = f"{name}={value}" if value else name
    return head if not STRIKES[name] else f"{head}:{kind}:1"


def _axes(chance: random.Random) -> tuple[tuple[str, str], ...]:
    names = chance.sample([name for name in AXES if name not in FIXED_AXES], 4)
    edition, language = chance.choice(AXES["edition"]), chance.choice(LANGUAGES)
    return (("edition", edition), ("language", language), *((name, chance.choice(AXES[name])) for name in names))


def play(case: Case, standin: StandIn) -> Result:
    """Run one job until it ends, in a home and a world of its own."""
    standin.reset(axes=dict(case.axes), faults=list(case.faults))
    began, result = monotonic(), Result(case)
    with tempfile.TemporaryDirectory(prefix="weather-") as folder:
        desk = Desk(standin, Path(folder))
        desk.save_sign_in()
        try:
            _Play(case, desk, result).to_the_end()
        except Exception as error:  # noqa: BLE001 - the weather goes on, and this case has failed
            result.wrong.append(f"{type(error).__name__}: {error}")
    result.seconds = monotonic() - began
    return result


class _Play:
    def __init__(self, case: Case, desk: Desk, result: Result) -> None:
        self._case, self._desk, self._result = case, desk, result
        self._world: World = desk.standin.world
        self._job = make_for(self._world, case.flow)
        self._before = truth.things(self._world)
        desk.answer = self._answer

    def to_the_end(self) -> None:
        """Run, settle what is in doubt as a person would who looks at the site, and run again."""
        for turn in range(MOST_RUNS):
            record = self._desk.run(self._job, settle=SETTLE)
            self._result.outcomes.append(record["outcome"])
            self._result.last = record["message"]
            self._told_right(record)
            if record["outcome"] == "unknown" or (record["waiting_for"] == "you" and self._in_doubt()):
                self._desk.settle(record["id"], happened=truth.state(self._world, self._job) != "absent")
            elif record["outcome"] in STANDS and record["waiting_for"] != "you":
                break
            elif turn:
                # Whatever it was, it is over by now.
                self._world.faults.clear()
                self._world.stale, self._world.captcha_solved = None, True
        self._judge()

    def _answer(self, question: dict[str, Any]) -> str | None:
        codes = [code.code for code in self._world.codes if not code.used]
        return codes[-1] if self._case.person and question["kind"] == "code" and codes else None

    def _told_right(self, record: dict[str, Any]) -> None:
        """Hold what the run says against what the site has."""
        state, outcome = truth.state(self._world, self._job), record["outcome"]
        told = f"told {outcome} ({record['message']}), and the site has it {state}"
        claims = {"differs": "otherwise"} | dict.fromkeys(("refused", "failed", "screen-changed"), "absent")
        if record["waiting_for"] != "you":
            claims |= dict.fromkeys(STANDS, "as asked")
        if state != claims.get(outcome, state):
            self._result.wrong.append(told)

    def _in_doubt(self) -> bool:
        last = {event.effect: event.name for event in self._events()}
        return not history.MAY_BE_UNDER_WAY.isdisjoint(last.values())

    def _events(self) -> list[history.Event]:
        with closing(Ledger(self._desk.settings.database())) as ledger:
            return [event for event in history.events_of(ledger.history()) if event.name != "looked"]

    def _judge(self) -> None:
        writes, events, result = self._desk.writes(), self._events(), self._result
        requests = history.requests_of(writes)
        result.requests = len(writes)
        applied = [request for request in requests if request.applied]
        result.doubles, result.lost = history.doubles(applied), history.lost(requests, events)
        found = history.check(requests, events)
        if any(write.kind == "precheck" for write in writes):
            # The page's own question was answered, perhaps with a no: it is none of the requests that are looked at.
            found = [each for each in found if "no request reached the site" not in each]
        result.wrong += found
        new = truth.things(self._world) - self._before - truth.wanted(self._world, self._job)
        result.wrong += [f"nobody asked for it: {each}" for each in sorted(new)]
        if not result.arrived and applied:
            result.wrong.append(f"it happened and was never seen: {', '.join(result.outcomes)}; {result.last}")


def report(results: list[Result], seed_number: int) -> str:
    """Return what is printed in the end."""
    struck = Counter(fault.partition("=")[0].partition(":")[0] for one in results for fault in one.case.faults)
    ended = Counter(one.outcomes[0] for one in results if one.outcomes)
    return "\n".join(
        [
            f"seed {seed_number}, cases {len(results)}",
            "faults: " + ", ".join(f"{name} {count}" for name, count in sorted(struck.items())),
            "first run: " + ", ".join(f"{name} {count}" for name, count in ended.most_common()),
            f"requests {sum(one.requests for one in results)}",
            f"doubles  {sum(one.doubles for one in results)}",
            f"lost     {sum(one.lost for one in results)}",
            f"wrong    {sum(bool(one.wrong) for one in results)}",
            f"stopped short, nothing written: {sum(not one.arrived for one in results)}",
        ]
    )


def main(arguments: list[str] | None = None) -> int:
    """Play the weather; 0 if nothing was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.weather", description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--only", type=int, nargs="*", metavar="NUMBER", help="only the cases of these numbers")
    given = parser.parse_args(arguments)
    logger.remove()
    results = []
    with StandIn() as standin:
        for case in drawn(given.seed, given.cases):
            if given.only and case.number not in given.only:
                continue
            result = play(case, standin)
            results.append(result)
            _say(f"{case}: {', '.join(result.outcomes)} ({result.seconds:.1f} s)")
            if not result.arrived:
                _say(f"    stopped short: {result.last}")
            for sentence in result.wrong:
                _say(f"    WRONG: {sentence}")
    _say(report(results, given.seed))
    return int(any(result.wrong or result.doubles or result.lost for result in results))


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

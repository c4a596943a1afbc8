"""One kill round a write, and what comes after it: the same job is run again until it ends."""

from __future__ import annotations

import tempfile
import threading
from contextlib import closing
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from time import monotonic
from typing import Any, Final

from bcflow.runner.browser import browser as browsers
from bcflow.runner.storage.ledger import Ledger
from standin.server import StandIn
from standin.switches import parse_fault
from tests.faults import history
from tests.support import child
from tests.support.flow_jobs import WRITE_KIND, make_for
from tests.support.signed_in_home import Desk
from tests.support.waiting import SOON, Watched, browsers_of, descendants, until

BEFORE, UNSENT, UNANSWERED, UNSEEN, UNRECORDED = WINDOWS = (
    "prepared→armed",
    "armed→sent",
    "sent→answered",
    "answered→seen",
    "seen→recorded",
)
RANDOM: Final = "random moment"
AT_THE_SITE: Final = "the site works on it"
"""No halt of ours: the kill comes while the site takes its time over the write."""
HALTS: Final[dict[str, tuple[str, ...]]] = {
    BEFORE: (child.BEFORE_ARMED,),
    UNSENT: (child.ARMED,),
    UNANSWERED: (AT_THE_SITE, child.HEARD),
    UNSEEN: (child.ANSWERED, child.LOOKS),
    UNRECORDED: (child.SEEN, child.NOTED, child.ENDS),
}
FAULTS: Final = {"500_after": "500_after:{}:1", "drop_after": "drop_after:{}:1", "stale_list": "stale_list=600:{}:1"}
STALE: Final = "stale_list"
SOON_FRESH: Final = "stale_list=2 loads:{}:1"
"""For a run that must see its write before it is killed; otherwise the list is old until it was called unknown."""
WELL: Final = frozenset({"done", "waiting", "already"})
IN_TIME: Final = 1.0
"""Seconds the site takes for a write that is to be killed in the middle."""
LONG_ENOUGH, NO_LONG_WAIT = 20.0, 1.0
"""Seconds to look for what the site shows sooner or later, and for what it will not show."""
GONE_SECONDS: Final = 60.0
MOST_RUNS: Final = 5


@dataclass(frozen=True)
class Case:
    """Which flow loses what (`runner` or `browser`), when, and what else goes wrong at the site.

    `turn` chooses among the places of a window. A random moment is some `seconds` after that many `events`.
    """

    number: int
    flow: str
    edition: str
    window: str
    victim: str = "runner"
    fault: str = ""
    turn: int = 0
    events: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        moment = f" {self.events}+{self.seconds:.2f}s" if self.window == RANDOM else ""
        fault = f" {self.fault}" if self.fault else ""
        return f"{self.number} {self.flow} {self.edition} {self.window}{moment} {self.victim}{fault}"

    @property
    def halt(self) -> str:
        """The place to strike at."""
        places = HALTS.get(self.window, (child.NOWHERE,))
        return places[self.turn % len(places)]

    @property
    def stays_old(self) -> bool:
        """Whether the list shows the state before the write for longer than anybody looks."""
        return self.fault == STALE and self.window != UNRECORDED

    def faults(self) -> list[str]:
        """Return what goes wrong at the site, as the stand-in reads it."""
        if not self.fault:
            return []
        text = SOON_FRESH if self.fault == STALE and not self.stays_old else FAULTS[self.fault]
        return [text.format(WRITE_KIND[self.flow])]


@dataclass
class Result:
    """What came of a case; `where` is the window that the log and the ledger show, `wrong` must be empty."""

    case: Case
    where: str = ""
    outcomes: list[str] = field(default_factory=list)
    requests: int = 0
    doubles: int = 0
    lost: int = 0
    unknown: int = 0
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0


def play(case: Case, standin: StandIn) -> Result:
    """Play one case in a home and a world of its own."""
    standin.reset(axes={"edition": case.edition}, faults=case.faults())
    began, result = monotonic(), Result(case)
    with tempfile.TemporaryDirectory(prefix="storm-") as folder:
        desk = Desk(standin, Path(folder))
        desk.save_sign_in()
        try:
            _Play(case, desk, result).to_the_end()
        except Exception as error:  # noqa: BLE001 - the storm goes on, and this case has failed
            result.wrong.append(f"{type(error).__name__}: {error}")
    result.seconds = monotonic() - began
    return result


class _Play:
    def __init__(self, case: Case, desk: Desk, result: Result) -> None:
        self._case, self._desk, self._result = case, desk, result
        self._world = desk.standin.world

    def to_the_end(self) -> None:
        """Strike, run again until it ends, and judge."""
        if self._case.halt == AT_THE_SITE:
            self._world.faults.insert(0, parse_fault(f"slow={IN_TIME}:{WRITE_KIND[self._case.flow]}:1"))
        self._settle_within(NO_LONG_WAIT if self._never_shown() else LONG_ENOUGH)
        with self._desk.child(self._child_halt(), make_for(self._world, self._case.flow), tells=True) as (
            process,
            line,
        ):
            if self._case.victim == "browser":
                self._lose_the_browser(process, line)
            else:
                self._lose_the_runner(process, line)
        self._run_until_it_ends()
        self._judge()

    def _child_halt(self) -> str:
        return child.NOWHERE if self._case.halt == AT_THE_SITE else self._case.halt

    def _never_shown(self) -> bool:
        """Whether waiting for the write to show is in vain: it never left, or the list stays old."""
        return self._case.stays_old or self._case.window == UNSENT

    def _settle_within(self, seconds: float) -> None:
        self._desk.settings = self._desk.settings.model_copy(update={"settle_seconds": seconds})

    # --- the strike ---
    def _lose_the_runner(self, process: ForkServerProcess, line: Connection) -> None:
        self._moment(process, line)
        left_alone = Watched(descendants(_pid(process)))
        process.kill()
        survivors = left_alone.still_there(seconds=GONE_SECONDS)
        self._result.wrong += [f"outlived its runner: {each}" for each in survivors]
        self._note_where()

    def _lose_the_browser(self, process: ForkServerProcess, line: Connection) -> None:
        self._moment(process, line)
        self._note_where()
        for each in browsers_of(_pid(process)):
            left_alone = Watched([each, *descendants(each)])
            browsers.kill(each)
            self._result.wrong += [f"outlived: {each}" for each in left_alone.still_there(seconds=GONE_SECONDS)]
        if self._case.halt != AT_THE_SITE:
            line.send("go on")
        record = _record(line)
        self._ended(record)
        line.send("go on")
        process.join(SOON)

    def _moment(self, process: ForkServerProcess, line: Connection) -> None:
        """Return when it is time to strike."""
        if self._case.halt == AT_THE_SITE:
            until(lambda: self._desk.writes() or not process.is_alive(), "a write request")
            assert self._desk.writes(), "the runner ended by itself"
        elif self._case.window == RANDOM:
            heard = 0
            while heard < self._case.events and not isinstance(_hear(line), dict):
                heard += 1
            threading.Event().wait(self._case.seconds)
        else:
            while (word := _hear(line)) != "here":
                assert not isinstance(word, dict), f"it never came to {self._case.halt!r}: {word['message']}"

    def _note_where(self) -> None:
        """Read off log and ledger in which window the strike fell, and see that it is the one that was meant."""
        self._result.where = where = self._window()
        wanted = self._case.window
        if wanted in {RANDOM, where}:
            return
        if wanted == UNRECORDED and self._case.halt == child.SEEN and where == UNSEEN:
            # What was seen and not noted leaves no trace: the halt itself says where it was.
            self._result.where = UNRECORDED
            return
        self._result.wrong.append(f"meant for {wanted}, fell into {where}")

    def _window(self) -> str:
        names = (
            {event.name for event in self._events()} if self._desk.home.joinpath("bcflow.sqlite3").exists() else set()
        )
        if "seen" in names:
            return UNRECORDED
        if "answered" in names:
            return UNSEEN
        if "armed" in names:
            return UNANSWERED if self._desk.writes() else UNSENT
        return BEFORE

    # --- what comes after ---
    def _run_until_it_ends(self) -> None:
        for _ in range(MOST_RUNS):
            record = self._desk.run(
                make_for(self._world, self._case.flow), settle=NO_LONG_WAIT if self._in_vain() else LONG_ENOUGH
            )
            if self._ended(record):
                return
        self._result.wrong.append(f"not settled after {MOST_RUNS} runs")

    def _in_vain(self) -> bool:
        """Whether a look is to find nothing: the write never left, or the list is old."""
        last = {event.effect: event.name for event in self._events() if event.name != "looked"}
        doubtful = not history.MAY_BE_UNDER_WAY.isdisjoint(last.values())
        return self._case.stays_old or (doubtful and not self._desk.writes())

    def _ended(self, record: dict[str, Any]) -> bool:
        """Note how a run ended; an unknown one is settled the way its reason asks for."""
        self._result.outcomes.append(record["outcome"])
        if record["outcome"] in WELL:
            return True
        if record["outcome"] != "unknown":
            self._result.wrong.append(f"ended {record['outcome']}: {record['message']}")
            return True
        self._result.unknown += 1
        if not self._desk.writes():
            if self._result.where == BEFORE:
                self._result.wrong.append(f"unknown although nothing was armed: {record['message']}")
            # Nothing left: only a person who looked at the site can say so.
            self._desk.settle(record["id"], happened=False)
        elif self._world.stale is not None:
            self._world.stale = None
        else:
            self._result.wrong.append(f"unknown although the site shows it: {record['message']}")
        return False

    # --- the judgement ---
    def _judge(self) -> None:
        writes, events, result = self._desk.writes(), self._events(), self._result
        requests = history.requests_of(writes)
        result.requests = len(writes)
        result.doubles, result.lost = history.doubles(requests), history.lost(requests, events)
        result.wrong += history.check(requests, events)
        if [write.applied for write in writes] != [True]:
            result.wrong.append(f"{len(writes)} requests, applied: {[write.applied for write in writes]}")

    def _events(self) -> list[history.Event]:
        with closing(Ledger(self._desk.settings.database())) as ledger:
            return history.events_of(ledger.history())


def _pid(process: ForkServerProcess) -> int:
    assert process.pid is not None
    return process.pid


def _hear(line: Connection) -> Any:  # noqa: ANN401 - a word or a record
    assert line.poll(SOON), f"nothing heard in {SOON:.0f} s"
    try:
        return line.recv()
    except EOFError as error:
        raise AssertionError("the runner ended by itself") from error


def _record(line: Connection) -> dict[str, Any]:
    while not isinstance(word := _hear(line), dict):
        pass
    found: dict[str, Any] = word
    return found

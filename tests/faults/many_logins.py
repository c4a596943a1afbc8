"""One file of many jobs for several logins, worked by several workers, one of which is killed in the middle.

`python -m tests.faults.many_logins --rounds N` (a part of `make faults` and of `make bench`). The browsers are fakes,
so that what is measured is the engine. Exit code 1 if a login had two browsers, a worker more than its slots, or a job
was written twice, lost, or told otherwise than it went.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import monotonic
from typing import Final

from loguru import logger

from tests.support.postgres import PostgresServer
from tests.support.waiting import until
from tests.support.worker_process import BEGAN, CLOSED, ENDED, KILLED, OPENED
from tests.support.workshop import LOGINS, OFFICE, Note, Workshop, broken_rules, strange_writes

JOBS: Final = 60
WELL: Final = frozenset({"done", "already"})
LONGEST_SECONDS: Final = 180.0


@dataclass(frozen=True)
class Setting:
    """How many workers with how many slots each, on which database, and whether one of them is killed."""

    name: str
    workers: int
    slots: int
    is_shared: bool
    kills: bool = True

    @property
    def names(self) -> list[str]:
        """The workers; without PostgreSQL there can be one only."""
        return [f"worker-{number}" for number in range(self.workers)] if self.is_shared else [OFFICE]


ALONE: Final = Setting("one after another: 1 worker, 1 slot", 1, 1, is_shared=True, kills=False)
THREE: Final = Setting("PostgreSQL: 3 workers, 2 slots each, one killed", 3, 2, is_shared=True)
ONE: Final = Setting("SQLite: 1 worker, 3 slots, killed and started again", 1, 3, is_shared=False)


@dataclass
class Round:
    """What came of one round: seconds in all and from the kill until each login of the killed one went on."""

    seconds: float
    taken_over: list[float]
    wrong: list[str]


def play(server: PostgresServer, setting: Setting, *, seed: int, many: int = JOBS) -> Round:
    """Work a file of `many` jobs for six logins; the kill comes at a moment that `seed` draws."""
    lines = [(f"login_{number % LOGINS}", f"{number}@acme.example") for number in range(many)]
    with (
        tempfile.TemporaryDirectory(prefix="many-logins-") as folder,
        server.database() as notes,
        server.database() as url,
        Workshop(url if setting.is_shared else "", notes, Path(folder), slots=setting.slots) as shop,
    ):
        shop.start(*setting.names)
        began = monotonic()
        batch = shop.submit_file(lines)
        if setting.kills:
            _kill_one(shop, setting, after=random.Random(seed).randint(many // 12, many // 2))  # noqa: S311
        until(shop.all_ended, "the batch ends", seconds=LONGEST_SECONDS)
        seconds = monotonic() - began
        wrong = list(_wrong(shop, setting, lines, batch))
        return Round(seconds, _taken_over(shop.timed_notes()), wrong)


def _kill_one(shop: Workshop, setting: Setting, *, after: int) -> None:
    """Kill a worker that is at work when so many jobs are written; without another it is started again."""
    shop.until_written(after)
    busy = [note.worker for note in _at_work(shop.notes())]
    victim = next((name for name in setting.names if name in busy), setting.names[0])
    shop.kill(victim)
    if not setting.is_shared:
        shop.begin(victim)


def _at_work(notes: Sequence[Note]) -> list[Note]:
    """Return the attempts that have begun and not ended."""
    open_: dict[str, Note] = {}
    for note in notes:
        if note.what == BEGAN:
            open_[note.login] = note
        elif note.what == ENDED:
            open_.pop(note.login, None)
    return list(open_.values())


def _taken_over(notes: Sequence[tuple[Note, float]]) -> list[float]:
    """Return after how many seconds each login went on whose browser a killed worker had open."""
    found: list[float] = []
    had: dict[str, str] = {}
    for place, (note, at) in enumerate(notes):
        if note.what == OPENED:
            had[note.login] = note.worker
        elif note.what == CLOSED:
            had.pop(note.login, None)
        elif note.what == KILLED:
            for login in [one for one, worker in had.items() if worker == note.worker]:
                begun = (then for later, then in notes[place:] if later.what == BEGAN and later.login == login)
                found += [then - at for then in [next(begun, None)] if then is not None]
    return found


def _wrong(shop: Workshop, setting: Setting, lines: Sequence[tuple[str, str]], batch: str) -> Iterator[str]:
    notes, written = shop.notes(), shop.written()
    yield from broken_rules(notes, slots=setting.slots)
    yield from strange_writes(notes)
    yield from (f"{job} was written {count} times" for job, count in written.items() if count > 1)
    yield from (f"{job} was lost" for _, job in lines if not written[job])
    yield from (f"{count} ended {how}" for how, count in shop.outcomes(batch).items() if how not in WELL)
    idle = set(setting.names) - {note.worker for note in notes if note.what == BEGAN}
    if idle:
        yield f"{', '.join(sorted(idle))} took no part"


def play_rounds(setting: Setting, rounds: int, *, seed: int = 1) -> list[Round]:
    """Play some rounds, each with a kill at another moment, and say how each went."""
    played = []
    with PostgresServer() as server:
        for number in range(seed, seed + rounds):
            done = play(server, setting, seed=number)
            played.append(done)
            _say(f"{setting.name}: {done.seconds:.1f} s{_over(done)}")
            for sentence in done.wrong:
                _say(f"    WRONG: {sentence}")
    return played


def _over(done: Round) -> str:
    return f", taken over after {', '.join(f'{one:.1f}' for one in done.taken_over)} s" if done.taken_over else ""


def figures(alone: Sequence[Round], some: Sequence[Round]) -> dict[str, float]:
    """Return medians in seconds, and what part of the time of one after another the whole took."""
    taken = [one for done in some for one in done.taken_over]
    return {
        "rounds": len(some),
        "seconds": round(median(done.seconds for done in some), 2),
        "of_one_after_another": round(median(d.seconds for d in some) / median(d.seconds for d in alone), 3),
        "taken_over_median": round(median(taken), 2) if taken else 0.0,
        "taken_over_longest": round(max(taken), 2) if taken else 0.0,
        "wrong": sum(len(done.wrong) for done in some),
    }


def main(arguments: list[str] | None = None) -> int:
    """Play all settings; 0 if nothing was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.many_logins", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20, help="rounds with a kill (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    logger.remove()
    alone = play_rounds(ALONE, 3, seed=given.seed)
    wrong = [sentence for done in alone for sentence in done.wrong]
    for setting in (THREE, ONE):
        some = play_rounds(setting, given.rounds, seed=given.seed)
        wrong += [sentence for done in some for sentence in done.wrong]
        _say(f"{setting.name}: {figures(alone, some)}")
    return int(bool(wrong))


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

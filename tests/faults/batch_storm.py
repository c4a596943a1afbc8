"""One batch of several logins, worked by real workers in real browsers, which are killed again and again meanwhile.

`python -m tests.faults.batch_storm --rounds N` (a part of `make faults`). Exit code 1 if anything was sent twice, was
lost, was told otherwise than it went, or could not be settled.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, Final

from loguru import logger

from bcflow.models.jobs import JobBase
from bcflow.runner.batches.moves import resume
from bcflow.runner.batches.submit import How, submit
from bcflow.runner.config.settings import Settings
from bcflow.runner.engine.opening import opened
from bcflow.runner.jobfiles.source import Order
from bcflow.runner.jobfiles.task import Task
from bcflow.runner.storage.ledger import Ledger
from bcflow.runner.storage.runs import Store
from bcflow.runner.storage.sign_ins.opening import open_store
from bcflow.runner.storage.sign_ins.own import own_sign_in
from standin.server import StandIn
from tests.faults import history
from tests.support.flow_jobs import make_create_ad_account, make_invite_member
from tests.support.postgres import PostgresServer
from tests.support.real_workers import Workers
from tests.support.signed_in_home import state_of
from tests.support.waiting import until

LOGINS: Final = ("ana", "bo", "cy")
WORKERS: Final = ("left", "right")
SLOTS: Final = 2
KILLS: Final = 3
MOST_SECONDS_AFTER: Final = 2.0
BROWSER_SHARE: Final = 0.3
"""So often it is a browser that is killed, and not its worker."""
FAULTS: Final = ("", "drop_after:invite:2", "500_after:invite:2", "slow=2:invite", "stale_list=2 loads:invite:2")
"""What else goes wrong at the site, a round each."""
WELL: Final = frozenset({"done", "waiting", "already"})
MOST_RESUMES: Final = 4
PATIENCE_SECONDS: Final = 300.0


@dataclass
class Result:
    """What came of one round; `wrong` must be empty."""

    jobs: int = 0
    kills: int = 0
    requests: int = 0
    doubles: int = 0
    lost: int = 0
    unknown: int = 0
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0


def jobs_of(invitations: int, creators: Sequence[str] = LOGINS) -> list[JobBase]:
    """Return what the logins have to do: so many invitations each, and an ad account for each of `creators`."""
    invite = [
        make_invite_member(login=login, email=f"{login}.{number}@client.example")
        for login in LOGINS
        for number in range(invitations)
    ]
    return [*invite, *(make_create_ad_account(login=login, name=f"Zephyr {login}") for login in creators)]


class Storm:
    """One round."""

    def __init__(
        self,
        standin: StandIn,
        url: str,
        folder: Path,
        *,
        seed_number: int,
        jobs: Sequence[JobBase],
        workers: Sequence[str] = WORKERS,
        slots: int = SLOTS,
    ) -> None:
        """Prepare a world; the file and the kills are drawn by `seed_number`."""
        edition, fault = ("2026", "2024")[seed_number % 2], FAULTS[seed_number % len(FAULTS)]
        standin.reset(seed_number=seed_number, axes={"edition": edition}, faults=[fault] if fault else [])
        self._world = standin.world
        self._chance = random.Random(seed_number)  # noqa: S311 - no secret
        self._names = list(workers)
        self._workers = Workers(url, standin, folder, logins=LOGINS, slots=slots)
        self._jobs = list(jobs)
        self.result = Result(jobs=len(self._jobs))

    def play(self, *, kills: int = KILLS) -> Result:
        """Submit, kill, resume until all is well, and judge."""
        began = monotonic()
        with ExitStack() as stack:
            stack.enter_context(self._workers)
            office = stack.enter_context(opened(self._workers.settings("office")))
            store = Store(office.database)
            for login in LOGINS:
                signed_in = own_sign_in(office.settings, office.settings.login(login), open_store(office.settings))
                signed_in.save(state_of(self._world))
            for name in self._names:
                self._workers.start(name)
            # Not in the order of the logins: as people write their files.
            self._chance.shuffle(self._jobs)
            order = Order(tuple(Task(job, f"job {number}") for number, job in enumerate(self._jobs)), "night.yaml")
            batch, _ = submit(office, order, How(yes=True, trust_first_write=True))
            for written in sorted(self._chance.choices(range(len(self._jobs)), k=kills)):
                self._strike(store, after=written)
            self._until_ended(store)
            for _ in range(MOST_RESUMES):
                if self._is_well(store, batch):
                    break
                self._settle(office.settings, store, batch)
                resume(office, batch, yes=True, attended=False)
                self._until_ended(store)
            else:
                self.result.wrong.append(f"not settled after {MOST_RESUMES} times: {self._outcomes(store, batch)}")
            self._judge(office.settings)
        self.result.seconds = monotonic() - began
        return self.result

    def _strike(self, store: Store, *, after: int) -> None:
        """Kill a worker, which starts again, or a browser, a moment after so many requests."""
        arrived = partial(len, self._world.writes)
        until(lambda: arrived() >= after or not store.open_batches(), f"{after} requests", seconds=PATIENCE_SECONDS)
        end = monotonic() + self._chance.uniform(0, MOST_SECONDS_AFTER)
        until(lambda: monotonic() > end or not store.open_batches(), "it is time")
        if not store.open_batches():
            return
        self.result.kills += 1
        if self._chance.random() < BROWSER_SHARE:
            self.result.wrong += self._workers.kill_a_browser(self._chance)
            return
        victim = self._chance.choice(self._names)
        self.result.wrong += self._workers.kill(victim)
        self._workers.start(victim)

    def _until_ended(self, store: Store) -> None:
        until(lambda: self._workers.ended() or not store.open_batches(), "the batch ends", seconds=PATIENCE_SECONDS)
        self.result.wrong += [f"worker {name} ended by itself" for name in self._workers.ended()]

    def _outcomes(self, store: Store, batch: str) -> dict[str, str]:
        return {run.job["login"] + " " + run.name: str(run.outcome) for run in store.load(batch).runs}

    def _is_well(self, store: Store, batch: str) -> bool:
        runs = store.load(batch).runs
        self.result.unknown += sum(run.outcome == "unknown" for run in runs)
        told = {run.outcome for run in runs} - WELL - {"unknown", "failed", "skipped"}
        self.result.wrong += [f"ended {how}" for how in told]
        return all(run.outcome in WELL for run in runs)

    def _settle(self, settings: Settings, store: Store, batch: str) -> None:
        """Say of what is unknown and never reached the site that it did not happen, as a person would who looked."""
        arrived = {each for request in self._requests() for each in request.effects}
        with closing(Ledger(settings.database())) as ledger:
            last = {event.effect: event.name for event in history.events_of(ledger.history())}
            for run in store.load(batch).runs:
                theirs = [name for name in last if _named(run.job) in name]
                if run.outcome == "unknown" and not arrived.intersection(theirs):
                    ledger.settle(run.id, happened=False, by="a person")

    def _requests(self) -> list[history.Request]:
        return history.requests_of(list(self._world.writes))

    def _judge(self, settings: Settings) -> None:
        requests = self._requests()
        with closing(Ledger(settings.database())) as ledger:
            events = history.events_of(ledger.history())
        result = self.result
        result.requests = len(requests)
        result.doubles, result.lost = history.doubles(requests), history.lost(requests, events)
        result.wrong += history.check(requests, events)
        arrived = {each for request in requests if request.applied for each in request.effects}
        missing = [
            _named(job.model_dump())
            for job in self._jobs
            if not any(_named(job.model_dump()) in one for one in arrived)
        ]
        result.wrong += [f"told to be there, and never arrived: {name}" for name in missing]


def _named(job: dict[str, Any]) -> str:
    """Return how the effect of a job is named in logs."""
    return str(job.get("email") or job["name"]).casefold()


def rounds(many: int, first: int) -> Iterator[Result]:
    """Play so many rounds, each with other moments."""
    with StandIn() as standin, PostgresServer() as server:
        for number in range(first, first + many):
            with tempfile.TemporaryDirectory(prefix="batch-storm-") as folder, server.database() as url:
                try:
                    yield Storm(standin, url, Path(folder), seed_number=number, jobs=jobs_of(3)).play()
                except AssertionError as error:
                    yield Result(wrong=[str(error)])


def main(arguments: list[str] | None = None) -> int:
    """Play the storm; 0 if nothing was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.batch_storm", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20, help="batches (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="the first round's number")
    given = parser.parse_args(arguments)
    logger.remove()
    results: list[Result] = []
    for result in rounds(given.rounds, given.seed):
        results.append(result)
        _say(
            f"{len(results)}/{given.rounds} {result.jobs} jobs, {result.kills} kills: {result.requests} requests, "
            f"{result.unknown} unknown ({result.seconds:.0f} s)"
        )
        for sentence in result.wrong:
            _say(f"    WRONG: {sentence}")
    names = ("jobs", "kills", "requests", "doubles", "lost", "unknown")
    for name in names:
        _say(f"{name:9} {sum(getattr(one, name) for one in results)}")
    _say(f"wrong     {sum(bool(one.wrong) for one in results)}")
    return int(any(one.wrong or one.doubles or one.lost for one in results))


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

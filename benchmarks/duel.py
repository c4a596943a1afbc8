"""bcflow and plain Playwright, turn and turn about, against the same sites in the same minutes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

from playwright.sync_api import Error as PlaywrightError

from bcflow.runner.browser.browser import VIEWPORT
from bcflow.runner.browser.choice import choose
from bcflow.runner.browser.environment import driver_environment, playwright_started
from benchmarks.bcflow_side import BcflowSide
from benchmarks.jobs import JOBS
from benchmarks.plain_page import Script
from benchmarks.plain_playwright import FLOWS
from benchmarks.sites import Sites, sites_running
from standin import seed

SIDES = ("bcflow", "plain")
MOST_FAILURES = 3
"""A flow that failed so often is left out of the rounds that remain."""


@dataclass
class Times:
    """One flow on one side: seconds of every round, and what each round asked of the sites."""

    seconds: list[float] = field(default_factory=list)
    pages: set[int] = field(default_factory=set)
    data: set[int] = field(default_factory=set)
    steps: int = 0
    outside_steps: list[float] = field(default_factory=list)


@dataclass
class Duel:
    """All rounds; `failures` says what did not end as it must, by flow: such a round counts on neither side."""

    times: dict[str, dict[str, Times]]
    failures: dict[str, list[str]]
    browser: str = ""


def fight(rounds: int, home: Path, *, say: Callable[[str], None]) -> Duel:
    """Do every flow `rounds` times on both sides, after one round that does not count."""
    duel = Duel(defaultdict(lambda: {side: Times() for side in SIDES}), defaultdict(list))
    with (
        sites_running() as sites,
        plain_side(sites.addresses) as (script, browser),
        BcflowSide(sites.addresses, home) as ours,
    ):
        duel.browser = browser
        for number in range(rounds + 1):
            say(f"round {number} of {rounds}" if number else "a round to warm up")
            for flow in JOBS:
                if len(duel.failures.get(flow, [])) < MOST_FAILURES:
                    _turn(duel, flow, number, sites, script, ours)
    return duel


@contextmanager
def plain_side(addresses: dict[str, str]) -> Iterator[tuple[Script, str]]:
    """Start the browser that bcflow uses too, signed in; gives the script's page and the browser's version."""
    with playwright_started() as playwright:
        options = choose("standin").launch_options(headless=True)
        browser = playwright.chromium.launch(**options, env=dict(driver_environment()))
        context = browser.new_context(viewport=VIEWPORT)  # type: ignore[arg-type]
        context.request.post(f"{addresses['control']}/sign-in", data={"email": seed.EMAIL})
        yield Script(context.new_page(), addresses["bc"]), browser.version
        browser.close()


def _turn(duel: Duel, flow: str, number: int, sites: Sites, script: Script, ours: BcflowSide) -> None:
    """Do one flow on both sides, the other one first each round."""
    done = []
    for side in SIDES if number % 2 else SIDES[::-1]:
        sites.start_again()
        ours.forget()
        began = perf_counter()
        try:
            record = ours.run(flow) if side == "bcflow" else FLOWS[flow](script, JOBS[flow])
        except (RuntimeError, AssertionError, PlaywrightError) as error:
            duel.failures[flow].append(f"{side}, round {number}: {str(error).splitlines()[0]}")
            return
        done.append((side, perf_counter() - began, sites.start_again(), record))
    for side, seconds, counts, record in done if number else []:
        _keep(duel.times[flow][side], seconds, counts, record)


def _keep(times: Times, seconds: float, counts: dict[str, int], record: dict[str, Any] | None) -> None:
    times.seconds.append(seconds)
    times.pages.add(_of(counts, "page "))
    times.data.add(_of(counts, "data "))
    if record is not None:
        times.steps = len(record["steps"])
        times.outside_steps.append(seconds - sum(step["seconds"] for step in record["steps"]))


def _of(counts: dict[str, int], kind: str) -> int:
    return sum(count for name, count in counts.items() if name.startswith(kind))

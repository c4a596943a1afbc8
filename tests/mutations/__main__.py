"""`python -m tests.mutations --seeds 0-159 --clean 0-49`: what `bcflow check-ui` says of changes, and of none."""

from __future__ import annotations

import argparse
import contextlib
import re
import sys
from typing import TYPE_CHECKING, Any

from loguru import logger

from bcflow.runner.browser.environment import playwright_started
from bcflow.runner.network.gateway import Gateway
from standin.server import StandIn
from tests.mutations.bench import Bench
from tests.mutations.clean import clean_checks
from tests.mutations.drawing import draw
from tests.mutations.judging import judge
from tests.mutations.summary import of_clean, table
from tests.support.lent_context import LentContext
from tests.support.quick_browser import launch_options

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.mutations.judging import Judged

CONTEXT: dict[str, Any] = {
    "viewport": {"width": 1440, "height": 900},
    "locale": "en-US",
    "timezone_id": "America/New_York",
    "service_workers": "block",
}


def main() -> None:
    """Print a line for each change and each clean check, what is not right with its findings, then the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="", help="from and to, as in 0-159,200")
    parser.add_argument("--clean", default="", help="checks of a site that did not change, from and to as well")
    parser.add_argument("--kind", default="", help="only mutations whose name this pattern finds")
    given = parser.parse_args()
    logger.remove()
    with playwright_started() as playwright, Gateway() as gateway, StandIn() as standin:
        options = launch_options()
        browser = playwright.chromium.launch(**options, proxy={"server": gateway.address})
        bench = Bench(standin, LentContext(browser, CONTEXT), gateway)
        judged = list(_judged(bench, _numbers(given.seeds), given.kind))
        clean = []
        for one in clean_checks(bench, _numbers(given.clean)):
            clean.append(one)
            say(one.line())
    say(*table(judged), *of_clean(clean))


def _judged(bench: Bench, numbers: Iterable[int], kind: str) -> Iterable[Judged]:
    for number in numbers:
        mutation, look = draw(number)
        if re.search(kind, mutation.name):
            one = judge(bench, mutation, look)
            say(f"{number}: {one.line()}", *(() if one.is_right and one.runs_as_thought else one.details()))
            yield one


def _numbers(seeds: str) -> Iterable[int]:
    parts = [part.partition("-") for part in seeds.split(",") if part]
    return [number for first, _, last in parts for number in range(int(first), int(last or first) + 1)]


def say(*lines: str) -> None:
    """Print at once: a run takes long."""
    for line in lines:
        sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()

"""How many clicks and entries the five jobs take, counted on a plain script: `python -m benchmarks.actions`.

Each is one choice that has to be right: whoever decides anew at each is right in all of them as rarely as this says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from playwright.sync_api import Locator

from benchmarks.duel import plain_side
from benchmarks.jobs import JOBS
from benchmarks.plain_playwright import FLOWS
from standin.server import StandIn

ACTIONS: Final = ("click", "fill", "press", "press_sequentially", "check", "set_checked", "select_option")
RIGHT: Final = 0.99


def measure() -> Counter[str]:
    """Return the number of actions of each flow, each in a fresh world."""
    found: Counter[str] = Counter()
    with StandIn() as standin:
        addresses = {"bc": standin.bc_url, "ads": standin.ads_url, "control": standin.control}
        with plain_side(addresses) as (script, _):
            for flow, work in FLOWS.items():
                sessions = standin.world.sessions
                standin.reset()
                standin.world.sessions = sessions
                with _counting(found, flow):
                    work(script, JOBS[flow])
    return found


@contextmanager
def _counting(found: Counter[str], flow: str) -> Iterator[None]:
    """Count what is done to a page."""
    real = {name: getattr(Locator, name) for name in ACTIONS}

    def counted(name: str) -> Any:  # noqa: ANN401 - a method of Playwright's
        def act(self: Locator, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - as the method takes them
            found[flow] += 1
            return real[name](self, *args, **options)

        return act

    for name in ACTIONS:
        setattr(Locator, name, counted(name))
    try:
        yield
    finally:
        for name, method in real.items():
            setattr(Locator, name, method)


def main() -> int:
    """Measure, and print a line for each flow and what all came to."""
    found = measure()
    for flow, count in found.items():
        print(f"{flow:<24}{count:>4} clicks and entries")
    total = found.total()
    print(f"all five: {total}; {RIGHT:.0%} right each is {RIGHT**total:.0%} right in all")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""`python -m tests.strangers --seeds 1-200`: all flows on that many strangers, with a person who answers; the table."""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loguru import logger

from bcflow.runner.browser.choice import choose
from bcflow.runner.browser.environment import playwright_started
from bcflow.runner.network.gateway import Gateway
from standin import seed as seeds
from standin.server import StandIn
from tests.strangers.person import Person
from tests.strangers.play import Stranger, play_all, summary
from tests.support.flow_desk import Desk

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CONTEXT: dict[str, Any] = {
    "viewport": {"width": 1440, "height": 900},
    "locale": "en-US",
    "timezone_id": "America/New_York",
    "service_workers": "block",
}


def main() -> None:
    """Play, and print a line for each stranger, one for each flow that did not end right, then what it came to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="1-12", help="from and to, as in 1-200")
    parser.add_argument(
        "--slips", type=float, default=0.0, help="how often the person is wrong: 0.2 is one time in five"
    )
    parser.add_argument("--verbose", action="store_true", help="each answer, too")
    given = parser.parse_args()
    logger.remove()
    first, _, last = given.seeds.partition("-")
    strangers: list[Stranger] = []
    with playwright_started() as playwright, Gateway() as gateway:
        options = choose("standin").launch_options(headless=True)
        browser = playwright.chromium.launch(**options, proxy={"server": gateway.address})
        for number in range(int(first), int(last or first) + 1):
            strangers.append(_met(browser, gateway, number, given.slips))
            say("\n".join(strangers[-1].lines(verbose=given.verbose)))
    say(summary(strangers))


def _met(browser: Browser, gateway: Gateway, number: int, slips: float) -> Stranger:
    with StandIn(stranger=number) as standin, tempfile.TemporaryDirectory() as folder:
        context = browser.new_context(**CONTEXT)
        if not context.request.post(f"{standin.control}/sign-in", data={"email": seeds.EMAIL}).ok:
            raise SystemExit("the stand-in signs nobody in")
        desk, person = Desk(standin, context, Path(folder), gateway), Person(standin.world, slips=slips)
        desk.answer, desk.site.session.own_email = person.code, seeds.EMAIL
        played = play_all(desk, person)
        desk.close()
        context.close()
        return Stranger(number, standin.world.axis("language"), played, person)


def say(text: str) -> None:
    """Print at once: a run takes hours."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()

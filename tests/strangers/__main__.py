"""`python -m tests.strangers --seeds 1-200`: all flows on that many strangers, with a person who answers; the table."""

from __future__ import annotations

import argparse
import contextlib
import tempfile
from pathlib import Path
from statistics import median

from loguru import logger

from bcflow.runner.browser.choice import choose
from bcflow.runner.browser.environment import playwright_started
from bcflow.runner.network.gateway import Gateway
from standin import seed as seeds
from standin.server import StandIn
from tests.strangers.person import Person
from tests.strangers.play import GOOD, play_all
from tests.support.flow_desk import Desk


def main() -> None:
    """Play, and print a line for each flow that did not end right, then what it came to."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", default="1-12")
    parser.add_argument("--slips", type=float, default=0.0)
    parser.add_argument("--verbose", action="store_true")
    given = parser.parse_args()
    first, _, last = given.seeds.partition("-")
    logger.remove()
    counts, proposals, bad = [], [], 0
    with playwright_started() as playwright, Gateway() as gateway:
        options = choose("standin").launch_options(headless=True)
        browser = playwright.chromium.launch(**options, proxy={"server": gateway.address})
        for number in range(int(first), int(last or first) + 1):
            with StandIn(stranger=number) as standin, tempfile.TemporaryDirectory() as folder:
                context = browser.new_context(
                    viewport={"width": 1440, "height": 900},
                    locale="en-US",
                    timezone_id="America/New_York",
                    service_workers="block",
                )
                assert context.request.post(f"{standin.control}/sign-in", data={"email": seeds.EMAIL}).ok
                desk = Desk(standin, context, Path(folder), gateway)
                person = Person(standin.world, slips=given.slips)
                played = play_all(desk, person)
                desk.close()
                context.close()
                counts.append(len(person.questions))
                proposals += [said.right for said in person.said]
                wrong = [one for one in played if not set(one.outcomes) <= GOOD]
                bad += len(wrong)
                axes = {name: value for name, value in standin.world.axes.items()}
                print(
                    f"seed {number} {standin.world.axis('language')} questions {len(person.questions)} words {len(person.said)} "
                    f"right {sum(s.right for s in person.said)} flows {len(played) - len(wrong)}/{len(played)} rounds {[one.rounds for one in played]}",
                    flush=True,
                )
                for one in wrong:
                    print("   ", one.flow, one.outcomes, one.said[:300], flush=True)
                if wrong:
                    print("    axes", axes)
                if given.verbose:
                    for said in person.said:
                        print("      ", said)
    print(
        f"strangers {len(counts)}, questions median {median(counts)} most {max(counts)}, proposals right "
        f"{sum(proposals)}/{len(proposals)}, flows wrong {bad}"
    )


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()

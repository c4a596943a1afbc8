"""Meeting one stranger: a stand-in, a browser and a person of its own, in whatever process this is."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from loguru import logger

from bcflow.runner.browser.environment import playwright_started
from bcflow.runner.network.gateway import Gateway
from standin import seed
from standin.server import StandIn
from tests.strangers.person import Person
from tests.strangers.play import Stranger, play_all
from tests.support.flow_desk import Desk
from tests.support.quick_browser import launch_options

CONTEXT: dict[str, Any] = {
    "viewport": {"width": 1440, "height": 900},
    "locale": "en-US",
    "timezone_id": "America/New_York",
    "service_workers": "block",
}


def meet(number: int, slips: float) -> Stranger:
    """Play the five flows on the stranger of this seed, with a person who is wrong as often as `slips` says."""
    logger.remove()
    options = launch_options()
    with (
        playwright_started() as playwright,
        Gateway() as gateway,
        StandIn(stranger=number) as standin,
        tempfile.TemporaryDirectory() as folder,
    ):
        browser = playwright.chromium.launch(**options, proxy={"server": gateway.address})
        context = browser.new_context(**CONTEXT)
        if not context.request.post(f"{standin.control}/sign-in", data={"email": seed.EMAIL}).ok:
            raise RuntimeError("the stand-in signs nobody in")
        desk, person = Desk(standin, context, Path(folder), gateway), Person(standin.world, slips=slips)
        desk.answer, desk.site.session.own_email = person.code, seed.EMAIL
        played = play_all(desk, person)
        desk.close()
        context.close()
        browser.close()
        return Stranger(number, standin.world.axis("language"), played, person.said, len(person.questions))

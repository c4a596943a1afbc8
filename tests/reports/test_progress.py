"""How far a batch is, on a terminal of any width and in a log."""

import io
import re

import pytest
from loguru import logger
from rich.console import Console

from bcflow.models.outcomes import RunReport
from bcflow.runner.config.log import set_up_log
from bcflow.runner.reports.progress import Lines, Live
from tests.support.terminal import Screen

RUN = RunReport(id="b-001", job="ana", flow="invite-member", outcome="done", message="said so", writes=1)


@pytest.mark.parametrize("width", [40, 60, 100])
def test_how_far_it_is_can_be_read_at_any_width(width: int) -> None:
    screen = io.StringIO()
    live = Live(Console(file=screen, width=width, force_terminal=True, color_system=None))
    live.begin("Looking", 120, batch="b")
    live.job("invite-member a.person.with.a.long.name@agency.example")
    live.step("member a.person.with.a.long.name@agency.example is looked for in the list")
    live.ended(RUN)
    live.job("invite-member a.person.with.a.long.name@agency.example")
    screen.truncate(0)
    live.step("member a.person.with.a.long.name@agency.example is looked for in the list")
    live.end()

    drawn = [line for line in re.split(r"\x1b\[2K|\n", screen.getvalue()) if "Looking" in line or "…" in line]
    assert drawn
    assert all("Looking" in line and "1/120" in line and "0:00:00" in line for line in drawn)


def test_a_warning_stands_above_the_line_that_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    monkeypatch.setattr("sys.stderr", screen)
    set_up_log()
    live = Live(Console(file=screen, width=100, force_terminal=True, color_system=None))
    live.begin("Looking", 1, batch="b")
    live.job("invite-member ana")
    logger.warning("the page was slow")
    live.end()
    logger.remove()
    shown = Screen()
    shown.show(screen.getvalue())
    assert shown.text.splitlines() == ["WARNING the page was slow"]


def test_a_plain_log_has_the_time_and_the_batch_on_every_line() -> None:
    log = io.StringIO()
    lines = Lines(log)
    lines.begin("Writing", 2, batch="2twq9c4k")
    lines.job("invite-member ana@acme.example")
    lines.ended(RUN)

    said = [re.sub(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ ", "at ", line) for line in log.getvalue().splitlines()]
    assert said == [
        "at 2twq9c4k Writing: 2 jobs",
        "at 2twq9c4k [1/2] invite-member ana@acme.example",
        "at 2twq9c4k [1/2] ✓ done           invite-member ana: said so · writes: 1",
    ]

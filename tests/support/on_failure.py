"""What the report of a failed flow test shows: the steps, the pictures, and what the stand-in was asked."""

import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from playwright.sync_api import Error, Page

from bcflow.models.outcomes import StepRecord
from standin.server import StandIn
from standin.world import Write
from tests.support.flow_desk import Desk

Section = tuple[str, str]


def sections(desk: object, standin: object) -> Iterator[Section]:
    """Give title and text of each part, as far as the test had a desk and a stand-in."""
    if isinstance(standin, StandIn):
        yield "how the site looked", site(standin)
    if isinstance(desk, Desk):
        yield "steps", "\n".join(steps(desk))
        yield "pictures", "\n".join(map(str, pictures(desk)))
    if isinstance(standin, StandIn):
        yield "requests at the stand-in", "\n".join(requests(standin))


def site(standin: StandIn) -> str:
    """Name the axes and faults that were asked for."""
    faults = [f"{fault.name}={fault.value}:{fault.kind}:{fault.count}" for fault in standin.world.faults]
    return " ".join([*(f"{name}={value}" for name, value in standin.axes.items()), *faults]) or "plain"


def steps(desk: Desk) -> Iterator[str]:
    """Tell each run's steps, and what became of its effects."""
    for number, (attempt, _) in enumerate(desk.attempts, start=1):
        yield f"run {number}"
        yield from (_step(step) for step in attempt.story.steps)
        yield from (f"  = {one.outcome}: {one.message}" for one in attempt.story.effects.values())


def pictures(desk: Desk) -> Iterator[Path]:
    """Give the files of all pictures, the last one of the page as it is now."""
    for number, (_, pictures) in enumerate(desk.attempts, start=1):
        yield from (desk.folder / f"run-{number}" / picture.file for picture in pictures.taken)
    now = desk.folder / "now.png"
    if _pictured(desk.page, now):
        yield now


def requests(standin: StandIn) -> Iterator[str]:
    """Tell method, path and status of what arrived, and the body of each write."""
    writes = iter(standin.world.writes)
    following = next(writes, None)
    for number, arrival in zip(count(1), tuple(standin.arrivals), strict=False):
        query = f"?{arrival.query}" if arrival.query else ""
        yield f"{number:3} {arrival.status or 'no answer yet'} {arrival.method} {arrival.path}{query}"
        if following and (following.method, following.path) == (arrival.method, arrival.path):
            yield _write(following)
            following = next(writes, None)


def _step(step: StepRecord) -> str:
    return f"  {'ok  ' if step.ok else 'ENDS'} {step.seconds:7.3f} s  {step.name}"


def _write(write: Write) -> str:
    came = ", ".join(name for name in ("received", "applied", "answered") if getattr(write, name)) or "not received"
    return f"    {write.kind} ({came}): {json.dumps(write.body, ensure_ascii=False)}"


def _pictured(page: Page, path: Path) -> bool:
    try:
        page.screenshot(path=path, timeout=5000)
    except Error:
        return False
    return True

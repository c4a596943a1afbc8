"""What the attempts at one run did, as the run's folder tells it: its steps and pictures, of killed attempts too.

The log only grows and is written as things happen, so it is what a kill leaves; a result is written at an end. A run
that is taken up again adds to both, and no later record of it may drop what an earlier attempt left.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from bcflow.models.outcomes import Picture, RunRecord, StepRecord

if TYPE_CHECKING:
    from pathlib import Path

ATTEMPT, STEP, STEPS, PICTURE = "attempt", "step", "steps", "picture"
_EVENTS: Final = (ATTEMPT, STEP, STEPS, PICTURE)


@dataclass
class _Kept:
    """Steps and pictures in the order they came; each picture is there."""

    steps: list[StepRecord] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)


def complete(record: RunRecord, folder: Path, *, log: str, result: str, clean: Callable[[str], str]) -> None:
    """Put into `record` what the run's `folder` knows and it does not name; `clean` is how texts are stored there."""
    story = _read(folder, log=log, result=result)
    known = {(step.at, clean(step.name)) for step in record.steps}
    record.steps = [step for step in story.steps if (step.at, step.name) not in known] + record.steps
    named = {picture.file for picture in record.pictures}
    record.pictures = [picture for picture in story.pictures if picture.file not in named] + record.pictures


def _read(folder: Path, *, log: str, result: str) -> _Kept:
    """Return the story of a run, from its result and its log; a line that a kill cut short says nothing."""
    story = _from_result(folder / result)
    begun: list[StepRecord] = []
    for event in _events(folder / log):
        kind = event.get("event")
        if kind == ATTEMPT:
            story.steps += _broken_off(begun)
            begun = []
        elif kind == STEP:
            begun = [*_timed(begun, event["at"]), StepRecord(name=event["name"], at=event["at"], seconds=0.0)]
        elif kind == STEPS:
            begun = []
            story.steps += [StepRecord.model_validate(step) for step in event["steps"]]
        else:
            begun = _timed(begun, event["at"])
            story.pictures.append(Picture.model_validate(event["picture"]))
    story.steps += _broken_off(begun)
    steps = {(step.at, step.name): step for step in reversed(story.steps)}
    pictures = {picture.file: picture for picture in story.pictures if (folder / picture.file).is_file()}
    return _Kept(list(reversed(steps.values())), list(pictures.values()))


def _from_result(path: Path) -> _Kept:
    try:
        record = RunRecord.model_validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return _Kept()
    return _Kept(list(record.steps), list(record.pictures))


def _events(path: Path) -> Iterator[dict[str, Any]]:
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        if b'"event"' not in line:
            continue
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict) and event.get("event") in _EVENTS:
            yield event


def _timed(begun: list[StepRecord], until: str) -> list[StepRecord]:
    """Return the steps with the last one ended at `until`, unless its end is known."""
    if not begun or begun[-1].seconds:
        return begun
    last = begun[-1]
    seconds = (datetime.fromisoformat(until) - datetime.fromisoformat(last.at)).total_seconds()
    return [*begun[:-1], last.model_copy(update={"seconds": round(max(seconds, 0.0), 3)})]


def _broken_off(begun: list[StepRecord]) -> list[StepRecord]:
    """Return the steps of an attempt that came to no end: the last one did not succeed."""
    return [*begun[:-1], begun[-1].model_copy(update={"ok": False})] if begun else []

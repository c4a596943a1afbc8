"""Writes that are answered with yes but take effect only by a second step: another request, or a code."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from standin.api.answers import Refused
from standin.switches import WRITES
from standin.world import World, Write

STEPS = {"two_requests": ("bind", 0.3), "code_after_yes": ("code", 0.7)}
"""Fault to the step it asks for and the seconds that the page waits before it."""


@dataclass
class Promise:
    """What a write will do once its second step was taken, with the ids its answer named."""

    step: str
    entry: Write
    apply: Callable[[], object]
    ids: list[str]


def asked_step(world: World, kind: str) -> tuple[str, float] | None:
    """Use up a fault that asks for a second step; returns the step and the seconds before it."""
    if kind not in WRITES:
        return None
    for fault, (step, seconds) in STEPS.items():
        value = world.take(fault, kind)
        if value is not None:
            return step, float(value or seconds)
    return None


def promise(world: World, entry: Write, apply: Callable[[], dict[str, Any]], step: tuple[str, float]) -> dict[str, Any]:
    """Answer a write without doing it: `apply` works on a copy now, and on the world's data when it is kept."""
    with _on_a_copy(world):
        start = len(world.made_ids)
        data = apply()
        ids = world.made_ids[start:]
    token = world.new_token()
    world.promises[token] = Promise(step[0], entry, apply, ids)
    return {**data, "next_step": {"kind": step[0], "id": token, "after": step[1]}}


@contextmanager
def _on_a_copy(world: World) -> Iterator[None]:
    real = world.data, world.notes
    world.data, world.notes = copy.deepcopy(real)
    try:
        yield
    finally:
        world.data, world.notes = real


def keep(world: World, token: str, step: str) -> None:
    """Do what was promised. Raises Refused when there is no such promise, or when it can no longer be kept."""
    found = world.promises.get(token)
    if found is None or found.step != step:
        message = "This request is not known"
        raise Refused(message)
    del world.promises[token]
    world.ids_again = list(found.ids)
    try:
        found.apply()
    finally:
        world.ids_again = []
    found.entry.applied = True

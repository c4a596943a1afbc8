"""What a run tells of itself: its steps, its effects and what became of each, and the events others follow."""

from __future__ import annotations

from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any

from loguru import logger

from bcflow.flows.run import Settled
from bcflow.models.outcomes import EffectRecord, StepRecord
from bcflow.runner.storage.database import now

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bcflow.models.looks import Effect
    from bcflow.models.unknown import UnknownWords

Key = tuple[str, str]


class Story:
    """The story of one attempt at one run."""

    def __init__(self, run: str, *, on_event: Callable[[dict[str, Any]], None]) -> None:
        """Tell the story of `run`, each part to `on_event` as it happens."""
        self._run = run
        self._on_event = on_event
        self.effects: dict[Key, EffectRecord] = {}
        self.steps: list[StepRecord] = []
        self.unknown: list[UnknownWords] = []

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Name a part of the story and keep how long it took."""
        self.tell("step", name)
        started, at, ok = monotonic(), now(), False
        try:
            yield
            ok = True
        finally:
            seconds = round(monotonic() - started, 3)
            self.steps.append(StepRecord(name=name, at=at, seconds=seconds, ok=ok))
            logger.debug("{} {} s", name, seconds)

    def of(self, effect: Effect) -> EffectRecord:
        """Return what is kept of an effect."""
        return self.effects.setdefault(
            key_of(effect),
            EffectRecord(
                kind=effect.kind,
                identity=effect.identity,
                business_center=effect.business_center,
                want=effect.want,
                outcome="failed",
            ),
        )

    def keep(self, settled: Settled, *, writes: int) -> Settled:
        """Keep how an effect ended and how many requests were sent for it, in all attempts of this run."""
        record = self.of(settled.effect)
        record.outcome, record.message = settled.outcome, settled.message
        record.waiting_for, record.candidates = settled.waiting_for, list(settled.candidates)
        record.writes = writes
        record.have = settled.have or record.have
        self.tell(settled.outcome, settled.message)
        return Settled(**{**settled.__dict__, "writes": writes})

    def tell(self, event: str, name: str) -> None:
        """Tell who follows the run that something happened."""
        self._on_event({"run": self._run, "event": event, "name": name})


def key_of(effect: Effect) -> Key:
    """Return what tells the effects of one run apart."""
    return effect.kind, effect.identity

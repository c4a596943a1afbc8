"""Ending a batch that nobody works on: every job that had not ended gets a result that says so."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from bcflow.models.errors import BadInput, BcflowError
from bcflow.runner.batches.course import Course, Talk
from bcflow.runner.engine.dispatch import InProcess
from bcflow.runner.engine.presence import dead_workers
from bcflow.runner.engine.worker import batch_lease
from bcflow.runner.reports.progress import Lines
from bcflow.runner.storage.proofs import ProvenFlows
from bcflow.runner.storage.shared_history import ToldHistory

if TYPE_CHECKING:
    from bcflow.runner.config.settings import Settings
    from bcflow.runner.engine.dispatch import OnEvent, SlotLike
    from bcflow.runner.storage.history import History
    from bcflow.runner.storage.runs import Store


def cancel_resting(store: Store, history: History, settings: Settings, batch: str, why: str) -> bool:
    """Cancel a batch; whether it has ended by that, with a result and a report for every job.

    One that a worker or `bcflow run` works on ends before its next job instead, and then False is returned. One
    that had ended stays as it is. Nothing is sent and no browser is opened. Raises `BadInput` for an unknown batch.
    """
    if store.load(batch).phase == "ended":
        return False
    store.cancel(batch, why)
    try:
        with batch_lease(settings, batch), dead_workers(settings, store, but="") as dead:
            if not store.take_out(batch, dead=dead):
                return False
            _end(store, ToldHistory(history.home, store.database), settings, batch)
    except BadInput:
        return False  # whoever has it hears of it
    return True


def _end(store: Store, history: History, settings: Settings, batch: str) -> None:
    held = store.load(batch)
    _Cancelling(
        held=held,
        settings=settings,
        store=store,
        history=history,
        dispatcher=InProcess(_no_browser),
        proven=ProvenFlows(settings.home),
        talk=Talk(Lines(io.StringIO()), _unsaid),
    ).run()


class _Cancelling(Course):
    """The course of a batch that nothing more is done for."""

    def _passes(self) -> int | None:
        self.batch.cancel(self.held.cancelled)
        return None

    def _ask_later(self, *_: object, **__: object) -> None:
        """Nothing of it is to go on."""

    def _note(self, *_: object, **__: object) -> None:
        """Whoever cancels has noted that; nothing is started here."""


def _no_browser(_login: str, _on_event: OnEvent) -> SlotLike:
    raise BcflowError("a batch that is cancelled needs no browser")


def _unsaid(_text: str) -> None:
    """Nobody is there to be told."""

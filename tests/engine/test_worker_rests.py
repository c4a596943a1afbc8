"""A worker's engine runs only while there is something to do: what is queued starts it, and work keeps it on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bcflow.models.outcomes import RunRecord
from bcflow.runner.browser.login_browser import SlotLike
from bcflow.runner.browser.shutdown import Shutdown
from bcflow.runner.cli.running.worker_loop import Log
from bcflow.runner.config.settings import Settings
from bcflow.runner.engine import worker as worker_module
from bcflow.runner.engine.worker import Worker
from bcflow.runner.storage.runs import Store
from tests.support.waiting import until
from tests.support.workshop import submit_one


class GatedSlot:
    """A browser that is none, and writes only when its gate is open."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.began = threading.Event()

    def make(self, *_: object) -> SlotLike:
        return self

    def call(self, _verb: str, request: dict[str, Any], timeout: float | None = None) -> dict[str, Any]:
        self.began.set()
        assert self.gate.wait(timeout)
        outcome = {"look": "planned", "run": "done"}[request["mode"]]
        values = {"id": request["run"], "job": "", "flow": "invite-member", "message": "", "outcome": outcome}
        return RunRecord.model_validate(values).model_dump(mode="json")

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def slot() -> Iterator[GatedSlot]:
    made = GatedSlot()
    yield made
    made.gate.set()


@pytest.fixture
def worker(tmp_path: Path, slot: GatedSlot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Worker]:
    monkeypatch.setattr(worker_module, "REST_SECONDS", 0.0)
    settings = Settings.load({"BCFLOW_HOME": str(tmp_path / "home"), "BCFLOW_PACE_SECONDS": "0"}, tmp_path)
    settings.make_home()
    with Worker(settings, slot.make, Log(), slots=1, shutdown=Shutdown()) as made:
        yield made
        slot.gate.set()


def engine_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if "queue-worker" in thread.name]


def test_the_engine_rests_while_nothing_is_to_do_and_starts_with_the_first_turn(
    worker: Worker, slot: GatedSlot
) -> None:
    assert not worker.turn()
    assert engine_threads() == []
    store = Store(worker.database)
    slot.gate.set()
    for jobs in (["ana@acme.example"], ["bo@acme.example"]):
        batch = submit_one(worker.context, [("default", job) for job in jobs])
        assert worker.turn()
        until(engine_threads, "it takes turns")
        until(lambda: not worker.turn(), "nothing is left to do")
        until(lambda: not worker.turn() and not engine_threads(), "it rests")
        assert [run.outcome for run in store.load(batch).runs] == ["done"]


def test_the_engine_does_not_rest_while_a_turn_is_under_way(worker: Worker, slot: GatedSlot) -> None:
    batch = submit_one(worker.context, [("default", "ana@acme.example")])
    until(lambda: worker.turn() and slot.began.is_set(), "its turn begins")
    assert all(worker.turn() for _ in range(5))
    assert engine_threads()
    slot.gate.set()
    until(lambda: not worker.turn(), "nothing is left to do")
    assert Store(worker.database).load(batch).phase == "ended"

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Self

import psycopg

from bcflow.models.jobs import job_adapter
from bcflow.runner.canary import ProvenFlows
from bcflow.runner.cli.intake import Order
from bcflow.runner.cli.work import How, submit
from bcflow.runner.database import Database
from bcflow.runner.settings import Settings
from bcflow.runner.store import Store
from bcflow.runner.tasks import Task
from tests.runner import worker_process

BC = "7123456789012345678"
KEY = "a key for workers under test"


class Note(NamedTuple):
    worker: str
    what: str
    login: str
    job: str


class Workshop:
    def __init__(self, url: str, notes_url: str, folder: Path) -> None:
        self._url, self._notes_url, self._folder = url, notes_url, folder
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self._settings = Settings.load(self._environment("office"), folder)
        self._database = Database(url)
        self.store = Store(self._database)
        self._batches: list[str] = []
        self._connection = psycopg.connect(notes_url, autocommit=True)
        self._connection.execute(worker_process.TABLES)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for p in self.running.values():
            p.send_signal(signal.SIGTERM)
        for p in self.running.values():
            p.wait(20)
        self._database.close()
        self._connection.close()

    def start(self, name: str) -> None:
        with (self._folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, worker_process.__file__, self._notes_url],
                env={**os.environ, **self._environment(name)},
                cwd=self._folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def _environment(self, name: str) -> dict[str, str]:
        return {"BCFLOW_HOME": str(self._folder / name), "BCFLOW_DATABASE_URL": self._url, "BCFLOW_KEY": KEY,
                "BCFLOW_PACE_SECONDS": "0"}

    def submit(self, login: str, jobs: Sequence[str]) -> str:
        self._settings.make_home()
        tasks = [Task(job_adapter().validate_python({"flow": "invite-member", "business_center": BC, "login": login,
            "role": "standard", "email": f"{job}@acme.example"}), job) for job in jobs]
        how = How(yes=True, trust_first_write=True)
        batch = submit(Order(tuple(tasks), "night.yaml"), self._settings, how, self.store, ProvenFlows(self._settings.home))
        self.store.queue(batch)
        self._batches.append(batch)
        return batch

    def all_ended(self) -> bool:
        return not self.store.open_batches()

    def outcomes(self) -> Counter:
        return Counter(e.record.outcome if e.record else "none" for b in self._batches for e in self.store.load(b).entries)

    def notes(self):
        return [Note(*r) for r in self._connection.execute("SELECT worker, what, login, job FROM notes ORDER BY id")]

"""bcflow's side: one slot, its browser kept over the rounds, ledger and evidence on."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any, Self

from bcflow.runner.browser.slot import Slot
from bcflow.runner.config.settings import Settings
from benchmarks.jobs import JOBS
from standin import seed

STANDS = ("done", "waiting")


class BcflowSide:
    """Does a flow as `bcflow run` does once its inputs are read."""

    def __init__(self, addresses: dict[str, str], home: Path) -> None:
        """Use the sites at `addresses`; everything is kept below `home`."""
        environment = {
            "BCFLOW_HOME": str(home),
            "BCFLOW_BUSINESS_CENTER_URL": addresses["bc"],
            "BCFLOW_ADS_MANAGER_URL": addresses["ads"],
            "BCFLOW_EMAIL": seed.EMAIL,
            "BCFLOW_PASSWORD": seed.PASSWORD,
            "BCFLOW_SETTLE_SECONDS": "15",
        }
        self._settings = Settings.load(environment, cwd=home)
        self._slot = Slot(self._settings, "default", ask=lambda _question: None, on_event=lambda _event: None)
        self._home = home
        self._runs = 0

    def __enter__(self) -> Self:
        """Start the browser and sign in."""
        answer = self._slot.call("login", {})
        if not answer["ok"]:
            raise RuntimeError(answer["message"])
        return self

    def __exit__(self, *_: object) -> None:
        """End the browser."""
        self._slot.close()

    def forget(self) -> None:
        """Empty the ledger: the world is a fresh one, so what was seen in the last is not true any more."""
        path = self._home / "bcflow.sqlite3"
        if not path.exists():
            return
        with sqlite3.connect(path) as ledger:
            ledger.execute("DELETE FROM events")
            ledger.execute("DELETE FROM effects")
        ledger.close()

    def run(self, flow: str) -> dict[str, Any]:
        """Run the job of `flow` and return its record; raise RuntimeError unless it was written and seen."""
        self._runs += 1
        name = f"r{self._runs:04d}"
        folder = self._home / "runs" / name
        folder.mkdir(parents=True)
        request = {"run": name, "job": {"flow": flow, **JOBS[flow]}, "mode": "run", "folder": str(folder)}
        record = self._slot.call("attempt", request)
        if record["outcome"] not in STANDS or not record["writes"]:
            raise RuntimeError(f"{flow} ended {record['outcome']}: {record['message']}")
        return record

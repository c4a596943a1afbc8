"""Real workers in processes of their own, in real browsers, on one database."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Self

from bcflow.runner.browser import browser as browsers
from bcflow.runner.config.settings import Settings
from standin import seed
from standin.server import StandIn
from tests.support.waiting import Watched, browsers_of, descendants

GONE_SECONDS: Final = 60.0


class Workers:
    """Real workers on one database; a context manager that leaves none of their processes behind."""

    def __init__(self, url: str, standin: StandIn, folder: Path, *, logins: Sequence[str], slots: int) -> None:
        self._url, self._standin, self._folder = url, standin, folder
        self._logins, self._slots = logins, slots
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for name in list(self._running):
            self.kill(name)

    def settings(self, name: str) -> Settings:
        """Return the settings of one of them, or of whoever submits."""
        return Settings.load(self._environment(name), self._folder)

    def start(self, name: str) -> None:
        """Start one in a home of its own."""
        with (self._folder / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, "-m", "bcflow.runner.cli", "worker", "--slots", str(self._slots)],
                env={key: value for key, value in os.environ.items() if not key.startswith("BCFLOW_")}
                | self._environment(name),
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def kill(self, name: str) -> list[str]:
        """Kill one; return what outlived it."""
        process = self._running.pop(name)
        theirs = Watched(descendants(process.pid))
        process.kill()
        process.wait()
        return [f"outlived its worker: {one}" for one in theirs.still_there(seconds=GONE_SECONDS)]

    def kill_a_browser(self, chance: random.Random) -> list[str]:
        """Kill one of the browsers, if any is open; return what outlived it."""
        open_ = [one for process in self._running.values() for one in browsers_of(process.pid)]
        if not open_:
            return []
        victim = chance.choice(open_)
        theirs = Watched([victim, *descendants(victim)])
        browsers.kill(victim)
        return [f"outlived: {one}" for one in theirs.still_there(seconds=GONE_SECONDS)]

    def ended(self) -> list[str]:
        """Return those that ended by themselves, which none should."""
        return [name for name, process in self._running.items() if process.poll() is not None]

    def _environment(self, name: str) -> dict[str, str]:
        logins = {
            f"BCFLOW_LOGIN__{login.upper()}__{what}": value
            for login in self._logins
            for what, value in (("EMAIL", seed.EMAIL), ("PASSWORD", seed.PASSWORD))
        }
        return logins | {
            "BCFLOW_HOME": str(self._folder / name),
            "BCFLOW_DATABASE_URL": self._url,
            "BCFLOW_KEY": "a key for workers under test",
            "BCFLOW_BUSINESS_CENTER_URL": self._standin.bc_url,
            "BCFLOW_ADS_MANAGER_URL": self._standin.ads_url,
            "BCFLOW_SETTLE_SECONDS": "15",
        }

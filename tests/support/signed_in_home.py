"""A home of its own that is signed in to the stand-in already, and what is done in it."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from bcflow.models.jobs import JobBase
from bcflow.runner.browser.slot import Slot
from bcflow.runner.config.settings import Settings
from bcflow.runner.storage.ledger import Ledger
from bcflow.runner.storage.sign_ins.opening import open_store
from bcflow.runner.storage.sign_ins.own import own_sign_in
from standin import seed
from standin.front.login import sign_in
from standin.server import StandIn
from standin.world import World, Write
from tests.support.child import attempt_telling, attempt_until

SETTLE = 15.0

# Each child is forked from a process that has the imports done already, and shares nothing with this one.
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["tests.support.child", "bcflow.flows.registry", "playwright.sync_api"])


class Desk:
    """One BCFLOW_HOME; `settings` are those of somebody at work on the stand-in."""

    def __init__(self, standin: StandIn, folder: Path, **overrides: object) -> None:
        self.standin = standin
        self.home = folder / "home"
        login = {"name": "default", "email": seed.EMAIL, "password": seed.PASSWORD}
        self.settings = Settings.model_validate(
            {
                "home": self.home,
                "logins": {"default": login},
                "business_center_url": standin.bc_url,
                "ads_manager_url": standin.ads_url,
                "settle_seconds": SETTLE,
                "code_wait": 5.0,
                **overrides,
            }
        )
        self.events: list[dict[str, Any]] = []
        self.answer: Callable[[dict[str, Any]], str | None] = lambda _question: None
        self._runs = 0

    def save_sign_in(self) -> None:
        """Keep a sign-in that the stand-in takes, as `bcflow login` would have."""
        own_sign_in(self.settings, self.settings.login("default"), open_store(self.settings)).save(
            state_of(self.standin.world)
        )

    def request(self, job: JobBase, **more: object) -> dict[str, Any]:
        """Return what `Slot.call("attempt")` takes for one more run of `job`."""
        self._runs += 1
        run = f"run-{self._runs}"
        plain = job.model_dump(mode="json", exclude_none=True)
        return {"run": run, "job": plain, "folder": str(self.home / "runs" / run), "mode": "run"} | more

    @contextmanager
    def slot(self, *, holds_login: Callable[[], bool] = lambda: True) -> Iterator[Slot]:
        """Open this home's slot in this process."""
        slot = Slot(self.settings, "default", ask=self._ask, on_event=self.events.append, holds_login=holds_login)
        with closing(slot):
            yield slot

    def run(self, job: JobBase, *, settle: float = SETTLE) -> dict[str, Any]:
        """Run `job` in a slot of its own, from the top, and return its record."""
        self.settings = self.settings.model_copy(update={"settle_seconds": settle})
        with self.slot() as slot:
            return slot.call("attempt", self.request(job))

    @contextmanager
    def child(self, where: str, job: JobBase, *, tells: bool = False) -> Iterator[tuple[ForkServerProcess, Connection]]:
        """Start another process that runs `job` and halts at `where` until it is sent a word; it is gone at the end.

        With `tells`, it says each event too, and waits for a word at its end as well.
        """
        ours, theirs = processes.Pipe()
        run = attempt_telling if tells else attempt_until
        process = processes.Process(target=run, args=(where, self.settings, self.request(job), theirs))
        process.start()
        theirs.close()
        try:
            yield process, ours
        finally:
            process.kill()
            process.join()
            process.close()
            ours.close()

    def settle(self, run: str, *, happened: bool) -> None:
        """Give a person's word, as `bcflow settle` does."""
        with closing(Ledger(self.settings.database())) as ledger:
            ledger.settle(run, happened=happened, by="a person")

    def _ask(self, question: dict[str, Any]) -> str | None:
        return self.answer(question)

    def writes(self, kind: str | None = None) -> list[Write]:
        """Return the write requests the stand-in received, applied or not."""
        return [entry for entry in self.standin.world.writes if kind in (None, entry.kind)]


def state_of(world: World) -> dict[str, Any]:
    """Sign in at the stand-in and return what a browser would keep of it."""
    session = sign_in(world, seed.EMAIL)
    cookies = {"sessionid_ads": session.token, "csrftoken": session.csrf}
    return {"cookies": [_cookie(name, value) for name, value in cookies.items()], "origins": []}


def _cookie(name: str, value: str) -> dict[str, Any]:
    return {
        "name": name,
        "value": value,
        "domain": "127.0.0.1",
        "path": "/",
        "expires": -1,
        "httpOnly": False,
        "secure": False,
        "sameSite": "Lax",
    }

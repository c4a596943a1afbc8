"""A whole slot with a home of its own: for what needs a sign-in in the middle."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Any

from pydantic import SecretStr

from bcflow.models.jobs import JobBase
from bcflow.runner.browser.slot import Slot
from bcflow.runner.config.settings import Credentials, Settings
from bcflow.runner.storage.ledger import Ledger
from standin import seed
from standin.server import StandIn


class Operator:
    """Runs jobs through a slot and keeps what it told."""

    def __init__(self, slot: Slot, folder: Path, events: list[dict[str, Any]]) -> None:
        self.slot = slot
        self.folder = folder
        self.events = events
        self.runs = 0

    def run(self, job: JobBase, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - what a request may say
        """Run `job` and return its record as JSON."""
        self.runs += 1
        request = {
            "job": job.model_dump(mode="json", exclude_none=True),
            "run": f"run-{self.runs}",
            "folder": str(self.folder / f"run-{self.runs}"),
        }
        return self.slot.call("attempt", request | more, 110)

    def look(self, job: JobBase, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - what a request may say
        """Only look at `job`."""
        return self.run(job, **{"mode": "look"} | more)

    def in_one_visit(self, jobs: Sequence[JobBase]) -> Iterator[dict[str, Any]]:
        """Look at jobs one after another, each told how many looks at its list are to come, as a session does."""
        name, to_come = token_hex(4), Counter((job.flow, job.business_center) for job in jobs)
        for job in jobs:
            yield self.look(job, visit={"id": name, "looks": to_come[job.flow, job.business_center]})
            to_come[job.flow, job.business_center] -= 1

    def forget(self) -> None:
        """Go on with an empty ledger."""
        if self.slot._ledger is not None:
            self.slot._ledger.close()
        self.slot._ledger = Ledger(f"sqlite:///{self.folder / f'ledger-{self.runs}.sqlite3'}")

    @property
    def sign_ins(self) -> int:
        """How often it signed in."""
        return sum(event["event"] == "sign-in" for event in self.events)


@contextmanager
def slot_on(standin: StandIn, folder: Path, **settings: Any) -> Iterator[Operator]:  # noqa: ANN401 - Settings has the types
    """Open a slot on the stand-in; its browser starts with the first run."""
    credentials = Credentials(name="default", email=seed.EMAIL, password=SecretStr(seed.PASSWORD))
    given = Settings(
        home=folder / "home",
        logins={"default": credentials},
        business_center_url=standin.bc_url,
        ads_manager_url=standin.ads_url,
        timeout=10,
        settle_seconds=3,
        **settings,
    )
    events: list[dict[str, Any]] = []
    slot = Slot(given, "default", ask=lambda _question: None, on_event=events.append)
    try:
        yield Operator(slot, folder, events)
    finally:
        slot.close()

"""Runs one job in a real browser against the stand-in, as an attempt or as a whole slot does it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page

from bcflow.flows.registry import flow_function
from bcflow.flows.run import Settled
from bcflow.models.jobs import JobBase
from bcflow.models.outcomes import Picture
from bcflow.pages.kit.screen.addresses import Addresses
from bcflow.pages.kit.screen.site import Site
from bcflow.pages.kit.writing.wire import Wire
from bcflow.runner.browser.attempt import Attempt
from bcflow.runner.browser.code_entry import CodeStep
from bcflow.runner.browser.pictures import Pictures
from bcflow.runner.network.fence import Fence
from bcflow.runner.network.gateway import Gateway
from bcflow.runner.reports.evidence import Evidence
from bcflow.runner.storage.ledger import Ledger
from standin.server import StandIn
from standin.world import Write

PATIENCE = 10.0
SETTLE = 3.0
CLICK_MS = 8000


@dataclass(frozen=True)
class Ran:
    """What one run of a flow came to; `settled` has one entry an effect, in the flow's order."""

    settled: tuple[Settled, ...]
    result: dict[str, Any]
    writes: int
    pictures: list[Picture]

    @property
    def first(self) -> Settled:
        return self.settled[0]

    @property
    def outcomes(self) -> list[str]:
        return [one.outcome for one in self.settled]

    @property
    def said(self) -> str:
        return "; ".join(one.message for one in self.settled)


class Desk:
    """A signed-in browser page on the stand-in with a ledger of its own."""

    def __init__(self, standin: StandIn, context: BrowserContext, folder: Path, gateway: Gateway) -> None:
        self.standin = standin
        self.context = context
        self.folder = folder
        self.page: Page = context.new_page()
        self.page.set_default_timeout(CLICK_MS)
        self.addresses = Addresses(standin.bc_url, standin.ads_url)
        fence = Fence([standin.bc_url, standin.ads_url])
        self.stopped: list[str] = []
        self.wire = Wire(self.page, may_load=fence.allows, on_stopped=self.stopped.append, guard=gateway)
        self.site = Site(self.page, self.wire, self.addresses, may_type=fence.allows, patience=PATIENCE)
        self.ledger = Ledger(f"sqlite:///{folder / 'ledger.sqlite3'}")
        self.questions: list[dict[str, Any]] = []
        self.answer: Callable[[dict[str, Any]], str | None] = lambda _question: None
        self.other_code: Callable[[], str | None] = lambda: None
        self.runs = 0
        self.attempts: list[tuple[Attempt, Pictures]] = []

    def run(
        self,
        job: JobBase,
        *,
        settle: float = SETTLE,
        only_look: bool = False,
        may_write: bool = True,
        rehearses: bool = False,
        sends: dict[str, list[str]] | None = None,
        to_come: Iterable[str] = (),
    ) -> Ran:
        """Run `job` once from the top; a run after another keeps the ledger."""
        self.runs += 1
        evidence = Evidence(self.folder / f"run-{self.runs}")
        pictures = Pictures(self.site, evidence)
        attempt = Attempt(
            self.site,
            self.wire,
            run=f"run-{self.runs}",
            ledger=self.ledger,
            pictures=pictures,
            codes=CodeStep(self._ask, learn_secret=evidence.redactor.add),
            only_look=only_look or rehearses,
            rehearses=rehearses,
            sends=sends,
            settle_seconds=settle,
            may_write=may_write,
            on_event=lambda _event: None,
        )
        attempt.to_come = frozenset(to_come)
        self.attempts.append((attempt, pictures))
        concluded = flow_function(job.flow)(attempt, job)
        return Ran(concluded.settled, concluded.result, attempt.writes, pictures.taken)

    def writes(self, kind: str | None = None) -> list[Write]:
        """Return the write requests the stand-in received, applied or not."""
        return [entry for entry in self.standin.world.writes if kind in (None, entry.kind)]

    def forget(self) -> None:
        """Start with an empty ledger, as another machine would."""
        self.ledger.close()
        self.ledger = Ledger(f"sqlite:///{self.folder / f'ledger-{self.runs}.sqlite3'}")

    def close(self) -> None:
        self.ledger.close()

    def _ask(self, question: dict[str, Any]) -> str | None:
        if question.get("refused"):
            return self.other_code()
        self.questions.append(question)
        return self.answer(question)

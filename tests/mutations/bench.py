"""Checks and runs on the stand-in: one browser, a page of its own for each, and baselines that are taken once."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bcflow.models.errors import BcflowError
from bcflow.models.ui_check import UiCheck
from bcflow.runner.browser.ui.visitor import Visits
from bcflow.runner.browser.ui.watch import Watch
from standin import seed
from tests.strangers.play import astray
from tests.support.flow_desk import Desk
from tests.support.flow_jobs import WRITE_KIND, make

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bcflow.models.jobs import JobBase
    from bcflow.runner.network.gateway import Gateway
    from standin.server import StandIn
    from standin.world import World
    from tests.mutations.mutation import Mutation
    from tests.support.lent_context import LentContext

GOOD = frozenset({"done", "waiting", "already"})
Key = tuple[tuple[tuple[str, str], ...], str]


@dataclass(frozen=True)
class Ended:
    """How a flow ended, and what it wrote otherwise than asked, or more than once."""

    outcomes: tuple[str, ...]
    said: str
    wrong: tuple[str, ...] = ()
    asked: bool = False
    """Whether a person was asked what a word means: then nothing was written yet."""

    @property
    def is_good(self) -> bool:
        """Whether all is as the job asked for."""
        return bool(self.outcomes) and set(self.outcomes) <= GOOD and not self.asked


class _Eyes(Watch):
    """Keeps no pictures: nothing is compared by them, and each takes as long as a look."""

    def _picture(self, _name: str) -> str:
        return ""


@dataclass
class Bench:
    """Where checks and runs are made."""

    standin: StandIn
    lent: LentContext
    gateway: Gateway
    baselines: dict[Key, UiCheck] = field(default_factory=dict)

    def baseline(self, axes: Mapping[str, str], flow: str) -> UiCheck:
        """Return the clean check of this look, taken once."""
        key = tuple(sorted(axes.items())), flow
        if key not in self.baselines:
            self.baselines[key] = self.check(axes, only=frozenset({flow}))
        return self.baselines[key]

    def check(
        self,
        axes: Mapping[str, str],
        *,
        only: frozenset[str] = frozenset(),
        mutation: Mutation | None = None,
        number: int = 1,
        grown: Callable[[World], None] = lambda _world: None,
    ) -> UiCheck:
        """Visit the screens as `bcflow check-ui` does; `grown` may change the data of the world of seed `number`."""
        with self._desk(axes, mutation, number) as desk:
            grown(self.standin.world)
            watch = _Eyes(desk.site, desk.folder)
            visits = Visits(desk.site, watch)
            visits.make(seed.NORTHWIND, only=only)
            assert desk.writes() == [], "a check never writes"
            return UiCheck(
                site="https://standin.example",
                language=desk.site.words.spoken,
                at="2026-01-01T00:00:00+00:00",
                version="1",
                screens=list(watch.screens.values()),
                elements=list(watch.elements.values()),
                could_not=visits.could_not,
            )

    def run(self, axes: Mapping[str, str], mutation: Mutation) -> Ended:
        """Run the flow itself on the changed site."""
        with self._desk(axes, mutation) as desk:
            job = _job(mutation)
            try:
                ran = desk.run(job)
                outcomes, said = tuple(ran.outcomes), ran.said
            except BcflowError as error:
                outcomes, said = (), f"{type(error).__name__}: {error}"
            written = desk.writes()
            expected = [one for one in written if one.kind == WRITE_KIND[mutation.flow]]
            wrong = [line for one in expected for line in astray(one.body, job.model_dump())]
            wrong += [f"an unasked {one.kind}" for one in written if one not in expected]
            most = 2 if mutation.flow == "share-with-partner" else 1
            wrong += [f"written {len(expected)} times"] if len(expected) > most else []
            asked = bool(desk.attempts[-1][0].story.unknown)
            return Ended(outcomes, said, tuple(wrong), asked)

    @contextmanager
    def _desk(self, axes: Mapping[str, str], mutation: Mutation | None, number: int = 1) -> Iterator[Desk]:
        faults: list[str] = list(mutation.faults) if mutation else []
        given: dict[str, Any] = {"axes": {**axes, **(mutation.axes if mutation else {})}, "faults": faults}
        self.standin.reset(seed_number=number, stranger=0, **given)
        context = self.lent.lend()
        if not context.request.post(f"{self.standin.control}/sign-in", data={"email": seed.EMAIL}).ok:
            raise SystemExit("the stand-in signs nobody in")
        with tempfile.TemporaryDirectory() as folder:
            desk = Desk(self.standin, context, Path(folder), self.gateway)
            try:
                if mutation and mutation.ops:
                    desk.page.add_init_script(mutation.script(given["axes"]))
                yield desk
            finally:
                desk.close()
                self.lent.take_back(self.standin.bc_url, self.standin.ads_url)


def _job(mutation: Mutation) -> JobBase:
    """Return the job as it was written for the site before it changed."""
    asks_kind = mutation.before.get("registration") == "old"
    return make(mutation.flow, **({"kind": "advertiser"} if asks_kind else {}), **mutation.job)

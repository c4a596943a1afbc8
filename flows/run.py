"""What a flow is handed: a site to look at, a way to name steps, and the one way to write."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from bcflow.models.looks import Effect, Look, Memory
    from bcflow.models.outcomes import Outcome
    from bcflow.pages.kit.screen.site import Site
    from bcflow.pages.kit.writing.commit import Commit


@dataclass(frozen=True)
class Settled:
    """What became of one effect; `have` is what the page showed of it, `writes` the requests sent for it.

    `needs` is the kind of help that only a person can give, `candidates` the ids of which a person must choose one.
    """

    effect: Effect
    outcome: Outcome
    message: str
    have: dict[str, Any] = field(default_factory=dict)
    id: str | None = None
    waiting_for: str | None = None
    next_action: str = ""
    writes: int = 0
    needs: str = ""
    candidates: tuple[str, ...] = ()

    @property
    def stands(self) -> bool:
        """Say whether the effect was seen on the site as asked."""
        return self.outcome in ("done", "already", "waiting")


@dataclass(frozen=True)
class Conclusion:
    """What a flow gives back: its effects in order and the result fields the operator asked for."""

    settled: tuple[Settled, ...]
    result: dict[str, Any]


class Run(Protocol):
    """One attempt at one job."""

    @property
    def site(self) -> Site:
        """The signed-in site."""

    @property
    def to_come(self) -> frozenset[str]:
        """The ids of ad accounts that other jobs of the batch ask for."""

    def step(self, name: str) -> AbstractContextManager[None]:
        """Name a part of the flow's story."""

    def ensure(
        self,
        effect: Effect,
        *,
        look: Callable[[Memory], Look],
        act: Callable[[], Commit],
        needs: Callable[[], dict[str, str]] = dict,
    ) -> Settled:
        """Look; if the effect is absent, act once; look until it is seen.

        `look` only reads. `act` fills what has to be filled and returns the one click that is left. `needs` reads
        whether what `act` relies on is there, where nothing is to be written yet: it returns names by id, and raises
        `Refused` for what is not there.
        Never raises for what the site says: that is an outcome.
        """

"""Which runs a list is to have: by outcome, client, key and time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bcflow.models.errors import BadInput
from bcflow.models.outcomes import OUTCOMES, RunRecord
from bcflow.models.suggestions import nearest
from bcflow.runner.policy.follow_up import moment

if TYPE_CHECKING:
    from bcflow.runner.storage.batch_record import BatchRecord
    from bcflow.runner.storage.history import History


@dataclass(frozen=True)
class Filters:
    """What runs must be like; what is empty is no condition. `since` counts for batches by when they were started."""

    outcomes: frozenset[str] = frozenset()
    client: str | None = None
    key: str | None = None
    since: datetime | None = None

    def __bool__(self) -> bool:
        """Whether there is any condition."""
        return self != Filters()

    @property
    def nothing(self) -> str:
        """What to say when no run is like that; nothing if any would do."""
        return "nothing like that was run here" if self else ""

    def keeps(self, run: RunRecord, *, outcome: str = "") -> bool:
        """Whether a run is one of them, by its own outcome or that of one of its effects."""
        is_outcome = not self.outcomes or (outcome or run.outcome) in self.outcomes
        return is_outcome and self.client in (None, run.client)

    def is_new(self, at: str) -> bool:
        """Whether an ISO 8601 time is late enough."""
        return self.since is None or (bool(at) and moment(at) >= self.since)

    def batches(self, history: History) -> Iterator[tuple[BatchRecord, list[RunRecord]]]:
        """Yield the batches that have such runs, the newest first, with these runs. Raises BadInput for a new key."""
        only = history.of_key(self.key) if self.key else None
        for batch in history.batches():
            if only not in (None, batch.id) or not self.is_new(batch.started):
                continue
            runs = history.runs_of(batch)
            kept = [run for run in runs if self.keeps(run)]
            if kept or not (self.outcomes or self.client):
                yield batch, kept


def outcomes_of(given: Sequence[str]) -> frozenset[str]:
    """Return the outcomes that options name, several with commas between them. Raises BadInput for another word."""
    words = [word.strip() for text in given for word in text.split(",") if word.strip()]
    wrong = [word for word in words if word not in OUTCOMES]
    if wrong:
        raise BadInput([f"--outcome: '{w}' is none{nearest(w, OUTCOMES)}; known: {', '.join(OUTCOMES)}" for w in wrong])
    return frozenset(words)

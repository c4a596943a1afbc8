"""The exit code of a batch that has ended: what its runs say, unless it was held back as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bcflow.runner.reports import summary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bcflow.models.outcomes import RunRecord
    from bcflow.runner.storage.batch_rows import Batch

UNPROVEN: Final = "unproven"
"""A flow was never seen to work here, and nobody was there to be asked."""
STALE: Final = "stale"
"""The plan is out of date, and nothing was written."""
CHANGED: Final = "changed"
"""Jobs of the plan of which a fact changed were left out."""
UNSEEN: Final = "unseen"
"""Not all that the plan rests on could be looked at again."""


def exit_code(batch: Batch, records: Sequence[RunRecord]) -> int:
    """Return the exit code of a batch whose runs have ended."""
    if batch.held_back == STALE:
        return summary.STALE_PLAN
    if batch.held_back == UNPROVEN:
        return summary.BAD_INPUT
    code = summary.exit_code(records)
    # The records' own code would hide that something did not happen because it moved.
    hidden = {summary.OK: (CHANGED, UNSEEN), summary.YOU_MUST_ACT: (CHANGED,)}
    return summary.NOT_DONE if batch.held_back in hidden.get(code, ()) else code

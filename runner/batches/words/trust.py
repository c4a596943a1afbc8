"""Whether what a person taught is trusted: a new word is proven by a run that ended well, and doubted after another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bcflow.runner.policy.follow_up import YOU
from bcflow.runner.storage.labels.opening import open_labels

if TYPE_CHECKING:
    import sqlalchemy as sa

    from bcflow.models.outcomes import RunRecord
    from bcflow.runner.batches.context import Context
    from bcflow.runner.storage.labels.kept import Kept, LearntWord, State

_BEFORE_IT_SENT: Final = frozenset({"refused"})
_AFTER_IT_SENT: Final = frozenset({"differs", "unknown"})


def trust(connection: sa.Connection, context: Context, record: RunRecord) -> None:
    """Judge the new words that a run went by, in the transaction in which the run is kept."""
    state = judged(record)
    # A button that is one of two things may be the other on the next page of a form.
    asked_again = {(each.screen, word.concept) for each in record.unknown for word in each.words if not word.either}
    if not record.learnt or not (state or asked_again):
        return

    def change(kept: Kept) -> None:
        if asked_again:
            kept.judge(record.site, record.learnt, "doubtful", only=is_missing)
        if state:
            kept.judge(record.site, record.learnt, state)

    def is_missing(word: LearntWord) -> bool:
        """Whether it was taught for the screen on which its concept was just not found."""
        return any(word.concept == concept and word.screen in ("", screen) for screen, concept in asked_again)

    open_labels(context.settings.home, context.database).change(change, within=connection)


def judged(record: RunRecord) -> State | None:
    """Return what the end of a run says of the new words that it went by; None: nothing yet."""
    if record.outcome in {"done", "already"}:
        return "proven"
    if record.outcome == "waiting":
        return "proven" if record.waiting_for not in (None, YOU) else None
    if record.outcome in {"screen-changed", "failed"}:
        return "doubtful"
    is_doubtful = _AFTER_IT_SENT if record.writes else _BEFORE_IT_SENT
    return "doubtful" if record.outcome in is_doubtful else None

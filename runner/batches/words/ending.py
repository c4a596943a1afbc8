"""How a run ends of which a person said that nothing on its screens is what it needs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bcflow.models.effect_words import SCREEN_CHANGED, UNKNOWN_WORDS
from bcflow.runner.batches.results import end_run, keep_end, leave_run
from bcflow.runner.policy.follow_up import YOU
from bcflow.runner.storage.asked_words import topic_of

if TYPE_CHECKING:
    import sqlalchemy as sa

    from bcflow.models.outcomes import EffectRecord, RunRecord
    from bcflow.runner.batches.context import Context
    from bcflow.runner.storage.batch_rows import Batch, Run


def end_without(
    connection: sa.Connection, context: Context, batch: Batch, run: Run, by: str, *, in_doubt: bool
) -> RunRecord:
    """End a run of which a person said that none of what its screen offers is what it needs."""
    waited = run.record
    met = waited.unknown if waited else []
    unknown = next((each for each in met if waited and topic_of(waited.site, each) in run.topics), None)
    missing = ", ".join(word.what for word in unknown.words) if unknown else "what it needs"
    said = f"{unknown.screen if unknown else 'a screen'}: {missing} was not found, and {by} said that it is none of it"
    if in_doubt:
        return leave_run(connection, context, batch, run, "unknown", said, in_doubt=True)
    if waited is None or waited.message.startswith("not started: "):
        return end_run(connection, context, batch, run, "skipped", f"not started: {said}")
    if any(one.seen_at and one.waiting_for == YOU for one in waited.effects):
        # It is there, in a state that nobody understands: that is a person's to see to.
        values: dict[str, Any] = {"message": f"{waited.message}; {said}", "next_action": UNKNOWN_WORDS}
    else:
        values = {"outcome": "screen-changed", "message": f"{said}; nothing was written", "waiting_for": None}
        values |= {"next_action": SCREEN_CHANGED, "effects": [_changed(one, said) for one in waited.effects]}
    moment = datetime.now(UTC).isoformat(timespec="seconds")
    record = waited.model_copy(update=values | {"needs": "", "answered_by": by, "finished": moment})
    keep_end(connection, run, record)
    return record


def _changed(effect: EffectRecord, said: str) -> EffectRecord:
    if effect.outcome != "waiting" or effect.waiting_for != YOU:
        return effect
    return effect.model_copy(update={"outcome": "screen-changed", "message": said, "waiting_for": None})

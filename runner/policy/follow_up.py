"""When a run that waits for others is looked at again, and what it is after that look.

Pure rules: no browser, no database, no clock. A follow-up is a look only; it never writes and never asks for a code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from bcflow.models import effect_words
from bcflow.models.looks import Effect
from bcflow.models.outcomes import EffectRecord, Outcome, RunRecord

BACK_OFF: Final = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(days=1))
"""How long after each look the next one is due; the last one again and again."""

YOU: Final = "you"
_STANDS: Final = frozenset({"done", "already", "waiting"})
_MAY_WAIT: Final = frozenset({"waiting", "already"})
# An ad account in one of these states was reviewed, and the answer was no.
_DEAD: Final = frozenset({"disapproved", "suspended", "disabled", "request declined"})
_SAID_YES: Final = {
    "invitee": "accepted the invitation",
    "owner": "was approved",
    "partner": "accepted",
    "tiktok review": "was approved",
    "client's phone": "was confirmed",
}
_SIGN_IN_STEP: Final = "sign in"

Sight = Literal["there", "waiting", "gone", "no", "otherwise", "to do", "unseen"]
"""What a look says of one effect."""


@dataclass(frozen=True)
class Patience:
    """After `remind_after` a wait is listed as overdue; after `give_up_after` it is given up."""

    remind_after: timedelta = timedelta(days=3)
    give_up_after: timedelta = timedelta(days=30)


PATIENCE: Final = Patience()


def waits_for(record: RunRecord) -> str:
    """Return who must act before `record` is whole, or an empty text if nobody must."""
    if record.outcome not in _MAY_WAIT:
        return ""
    # Of several facts that are there already, the run names the first one; another may still wait.
    return record.waiting_for or next((one.waiting_for for one in record.effects if one.waiting_for), None) or ""


def is_others(who: str) -> bool:
    """Whether `who` is somebody on the site or in the world: not you, and not another job of the file."""
    return bool(who) and who != YOU and not who.startswith("job ")


def waits_for_others(record: RunRecord) -> bool:
    """Whether others must act for `record`, so that only looking again can tell how it goes on."""
    return is_others(waits_for(record))


def waiting_since(record: RunRecord) -> datetime | None:
    """Return since when `record` waits: its first write that waits, else its end; None if it does not say."""
    armed = [one.armed_at for one in record.effects if one.waiting_for and one.armed_at]
    said = min(armed) if armed else record.finished or record.started
    return moment(said) if said else None


def is_overdue(since: datetime | None, now: datetime, patience: Patience = PATIENCE) -> bool:
    """Whether a wait has lasted so long that the other side should be reminded."""
    return since is not None and now - since >= patience.remind_after


def next_due(record: RunRecord, looks: int, now: datetime, patience: Patience = PATIENCE) -> datetime | None:
    """Return when to look at `record` again after `looks` follow-up looks, the latest of them at `now`.

    The last look is at the moment it is given up. None: nobody else must act, or it was a dry run.
    """
    if record.dry_run or not waits_for_others(record):
        return None
    due = now + BACK_OFF[min(looks, len(BACK_OFF) - 1)]
    since = waiting_since(record)
    end = since + patience.give_up_after if since else due
    return end if now < end < due else due


def judged(before: RunRecord, look: RunRecord, now: datetime, patience: Patience = PATIENCE) -> RunRecord:
    """Return what `before`, which waits for others, has become after the follow-up `look`.

    It keeps its id, its start and its evidence. What could not be seen changes nothing: the same record comes back.
    """
    sights = _sights(before, look) if waits_for_others(before) else {"unseen"}
    if sights & {"no", "gone"}:
        return _refused(before, look, now)
    if "otherwise" in sights:
        return _ended(before, look, now, "differs", look.message, next_action=look.next_action)
    if "waiting" in sights:
        return _still_waiting(before, look, now, patience)
    if "unseen" in sights:
        return before
    if "to do" in sights:
        return _to_go_on(before, look, now)
    return _ended(before, look, now, "done", said_yes(before))


def said_yes(before: RunRecord) -> str:
    """Return in words that those whom `before` waited for have acted: "member ana@acme.example accepted …"."""
    waiting = [one for one in before.effects if is_others(one.waiting_for or "")]
    names = _names(waiting) or before.job
    return f"{names} {_SAID_YES.get(waits_for(before), 'is there now')}"


def subject(effect: EffectRecord) -> str:
    """Return the thing an effect is about, in words."""
    try:
        return effect_words.subject(Effect(effect.business_center, effect.kind, effect.identity))
    except KeyError:  # a kind that this version does not know
        return f"{effect.kind} {effect.identity}"


def moment(text: str) -> datetime:
    """Return an ISO 8601 time as it is kept; one without a zone is UTC."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _sights(before: RunRecord, look: RunRecord) -> set[Sight]:
    """Return everything the look says. A look that could not sign in says nothing, whatever its outcome."""
    if not look.effects or any(step.name.startswith(_SIGN_IN_STEP) and not step.ok for step in look.steps):
        return {"unseen"}
    known = {_key(one): one for one in before.effects}
    sights = {_sight(one, known.get(_key(one))) for one in look.effects}
    if waits_for_others(look):
        sights.add("waiting")
    missing = known.keys() - {_key(one) for one in look.effects}
    untold = look.outcome not in _STANDS and look.outcome not in {one.outcome for one in look.effects}
    return sights | {"unseen"} if missing or untold else sights


def _sight(effect: EffectRecord, before: EffectRecord | None) -> Sight:
    if effect.outcome in _STANDS:
        return _standing(effect)
    if effect.outcome == "planned":
        # Proven absent: what was seen before is gone, what never was is still to be written.
        return "gone" if before is not None and (before.seen_at or before.have) else "to do"
    if effect.outcome == "refused":
        return "no"
    return "otherwise" if effect.outcome == "differs" else "unseen"


def _standing(effect: EffectRecord) -> Sight:
    if effect.waiting_for == YOU:
        # With a proof it was looked for and is gone; without, a person is needed before anything can be seen.
        return "gone" if effect.proof else "unseen"
    if effect.waiting_for:
        return "waiting"
    return "no" if effect.have.get("status") in _DEAD else "there"


def _refused(before: RunRecord, look: RunRecord, now: datetime) -> RunRecord:
    known = {_key(one): one for one in before.effects}
    sights = [(one, _sight(one, known.get(_key(one)))) for one in look.effects]
    said = [_no(one) for one, sight in sights if sight == "no"]
    gone = _names([one for one, sight in sights if sight == "gone"])
    action = "talk to them before asking again"
    if gone:
        said.append(f"{gone} was asked for and is gone: declined, taken back or lapsed; nothing was written")
        action = f"if it shall be asked for again: bcflow settle {before.id} --did-not-happen, then run it again"
    return _ended(before, look, now, "refused", "; ".join(said), next_action=action)


def _no(effect: EffectRecord) -> str:
    if effect.outcome == "refused":
        return effect.message
    return f"{subject(effect)} is {effect.have.get('status')}"


def _still_waiting(before: RunRecord, look: RunRecord, now: datetime, patience: Patience) -> RunRecord:
    since = waiting_since(before)
    who = next((one.waiting_for for one in look.effects if is_others(one.waiting_for or "")), None) or waits_for(look)
    if since is None or now - since < patience.give_up_after:
        change = {"waiting_for": who, "next_action": look.next_action or before.next_action}
        return before.model_copy(update={**change, "effects": _effects(before, look)})
    waited = _length(patience.give_up_after)
    text = f"{_names(look.effects)}: waited {waited} for {who}; it still waits there, but is no longer looked at"
    remind = f"remind them (bcflow remind {before.client})" if before.client else "remind them"
    expired = _ended(before, look, now, "expired", text, next_action=f"{remind}, then run the same job again")
    for one in expired.effects:
        if one.waiting_for:
            one.outcome, one.waiting_for = "expired", None
    return expired


def _to_go_on(before: RunRecord, look: RunRecord, now: datetime) -> RunRecord:
    """Tell that the others have acted and that only now the rest can be written: a follow-up writes nothing."""
    left = _names([one for one in look.effects if one.outcome == "planned"])
    record = _ended(
        before,
        look,
        now,
        "waiting",
        f"{said_yes(before)}; still to be written: {left}",
        next_action="run the same job again: it writes only what is missing",
    )
    record.waiting_for = YOU
    return record


def _ended(
    before: RunRecord, look: RunRecord, now: datetime, outcome: Outcome, message: str, *, next_action: str = ""
) -> RunRecord:
    change = {
        "outcome": outcome,
        "message": message,
        "next_action": next_action,
        "waiting_for": None,
        "result": {**before.result, **{name: value for name, value in look.result.items() if value is not None}},
        "effects": _effects(before, look),
        "finished": now.astimezone(UTC).isoformat(timespec="seconds"),
    }
    return before.model_copy(update=change)


def _effects(before: RunRecord, look: RunRecord) -> list[EffectRecord]:
    """Return the effects as the look saw them, with what only the run itself knows: its writes and their time."""
    seen = {_key(one): one for one in look.effects}
    known = {_key(one): one for one in before.effects}
    both = {key: _merged(known[key], seen[key]) for key in known.keys() & seen.keys()}
    return [(both.get(key) or one).model_copy() for key, one in (known | seen).items()]


def _merged(before: EffectRecord, seen: EffectRecord) -> EffectRecord:
    sight = _sight(seen, before)
    if sight == "unseen":
        return before
    change: dict[str, object] = {"armed_at": before.armed_at, "writes": before.writes, "want": before.want}
    if sight == "there":
        change["outcome"] = "done" if before.waiting_for else before.outcome
    elif sight == "waiting":
        change["outcome"] = before.outcome
    elif sight in ("gone", "no"):
        change |= {"outcome": "refused", "waiting_for": None}
    return seen.model_copy(update=change)


def _length(time: timedelta) -> str:
    """Return a length of time in the largest unit that fits: 30 days, 36 hours, 90 minutes."""
    for name, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        count, rest = divmod(time.total_seconds(), size)
        if not rest:
            return f"{count:.0f} {name}{'' if count == 1 else 's'}"
    return f"{time.total_seconds():.0f} seconds"


def _names(effects: Sequence[EffectRecord]) -> str:
    return ", ".join(subject(one) for one in effects)


def _key(effect: EffectRecord) -> tuple[str, str, str]:
    return effect.business_center, effect.kind, effect.identity

"""Who must act, from the runs on disk: for each fact on the site what the newest run that saw it says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from pydantic import ValidationError

from bcflow.models.effects import canonical
from bcflow.models.fields import ALLOW_UNUSUAL, KEPT
from bcflow.models.jobs import job_adapter
from bcflow.models.outcomes import EffectRecord, RunRecord
from bcflow.runner.policy.follow_up import PATIENCE, YOU, Patience, is_others, is_overdue, moment, subject, waits_for

OTHER_SIDE: Final = ("owner", "partner", "invitee", "client's phone")
"""Those who can be reminded: people outside, with something to click."""
_ORDER: Final = (YOU, *OTHER_SIDE, "tiktok review")
SAYS_NOTHING: Final = frozenset({"failed", "screen-changed", "skipped", "cancelled"})

Key = tuple[str, str, str, str]
Saying = Literal["others", "you", "you first", "nobody", "nothing"]
"""Who must act for a fact; "you first" leaves open who must act after you, "nothing" says nothing at all."""


@dataclass(frozen=True)
class Wait:
    """One run that waits for somebody: `who`, since when, and for which facts; `run` is the newest that says so."""

    who: str
    since: datetime | None
    client: str | None
    run: RunRecord
    effects: tuple[EffectRecord, ...]

    @property
    def what(self) -> str:
        """What the wait is about, in words."""
        return ", ".join(subject(one) for one in self.effects)

    def overdue(self, now: datetime, patience: Patience = PATIENCE) -> bool:
        """Whether the other side should be reminded by now."""
        return is_others(self.who) and is_overdue(self.since, now, patience)


def waits(records: Iterable[RunRecord]) -> list[Wait]:
    """Return what waits for somebody: you first, then by who must act, each the oldest first.

    A newer run of the same fact replaces an older one, unless it could not see anything.
    """
    theirs: dict[Key, Wait] = {}
    yours: dict[Key, Wait] = {}
    for record in sorted(records, key=lambda one: (one.finished or one.started, one.id)):
        for key, effect in facts(record):
            says = _says(record, effect)
            if says == "nothing":
                continue
            known = theirs.get(key), yours.pop(key, None)
            if says != "you first":
                theirs.pop(key, None)
            if says == "others":
                theirs[key] = _wait(effect.waiting_for or waits_for(record), record, effect, known[0])
            elif says != "nobody":
                yours[key] = _wait(YOU, record, effect, known[1])
    together = _together([*yours.values(), *theirs.values()])
    return sorted(together, key=lambda one: (_place(one.who), one.who, str(one.since or ""), one.run.id))


def facts(record: RunRecord) -> list[tuple[Key, EffectRecord]]:
    """Return the facts a run is about: those it saw, and those of its job that it did not come to."""
    found = {_key(record, one): one for one in record.effects}
    try:
        wanted = canonical(job_adapter().validate_python(record.inputs, context={ALLOW_UNUSUAL: True, KEPT: True}))
    except ValidationError:  # inputs of another version of the flow
        wanted = []
    for one in wanted:
        untold = EffectRecord(
            kind=one.kind,
            identity=one.identity,
            business_center=one.business_center,
            want=one.want,
            outcome=record.outcome,
            waiting_for=waits_for(record) or None,
        )
        found.setdefault(_key(record, untold), untold)
    return list(found.items())


def _says(record: RunRecord, effect: EffectRecord) -> Saying:
    yours = record.outcome == "waiting" and record.waiting_for == YOU
    if effect.outcome in SAYS_NOTHING:
        return "nothing"
    if effect.outcome in ("unknown", "expired") or (yours and effect.outcome == "planned"):
        return "you"
    if effect.outcome not in ("waiting", "already"):
        return "nobody"
    who = effect.waiting_for or ""
    if who == YOU:
        if record.dry_run:
            return "nothing"
        # With a proof something is gone; without, a person is needed before anything can be seen.
        return "you" if effect.proof else "you first"
    return "others" if is_others(who) else "nobody"


def _wait(who: str, record: RunRecord, effect: EffectRecord, known: Wait | None) -> Wait:
    """Return the wait of one fact: as old as the first run that said so, if it was the same person all along."""
    said = effect.armed_at or record.finished or record.started
    since = moment(said) if said else None
    client = record.client
    if known is not None and known.who == who:
        since, client = known.since or since, client or known.client
    return Wait(who, since, client, record, (effect,))


def _together(found: Iterable[Wait]) -> list[Wait]:
    """Return one wait for each run and person, whatever number of facts it is about."""
    runs: dict[tuple[str, str], Wait] = {}
    for one in found:
        key = (one.run.id, one.who)
        first = runs.get(key)
        if first is None:
            runs[key] = one
        else:
            since = min((each for each in (first.since, one.since) if each), default=None)
            runs[key] = replace(first, since=since, effects=(*first.effects, *one.effects))
    return list(runs.values())


def _key(record: RunRecord, effect: EffectRecord) -> Key:
    return record.site, effect.business_center, effect.kind, effect.identity


def _place(who: str) -> int:
    return _ORDER.index(who) if who in _ORDER else len(_ORDER)

"""How each thing on the site stands by now: what the newest run says that could see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bcflow.models.outcomes import EffectRecord, RunRecord
from bcflow.runner.policy.follow_up import subject
from bcflow.runner.policy.waits import SAYS_NOTHING, Key, facts

# A dry run that would write it has not tried: what a run was told before still holds.
_SAYS_LITTLE: Final = SAYS_NOTHING | {"planned"}


@dataclass(frozen=True)
class Present:
    """One thing, and the run that tells of it."""

    effect: EffectRecord
    run: RunRecord

    @property
    def what(self) -> str:
        """The thing, in words."""
        return subject(self.effect)

    @property
    def message(self) -> str:
        """What was said of it."""
        return self.effect.message or self.run.message


def present(records: Iterable[RunRecord]) -> list[Present]:
    """Return what is known of each thing, the oldest first.

    What could not see it replaces only what could not either. A thing whose id is not known yet is left out.
    """
    newest: dict[Key, Present] = {}
    for record in sorted(records, key=lambda one: (one.finished or one.started, one.id)):
        for key, effect in facts(record):
            known = newest.get(key)
            if "${" in "".join(key) or (known and _says_little(effect) and not _says_little(known.effect)):
                continue
            newest.pop(key, None)
            newest[key] = Present(effect, record)
    return list(newest.values())


def _says_little(effect: EffectRecord) -> bool:
    return effect.outcome in _SAYS_LITTLE

"""How fast and how patient the settings say we are."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bcflow.runner.policy.follow_up import Patience
from bcflow.runner.policy.pace import Pace

if TYPE_CHECKING:
    from bcflow.runner.config.settings import Settings


def pace_of(settings: Settings) -> Pace:
    """Return the pace that is set."""
    return Pace(settings.pace_seconds, settings.writes_per_ten_minutes, settings.writes_per_day, settings.quiet_hours)


def patience_of(settings: Settings) -> Patience:
    """Return what BCFLOW_REMIND_AFTER and BCFLOW_GIVE_UP_AFTER say."""
    return Patience(timedelta(seconds=settings.remind_after), timedelta(seconds=settings.give_up_after))

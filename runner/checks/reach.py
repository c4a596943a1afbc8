"""What a check got to: of what it did not reach, nobody may say that it is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from bcflow.runner.checks.elements import THERE

if TYPE_CHECKING:
    from bcflow.models.ui_check import UiCheck

Reach = Literal["seen", "gone", "not reached", "no skeleton"]


def reach(check: UiCheck, place: tuple[str, str]) -> Reach:
    """Return how a state of a screen that somebody saw earlier stands in `check`.

    It is `gone` if the check was there and did not find it; `no skeleton` if something of it was found all the same.
    """
    if any(one.key == place for one in check.screens):
        return "seen"
    standings = {one.standing for one in check.elements if (one.screen, one.state) == place}
    if standings.intersection((*THERE, "insisted on")):
        return "no skeleton"
    if standings == {"not reached"} or not (standings or _was_at(check, place[0])):
        return "not reached"
    return "gone"


def reached(check: UiCheck, screen: str) -> bool:
    """Whether `check` saw anything of a screen, or looked for it there and did not find it."""
    return any(one.screen == screen for one in check.screens) or any(
        one.screen == screen and one.standing != "not reached" for one in check.elements
    )


def _was_at(check: UiCheck, screen: str) -> bool:
    """Whether the check got to a screen; where it says nothing at all of it, it had no reason not to."""
    asked = any(one.screen == screen for one in check.elements)
    return reached(check, screen) or not (asked or check.could_not)

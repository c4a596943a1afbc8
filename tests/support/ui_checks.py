"""Checks of screens that nobody made: a list of members and a form, as the tests of findings need them."""

from typing import Any

from bcflow.models.ui_check import ElementSeen, ScreenSeen, UiCheck

INVITE = {
    "screen": "members",
    "state": "list",
    "kind": "button",
    "concept": "invite member",
    "flows": ["invite-member"],
    "standing": "as expected",
    "text": "Invite member",
}
CONTROLS = ["button: Invite member", "field: Search", "column: Name", "column: Role", "button: Export"]
OUTLINE = ['- heading "Members"', '- button "Invite member"', "- table", '- button "Export"']


def element(**changed: object) -> ElementSeen:
    """Return the button that invites, with what is `changed`."""
    return ElementSeen.model_validate(INVITE | changed)


def screen(**changed: object) -> ScreenSeen:
    """Return the list of members, with what is `changed`."""
    usual = {
        "screen": "members",
        "state": "list",
        "path": "/members",
        "kit": {"okee": 12, "tux": 3},
        "outline": OUTLINE,
        "controls": CONTROLS,
    }
    return ScreenSeen.model_validate(usual | changed)


def check(*elements: ElementSeen, screens: list[ScreenSeen] | None = None, **changed: object) -> UiCheck:
    """Return a check that saw these elements (the button alone, if none is given) and the list of members."""
    usual: dict[str, Any] = {
        "site": "https://business.example",
        "language": "en",
        "at": "2026-11-24T20:19:05Z",
        "version": "0.1.0",
        "screens": [screen()] if screens is None else screens,
        "elements": list(elements) or [element()],
    }
    return UiCheck.model_validate(usual | changed)

"""Which way a code goes: the code step may ask for it first, or open on one way and offer another.

The help page says that who has several ways chooses first; public automation code (2026) meets a link to the mail.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.pages.kit.widgets.surface import page_surface

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bcflow.pages.kit.screen.site import Site

WAYS = {"authenticator": "code by authenticator", "email": "code by email", "text": "code by text message"}
LEAST = 2
"""A single one of these words is no choice."""


def offered(site: Site) -> list[str]:
    """Return the ways that the page asks to choose from, or none."""
    page = page_surface(site)
    found = [way for way, concept in WAYS.items() if page.has(concept)]
    return found if len(found) >= LEAST else []


def choose(site: Site, ways: Iterable[str]) -> bool:
    """Choose the first of `ways` that is offered; say whether there was one."""
    there = offered(site)
    way = next((each for each in ways if each in there), None)
    if way is None:
        return False
    page_surface(site).pick(WAYS[way])
    return True


def switch_to_email(site: Site) -> bool:
    """Press the link to the mail, if it is there; say whether it was."""
    page = page_surface(site)
    link = page.find_button("switch to email") or page.find_text("switch to email")
    if link is None:
        return False
    link.click()
    return True

"""The one click that sends a write.

Tried with Playwright 1.65: a locator handler can fire *inside* `click()` after a guard and change the
page, and `click()` can raise after the request was sent. So: overlays are cleared and their handlers
removed first, then the guard reads the page once more, then the write is armed, then there is one click,
and whatever the click raises says nothing about whether the request left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.sync_api import Error as PlaywrightError

from bcflow.models.errors import ScreenChanged
from bcflow.models.identity import fold
from bcflow.pages.kit.aftermath import Aftermath

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from bcflow.models.looks import Effect
    from bcflow.pages.kit.site import Site
    from bcflow.pages.kit.surface import Surface


@dataclass(frozen=True)
class Commit:
    """A filled form and the button that sends it.

    `org` is the Business Center the write must name, `ids` the only other 19-digit ids it may name,
    `check` reads the form back and raises if it is not as filled, `also` are further effects that the same
    request brings about.
    """

    surface: Surface
    button: Locator
    names: tuple[str, ...]
    org: str | None
    ids: frozenset[str] = frozenset()
    check: Callable[[], None] | None = None
    also: tuple[Effect, ...] = ()
    subject: str = ""
    heading: str = ""

    @classmethod
    def on(
        cls,
        surface: Surface,
        *sending: str,
        org: str | None,
        ids: frozenset[str] = frozenset(),
        check: Callable[[], None] | None = None,
        also: tuple[Effect, ...] = (),
        subject: str = "",
    ) -> Commit:
        """Take the button with the first of the words `sending` that `surface` offers.

        Raises `ScreenChanged` if it offers none, or one of them twice.
        """
        button = surface.button(*sending)
        name = surface.site.accessible_name(button)
        return cls(surface, button, (name,), org, ids, check, also, subject, surface.title)


def guard(site: Site, commit: Commit) -> None:
    """Read the page once more; raise `ScreenChanged` or `WrongPlace` if the click would hit something else."""
    site.require_place(commit.org)
    now = site.surface()
    if not commit.surface.same_as(now) or now.title != commit.heading:
        raise ScreenChanged(site.screen, f"the dialog {commit.heading!r}", found=now.title)
    if commit.check is not None:
        commit.check()
    name = site.accessible_name(commit.button)
    if fold(name) not in map(fold, commit.names):
        raise ScreenChanged(site.screen, f"the button {' / '.join(commit.names)}", found=name)


def press(site: Site, commit: Commit, *, arm: Callable[[], None]) -> Aftermath:
    """Clear overlays, guard, arm, click once, and say what was seen to happen.

    Raises before `arm` only; once armed, every error is part of the returned aftermath.
    """
    site.interruptions.clear()
    with site.interruptions.off():
        guard(site, commit)
        if not commit.button.is_enabled():
            raise ScreenChanged(site.screen, f"an enabled button {commit.names[0]!r}", found="it is disabled")
        with site.wire.armed(org=commit.org, ids=commit.ids) as sent:
            site.aftermath.watch(commit)
            arm()
            trouble = _click(commit)
            try:
                return site.aftermath.read(commit, sent, trouble=trouble)
            except PlaywrightError as error:
                return Aftermath(sent=sent, trouble=type(error).__name__)


def _click(commit: Commit) -> str:
    try:
        commit.button.click()
    except PlaywrightError as error:
        return type(error).__name__
    return ""

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

from bcflow.models.effects import asked
from bcflow.models.errors import Refused, ScreenChanged
from bcflow.models.identity import fold, same_value
from bcflow.pages.kit.aftermath import Aftermath
from bcflow.pages.kit.filling import said

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from playwright.sync_api import Locator

    from bcflow.models.looks import Effect
    from bcflow.pages.kit.filling import Filling
    from bcflow.pages.kit.site import Site
    from bcflow.pages.kit.surface import Surface


@dataclass(frozen=True)
class Commit:
    """A filled form and the button that sends it.

    `org` is the Business Center the write must name, `ids` the only other 19-digit ids it may name,
    `filling` is what was put into the form, `also` are further effects that the same request brings about.
    """

    surface: Surface
    button: Locator
    names: tuple[str, ...]
    org: str | None
    ids: frozenset[str] = frozenset()
    filling: Filling | None = None
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
        filling: Filling | None = None,
        also: tuple[Effect, ...] = (),
        subject: str = "",
    ) -> Commit:
        """Take the button with the first of the words `sending` that `surface` offers.

        Raises `ScreenChanged` if it offers none, or one of them twice.
        """
        button = surface.button(*sending)
        name = surface.site.accessible_name(button)
        return cls(surface, button, (name,), org, ids, filling, also, subject, surface.title)


def require_shown(commit: Commit, effects: Sequence[Effect]) -> None:
    """Raise `Refused` for what was asked of one of the `effects` and could be put into no control of the form.

    What the form has preset never stands in for it. Whether the controls still show what was put into them,
    `guard` reads.
    """
    shown = commit.filling.shown if commit.filling is not None else {}
    missing = [
        f"{name} ({said(value)})"
        for effect in effects
        for name, value in asked(effect).items()
        if not same_value(shown.get(name), value)
    ]
    if missing:
        named = ", ".join(dict.fromkeys(missing))
        raise Refused(f"this form cannot show {named} as asked; nothing was sent")


def guard(site: Site, commit: Commit) -> None:
    """Read the page once more; raise `ScreenChanged` or `WrongPlace` if the click would hit something else.

    Raises `Refused` for what the form insists on and does not have.
    """
    site.require_place(commit.org)
    now = site.surface()
    if not commit.surface.same_as(now) or now.title != commit.heading:
        raise ScreenChanged(site.screen, f"the dialog {commit.heading!r}", found=now.title)
    if commit.filling is not None:
        commit.filling.require()
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

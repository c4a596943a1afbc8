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
from bcflow.pages.kit.writing.aftermath import Aftermath
from bcflow.pages.kit.writing.filling import said

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from playwright.sync_api import Locator

    from bcflow.models.looks import Effect
    from bcflow.pages.kit.screen.site import Site
    from bcflow.pages.kit.widgets.surface import Surface
    from bcflow.pages.kit.writing.armed import Sent
    from bcflow.pages.kit.writing.filling import Filling


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


def press(
    site: Site,
    commit: Commit,
    *,
    arm: Callable[[], None],
    go_on: Callable[[Aftermath], Aftermath] = lambda aftermath: aftermath,
    sent: Callable[[Sent], None] = lambda _sent: None,
) -> Aftermath:
    """Clear overlays, guard, arm, click once, and say what was seen to happen.

    `go_on` gives what the page asks for then (a code, a captcha) and returns what came of it; all of that is one
    armed write. `sent` is told in the end what left. Raises before `arm` only; once armed, every error is part of the
    returned aftermath. Afterwards nothing more leaves the browser that could change anything, until
    `site.wire.open_again`.
    """
    site.interruptions.clear()
    with site.interruptions.off():
        guard(site, commit)
        if not commit.button.is_enabled():
            raise ScreenChanged(site.screen, f"an enabled button {commit.names[0]!r}", found="it is disabled")
        with site.wire.armed(org=commit.org, ids=commit.ids, known_ids=_known_ids(site)) as leaving:
            site.aftermath.watch(commit, leaving)
            arm()
            try:
                trouble = _click(commit)
                return go_on(site.aftermath.read(commit, leaving, trouble=trouble))
            except PlaywrightError as error:
                return Aftermath(sent=leaving, trouble=type(error).__name__)
            except ScreenChanged as error:
                return Aftermath(sent=leaving, trouble=str(error))
            finally:
                # What still waits for its turn is stopped first: it is not among what was sent.
                site.wire.shut()
                sent(leaving)


def after_captcha(site: Site, commit: Commit, aftermath: Aftermath) -> Aftermath:
    """Let a person solve the captcha that came up in the middle of a write, and return what came of the write.

    The page sends its request again by itself then. Without a person the aftermath stays what it was.
    """
    site.wire.again()
    site.aftermath.watch(commit, aftermath.sent)
    if not site.hand_over("captcha"):
        return aftermath
    return site.aftermath.read(commit, aftermath.sent)


def _click(commit: Commit) -> str:
    try:
        commit.button.click()
    except PlaywrightError as error:
        return type(error).__name__
    return ""


def _known_ids(site: Site) -> frozenset[str]:
    """Return the Business Centers and ad accounts that this page shows or knows of: a write may name only its own."""
    shown: list[str] = site.page.evaluate(_IDS)
    return frozenset([*shown, *site.names])


_IDS = """() => {
  const found = document.body.textContent.matchAll(/(?<!\\d)[67]\\d{18}(?!\\d)/g);
  return [...new Set([...found].map(each => each[0]))];
}"""

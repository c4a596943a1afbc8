"""The one click that sends a write.

Tried with Playwright 1.65: a locator handler can fire *inside* `click()` after a guard and change the
page, and `click()` can raise after the request was sent. So: overlays are cleared and their handlers
removed first, then the guard reads the page once more, then the write is armed, then there is one click,
and whatever the click raises says nothing about whether the request left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import Error as PlaywrightError

from bcflow.models.errors import ScreenChanged
from bcflow.models.failures.causes import of_browser
from bcflow.models.identity import fold, quoted
from bcflow.pages.kit.evidence import sought
from bcflow.pages.kit.evidence.asking import settle
from bcflow.pages.kit.screen import interruptions
from bcflow.pages.kit.screen.clicking import click
from bcflow.pages.kit.screen.place import require_place
from bcflow.pages.kit.widgets import fields
from bcflow.pages.kit.widgets.surface import accessible_name, on_top
from bcflow.pages.kit.writing.aftermath import Aftermath, ClickWatch
from bcflow.pages.kit.writing.commit import unknown_in
from bcflow.pages.labels import refusals

if TYPE_CHECKING:
    from collections.abc import Callable

    from bcflow.pages.kit.screen.site import Site
    from bcflow.pages.kit.writing.armed import Sent
    from bcflow.pages.kit.writing.commit import Commit
    from bcflow.pages.kit.writing.requests import Call
    from bcflow.pages.kit.writing.wire import Wire


REHEARSED_SECONDS = 10.0


def guard(commit: Commit) -> None:
    """Read the page once more; raise `ScreenChanged` or `WrongPlace` if the click would hit something else.

    Raises `Refused` for what the form insists on and does not have.
    """
    site = commit.surface.site
    require_place(site, commit.org)
    now = on_top(site)
    if not commit.surface.same_as(now) or now.title != commit.heading:
        raise ScreenChanged(site.screen, f"the dialog {quoted(commit.heading)}", found=now.title)
    if commit.filling is not None:
        commit.filling.require()
    name = accessible_name(commit.button)
    if fold(name) not in map(fold, commit.names):
        raise ScreenChanged(site.screen, f"the button {' / '.join(commit.names)}", found=name)


class ArmedWrite:
    """One write that is armed, from its click on: it may be let go once more, and its page is watched."""

    def __init__(self, commit: Commit, wire: Wire, sent: Sent, *, knows_no: refusals.Knows) -> None:
        """Watch the page of `commit` from now on; `sent` is what leaves, `knows_no` says what is known to be a no."""
        self.site = commit.surface.site
        self.sent = sent
        self._wire = wire
        self._watch = ClickWatch(commit, sent, knows_no=knows_no)
        self._watch.begin()

    def read(self, *, trouble: str = "") -> Aftermath:
        """Wait until the page has ended what was begun, and return what was seen."""
        return self._watch.read(trouble=trouble)

    def again(self) -> None:
        """Let the write leave once more, after a code or a captcha; only what the page says from now on counts."""
        self._wire.again()
        self._watch.begin()


def press(  # noqa: PLR0913 - what is done at each moment, by name
    commit: Commit,
    wire: Wire,
    *,
    arm: Callable[[], None],
    ready: Callable[[], None] = lambda: None,
    go_on: Callable[[ArmedWrite, Aftermath], Aftermath] = lambda _write, aftermath: aftermath,
    sent: Callable[[Sent], None] = lambda _sent: None,
    knows_no: refusals.Knows = refusals.knows,
    only: frozenset[str] = frozenset(),
) -> Aftermath:
    """Clear overlays, guard, arm, click once, and say what was seen to happen.

    `ready` is called before the guard reads the page: what it may do to the page is seen. `go_on` gives what the page
    asks for then (a code, a captcha) and returns what came of it; all of that is one armed write. `only`: see
    `Wire.armed`. `sent` is told in the end what left. Raises before `arm` only; once armed, every error is part of the
    returned aftermath. Afterwards nothing more leaves the browser that could change anything, until `wire.open_again`.
    """
    site = commit.surface.site
    interruptions.clear(site)
    with interruptions.off(site):
        ready()
        guard(commit)
        if not commit.button.is_enabled():
            commit.surface.learn(sought.box())
            raise ScreenChanged(site.screen, f"an enabled button {quoted(commit.names[0])}", found="it is disabled")
        asked = commit.filling.shown if commit.filling is not None else {}
        known = _known_ids(site)
        with wire.armed(org=commit.org, ids=commit.ids, known_ids=known, asked=asked, only=only) as leaving:
            write = ArmedWrite(commit, wire, leaving, knows_no=knows_no)
            arm()
            try:
                trouble = _click(commit)
                return go_on(write, write.read(trouble=trouble))
            except PlaywrightError as error:
                return Aftermath(sent=leaving, trouble=of_browser(str(error)).what)
            except ScreenChanged as error:
                return Aftermath(sent=leaving, trouble=str(error))
            finally:
                # What still waits for its turn is stopped first: it is not among what was sent.
                wire.shut()
                sent(leaving)


def rehearse(commit: Commit, wire: Wire, *, ready: Callable[[], None]) -> Call | None:
    """Press the button with the gate shut, and return the first request that wanted to leave; None: there was none.

    `ready` is called before the guard reads the page. Nothing that may change anything leaves until `wire.open_again`.
    """
    site = commit.surface.site
    interruptions.clear(site)
    with interruptions.off(site):
        ready()
        guard(commit)
        wire.refuse_writes(silently=True)
        if not commit.button.is_enabled():
            commit.surface.learn(sought.box())
            raise ScreenChanged(site.screen, f"an enabled button {quoted(commit.names[0])}", found="it is disabled")
        before = fields.lines(commit.surface.root)
        _click(commit)
        site.until(lambda: bool(wire.kept_in or commit.surface.errors()), seconds=REHEARSED_SECONDS)
        said = [] if wire.kept_in else [*commit.surface.errors(), *fields.news(commit.surface.root, before)]
        problems = list(dict.fromkeys(said))
        if problems:
            settle(site, unknown_in(commit, problems))
    return next(iter(wire.kept_in), None)


def after_captcha(write: ArmedWrite, aftermath: Aftermath) -> Aftermath:
    """Let a person solve the captcha that came up in the middle of a write, and return what came of the write.

    The page sends its request again by itself then. Without a person the aftermath stays what it was.
    """
    write.again()
    if not write.site.session.hand_over("captcha"):
        return aftermath
    return write.read()


def _click(commit: Commit) -> str:
    try:
        click(commit.button)
    except PlaywrightError as error:
        return of_browser(str(error)).what
    return ""


def _known_ids(site: Site) -> frozenset[str]:
    """Return the Business Centers and ad accounts that this page shows or knows of: a write may name only its own."""
    shown: list[str] = site.page.evaluate(_IDS)
    return frozenset([*shown, *site.session.business_centers])


_IDS = """() => {
  const found = document.body.textContent.matchAll(/(?<!\\d)[67]\\d{18}(?!\\d)/g);
  return [...new Set([...found].map(each => each[0]))];
}"""

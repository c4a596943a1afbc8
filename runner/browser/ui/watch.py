"""What a visit sees: each state of a screen as page objects come to it, and how its elements stand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from loguru import logger
from playwright.sync_api import Error as PlaywrightError

from bcflow.models.failures.causes import in_words
from bcflow.models.ui_check import DISABLED, EMPTY, GUESSED, OTHERS, ElementSeen, ScreenSeen
from bcflow.pages.kit.evidence.skeleton import Masks, masked_picture, skeleton
from bcflow.pages.kit.lists.standing import insisted_on, standings, unknown_boxes
from bcflow.pages.kit.screen.page_scan import scan
from bcflow.pages.kit.widgets.surface import on_top

if TYPE_CHECKING:
    from pathlib import Path

    from bcflow.pages.kit.screen.declared import State
    from bcflow.pages.kit.screen.site import Site
    from bcflow.pages.kit.widgets.surface import Surface

MOST_STEPS: Final = 8
_BEST_FIRST: Final = ("as expected", "another known word", "ambiguous", "candidate", "missing", "not reached")


class Watch:
    """Keeps what was seen on one site; `flow` is the one that is visited for now."""

    def __init__(self, site: Site, folder: Path) -> None:
        """Watch `site` and keep its pictures in `folder`."""
        self._site = site
        self._folder = folder
        self.masks = Masks(site)
        self.flow = ""
        self.screens: dict[tuple[str, str], ScreenSeen] = {}
        self.elements: dict[tuple[str, str, str, str], ElementSeen] = {}

    def __call__(self, state: State, filled: bool) -> None:  # noqa: FBT001 - as `Site.shows` tells it
        """Look at a state that a page object has come to."""
        surface = on_top(self._site)
        for seen in [*standings(surface, state), *(insisted_on(surface, state) if filled else ())]:
            self.note(seen)
        self._note_boxes(surface, state)
        try:
            self._keep(surface, state)
        except PlaywrightError as error:
            logger.warning("no skeleton of {}, {}: {}", state.screen, state.name, in_words(error))

    def _note_boxes(self, surface: Surface, state: State) -> None:
        """Keep the boxes of a form that no flow knows, but for what says something of somebody."""
        boxes = unknown_boxes(surface, state)
        if boxes:
            self.masks.learn()
        for box in boxes:
            if self.masks.word(box.text):
                self.note(box)

    def note(self, seen: ElementSeen) -> None:
        """Keep how an element stands: the best of several looks at it, it may be on one step of a form only.

        What a form insists on is told as such only where it is not what may be meant by an element.
        """
        if seen.standing == "candidate":
            self.elements.pop((seen.screen, seen.state, "field", seen.text), None)
        before = self.elements.get(seen.key)
        flows = sorted({*(before.flows if before else ()), *([self.flow] if self.flow else ())})
        best = seen if before is None or _rank(seen) < _rank(before) else before
        self.elements[seen.key] = best.model_copy(update={"flows": flows})

    def not_reached(self, seen: ElementSeen, *, refused: bool) -> None:
        """Keep that a visit did not come to an element: what a form lacks that was not filled to its end may follow."""
        before = self.elements.get(seen.key)
        if before is None or (refused and self._may_follow(before) and self.flow in before.flows):
            self.elements.pop(seen.key, None)
            self.note(seen)

    def _may_follow(self, before: ElementSeen) -> bool:
        """Whether a later step of the form may have it: also the button that sends, where this step leads on."""
        if before.standing == "missing":
            return before.why != OTHERS
        onward = self.elements.get((before.screen, before.state, "button", "next"))
        leads_on = onward is not None and onward.standing in ("as expected", "another known word")
        is_unsure = before.standing == "candidate" and before.why != GUESSED
        return leads_on and is_unsure and before.kind == "button"

    def _keep(self, surface: Surface, state: State) -> None:
        """Keep the skeleton of a state, each step of a form as one of its own, with a picture without values."""
        name, step = state.name, 1
        found = skeleton(self._site, surface.root, state, name=name, masks=self.masks)
        while (known := self.screens.get((state.screen, name))) is not None:
            if not state.is_form or known.controls == found.controls or step == MOST_STEPS:
                return
            step += 1
            name = f"{state.name}, step {step}"
        picture = self._picture(f"{state.screen} {name}")
        found = found.model_copy(update={"state": name, "picture": picture})
        self.screens[state.screen, name] = self.with_more(found, surface)

    def with_more(self, found: ScreenSeen, _surface: Surface) -> ScreenSeen:
        """Return a skeleton with what else is kept of a screen."""
        return found

    def _picture(self, name: str) -> str:
        if scan(self._site).secret:
            return ""
        file = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") + ".png"
        (self._folder / file).write_bytes(masked_picture(self._site))
        return file


def _rank(seen: ElementSeen) -> tuple[int, bool]:
    """Sort key: the best standing first, of equal ones what a look found out before what a visit did not come to."""
    best = _BEST_FIRST.index(seen.standing) if seen.standing in _BEST_FIRST else 0
    return best, seen.why == DISABLED or (seen.standing == "not reached" and seen.why != EMPTY)

"""Pictures of one run: of each step of a form before it is left or sent, of the row after it, of the page at a failure.

None is taken while a password or code field shows. A picture that cannot be taken only warns.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Literal

from loguru import logger
from playwright.sync_api import Error as PlaywrightError

from bcflow.models import effect_words
from bcflow.models.errors import BcflowError
from bcflow.models.failures.causes import in_words
from bcflow.pages.kit.lists import picture_region
from bcflow.pages.kit.screen.outline import outlined
from bcflow.pages.kit.screen.page_scan import scan

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from bcflow.models.looks import Effect
    from bcflow.models.outcomes import Picture
    from bcflow.models.unknown import UnknownWords
    from bcflow.pages.kit.screen.site import Site
    from bcflow.pages.kit.writing.commit import Commit
    from bcflow.runner.reports.evidence import Evidence

Kind = Literal["before", "after", "failure", "view"]
SHOT_MS = 5000
MOST_PARTS = 8
"""Of one form: beyond that it is no form any more."""
_NOT_DRAWN = "the page could not be drawn"


class Pictures:
    """Takes the pictures of one run and keeps their list."""

    def __init__(self, site: Site, evidence: Evidence) -> None:
        """Take pictures of `site` into `evidence`."""
        self._evidence = evidence
        self.go_on_with(site)
        self.taken: list[Picture] = []
        self.tree = ""
        self._ticked: set[str] = set()

    def go_on_with(self, site: Site) -> None:
        """Take the next pictures in another browser."""
        self._site = site
        site.session.pictures = self

    def before(self, commit: Commit) -> None:
        """Picture the dialog (or the form) that is about to be sent, its button with a frame."""
        self._ticked.clear()
        caption = f"Before the click on “{commit.names[0]}”"
        self._save(
            lambda: self._parts(commit.button, of=commit.surface.mark), name="write", caption=caption, kind="before"
        )

    def step(self, button: Locator, form: str) -> None:
        """Picture a filled step of a form before `button` leads on from it."""
        self._ticked.clear()
        caption = "Filled in, before the next step"
        self._save(lambda: self._parts(button, of=form), name="step", caption=caption, kind="before")

    def ticked(self, row: Locator, what: str) -> None:
        """Picture a ticked row that the form shows only when it is searched for; once, however often it is read."""
        if what not in self._ticked:
            self._ticked.add(what)
            self._save(lambda: self._parts(row), name="ticked", caption=f"Ticked: {what}", kind="before")

    def after(self, effect: Effect, site_id: str | None) -> None:
        """Picture the row, or the details opened over it, that show the effect: by the site's id, if it has one."""
        target = self._shown(site_id or effect.identity.rpartition(":")[2])
        if target is not None:
            caption = f"Seen afterwards: {effect_words.subject(effect)}"
            self._save(lambda: self._parts(target), name="seen", caption=caption, kind="after")

    def failure(self, caption: str) -> None:
        """Picture the page and keep its accessible tree, rebuilt without field values."""
        self._save(self._page, name="page", caption=f"The page: {caption}", kind="failure")
        self._keep_tree()

    def candidates(self, unknown: UnknownWords) -> str:
        """Picture the page with a numbered frame round everything that may be meant by words that nobody knows.

        Returns the picture's file name, empty if none could be taken.
        """
        before = len(self.taken)
        caption = f"The page, with a numbered frame round what may be meant: {unknown.screen}"
        try:
            with outlined(self._site, unknown):
                self._save(self._page, name="candidates", caption=caption, kind="failure")
        except PlaywrightError:
            logger.warning("no picture of what may be meant: {}", _NOT_DRAWN)
        self._keep_tree()
        return self.taken[-1].file if len(self.taken) > before else ""

    def _keep_tree(self) -> None:
        page = self._site.page
        try:
            tree = page.locator("body").aria_snapshot(timeout=SHOT_MS)
            self.tree = self._evidence.save_tree(tree, spelled=scan(self._site).secret)
        except PlaywrightError:
            logger.warning("no outline of the page: {}", _NOT_DRAWN)

    def why(self, error: PlaywrightError) -> None:
        """Keep what Playwright said, rebuilt without what was typed."""
        self._evidence.append_log({"event": "browser", "error": self._evidence.redactor.error(error)})

    def _parts(self, target: Locator, *, of: str | None = None) -> list[bytes]:
        """Picture all of `target`, or `of` the form with this button: in several parts if the window cannot hold it."""
        taken: list[bytes] = []
        with closing(picture_region.parts(self._site, target, of=of)) as parts:
            for clip in parts:
                if len(taken) == MOST_PARTS:
                    logger.warning("only the first {} parts have a picture", MOST_PARTS)
                    break
                taken.append(
                    self._site.page.screenshot(timeout=SHOT_MS, clip=clip, animations="disabled", caret="initial")
                )
        return taken

    def _page(self) -> list[bytes]:
        # A dialog that still fades in would be half there only.
        return [self._site.page.screenshot(timeout=SHOT_MS, animations="disabled")]

    def _unless_secret(self, shoot: Callable[[], list[bytes]]) -> list[bytes]:
        """Take pictures only if no password or code field shows, neither before them nor after them."""
        if scan(self._site).secret:
            return []
        taken = shoot()
        return [] if scan(self._site).secret else taken

    def _shown(self, text: str) -> Locator | None:
        try:
            return picture_region.showing(self._site, text)
        except (BcflowError, PlaywrightError) as error:
            logger.warning("no picture of the row: {}", in_words(error))
            return None

    def _save(self, shoot: Callable[[], list[bytes]], *, name: str, caption: str, kind: Kind) -> None:
        try:
            pngs = self._unless_secret(shoot)
        except PlaywrightError:
            logger.warning("no picture {}: {}", name, _NOT_DRAWN)
            return
        if not pngs:
            logger.info("no picture while a password or code field shows")
        for number, png in enumerate(pngs, start=1):
            numbered = f"{caption} ({number} of {len(pngs)})" if len(pngs) > 1 else caption
            self.taken.append(self._evidence.save_picture(png, name=name, caption=numbered, kind=kind))

"""Pictures of one run: of the dialog before a write, of the row after it, of the whole page at a failure.

None is taken while a password or code field shows. A picture that cannot be taken only warns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from loguru import logger
from playwright.sync_api import Error as PlaywrightError

from bcflow.models import effect_words
from bcflow.models.errors import BcflowError
from bcflow.models.failures.causes import in_words
from bcflow.pages.kit.screen.outline import outlined
from bcflow.pages.kit.screen.page_scan import scan
from bcflow.pages.kit.widgets import picture_region

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
_NOT_DRAWN = "the page could not be drawn"


class Pictures:
    """Takes the pictures of one run and keeps their list."""

    def __init__(self, site: Site, evidence: Evidence) -> None:
        """Take pictures of `site` into `evidence`."""
        self._site = site
        self._evidence = evidence
        self.taken: list[Picture] = []
        self.tree = ""

    def go_on_with(self, site: Site) -> None:
        """Take the next pictures in another browser."""
        self._site = site

    def before(self, commit: Commit) -> None:
        """Picture the dialog (or the form) that is about to be sent."""
        self._save(
            lambda: self._visible(commit.surface.root),
            name="write",
            caption=f"Before the click on “{commit.names[0]}”",
            kind="before",
        )

    def after(self, effect: Effect) -> None:
        """Picture the row, or the details opened over it, that show the effect."""
        text = effect.identity.rpartition(":")[2]
        target = self._shown(text)
        if target is not None:
            self._save(
                lambda: self._visible(target),
                name="seen",
                caption=f"Seen afterwards: {effect_words.subject(effect)}",
                kind="after",
            )

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

    def _visible(self, target: Locator) -> bytes | None:
        """Picture the part of `target` that is inside the window: a tall dialog scrolls behind its edges."""
        clip = picture_region.visible_part(target)
        return (
            None
            if clip is None
            else self._site.page.screenshot(timeout=SHOT_MS, clip=clip, animations="disabled", caret="initial")
        )

    def _page(self) -> bytes | None:
        # A dialog that still fades in would be half there only.
        return self._site.page.screenshot(timeout=SHOT_MS, animations="disabled")

    def _unless_secret(self, shoot: Callable[[], bytes | None]) -> bytes | None:
        """Take a picture only if no password or code field shows, neither before it nor after it."""
        if scan(self._site).secret:
            return None
        png = shoot()
        return None if scan(self._site).secret else png

    def _shown(self, text: str) -> Locator | None:
        try:
            return picture_region.showing(self._site, text)
        except (BcflowError, PlaywrightError) as error:
            logger.warning("no picture of the row: {}", in_words(error))
            return None

    def _save(self, shoot: Callable[[], bytes | None], *, name: str, caption: str, kind: Kind) -> None:
        try:
            png = self._unless_secret(shoot)
        except PlaywrightError:
            logger.warning("no picture {}: {}", name, _NOT_DRAWN)
            return
        if png is None:
            logger.info("no picture while a password or code field shows")
            return
        self.taken.append(self._evidence.save_picture(png, name=name, caption=caption, kind=kind))

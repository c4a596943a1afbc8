"""What people taught about a site's words, given to the pages of one attempt, and what the attempt went by."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bcflow.models.outcomes import RunRecord
    from bcflow.pages.kit.screen.site import Site
    from bcflow.pages.labels.learnt import Learnt


class Learning:
    """The learnt words of one attempt, whatever number of browsers it takes, and its warnings."""

    def __init__(self, learnt: Learnt) -> None:
        """Begin an attempt with what is `learnt` now."""
        self._learnt = learnt
        self._warnings: list[str] = []

    def give_to(self, site: Site) -> None:
        """Have the pages of a site go by it."""
        session = site.session
        if session.learnt.words or self._learnt.words:
            # The words of the page's language were put together with what was learnt before.
            site.forget_language()
        session.learnt, session.warnings = self._learnt, self._warnings

    def note_in(self, record: RunRecord) -> None:
        """Put into a record which learnt words the attempt went by, and its warnings."""
        record.learnt = {concept: sorted(texts) for concept, texts in sorted(self._learnt.used.items())}
        record.warnings = list(dict.fromkeys(self._warnings))

"""What happens to a step of a form after "Next": another one comes, or it says what is wrong."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from bcflow.pages.kit.screen import interruptions
from bcflow.pages.kit.widgets import fields
from bcflow.pages.kit.widgets.surface import on_top

if TYPE_CHECKING:
    from bcflow.pages.kit.widgets.surface import Surface

COMPLAINS_SECONDS = 1.5
"""A step that says something more for this long, and asks the site for nothing, says what is wrong with it."""


class Step:
    """A step of a form that is about to be left: what it says and holds, to tell the next one from a complaint."""

    def __init__(self, form: Surface) -> None:
        """Read it now."""
        self.text, self._form, self._heading = form.text(), form, form.title
        self._lines, self._controls = fields.lines(form.root), fields.controls(form.root)
        self._since = 0.0

    def left(self) -> Surface | None:
        """Return what is there instead, or the step itself where it says what is wrong with it; None: not yet."""
        form, site = self._form, self._form.site
        if form.errors():
            return form
        interruptions.clear(site)
        now = on_top(site)
        if now.text() == self.text or not _goes_on(self._heading, now):
            return None
        if not self._stays(now):
            return now
        if not site.traffic.idle():
            self._since = 0.0
            return None
        self._since = self._since or monotonic()
        return form if monotonic() - self._since > COMPLAINS_SECONDS else None

    def complaints(self) -> list[str]:
        """Return what it says since, in words that are no error of the kit's."""
        return fields.news(self._form.root, self._lines) if self._since and self._stays(on_top(self._form.site)) else []

    def _stays(self, now: Surface) -> bool:
        """Whether it is the same step with something more in it: it complains, or is about to go on."""
        is_same = now.same_as(self._form) and fields.controls(now.root) == self._controls
        return is_same and set(self._lines) <= set(fields.lines(now.root))


def _goes_on(heading: str, now: Surface) -> bool:
    """Say whether `now` may be the next step of the form headed `heading`, and not a survey that came over it."""
    return now.is_page or now.title == heading or now.find_button("back", "skip") is not None

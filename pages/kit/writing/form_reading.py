"""What a form shows now of what was put into it, in few messages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bcflow.pages.kit.screen import evaluate
from bcflow.pages.kit.widgets import control_kinds, fields
from bcflow.pages.kit.widgets.controls import Control
from bcflow.pages.kit.widgets.toggles import State, states

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bcflow.pages.kit.widgets.surface import Surface

_PIN = "data-bcflow-filled"
ANYTHING = "\u2063anything"
"""For a value that only has to be given: no job can hold it, its first sign cannot be typed."""


@dataclass(frozen=True)
class FilledValue:
    """One value and where the form shows it: `read` gives `want` if it means that, else what it says.

    A `want` of None or nothing means that the form must show none of it.
    """

    name: str
    want: object
    captions: tuple[str, ...]
    read: Callable[[FormReading], object]


class FormReading:
    """What a form shows now: each part takes one message, when it is first asked for."""

    def __init__(self, form: Surface, captions: Mapping[str, tuple[str, ...]]) -> None:
        """Read `form`, whose values stand under these captions, by name."""
        self.form = form
        self._captions = captions

    @cached_property
    def captioned(self) -> dict[str, str]:
        """What stands under a caption that is nobody else's, by name."""
        return {
            name: text for name, (_, text) in fields.captioned(self.form.site, self.form.root, self._captions).items()
        }

    @cached_property
    def toggles(self) -> list[State]:
        """Every radio, checkbox and switch."""
        return states(self.form.site, self.form.root)

    def field(self, name: str) -> str | None:
        """Return what the field called `name` shows, or None if it is not there any more."""
        if name in self.captioned:
            return self.captioned[name]
        found = self.form.find_field(*self._captions[name]) or pinned(self.form, name)
        return None if found is None else found.read()

    def on(self, among: Mapping[Any, str], *, beside: str = "") -> list[object]:
        """Return the values whose toggle is on, in the group of the one called `beside` (else anywhere)."""
        words = self.form.site.words
        groups = {each.group for each in self.toggles if not beside or words.matches(beside, each.toggle.caption)}
        lit = [each.toggle.caption for each in self.toggles if each.is_on and each.group in groups]
        return [value for value, word in among.items() if any(words.matches(word, caption) for caption in lit)]


def pin(field: Control, name: str) -> None:
    """Mark where the value called `name` was put: what a field shows as its placeholder is gone once it is filled."""
    evaluate.one(field.row, "(e, [mark, name]) => e.setAttribute(mark, name)", [_PIN, name])


def pinned(form: Surface, name: str) -> Control | None:
    """Return the field that was marked with this name, if it is still there."""
    row = form.root.locator(f'[{_PIN}="{name}"]')
    read = control_kinds.about(row)
    return Control(form.site, row, read[0]["kind"], name) if len(read) == 1 and read[0]["kind"] else None


def said(value: object) -> str:
    """Return a property's value for a message."""
    if isinstance(value, dict):
        return ", ".join(f"{key} {item}" for key, item in value.items()) or "none"
    return str(value) if value not in (None, "") else "nothing"

"""Filling a form whose shape is not known beforehand: each value finds its own control."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.models.errors import Refused, ScreenChanged
from bcflow.pages.kit.assets import first_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bcflow.pages.kit.surface import Surface


def choose_word(form: Surface, concept: str, *, captions: Sequence[str]) -> None:
    """Choose the known word `concept`: a radio or checkbox of that name, else in the select with a caption.

    Raises `ScreenChanged` when the form offers neither, `Refused` when the select does not have the word.
    """
    toggle = form.find_toggle(concept)
    if toggle is not None:
        toggle.turn(on=True)
        return
    words = form.site.words
    form.field(*captions).choose(
        lambda texts: [text for text in texts if words.matches(concept, first_line(text))], wanted=concept
    )


def write_if_asked(form: Surface, value: str | None, *captions: str) -> bool:
    """Fill a text field if the form has it; say whether it does.

    A form that insists on a field the job does not give is refused later, by `require_complete`.
    """
    field = form.find_field(*captions)
    if field is None:
        return False
    if value is not None:
        if field.kind not in ("text", "chips"):
            raise ScreenChanged(form.site.screen, f"a text field {captions[0]!r}", found=f"a {field.kind}")
        field.write(value)
    return True


def require_complete(form: Surface) -> None:
    """Raise `Refused`, naming each field the form insists on and the job does not give."""
    missing = form.required_but_empty()
    if missing:
        raise Refused(f"the form insists on: {', '.join(missing)}; give it in the job. Nothing was sent")

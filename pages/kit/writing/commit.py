"""A filled form and the one click that is left: what a page object hands back, and nothing is sent yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bcflow.models.effects import asked
from bcflow.models.errors import Refused
from bcflow.models.identity import fold, same_value
from bcflow.pages.kit.evidence import sought
from bcflow.pages.kit.widgets.surface import accessible_name
from bcflow.pages.kit.writing.form_reading import said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Locator

    from bcflow.models.looks import Effect
    from bcflow.models.unknown import UnknownWord
    from bcflow.pages.kit.widgets.surface import Surface
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
        button = _sending(surface, sending, filling)
        name = accessible_name(button)
        return cls(surface, button, (name,), org, ids, filling, also, subject, surface.title)


def _sending(surface: Surface, sending: Sequence[str], filling: Filling | None) -> Locator:
    """Return the button that sends; what the form has in unknown words is asked about together with it."""
    if filling is None:
        return surface.button(*sending, leads="sends")
    filling.declare()
    found: list[Locator] = []
    with filling.gathering():
        found.append(surface.button(*sending, leads="sends"))
    filling.require_words()
    return found[0] if found else surface.button(*sending, leads="sends")


def unknown_in(commit: Commit, problems: Sequence[str]) -> list[UnknownWord]:
    """Return what the form says is missing and goes by no known word: a box, or a field for what the job gives.

    Where it does not say of what it complains, that is all for which no field was found.
    """
    left = commit.filling.left() if commit.filling is not None else []
    named = [word for word in (_among(word, problems) for word in left) if word.candidates]
    return commit.surface.unknown(sought.box(problems)) + named or left


def _among(word: UnknownWord, problems: Sequence[str]) -> UnknownWord:
    named = [one for one in word.candidates if any(fold(one.text) in fold(said) for said in problems)]
    return word.model_copy(update={"candidates": named})


def require_shown(commit: Commit, effects: Sequence[Effect]) -> None:
    """Raise `Refused` for what was asked of one of the `effects` and could be put into no control of the form.

    What the form has preset never stands in for it. Whether the controls still show what was put into them,
    `sending.guard` reads.
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

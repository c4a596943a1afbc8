"""What flows rely on, state by state of each screen: said once, used by the page object and by the check of the site.

A page object finds its elements by these, and shows each state it comes to (`Site.shows`); whoever watches sees there
how each element stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bcflow.models.unknown import Purpose


@dataclass(frozen=True)
class Element:
    """One thing that a flow looks for under any of its `concepts`, the first of which it is known by.

    `kind` is button, field, box, choice, card, tab, caption, column, statuses or search; `among` are the concepts of
    what may be chosen, or may stand in the column. Editions of the site may lack what is not `needed`. `under` are the
    captions of the control that offers a choice.
    """

    kind: str
    concepts: tuple[str, ...]
    purpose: Purpose = "write"
    needed: bool = True
    among: tuple[str, ...] = ()
    under: tuple[str, ...] = ()

    @property
    def concept(self) -> str:
        """The concept it is known by."""
        return self.concepts[0]


@dataclass(frozen=True)
class State:
    """One state of a screen ("list", "the invitation"), and what is relied on there; a form may have several steps."""

    screen: str
    name: str
    elements: tuple[Element, ...]
    is_form: bool = False


def button(*concepts: str, needed: bool = True) -> Element:
    """Declare a button that leads to a form, on in it, or sends it."""
    return Element("button", concepts, needed=needed)


def card(*concepts: str) -> Element:
    """Declare something to pick that is a card, an entry of a menu that dropped down, or a button."""
    return Element("card", concepts)


def tab(concept: str, *, needed: bool = True) -> Element:
    """Declare a tab."""
    return Element("tab", (concept,), "read", needed)


def caption(*concepts: str) -> Element:
    """Declare a caption whose value is read, where the screen shows it."""
    return Element("caption", concepts, "read", needed=False)


def column(concept: str, among: tuple[str, ...], *, needed: bool = True) -> tuple[Element, Element]:
    """Declare a column of a list, and the words that stand in it."""
    return (
        Element("column", (concept,), "read", needed, among),
        Element("statuses", (concept,), "read", needed=False, among=among),
    )


SEARCH = Element("search", ("search",), "read", needed=False)

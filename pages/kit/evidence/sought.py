"""What is looked for, and how much speaks for one control or another.

No single sign decides. A word that is known for something else rules a control out; what it accepts, where it stands,
that it is the only one left, and a near word speak for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bcflow.models.identity import fold
from bcflow.pages.labels import store, words
from bcflow.pages.labels.learnt import DECLARATION
from bcflow.pages.labels.nearness import nearest, nearness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bcflow.models.unknown import Purpose
    from bcflow.pages.kit.evidence.scan import Spotted
    from bcflow.pages.kit.screen.site import Site

Score = tuple[float, list[str]]
NEAR_ENOUGH = 0.45
"""So near the words of a field must come that holds something already (1: all its words are known for that thing)."""
HELD = 0.1
"""So much less speaks for what holds something already: of two fields the empty one is to be filled."""


@dataclass(frozen=True)
class Sought:
    """One thing that a flow needs: the `concepts` it goes by (the first is learnt), in a person's words, for what.

    `weigh` says how much speaks for a control by what it is, and why; None: it is none.
    """

    concepts: tuple[str, ...]
    what: str
    purpose: Purpose
    weigh: Callable[[Spotted], Score | None]
    whole: bool = False
    """Whether it goes by all that it says, and not by its first line."""
    alone: bool = False
    """Whether a control that is this is nothing else that is sought on the same surface."""
    is_field: bool = False
    """Whether it may be a select, of which the choices tell what it is."""


def known_as(site: Site, text: str, *, but: Iterable[str] = ()) -> str | None:
    """Return the concept, other than those of `but`, that `text` is a known word of; None: it is nobody's.

    What was learnt does not count: on another screen the same text may well be something else.
    """
    shipped, own = words(site.words.language), set(but)
    return next((each for each in store.labels() if each not in own and shipped.matches(each, text)), None)


def called(site: Site, concept: str) -> str:
    """Return what a concept is called in a question: by a word that came with bcflow, whatever was learnt since."""
    return words(site.words.language).of(concept)[0]


def button(site: Site, *concepts: str, leads: str = "opens") -> Sought:
    """Seek a button: one that `opens` a form, leads `on` to its next step, `sends` it, or `skips` a step."""

    def weigh(each: Spotted) -> Score | None:
        if each.kind not in ("button", "link") or each.place not in ("page", "header"):
            return None
        if each.opened and leads != "opens":
            return None
        score, why = 0.0, list[str]()
        if each.kind == "link" or each.place == "header":
            score -= 0.3
        if leads == "skips":
            return (score, why) if each.filled else (score + 0.4, ["it is a plain button"])
        if each.filled:
            # Of a form's own buttons one is filled; a page may have several.
            score, why = score + (0.4 if leads == "opens" else 0.5), ["it is a filled button"]
        if leads != "opens" and each.filled and each.last:
            score, why = score + 0.3, ["it is the filled button behind the last field"]
        return score, why

    return Sought(concepts, f"the button “{called(site, concepts[0])}”", "write", weigh)


def field(
    site: Site,
    *concepts: str,
    accepts: Callable[[Spotted], str] = lambda _each: "",
    fits: Callable[[Spotted], bool] = lambda _each: True,
    choices: int = 0,
    exactly: bool = False,
    preset: bool = False,
) -> Sought:
    """Seek a field of a form that `fits`, with as many `choices` if that is known.

    With `exactly` so many, another number rules a field out. One that holds something is none, unless the form may
    have it `preset`, or what it takes or a near word speaks for it: forms fill in what they know. `accepts` says why a
    field is one that takes such a value, or an empty text.
    """
    learnt = site.session.learnt
    guessed = {text for _, text in learnt.guessed}
    others = {text for concept, texts in learnt.words.items() if concept not in concepts for text in texts} - guessed

    def is_near(each: Spotted) -> bool:
        return max(nearness(each.text, one, site.words.spoken)[0] for one in concepts) >= NEAR_ENOUGH

    def weigh(each: Spotted) -> Score | None:
        # What a rehearsal filled by a guess may be another's.
        is_guess = each.text in guessed
        if each.kind != "field" or each.place != "page":
            return None
        is_held = bool(each.value) and not (preset or is_guess)
        if is_held and (each.text in others or not (accepts(each) or is_near(each))):
            return None
        if not fits(each):
            return None
        if exactly and len(each.options) not in (0, choices):
            return None
        takes = accepts(each)
        score, why = (0.6, [takes]) if takes else (-0.1 if is_guess else 0.0, list[str]())
        if choices and len(each.options) == choices:
            score, why = score + 0.3, [*why, f"it offers {choices} choices"]
        score -= HELD if is_held else 0.0
        return (score + 0.2, [*why, "the form insists on it"]) if each.required else (score, why)

    return Sought(concepts, f"the field “{called(site, concepts[0])}”", "write", weigh, alone=True, is_field=True)


def search(site: Site) -> Sought:
    """Seek the search box of a list, by what it shows while it is empty: it is only read by."""

    def weigh(each: Spotted) -> Score | None:
        fits = each.kind == "field" and each.widget == "text" and each.place == "page" and not each.value
        return (0.5, ["it is a text field beside the list"]) if fits else None

    return Sought(("search",), f"the search box “{called(site, 'search')}”", "read", weigh, whole=True)


def text(site: Site, *concepts: str) -> Sought:
    """Seek something to click that may be a card, a choice, a button or an item of a menu that dropped down."""

    def weigh(each: Spotted) -> Score | None:
        fits = each.kind in ("card", "choice", "button", "link", "tab") and each.place in ("page", "dialog", "dropped")
        if fits and each.place == "dropped":
            return 0.5, ["it is in the menu that dropped down"]
        return (0.2 if each.kind in ("card", "choice") else 0.0, []) if fits else None

    return Sought(concepts, f"“{called(site, concepts[0])}”", "write", weigh)


def action(site: Site, concept: str) -> Sought:
    """Seek what opens a row, among the row's actions or those of the menu that it opened."""

    def weigh(each: Spotted) -> Score | None:
        fits = each.kind in ("button", "link", "card", "entry") and re.search(r"\w", each.text)
        # What a row says of itself may look as if it could be clicked, too.
        return (0.2 if each.kind == "card" else 0.5, ["it is an action of the row"]) if fits else None

    return Sought((concept,), f"the action “{called(site, concept)}” of a row", "write", weigh)


def card(site: Site, *concepts: str) -> Sought:
    """Seek a card: something to click that is no button and says what it stands for."""
    return Sought(
        concepts,
        f"the card “{called(site, concepts[0])}”",
        "write",
        lambda each: (0.2, list[str]()) if each.kind == "card" and each.place == "page" else None,
        alone=True,
    )


def section(site: Site, *concepts: str) -> Sought:
    """Seek the heading that opens a part of a form which is folded away."""

    def weigh(each: Spotted) -> Score | None:
        fits = each.kind in ("card", "button", "link") and each.place == "page" and each.folds and not each.filled
        return (0.4, ["it opens a part of the form"]) if fits else None

    return Sought(concepts, f"what opens “{called(site, concepts[0])}”", "write", weigh)


def entry(site: Site, *concepts: str) -> Sought:
    """Seek an entry of the menu: it leads to a page that is only read at first."""
    return Sought(
        concepts,
        f"the menu entry “{called(site, concepts[0])}”",
        "read",
        lambda each: (0.5, ["it is an entry of the menu"]) if each.kind == "entry" else None,
    )


def tab(site: Site, *concepts: str, closed: bool = False) -> Sought:
    """Seek a tab, one that is not open if it must be `closed`: it is only read from."""

    def weigh(each: Spotted) -> Score | None:
        if each.kind != "tab" or (closed and each.value):
            return None
        return (0.5, ["it is a tab that is not open"]) if closed else (0.0, [])

    return Sought(concepts, f"the tab “{called(site, concepts[0])}”", "read", weigh, alone=True)


def box(missing: Sequence[str] = ()) -> Sought:
    """Seek a box that must be ticked before the form can be sent: of those called `missing`, or any that stands alone.

    It goes by its whole text, and for that text only: consent is a person's.
    """
    wanted = [fold(each) for each in missing]

    def weigh(each: Spotted) -> Score | None:
        is_box = each.kind == "choice" and each.widget == "checkbox" and each.group < 0 and each.place == "page"
        if not is_box or each.value == "on":
            return None
        named = any(fold(each.text).startswith(one[:60]) or one.startswith(fold(each.text)[:60]) for one in wanted)
        if wanted and not named:
            return None
        return 0.5, ["the form cannot be sent without it"]

    return Sought((DECLARATION,), "a box that must be ticked", "write", weigh, whole=True)


def choice(site: Site, concept: str, among: Sequence[str], options: Sequence[str]) -> Sought:
    """Seek the one of `options` that is `concept`, of the concepts `among` that the same control may have.

    What the known words of the others leave over is it.
    """
    known = site.words
    left = [each for each in options if not any(known.matches(one, each) for one in among if one != concept)]
    order = list(dict.fromkeys(among))

    def weigh(each: Spotted) -> Score | None:
        if each.text not in left:
            return None
        if len(left) == 1 and len(options) > 1:
            return 0.9, ["the other choices are known"]
        rival = nearest(each.text, order, known.spoken)
        if rival is not None and rival != concept:
            return -0.3, []
        # Choices usually stand in the order of what they allow.
        same_place = len(options) == len(order) and options.index(each.text) == order.index(concept)
        return (0.3, ["it stands where this choice usually stands"]) if same_place else (0.0, [])

    return Sought((concept,), f"the choice “{called(site, concept)}”", "write", weigh, alone=True)

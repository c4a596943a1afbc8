"""How what is declared of a screen stands on it now: under which word, or what may be meant instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.models.errors import CannotSee, ScreenChanged
from bcflow.models.identity import fold, quoted
from bcflow.models.ui_check import DISABLED, EMPTY, GUESSED, OTHERS, ElementSeen, Standing
from bcflow.pages.kit.evidence import accepts, sought
from bcflow.pages.kit.evidence.scan import spot
from bcflow.pages.kit.lists import rows
from bcflow.pages.kit.lists.table import Table
from bcflow.pages.kit.widgets import choices, menu
from bcflow.pages.kit.widgets.surface import accessible_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bcflow.models.unknown import UnknownWord
    from bcflow.pages.kit.screen.declared import Element, State
    from bcflow.pages.kit.widgets.surface import Surface

Found = tuple[Standing, str, str]
"""How it stands, the word it goes by or the proposal, and why."""


def standings(surface: Surface, state: State) -> list[ElementSeen]:
    """Return how each element of `state` stands on `surface` now. Opens and closes selects; changes nothing."""
    offered: dict[tuple[str, ...], list[str]] = {}
    return [_seen(surface, state, element, offered) for element in state.elements]


def insisted_on(surface: Surface, state: State) -> list[ElementSeen]:
    """Return each field that a form must have and that holds nothing although the flow has filled what it knows.

    A step that may be skipped insists on nothing.
    """
    return [
        ElementSeen(
            screen=state.screen,
            state=state.name,
            kind="field",
            concept=caption,
            standing="insisted on",
            text=caption,
            why="the form marks it as required, and no job gives it",
        )
        for caption in (() if surface.has("skip") else surface.required_but_empty())
    ]


def unknown_boxes(surface: Surface, state: State) -> list[ElementSeen]:
    """Return each box of a form that stands by itself, is not ticked, and is none that a flow knows, by what it says.

    Whether it must be ticked is only seen when the form is sent: one that the form did not have before may stop a flow.
    """
    spotted, matches = spot(surface.root) if state.is_form else [], surface.site.words.matches
    known = [concept for each in state.elements for concept in each.concepts]
    boxes = (one for one in spotted if one.kind == "choice" and one.widget == "checkbox" and one.group < 0)
    return [
        ElementSeen(
            screen=state.screen,
            state=state.name,
            kind="box",
            concept=box.text,
            needed=False,
            standing="insisted on",
            text=box.text,
            why="whether it must be ticked is only seen when the form is sent",
        )
        for box in boxes
        if box.place == "page" and box.value != "on" and not any(matches(concept, box.text) for concept in known)
    ]


def _seen(surface: Surface, state: State, element: Element, offered: dict[tuple[str, ...], list[str]]) -> ElementSeen:
    try:
        if element.kind == "choice":
            standing, text, why = _choice(surface, element, offered)
        else:
            standing, text, why = _HOW[element.kind](surface, element)
    except ScreenChanged as error:
        standing, text, why = "ambiguous", "", str(error)
    except CannotSee as error:
        standing, text, why = "not reached", "", str(error)
    is_guess = any((concept, text) in surface.site.session.learnt.guessed for concept in element.concepts)
    if is_guess:
        standing, why = "candidate", GUESSED
    return ElementSeen(
        screen=state.screen,
        state=state.name,
        kind=element.kind,
        concept=element.concept,
        purpose=element.purpose,
        # What a write would have asked a person about is needed here, whatever other editions do without.
        needed=element.needed or (is_guess and element.purpose == "write"),
        standing=standing,
        text=text,
        why=why,
    )


def _button(surface: Surface, element: Element) -> Found:
    found = surface.find_button(*element.concepts)
    if found is not None:
        standing, text, why = _known(accessible_name(found))
        return standing, text, why if found.is_enabled() else DISABLED
    return _may_be(surface.unknown(sought.button(surface.site, *element.concepts))) if element.needed else _gone()


def _card(surface: Surface, element: Element) -> Found:
    found = surface.find_text(*element.concepts)
    if found is not None:
        return _known(found.inner_text())
    return _may_be(surface.unknown(sought.text(surface.site, *element.concepts)))


def _tab(surface: Surface, element: Element) -> Found:
    found = menu.find_tab(surface.site, surface.root, element.concept)
    if found is not None:
        return _known(found.inner_text())
    return _may_be(surface.unknown(sought.tab(surface.site, *element.concepts))) if element.needed else _gone()


def _field(surface: Surface, element: Element) -> Found:
    found = surface.find_field(*element.concepts)
    if found is not None:
        matches = surface.site.words.matches
        said = (text for each in spot(surface.root) if each.kind == "field" for text in (each.text, each.hint))
        return _known(next((text for text in said if any(matches(one, text) for one in element.concepts)), ""))
    if not element.needed:
        return _gone()
    takes = accepts.takes(*element.concepts)
    return _may_be(surface.unknown(sought.field(surface.site, *element.concepts, accepts=takes)))


def _box(surface: Surface, element: Element) -> Found:
    found = surface.find_toggle(*element.concepts)
    return _known(found.caption) if found is not None else _gone()


def _choice(surface: Surface, element: Element, offered: dict[tuple[str, ...], list[str]]) -> Found:
    """A choice; what a control offers is read once for all of its choices."""
    if element.under not in offered:
        offered[element.under] = choices.offered_under(surface, element.under)
    fits = [text for text in offered[element.under] if surface.site.words.matches(element.concept, text)]
    if fits:
        return _known(fits[0])
    if choices.card(surface, element.concept, sure=True) is not None:
        return _known(surface.site.words.of(element.concept)[0])
    found = _may_be(choices.unknown(surface, element.concept, element.among, element.under), of=element.concept)
    known = any(surface.site.words.matches(one, text) for one in element.among for text in offered[element.under])
    return ("missing", "", OTHERS) if known and found[0] == "missing" else found


def _caption(surface: Surface, element: Element) -> Found:
    for concept in element.concepts:
        found = surface.root.get_by_text(surface.site.words.pattern(concept)).filter(visible=True)
        if found.count():
            return _known(found.first.inner_text())
    return _gone()


def _column(surface: Surface, element: Element) -> Found:
    now = Table(surface.site, surface.root).drawn()
    drawn = now.rows
    fits = [text for text in now.headings if surface.site.words.matches(element.concept, text)]
    if fits:
        return ("ambiguous", "", f"{len(fits)} of it") if len(fits) > 1 else _known(fits[0])
    if not drawn:
        return "not reached", "", EMPTY
    by_cells = [text for text in rows.unnamed_columns(surface.site, drawn[0], element.concept) if text]
    if by_cells and element.needed:
        return "candidate", by_cells[0], "no known heading, and few words stand under this one"
    is_said = any(rows.words_in(surface.site.words, row, heading=element.concept, among=element.among) for row in drawn)
    return ("as expected", "", "it has no heading; its words stand in the rows") if is_said else _gone()


def _statuses(surface: Surface, element: Element) -> Found:
    """What stands in the column: the first word that nobody knows, if any."""
    words, drawn = surface.site.words, Table(surface.site, surface.root).drawn().rows
    said = [rows.unknown_words(words, row, heading=element.concept, among=element.among, several=True) for row in drawn]
    unknown = next((text for text in said if text), "")
    if unknown:
        return "candidate", unknown, "a row says it, and no known word has this meaning"
    return ("as expected", "", "") if drawn else ("not reached", "", EMPTY)


def _search(surface: Surface, _element: Element) -> Found:
    box = Table(surface.site, surface.root).search_box()
    return _known(box.get_attribute("placeholder") or "") if box is not None else _gone()


def _known(text: str) -> Found:
    return "as expected", " ".join(text.split())[:80], ""


def _gone() -> Found:
    return "missing", "", ""


def _may_be(words: Sequence[UnknownWord], *, of: str = "") -> Found:
    """Return the likeliest candidate, if evidence speaks for one."""
    word = next((one for one in words if not of or one.concept == of), None)
    if word is None or not word.candidates:
        return _gone()
    best = word.candidates[0]
    if best.strength == "weak" and len(word.candidates) > 1:
        offered = ", ".join(quoted(fold(one.text)) for one in word.candidates[:4])
        return "missing", "", f"it may be one of {offered}"
    return "candidate", best.text, best.why


_HOW: dict[str, Callable[[Surface, Element], Found]] = {
    "button": _button,
    "card": _card,
    "tab": _tab,
    "field": _field,
    "box": _box,
    "caption": _caption,
    "column": _column,
    "statuses": _statuses,
    "search": _search,
}

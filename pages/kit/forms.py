"""Filling a form whose shape is not known beforehand: each value finds its own control.

A form may be one page or several with "Next", ask for more or for less, and make a choice a select, a
radio or a card. What it insists on and the job does not give is a refusal that names the field.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bcflow.models.errors import Refused, ScreenChanged
from bcflow.models.identity import fold
from bcflow.pages.kit import facts, fields
from bcflow.pages.kit.assets import first_line
from bcflow.pages.kit.controls import same_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bcflow.pages.kit.controls import Control
    from bcflow.pages.kit.surface import Surface

MOST_PAGES = 8
MOST_TURNS = 4
DECISIVE = ("name", "time_zone", "currency", "country")


@dataclass(frozen=True)
class Entry:
    """One value and the captions it may stand under.

    `kind` is how its options are recognised: text, country, time_zone, currency or industry.
    """

    name: str
    value: str | None
    captions: tuple[str, ...]
    kind: str = "text"


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


def fill_through(form: Surface, entries: Sequence[Entry], *, sending: tuple[str, ...], tick: bool) -> Surface:
    """Fill page after page and return the one that holds the button that sends.

    `tick` says whether the terms may be accepted. Raises `Refused` for what the form insists on or does not
    offer, `ScreenChanged` when a page does not move on.
    """
    placed: set[str] = set()
    for _ in range(MOST_PAGES):
        fill_page(form, entries, placed)
        _terms(form, tick=tick)
        require_complete(form)
        if form.find_button("next") is None:
            _require_placed(entries, placed)
            form.button(*sending)
            return form
        form = _next(form)
    raise ScreenChanged(form.site.screen, "the end of the form", found=f"more than {MOST_PAGES} pages")


def fill_page(form: Surface, entries: Sequence[Entry], placed: set[str]) -> None:
    """Put every value that has a field on this page into it, and read it back."""
    typed: list[tuple[Entry, Control]] = []
    said = None
    for _ in range(MOST_TURNS):
        # What was chosen or typed may have brought up fields of its own.
        to_do = [each for each in entries if each.value is not None and each.name not in placed]
        before, said = said, fields.mentioned(form.root) if to_do else said
        if said == before:
            break
        to_do = [each for each in to_do if _is_in(said or "", form, each)]
        known = _captioned(form, to_do)
        for at, entry in enumerate(to_do, start=1):
            found = known.get(entry.name)
            field = found[0] if found else form.find_field(*entry.captions)
            if field is None:
                continue
            placed.add(entry.name)
            if put(form, field, entry.kind, entry.value or ""):
                typed.append((entry, field))
            else:
                # A choice may change the form around it.
                known = _captioned(form, to_do[at:])
    _require_typed(form, typed)


def put(form: Surface, field: Control, kind: str, value: str) -> bool:
    """Set one field by what it is: typed (true: it is not read back yet), chosen, or walked to."""
    if kind == "industry":
        field.walk(*[part.strip() for part in value.split(">")])
    elif field.kind in ("text", "chips"):
        field.type(value)
        return True
    else:
        field.choose(facts.meant(form, kind, value), wanted=value, search=_search_for(kind, value))
    return False


def read_back(form: Surface, entries: Sequence[Entry]) -> None:
    """Raise `ScreenChanged` if a field that shows now does not hold what was asked for."""
    said = fields.mentioned(form.root)
    chosen = [each for each in entries if each.value is not None and each.kind not in ("text", "industry")]
    chosen = [each for each in chosen if _is_in(said, form, each)]
    known = _captioned(form, chosen)
    for entry in chosen:
        found = known.get(entry.name)
        field = None if found else form.find_field(*entry.captions)
        if not found and field is None:
            continue
        shown = found[1] if found else field.read() if field is not None else ""
        if not facts.meant(form, entry.kind, entry.value or "")([shown]):
            raise ScreenChanged(form.site.screen, f"{entry.name} showing {entry.value}", found=shown or "nothing")


def _captioned(form: Surface, entries: Sequence[Entry]) -> dict[str, tuple[Control, str]]:
    return fields.captioned(form, {each.name: each.captions for each in entries})


def _require_typed(form: Surface, typed: Sequence[tuple[Entry, Control]]) -> None:
    """Read back what was typed: all that is seen at once to be as typed need not be looked at by itself."""
    shown = _captioned(form, [entry for entry, _ in typed])
    for entry, field in typed:
        text = entry.value or ""
        if entry.name not in shown or not same_text(shown[entry.name][1], text):
            field.require(text)


def require_complete(form: Surface) -> None:
    """Raise `Refused`, naming each field the form insists on and the job does not give."""
    missing = form.required_but_empty()
    if missing:
        raise Refused(f"the form insists on: {', '.join(missing)}; give it in the job. Nothing was sent")


def _is_in(said: str, form: Surface, entry: Entry) -> bool:
    return any(fold(word) in said for caption in entry.captions for word in form.site.words.of(caption))


def _terms(form: Surface, *, tick: bool) -> None:
    box = form.find_toggle("terms")
    if box is None or box.is_on:
        return
    if not tick:
        raise Refused("the form insists on its terms; give accept_terms: true in the job. Nothing was sent")
    box.turn(on=True)


def _require_placed(entries: Sequence[Entry], placed: set[str]) -> None:
    """What makes the new thing what it is must not be lost because the form has no field for it."""
    lost = [each.name for each in entries if each.value is not None and each.name not in placed]
    lost = [name for name in lost if name in DECISIVE]
    if lost:
        raise Refused(f"the form does not ask for {', '.join(lost)}, so it cannot be chosen here. Nothing was sent")


def _next(form: Surface) -> Surface:
    site = form.site
    before = form.text()
    form.press("next")
    moved = site.until(lambda: site.surface().text() != before or bool(form.errors()), seconds=10)
    problems = form.errors()
    if problems:
        raise Refused(f"the form says: {'; '.join(problems)}. Nothing was sent")
    if not moved:
        raise ScreenChanged(site.screen, "the next page of the form", found="the same page")
    return site.surface()


def _search_for(kind: str, value: str) -> str:
    if kind == "time_zone":
        return value.rpartition("/")[2].replace("_", " ")
    return ""

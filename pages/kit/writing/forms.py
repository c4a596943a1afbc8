"""Filling a form whose shape is not known beforehand: each value finds its own control.

A form may be one page or several with "Next", ask for more or for less, and make a choice a select, a
radio or a card. What it insists on and the job does not give is a refusal that names the field.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bcflow.models.errors import Refused, ScreenChanged
from bcflow.models.identity import fold
from bcflow.pages.kit.evidence import sought
from bcflow.pages.kit.evidence.accepts import options, takes
from bcflow.pages.kit.evidence.asking import settle
from bcflow.pages.kit.widgets import captioned_values, fields
from bcflow.pages.kit.widgets.surface import on_top

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bcflow.pages.kit.evidence.accepts import Accepts
    from bcflow.pages.kit.widgets.controls import Control
    from bcflow.pages.kit.widgets.surface import Surface
    from bcflow.pages.kit.writing.filling import Filling

MOST_PAGES = 8
MOST_TURNS = 4


@dataclass(frozen=True)
class Entry:
    """One value and the captions it may stand under.

    `kind` is how its options are recognised: text, country, time_zone, currency or industry.
    """

    name: str
    value: str | None
    captions: tuple[str, ...]
    kind: str = "text"


def fill_through(filling: Filling, entries: Sequence[Entry], *, sending: tuple[str, ...], tick: bool) -> None:
    """Fill page after page, up to the one that holds the button that sends.

    `tick` says whether the terms may be accepted. Raises `Refused` for what a page insists on or does not
    offer, `ScreenChanged` when a page does not move on or does not show what was put into it.
    """
    for _ in range(MOST_PAGES):
        fill_page(filling, entries)
        _terms(filling, tick=tick)
        _unknown_fields(filling, entries, sending=sending)
        if filling.onward(*sending) is None:
            return
        filling.leave()
        filling.go_on(_next(filling.form))
    raise ScreenChanged(filling.form.site.screen, "the end of the form", found=f"more than {MOST_PAGES} pages")


def _unknown_fields(filling: Filling, entries: Sequence[Entry], *, sending: tuple[str, ...]) -> None:
    """Note which values may belong to fields of this page that go by no known word.

    Those of the job that found no field yet may have theirs on a later page: on this one, only what evidence says.
    """
    form = filling.form
    left = [each for each in entries if each.value is not None and each.name not in filling.shown]
    if not left:
        return
    wanted = [sought.field(form.site, *each.captions, accepts=_accepts(form, each)) for each in left]
    found = form.unknown(*wanted)
    plain = [one for one in found if one.candidates[0].strength != "weak"]
    taken = {one.candidates[0].text for one in plain}
    open_ones = [one for one in found if one not in plain and any(each.text not in taken for each in one.candidates)]
    # Of what the form insists on and nothing speaks for, no more is asked than it has fields.
    insists = len([text for text in form.required_but_empty() if text not in taken])
    is_last = form.find_button("next") is None and form.find_button(*sending) is not None
    with filling.gathering():
        settle(form.site, [*plain, *(open_ones if is_last else open_ones[:insists])])


def _accepts(form: Surface, entry: Entry) -> Accepts:
    value = entry.value or ""
    if entry.kind in ("country", "time_zone", "currency"):
        meant = captioned_values.meant(form, entry.kind, value)
        return options(entry.kind, meant, value, form.site.words.language)
    return takes(*entry.captions)


def fill_page(filling: Filling, entries: Sequence[Entry]) -> None:
    """Put every value that has a field on this page into it."""
    form, said = filling.form, None
    for _ in range(MOST_TURNS):
        # What was chosen or typed may have brought up fields of its own.
        to_do = [each for each in entries if each.value is not None and each.name not in filling.shown]
        before, said = said, fields.mentioned(form.root) if to_do else said
        if said == before:
            break
        to_do = [each for each in to_do if _is_in(said or "", form, each)]
        known = _captioned(form, to_do)
        for at, entry in enumerate(to_do, start=1):
            field = known.get(entry.name) or form.find_field(*entry.captions)
            if field is None:
                continue
            if filling.put(entry.name, entry.value or "", field, entry.captions, entry.kind):
                # A choice may change the form around it.
                known = _captioned(form, to_do[at:])


def _captioned(form: Surface, entries: Sequence[Entry]) -> dict[str, Control]:
    found = fields.captioned(form.site, form.root, {each.name: each.captions for each in entries})
    return {name: field for name, (field, _) in found.items()}


def _is_in(said: str, form: Surface, entry: Entry) -> bool:
    return any(fold(word) in said for caption in entry.captions for word in form.site.words.of(caption))


def _terms(filling: Filling, *, tick: bool) -> None:
    filling.declare()
    box = filling.form.find_toggle("terms")
    if box is None and tick:
        with filling.gathering():
            filling.form.learn(sought.box())
    if box is None or box.is_on:
        return
    if not tick:
        raise Refused("the form insists on its terms; give accept_terms: true in the job. Nothing was sent")
    box.turn(on=True)


def _next(form: Surface) -> Surface:
    site = form.site
    before = form.text()
    form.press("next")
    moved = site.until(lambda: on_top(site).text() != before or bool(form.errors()), seconds=10)
    problems = form.errors()
    if problems:
        form.learn(sought.box(problems))
        raise Refused(f"the form says: {'; '.join(problems)}. Nothing was sent")
    if not moved:
        raise ScreenChanged(site.screen, "the next page of the form", found="the same page")
    return on_top(site)

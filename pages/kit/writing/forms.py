"""Filling a form whose shape is not known beforehand: on one page or several, each value finds its own control.

A form may ask for more or for less, and make a choice a select, a radio or a card. What it insists on and the job does
not give is a refusal that names the field; what goes by words that nobody knows is asked about, all of a step together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bcflow.models.errors import Refused, ScreenChanged
from bcflow.models.identity import fold
from bcflow.pages.kit.evidence import sought
from bcflow.pages.kit.evidence.asking import is_plainer, settle
from bcflow.pages.kit.lists import assets
from bcflow.pages.kit.screen.declared import Element, State, button
from bcflow.pages.kit.widgets import fields
from bcflow.pages.kit.widgets.surface import on_top
from bcflow.pages.kit.writing.parts import Entry, fields_for
from bcflow.pages.kit.writing.step import Step

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bcflow.models.unknown import UnknownWord
    from bcflow.pages.kit.widgets.controls import Control
    from bcflow.pages.kit.widgets.surface import Surface
    from bcflow.pages.kit.writing.filling import Filling
    from bcflow.pages.kit.writing.parts import Part

__all__ = ["Entry", "Plan", "fill_page", "fill_through"]

MOST_WALKS = 16
"""A step is filled again where words of it were unknown and the job is only rehearsed."""
MOST_TURNS = 4
STEP_SECONDS = 10.0
ENABLED_SECONDS = 2.0


@dataclass(frozen=True)
class Plan:
    """What a form is to be given: single values, other parts, the words of the button that sends.

    `tick` says whether its terms may be accepted, `skips` whether a last step that needs nothing is left by "Skip".
    """

    form: str
    """What the form is called: "the invitation"."""
    sending: tuple[str, ...]
    entries: tuple[Entry, ...] = ()
    parts: tuple[Part, ...] = ()
    tick: bool = False
    skips: bool = False
    needed: frozenset[str] = frozenset()
    """The single values that the form must show; of the others it may ask for less."""

    def state(self, screen: str) -> State:
        """Return what the flow relies on in the form, on whichever of its steps."""
        fields = (Element("field", each.captions, needed=each.name in self.needed) for each in self.entries)
        ticked = (Element("box", ("terms",), needed=False),) if self.tick else ()
        parts = (element for part in self.parts for element in part.elements())
        skips = (button("skip", needed=False),) if self.skips else ()
        sends = (button(*self.sending), button("next", needed=False), *skips)
        return State(screen, self.form, (*fields, *parts, *ticked, *sends), is_form=True)


def fill_through(filling: Filling, plan: Plan, *, on_step: Callable[[Surface], None] | None = None) -> tuple[str, ...]:
    """Fill step after step, up to the one that holds the button that sends; return the words of that button.

    `on_step` is shown each step after the first. Raises `Refused` for what a step insists on or does not offer,
    `ScreenChanged` when a step does not move on or does not show what was put into it.
    """
    state, seen = plan.state(filling.form.site.screen), set[str]()
    filling.left = lambda: _unknown(filling, plan, insists=True)
    for _ in range(MOST_WALKS):
        filling.form.site.shows(state)
        filling.is_stale = False
        filling.is_last = filling.form.find_button("next") is None
        _fill_step(filling, plan)
        filling.doubts.settle(filling.shown)
        _terms(filling, tick=plan.tick)
        _ask(filling, plan)
        filling.form.site.shows(state, filled=True)
        if plan.skips and filling.is_last and _is_skipped(filling, plan):
            filling.form.site.shows(state, filled=True)
            return ("skip",)
        onward = filling.onward(*plan.sending, is_full=_is_full(filling, plan))
        filling.require_words()
        if filling.is_stale:
            continue
        if onward is None:
            return plan.sending
        if (pictures := filling.form.site.session.pictures) is not None:
            pictures.step(onward, filling.form.mark)
        filling.require()
        shown = filling.form.text()
        following = _next(filling, plan)
        if filling.is_stale:
            continue
        if following is None:
            return ("next",)
        if shown in seen:
            raise ScreenChanged(filling.form.site.screen, "the end of the form", found="pages that were left before")
        seen.add(shown)
        filling.leave()
        filling.go_on(following)
        if on_step is not None:
            on_step(filling.form)
    raise ScreenChanged(filling.form.site.screen, "the end of the form", found=f"more than {MOST_WALKS} pages")


def _fill_step(filling: Filling, plan: Plan) -> None:
    fill_page(filling, plan.entries)
    for part in plan.parts:
        if part.name not in filling.shown:
            filling.close_options()
            part.place(filling)


def fill_page(filling: Filling, entries: Sequence[Entry]) -> None:
    """Put every value that has a field on this page into it."""
    form, said = filling.form, None
    for _ in range(MOST_TURNS):
        # What was chosen or typed may have brought up fields of its own.
        to_do = _to_do(filling, entries)
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


def _is_full(filling: Filling, plan: Plan) -> bool:
    """Whether this may well be the form's last step: all has its place, also what a last step is there for."""
    has_last = not plan.skips or not filling.is_first or bool(assets.offered(filling.form))
    return has_last and not _left(filling, plan)


def _left(filling: Filling, plan: Plan) -> list[str]:
    """Return what must have its place in the form and has none yet, nor one that is asked about."""
    asked = filling.asked
    names = [
        each.name
        for each in _to_do(filling, plan.entries)
        if each.name in plan.needed and each.captions[0] not in asked
    ]
    parts = (each for each in plan.parts if each.is_needed and each.name not in filling.shown)
    return names + [each.name for each in parts if asked.isdisjoint(each.concepts())]


def _to_do(filling: Filling, entries: Sequence[Entry]) -> list[Entry]:
    return [each for each in entries if each.value is not None and each.name not in filling.shown]


def _captioned(form: Surface, entries: Sequence[Entry]) -> dict[str, Control]:
    found = fields.captioned(form.site, form.root, {each.name: each.captions for each in entries})
    return {name: field for name, (field, _) in found.items()}


def _is_in(said: str, form: Surface, entry: Entry) -> bool:
    return any(fold(word) in said for caption in entry.captions for word in form.site.words.of(caption))


def _ask(filling: Filling, plan: Plan, *, insists: bool = False) -> None:
    """Note what may be meant by the parts that found no place yet, of what goes by no known word."""
    with filling.gathering():
        settle(filling.form.site, _unknown(filling, plan, insists=insists))


def _unknown(filling: Filling, plan: Plan, *, insists: bool) -> list[UnknownWord]:
    """Return what may be meant by the parts that found no place yet.

    They may have theirs on a later step: on this one only what evidence says, or as much as it marks as required; all
    that is left on the last one, or where the form said that something is missing (`insists`).
    """
    form = filling.form
    left = _to_do(filling, plan.entries)
    parts = [each for each in plan.parts if each.name not in filling.shown]
    if not left and not parts:
        return []
    is_last = filling.is_last and form.find_button(*plan.sending, sends=True) is not None
    found = _fields(filling, plan, left) if left else []
    plain = [one for one in found if one.candidates[0].strength != "weak"]
    taken = {one.candidates[0].text for one in plain}
    needed = {each.captions[0] for each in left if each.name in plan.needed}
    unsure = sorted((one for one in found if one not in plain), key=lambda one: one.concept not in needed)
    open_ones = {each.text for one in unsure for each in one.candidates} - taken
    required = [] if insists else [text for text in form.required_but_empty() if text not in taken]
    room = len(open_ones) if insists else min(len(open_ones), len(required))
    if is_last:
        room = max(room, min(len(open_ones), sum(one.concept in needed for one in unsure)))
    # Where some words had to be taught, that of a choice may be another as well: a later step may not have it.
    is_strange = bool(found or filling.asked or form.site.session.learnt.words)
    sure = not (is_last or insists or is_strange)
    asked = [*plain, *unsure[:room]]
    for part in parts:
        words = part.unknown(form, sure=sure)
        in_doubt = not (is_last or insists) and part.in_doubt(words, required)
        asked += filling.doubts.note(part.name, words) if in_doubt else words
    return asked


def _fields(filling: Filling, plan: Plan, left: list[Entry]) -> list[UnknownWord]:
    """Return which fields may be those of what is `left`.

    What an earlier step was given by a guess is weighed with it: what stands plainer here was misread there, and what
    it is here is nothing else that is left.
    """
    form, session = filling.form, filling.form.site.session
    about = {each.captions[0]: session.asked.get((form.site.screen, each.captions[0])) for each in plan.entries}
    asked = {concept: word for concept, word in about.items() if word is not None}
    guessed = [each for each in plan.entries if each.name in filling.earlier and each.captions[0] in asked]
    for name in _captioned(form, guessed) if guessed else ():
        word = next(asked[each.captions[0]] for each in guessed if each.name == name)
        session.misread |= {(form.site.screen, word.concept, one.text) for one in word.candidates}
    placed = {each.captions[0] for each in guessed}
    found = fields_for(form, [*left, *guessed])
    return [one for one in found if one.concept not in placed or is_plainer(one, asked[one.concept])]


def _terms(filling: Filling, *, tick: bool) -> None:
    filling.declare()
    box = filling.form.find_toggle("terms")
    if box is None or box.is_on:
        return
    if not tick:
        raise Refused("the form insists on its terms; give accept_terms: true in the job. Nothing was sent")
    box.turn(on=True)


def _is_skipped(filling: Filling, plan: Plan) -> bool:
    """Whether the last step may be left by "Skip": all that the job gives has its place already."""
    form = filling.form
    if any(part.name not in filling.shown for part in plan.parts if part.name != "ad_accounts"):
        return False
    if filling.shown.get("ad_accounts"):
        return False
    if form.find_button("skip") is not None:
        filling.go_on(form, skipped=True)
        return True
    sending = form.find_button(*plan.sending, sends=True)
    # One that stays off while nothing is chosen is not pressed: what leads past it goes by another word.
    if filling.is_first or (sending is not None and form.site.until(sending.is_enabled, seconds=ENABLED_SECONDS)):
        return False
    wanted = [sought.button(form.site, "skip", leads="skips")]
    wanted += [] if sending is not None else [sought.button(form.site, *plan.sending, leads="sends")]
    return form.learn(*wanted) and _is_skipped(filling, plan)


def _next(filling: Filling, plan: Plan) -> Surface | None:
    """Go to the next step and return it; None where "Next" is what sends.

    That it sends is seen by what it wants to send: nothing is armed, so no write leaves the browser.
    """
    form, step = filling.form, Step(filling.form)
    site, held = form.site, len(form.site.traffic.held_back)

    def sends() -> bool:
        return len(site.traffic.held_back) > held

    form.press("next", leads="on")
    found = site.until(lambda: form if sends() else step.left(), seconds=STEP_SECONDS)
    if sends():
        # The page takes a moment to see that its request came to nothing.
        site.until(lambda: (button := form.find_button("next")) and button.is_enabled(), seconds=STEP_SECONDS)
        return None
    problems = form.errors() or step.complaints()
    if problems:
        _asked_for(filling, plan, problems)
        if filling.is_stale:
            return form
        raise Refused(f"the form says: {'; '.join(problems)}. Nothing was sent")
    now = found or on_top(site)
    if found is None and now.text() == step.text:
        raise ScreenChanged(site.screen, "the next page of the form", found="the same page")
    return now


def _asked_for(filling: Filling, plan: Plan, problems: Sequence[str]) -> None:
    """Ask about what the form says is missing and may be something that the job gives, or a box; see `asking.ask`."""
    with filling.gathering():
        filling.form.learn(sought.box(problems))
    _ask(filling, plan, insists=True)
    filling.require_words()

"""What a form is to be given, and what may be the place of what has none yet: in unknown words, or on a later step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bcflow.pages.kit.evidence.asking import is_plainer
from bcflow.pages.kit.screen.declared import Element, State, button
from bcflow.pages.kit.widgets import fields
from bcflow.pages.kit.writing.parts import fields_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bcflow.models.unknown import UnknownWord
    from bcflow.pages.kit.widgets.controls import Control
    from bcflow.pages.kit.widgets.surface import Surface
    from bcflow.pages.kit.writing.filling import Filling
    from bcflow.pages.kit.writing.parts import Entry, Part


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


def unplaced(filling: Filling, plan: Plan, *, insists: bool) -> list[UnknownWord]:
    """Return what may be meant by the parts that found no place yet.

    They may have theirs on a later step: on this one only what evidence says, or as much as it marks as required; all
    that is left on the last one, or where the form said that something is missing (`insists`).
    """
    form = filling.form
    left = to_do(filling, plan.entries)
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
        words = _apart(part.unknown(form, sure=sure), asked)
        in_doubt = not (is_last or insists) and part.in_doubt(words)
        asked += filling.doubts.note(part.name, words) if in_doubt else words
    _note_misread(form, plan, asked)
    return asked


def _note_misread(form: Surface, plan: Plan, asked: Sequence[UnknownWord]) -> None:
    """Note what an earlier step was thought to have, and stands plainer here: of what has one place in a form only.

    A button that leads on, or the word of a role, may well be on several steps, each in words of its own.
    """
    session, screen = form.site.session, form.site.screen
    places = {each.captions[0] for each in plan.entries} | {part.caption for part in plan.parts}
    for word in asked:
        earlier = session.asked.get((screen, word.concept)) if word.concept in places else None
        if earlier is not None and is_plainer(word, earlier):
            session.misread |= {(screen, word.concept, one.text) for one in earlier.candidates}


def _apart(words: Sequence[UnknownWord], asked: Sequence[UnknownWord]) -> list[UnknownWord]:
    """Return the words with what is taken for something else as their last candidates; none of which that is all."""
    taken = {one.candidates[0].text for one in asked if one.candidates[0].strength != "weak"}
    apart = []
    for word in words:
        left = [one for one in word.candidates if one.text not in taken]
        rest = [one for one in word.candidates if one.text in taken]
        apart += [word.model_copy(update={"candidates": [*left, *rest]})] if left else []
    return apart


def _fields(filling: Filling, plan: Plan, left: list[Entry]) -> list[UnknownWord]:
    """Return which fields may be those of what is `left`.

    What an earlier step was given by a guess is weighed with it: what stands plainer here was misread there, and what
    it is here is nothing else that is left.
    """
    form, session = filling.form, filling.form.site.session
    about = {each.captions[0]: session.asked.get((form.site.screen, each.captions[0])) for each in plan.entries}
    asked = {concept: word for concept, word in about.items() if word is not None}
    guessed = [each for each in plan.entries if each.name in filling.earlier and each.captions[0] in asked]
    for name in captioned(form, guessed) if guessed else ():
        word = next(asked[each.captions[0]] for each in guessed if each.name == name)
        session.misread |= {(form.site.screen, word.concept, one.text) for one in word.candidates}
    placed = {each.captions[0] for each in guessed}
    found = fields_for(form, [*left, *guessed])
    return [one for one in found if one.concept not in placed or is_plainer(one, asked[one.concept])]


def to_do(filling: Filling, entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries that have a value and no place yet."""
    return [each for each in entries if each.value is not None and each.name not in filling.shown]


def captioned(form: Surface, entries: Sequence[Entry]) -> dict[str, Control]:
    """Return the fields that stand under known captions of `entries`, by name."""
    found = fields.captioned(form.site, form.root, {each.name: each.captions for each in entries})
    return {name: field for name, (field, _) in found.items()}

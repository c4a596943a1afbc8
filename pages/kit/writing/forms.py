"""Filling a form whose shape is not known beforehand: on one page or several, each value finds its own control.

A form may ask for more or for less, and make a choice a select, a radio or a card. What it insists on and the job does
not give is a refusal that names the field; what goes by words that nobody knows is asked about, all of a step together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.models.errors import Refused, ScreenChanged
from bcflow.models.identity import fold
from bcflow.pages.kit.evidence import sought
from bcflow.pages.kit.evidence.asking import settle
from bcflow.pages.kit.lists import assets
from bcflow.pages.kit.widgets import fields
from bcflow.pages.kit.widgets.surface import on_top
from bcflow.pages.kit.writing.parts import Entry
from bcflow.pages.kit.writing.plan import Plan, captioned, to_do, unplaced
from bcflow.pages.kit.writing.step import Step

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bcflow.pages.kit.widgets.surface import Surface
    from bcflow.pages.kit.writing.filling import Filling

__all__ = ["Entry", "Plan", "fill_page", "fill_through"]

MOST_WALKS = 16
"""A step is filled again where words of it were unknown and the job is only rehearsed."""
MOST_TURNS = 4
STEP_SECONDS = 10.0
ENABLED_SECONDS = 2.0


def fill_through(filling: Filling, plan: Plan, *, on_step: Callable[[Surface], None] | None = None) -> tuple[str, ...]:
    """Fill step after step, up to the one that holds the button that sends; return the words of that button.

    `on_step` is shown each step after the first. Raises `Refused` for what a step insists on or does not offer,
    `ScreenChanged` when a step does not move on or does not show what was put into it.
    """
    state, seen = plan.state(filling.form.site.screen), set[str]()
    filling.left = lambda: unplaced(filling, plan, insists=True)
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
        open_ones = to_do(filling, entries)
        before, said = said, fields.mentioned(form.root) if open_ones else said
        if said == before:
            break
        open_ones = [each for each in open_ones if _is_in(said or "", form, each)]
        known = captioned(form, open_ones)
        for at, entry in enumerate(open_ones, start=1):
            field = known.get(entry.name) or form.find_field(*entry.captions)
            if field is None:
                continue
            if filling.put(entry.name, entry.value or "", field, entry.captions, entry.kind):
                # A choice may change the form around it.
                known = captioned(form, open_ones[at:])


def _is_full(filling: Filling, plan: Plan) -> bool:
    """Whether this may well be the form's last step: all has its place, also what a last step is there for."""
    has_last = not plan.skips or not filling.is_first or bool(assets.offered(filling.form))
    return has_last and not _left(filling, plan)


def _left(filling: Filling, plan: Plan) -> list[str]:
    """Return what must have its place in the form and has none yet, nor one that is asked about."""
    asked = filling.asked
    names = [
        each.name for each in to_do(filling, plan.entries) if each.name in plan.needed and each.captions[0] not in asked
    ]
    parts = (each for each in plan.parts if each.is_needed and each.name not in filling.shown)
    return names + [each.name for each in parts if asked.isdisjoint(each.concepts())]


def _is_in(said: str, form: Surface, entry: Entry) -> bool:
    return any(fold(word) in said for caption in entry.captions for word in form.site.words.of(caption))


def _ask(filling: Filling, plan: Plan, *, insists: bool = False) -> None:
    """Note what may be meant by the parts that found no place yet, of what goes by no known word."""
    with filling.gathering():
        settle(filling.form.site, unplaced(filling, plan, insists=insists))


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
    if any(part.name not in filling.shown for part in plan.parts if part.is_needed or part.name != "ad_accounts"):
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
    # What dismisses a survey elsewhere may be it in a form.
    wanted = [sought.button(form.site, "skip", "not now", leads="skips")]
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

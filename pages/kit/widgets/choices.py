"""Choosing among few choices that each have a word: in a select, in a group of toggles, whatever they are called.

Where the word of the wanted choice is not known, what the other words leave over speaks for one; a person says it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bcflow.models.errors import Refused, ScreenChanged
from bcflow.models.identity import fold, quoted
from bcflow.pages.kit import css
from bcflow.pages.kit.evidence import accepts, sought
from bcflow.pages.kit.evidence.asking import settle
from bcflow.pages.kit.evidence.options import with_options
from bcflow.pages.kit.evidence.scan import Spotted, spot
from bcflow.pages.kit.evidence.weighing import unknown_words
from bcflow.pages.kit.screen import evaluate
from bcflow.pages.kit.widgets.toggles import State, states

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Locator

    from bcflow.models.unknown import UnknownWord
    from bcflow.pages.kit.screen.site import Site
    from bcflow.pages.kit.widgets.controls import Control
    from bcflow.pages.kit.widgets.surface import Surface
    from bcflow.pages.kit.widgets.toggles import Toggle


IN_LINE_PX = 4
IS_CLICKABLE = "e => getComputedStyle(e).cursor === 'pointer' || !!e.closest('a, button')"


def first_line(text: str) -> str:
    """Return the caption of an option that may carry an explanation below."""
    return text.split("\n", 1)[0].strip()


def choose(form: Surface, control: Control, word: str, among: Sequence[str]) -> None:
    """Choose the option with this word, of a control whose options are `among` these concepts.

    Raises `Refused` where it has options of known words only, and none is this.
    """
    words = form.site.words
    try:
        control.choose(lambda texts: [each for each in texts if words.matches(word, first_line(each))], wanted=word)
    except Refused:
        offered = _offered(form, control)
        if any(words.matches(word, each.text) for each in offered):
            raise
        if not settle(form.site, _unknown_choice(form.site, offered, word, among)):
            raise
        choose(form, control, word, among)


def toggle(form: Surface, word: str, among: Sequence[str]) -> Toggle | None:
    """Return the toggle with this word, of the group that is about `among` where several groups have it."""
    words = form.site.words
    there = [each for each in states(form.site, form.root) if not each.is_folded]
    found = [each for each in there if words.matches(word, each.toggle.caption)]
    if len(found) > 1:
        found = [each for each in _group(form, word, among) if words.matches(word, each.toggle.caption)]
        if len(found) != 1:
            raise ScreenChanged(form.site.screen, f"a single choice {quoted(words.of(word)[0])}", found="several")
    return found[0].toggle if found else None


def find(form: Surface, word: str, among: Sequence[str], captions: Sequence[str]) -> Toggle | Control | Locator | None:
    """Return what has this word: a toggle, the control with one of `captions` whose choices it may have, or a card.

    A caption may stand over toggles of something else, as that of a part that is folded away stands over what follows.
    """
    found = toggle(form, word, among)
    if found is not None:
        return found
    control = form.find_field(*captions) if captions else None
    if control is not None and (control.kind != "toggles" or _is_about(form.site, control.row, among)):
        return control
    return card(form, word, among, sure=bool(captions))


def _is_about(site: Site, row: Locator, among: Sequence[str]) -> bool:
    offered = [each.toggle.caption for each in states(site, row) if not each.is_folded]
    return any(site.words.matches(one, text) for one in among for text in offered)


def card(form: Surface, word: str, among: Sequence[str] = (), *, sure: bool) -> Locator | None:
    """Return the one text with this word, to be clicked as a card.

    If it must be `sure`, only where it shows that it can be clicked, or stands beside another `among` these concepts.
    """
    found = _texts(form, word)
    if found.count() != 1 or evaluate.one(found, evaluate.FOLDED):
        return None
    if not sure or evaluate.one(found, IS_CLICKABLE):
        return found
    others = [one for one in among if one != word]
    beside = _texts(form, *others) if others else None
    return found if beside and beside.count() == len(others) and _in_line(found, beside) else None


def _texts(form: Surface, *words: str) -> Locator:
    found = evaluate.shown(form.root.get_by_text(form.site.words.pattern(*words)))
    # The list on whose page a form is drawn says the same in its rows.
    return found if found.count() <= len(words) else found.and_(form.root.locator(f":not(:is({css.ROWS}) *)"))


def _in_line(found: Locator, others: Locator) -> bool:
    """Say whether all of these stand in one row, or in one column."""
    boxes = [one.bounding_box() for one in (found, *others.all())]
    places = [(box["x"], box["y"]) for box in boxes if box]
    return len(places) == len(boxes) and any(max(each) - min(each) < IN_LINE_PX for each in zip(*places, strict=True))


def offered_under(form: Surface, captions: Sequence[str]) -> list[str]:
    """Return what may be chosen on toggles, or in the control with one of these captions, which is opened for it."""
    control = form.find_field(*captions) if captions else None
    if control is not None and control.kind not in ("text", "chips"):
        control.close()
        return [first_line(text) for text in control.offers()]
    return [first_line(each.toggle.caption) for each in states(form.site, form.root)]


def chosen(form: Surface, word: str, among: Sequence[str]) -> list[str]:
    """Return the captions that are on, of the group of toggles that has this word."""
    return [each.toggle.caption for each in _group(form, word, among) if each.is_on]


def _group(form: Surface, word: str, among: Sequence[str]) -> list[State]:
    """Return the toggles of the one group that has this word, and none that is known for anything but `among`."""
    words, groups = form.site.words, dict[int, list[State]]()
    for each in states(form.site, form.root):
        if each.group >= 0:
            groups.setdefault(each.group, []).append(each)

    def is_it(one: list[State]) -> bool:
        captions = [each.toggle.caption for each in one]
        has_it = any(words.matches(word, text) for text in captions)
        return has_it and not any(sought.known_as(form.site, text, but=among) for text in captions)

    found = [one for one in groups.values() if is_it(one)]
    return found[0] if len(found) == 1 else []


def unknown(
    form: Surface,
    word: str,
    among: Sequence[str],
    captions: Sequence[str],
    *,
    sure: bool = False,
    optional: bool = False,
) -> list[UnknownWord]:
    """Return which choice, or which control, may be `word`: a toggle's, a card's or an option's, and its caption.

    If it must be `sure`, only what evidence speaks for, or what the form insists on. What is `optional` may be one of
    several boxes that can be ticked, and is not what the form insists on.
    """
    site, spotted = form.site, with_options(form.site, spot(form.root))
    spotted = spotted if optional else _without_several(spotted)
    alike, is_it = _likely(site, spotted, among, captions, optional=optional)
    if any(site.words.matches(word, each.text) for each in alike):
        return []
    if is_it:
        return _unknown_choice(site, alike, word, among)
    offered = [] if sure else alike
    controls = _controls(site, spotted, among, captions) if captions else []
    for one in controls[:1]:
        # Its choices may be in unknown words as well: all of it is one question.
        select = next(each for each in spotted if each.n == one.candidates[0].n)
        if select.options and not any(site.words.matches(word, text) for text in select.options):
            offered = [*_as_choices(select), *(each for each in offered if each.text not in select.options)]
    found = [*controls, *_unknown_choice(site, offered, word, among)]
    missing = {fold(each) for each in form.required_but_empty()}
    is_sure = any(one.strength != "weak" or fold(one.text) in missing for word in found for one in word.candidates[:1])
    return found if is_sure or not sure else []


def _controls(
    site: Site, spotted: Sequence[Spotted], among: Sequence[str], captions: Sequence[str]
) -> list[UnknownWord]:
    accepting = accepts.roles(site.words, tuple(among))
    control = sought.field(
        site,
        *captions,
        accepts=accepting,
        fits=accepts.is_one_of(*accepts.CHOOSES_ONE),
        choices=len(among),
        preset=True,
    )
    return unknown_words(site, spotted, [control])


def _without_several(spotted: Sequence[Spotted]) -> list[Spotted]:
    """Leave out groups of boxes: several of them may be ticked at once, so they are no choice of one."""
    boxes = [each for each in spotted if each.kind == "choice" and each.widget == "checkbox" and each.group >= 0]
    texts = {each.text for each in boxes}
    return [each for each in spotted if each not in boxes and not (each.options and texts.issuperset(each.options))]


def _likely(
    site: Site, spotted: Sequence[Spotted], among: Sequence[str], captions: Sequence[str], *, optional: bool
) -> tuple[list[Spotted], bool]:
    """Return the toggles or cards that are most likely these choices, and whether they are for sure.

    They are if their caption or one of them is known, or the form insists on as many; else they are only as many. An
    `optional` one is it where it alone is as many, and the form does not insist on it.
    """
    groups: dict[int, list[Spotted]] = {}
    for each in spotted:
        if each.kind in ("choice", "card") and each.group >= 0 and each.place == "page":
            groups.setdefault(each.group, []).append(each)
    open_ones = [
        group for group in groups.values() if not any(sought.known_as(site, each.text, but=among) for each in group)
    ]
    known = [group for group in open_ones if any(site.words.matches(one, each.text) for each in group for one in among)]
    alike = [group for group in open_ones if len(group) == len(among)]
    fields = [each for each in spotted if each.kind == "field" and each.options]
    required = {each.options for each in fields if each.required}
    named = {each.options for each in fields if any(site.words.matches(one, each.text) for one in captions)}
    captioned = [group for group in open_ones if tuple(each.text for each in group) in named]
    wanted = [group for group in alike if tuple(each.text for each in group) in required]
    if optional:
        others = [group for group in alike if group not in wanted]
        found = next(iter([*captioned, *known]), [each for group in others for each in group])
        return found, bool(captioned or known or len(others) == 1)
    return next(iter([*captioned, *known, *wanted, *alike]), []), bool(captioned or known or wanted)


def _unknown_choice(site: Site, offered: Sequence[Spotted], word: str, among: Sequence[str]) -> list[UnknownWord]:
    texts = [each.text for each in offered]
    return unknown_words(site, offered, [sought.choice(site, word, among, texts)]) if offered else []


def _as_choices(select: Spotted) -> list[Spotted]:
    return [
        replace(select, n=(select.n + 1) * 1000 + at, kind="choice", text=text)
        for at, text in enumerate(select.options)
    ]


def _offered(form: Surface, control: Control) -> list[Spotted]:
    """Return what the control offers, each as something to choose."""
    if control.kind == "toggles":
        return [replace(each, text=first_line(each.text)) for each in spot(control.row) if each.kind == "choice"]
    if control.kind == "native":
        row = next((each for each in spot(control.row) if each.options), None)
        return _as_choices(row) if row else []
    panel = form.site.page.locator(css.PANEL).filter(visible=True)
    return _in_panel(panel) if panel.count() == 1 else []


def _in_panel(panel: Locator) -> list[Spotted]:
    options = panel.locator(css.OPTION).filter(visible=True)
    read: list[tuple[str, list[float]]] = options.evaluate_all(_READ)
    return [
        Spotted(n=at, kind="choice", text=first_line(text), place="page", box=(box[0], box[1], box[2], box[3]))
        for at, (text, box) in enumerate(read)
        if text.strip()
    ]


_READ = """all => all.map(e => {
  const box = e.getBoundingClientRect();
  return [e.innerText, [box.left, box.top, box.width, box.height]];
})"""

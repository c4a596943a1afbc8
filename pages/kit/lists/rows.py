"""What a list's row says: e-mail, ids, and which known words stand under which heading."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bcflow.models.errors import CannotSee
from bcflow.models.identity import quoted, same_email
from bcflow.models.unknown import Candidate, UnknownWord
from bcflow.pages.kit import css
from bcflow.pages.kit.evidence import sought
from bcflow.pages.kit.evidence.asking import settle
from bcflow.pages.kit.evidence.scan import Spotted, again, spot
from bcflow.pages.kit.evidence.sought import called, known_as
from bcflow.pages.kit.evidence.weighing import unknown_words as may_be
from bcflow.pages.kit.lists import answers
from bcflow.pages.kit.screen import interruptions
from bcflow.pages.labels.nearness import nearest, nearness
from bcflow.pages.labels.store import labels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Locator

    from bcflow.pages.kit.lists.table import Row
    from bcflow.pages.kit.screen.site import Site
    from bcflow.pages.labels import Words

_EMAIL = re.compile(r"[^\s@<>()|,;]+@[^\s@<>()|,;]+\.[^\s@<>()|,;]+")
_NOTHING = "-\u2013\u2014 "
_CLICKABLE = ("button", "link", "card")
MENU_SECONDS = 3.0
_FEW_WORDS = re.compile(r"[^\d@]{2,40}")
_MASKED = re.compile(r"(\*|•|…)+\S*@|@\S*(\*|•|…)")


def email(row: Row) -> str:
    """Return the row's one e-mail address, or an empty text; where it shows none, the one it is known to have."""
    found = dict.fromkeys(_EMAIL.findall(row.text) or _EMAIL.findall(row.told))
    return next(iter(found)) if len(found) == 1 else ""


def masked_email(row: Row) -> bool:
    """Say whether the row hides part of its address."""
    return bool(_MASKED.search(row.text))


def cannot_tell(site: Site, row: Row, wanted: str) -> None:
    """Raise `CannotSee` if a masked address may be the wanted one: same first letter, or hidden."""
    shown = _MASKED.search(row.text)
    if shown is not None and not same_email(row.text, wanted):
        raise CannotSee(f"{site.screen}: addresses are partly hidden, so {wanted} cannot be told from others")


def words_in(words: Words, row: Row, *, heading: str, among: Sequence[str]) -> list[str]:
    """Return which concepts stand in the cell under `heading`; without such a heading, in any whole line."""
    cell = row.under(lambda text: words.matches(heading, text))
    texts = [cell] if cell is not None else row.lines
    # A word may have a comma in it.
    lines = [line.strip() for text in texts for line in text.split("\n")]
    parts = [*lines, *(part.strip() for line in lines for part in re.split(r"[,\uff0c\u3001/|]", line))]
    found = [words.concept_of(part, among) for part in parts if part]
    return list(dict.fromkeys(concept for concept in found if concept is not None))


def unknown_words(words: Words, row: Row, *, heading: str, among: Sequence[str], several: bool = False) -> str:
    """Return what the cell under `heading` says where that is none of the known concepts; otherwise an empty text.

    Two known ones at once are no known one either, unless there may be `several`. A column that is absent or empty
    says nothing.
    """
    cell = row.under(lambda text: words.matches(heading, text))
    said = " ".join((cell or "").split())
    found = words_in(words, row, heading=heading, among=among) if said.strip(_NOTHING) else []
    known = len(found) == 1 or (several and len(found) > 1)
    return "" if known or not said.strip(_NOTHING) else said[:80]


def unknown_in(
    site: Site,
    row: Row,
    *,
    heading: str,
    among: Sequence[str],
    several: bool = False,
    always: bool = True,
    anywhere: bool = False,
) -> str:
    """Return `unknown_words`, and keep in the session what a person is to be asked about them; the likeliest first.

    Where a row `always` says it, no heading is known and no known word stands anywhere in the row, what stands under
    headings that nobody knows may be it; of a row without headings, what stands `anywhere`.
    """
    words, unsaid = site.words, site.session.unsaid
    said = unknown_words(words, row, heading=heading, among=among, several=several)
    if said:
        unsaid += _meanings(site, [said], among, heading)
        return said
    told = not always or words_in(words, row, heading=heading, among=among)
    cells = [] if told else unnamed_cells(site, row, heading)
    if anywhere and not told and not row.headings:
        cells = [line for line in row.lines if _FEW_WORDS.fullmatch(line) and not _is_known(site, line)]
    meanings = _meanings(site, cells, among, heading)
    unsaid += meanings
    return meanings[0].candidates[0].text if meanings else ""


def _meanings(site: Site, said: Sequence[str], among: Sequence[str], heading: str) -> list[UnknownWord]:
    """Return what a row may say of itself with these texts, the nearest first: all of it, of which it is one."""
    words, learnt = site.words, site.session.learnt
    found: list[tuple[float, UnknownWord]] = []
    for concept in among:
        left = [text for text in said if not learnt.is_denied(site.screen, concept, text)]
        near = {text: nearness(text, concept, words.spoken)[0] for text in left}
        # What comes near to anything else, as the action at the end of a row, is it last of all.
        texts = sorted(left, key=lambda text: (-near[text], _nearest_of_all(site, text) not in {None, *among}))
        why = {True: "it comes nearest to that", False: "no known word stands there"}
        candidates = [Candidate(n=at, text=text, why=why[near[text] > 0]) for at, text in enumerate(texts)]
        what = f"what the list calls “{called(site, concept)}”"
        word = UnknownWord(concept=concept, what=what, purpose="read", candidates=candidates, either=heading)
        found += [(near[texts[0]], word)] if texts else []
    return [word for _, word in sorted(found, key=lambda one: -one[0])]


def _nearest_of_all(site: Site, text: str) -> str | None:
    return nearest(text, labels(), site.words.spoken)


def unnamed_columns(site: Site, row: Row, heading: str) -> dict[str, str]:
    """Return the headings that nobody knows, with the few words that stand under each in this row."""
    if row.under(lambda text: site.words.matches(heading, text)) is not None:
        return {}
    pairs = zip(row.headings, row.cells, strict=False)
    return {
        text: " ".join(cell.split())
        for text, cell in pairs
        if text.strip()
        and _FEW_WORDS.fullmatch(cell.strip())
        and not known_as(site, text)
        and not site.session.learnt.is_denied(site.screen, heading, text)
    }


def unnamed_cells(site: Site, row: Row, heading: str) -> list[str]:
    """Return the few words that stand in this row under headings that nobody knows, and are nobody's name."""
    texts = dict.fromkeys(unnamed_columns(site, row, heading).values())
    found = [text for text in texts if not _is_known(site, text)]
    # A cell of several lines has more to say than that.
    lines = {" ".join(cell.split()): len(cell.strip().splitlines()) for cell in row.cells}
    return sorted(found, key=lambda text: lines.get(text, 1))


def _is_known(site: Site, text: str) -> bool:
    return known_as(site, text) is not None or answers.is_name(site, text)


def find_action(site: Site, row: Locator, concept: str) -> Locator | None:
    """Return an action of a row by its word, where it is offered once: in the row, or in the menu behind its dots."""
    pattern = site.words.pattern(concept)
    found = row.get_by_role("button", name=pattern).or_(row.locator("a").filter(has_text=pattern))
    found = found.or_(row.get_by_text(pattern)).filter(visible=True)
    # A link and the text in it are one action.
    if found.count() and len({str(box) for box in found.evaluate_all(_BOXES)}) == 1:
        return found.first
    dots = [each for each in spot(row) if each.kind in _CLICKABLE and not re.search(r"\w", each.text)]
    if found.count() or len(dots) != 1:
        return None
    interruptions.watch(site)
    if not site.page.locator(css.DROPPED).filter(visible=True).count():
        # Asked for twice, a second click would close what the first one has opened.
        again(site, dots[0]).click()
    offered = site.page.locator(css.DROPPED).get_by_text(pattern).filter(visible=True)
    return offered.first if site.until(lambda: offered.count() > 0, seconds=MENU_SECONDS) else None


def _plain(site: Site, row: Locator, spotted: Sequence[Spotted]) -> list[Spotted]:
    """Return the short texts of a row that look like nothing to click: an action may be one all the same."""
    known, found = {each.text for each in spotted}, list[Spotted]()
    for text in dict.fromkeys(" ".join(line.split()) for line in row.inner_text().split("\n")):
        shown = row.get_by_text(text, exact=True).filter(visible=True)
        if text in known or not _FEW_WORDS.fullmatch(text) or answers.is_name(site, text) or shown.count() != 1:
            continue
        box = shown.bounding_box() or {"x": 0, "y": 0, "width": 0, "height": 0}
        place = (box["x"], box["y"], box["width"], box["height"])
        found.append(Spotted(n=len(spotted) + len(found), kind="card", text=text, place="row", box=place))
    return found


def press(site: Site, row: Locator, concept: str) -> None:
    """Click an action of a row by its word; raise `CannotSee` if the row does not offer it once.

    Raises `WordsUnknown` where another action may be it: an unknown one may do anything, so a person says it.
    """
    found = find_action(site, row, concept)
    if found is None:
        # A menu that dropped down, and none of its own parts.
        dropped = site.page.locator(css.DROPPED).filter(visible=True)
        dropped = dropped.and_(site.page.locator(f":not(:is({css.DROPPED}) *)"))
        actions = spot(dropped.last) if dropped.count() else spot(row)
        if not dropped.count():
            actions += _plain(site, row, actions)
        if settle(site, may_be(site, actions, [sought.action(site, concept)])):
            found = find_action(site, row, concept)
    if found is None:
        raise CannotSee(f"{site.screen}: the row does not offer {quoted(site.words.of(concept)[0])} once")
    interruptions.watch(site)
    found.click()


_BOXES = """all => all.map(e => {
  const box = (e.closest('a, button') || e).getBoundingClientRect();
  return [box.left, box.top];
})"""

"""What a list's row says: e-mail, ids, and which known words stand under which heading."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bcflow.models.errors import CannotSee
from bcflow.models.identity import same_email
from bcflow.pages.kit.screen import interruptions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Locator

    from bcflow.pages.kit.screen.site import Site
    from bcflow.pages.kit.widgets.table import Row
    from bcflow.pages.labels import Words

_EMAIL = re.compile(r"[^\s@<>()|,;]+@[^\s@<>()|,;]+\.[^\s@<>()|,;]+")
_NOTHING = "-\u2013\u2014 "
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
    parts = [part.strip() for text in texts for part in re.split(r"[\n,\uff0c\u3001/|]", text)]
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


def press(site: Site, row: Locator, *concepts: str) -> None:
    """Click an action of a row by its word; raise `CannotSee` if the row does not offer it once."""
    pattern = site.words.pattern(*concepts)
    found = row.get_by_role("button", name=pattern).or_(row.locator("a").filter(has_text=pattern)).filter(visible=True)
    if found.count() != 1:
        raise CannotSee(f"{site.screen}: the row offers {found.count()} times {site.words.of(concepts[0])[0]!r}")
    interruptions.watch(site)
    found.click()

"""Whether a text may be the word of a concept: what no label has, and what means something else, is refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bcflow.models.errors import BadInput
from bcflow.models.suggestions import nearest
from bcflow.pages.labels import store, words
from bcflow.pages.labels.learnt import DECLARATION
from bcflow.pages.labels.spelling import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bcflow.runner.storage.labels.kept import Kept

_CODE: Final = re.compile("[a-z]{2,3}")
_LONGEST: Final = 5000
_MAY_BE: Final = {("skip", "not now")}
"""Concepts of which the first may go by a word of the second: what dismisses a survey is a form's own button in it."""
_PLACE: Final = "${"
"""In a label file a place for something that changes; a text that a page shows has none."""


def checked_text(text: str) -> str:
    """Return a text as it is compared: its white space folded. Raises BadInput for one that no page shows."""
    plain = " ".join(text.split())
    if not plain:
        raise BadInput(["the text is empty; give the word as the page shows it"])
    if len(plain) > _LONGEST or _PLACE in plain:
        raise BadInput([f"'{plain[:40]}…' is no word that a page shows"])
    return plain


def check_concept(concept: str) -> None:
    """Raise BadInput for a concept that no label has, with the nearest one that there is."""
    if concept not in (*store.labels(), DECLARATION):
        known = nearest(concept, store.labels())
        raise BadInput([f"no label has the concept '{concept}'{known}; see bcflow labels list --concepts"])


def checked_language(language: str) -> str:
    """Return the code of a language, which need not have words in the label files. Raises BadInput for no such code."""
    code = store.language_code(language)
    if not _CODE.fullmatch(code):
        raise BadInput([f"'{language}' is no language; give its code, such as {', '.join(sorted(store.languages()))}"])
    return code


def is_known(concept: str, text: str, language: str) -> bool:
    """Whether a label file has this text as a word of the concept."""
    return concept in store.labels() and language in store.languages() and words(language).matches(concept, text)


def check_meaning(
    concept: str, text: str, language: str, *, kept: Kept, site: str, beside: bool = False, screen: str = ""
) -> None:
    """Raise BadInput if a text is known as the word of another concept; with `beside`, of one on the same screens.

    What was taught on another screen than `screen` may well be this one's word here.
    """
    if is_known(concept, text, language):
        return
    others = _beside(concept) if beside else (name for name, label in store.labels().items() if not label.language_only)
    others = [other for other in others if other != concept and (concept, other) not in _MAY_BE]
    known = [other for other in others if is_known(other, text, language)]
    known += [
        word.concept
        for word in kept.words
        if word.site == site and word.state != "doubtful" and fold(word.text) == fold(text)
        if not screen or word.screen in ("", screen)
        if word.concept != concept and word.concept in _beside(concept)
    ]
    if known:
        raise BadInput([f"'{text}' is the word of '{known[0]}' here: the two could be taken for each other"])


def _beside(concept: str) -> Iterable[str]:
    """Return the concepts that are on a screen with this one, without those that only tell the language."""
    labels = store.labels()
    together = {name for screen in store.screens().values() if concept in screen.concepts for name in screen.concepts}
    return [name for name in sorted(together) if name in labels and not labels[name].language_only]

"""What two skeletons of the same screen say beyond what is said of the things that flows rely on."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from bcflow.runner.checks.controls import control_changes, kind_and_word, without_said
from bcflow.runner.checks.findings import Change, Finding
from bcflow.runner.checks.reach import reach

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bcflow.models.ui_check import ScreenSeen, UiCheck

_COUNTED: Final[frozenset[Change]] = frozenset(
    ("missing", "ambiguous", "insisted on", "there now", "control gone", "control new", "control doubled")
)
"""What makes the widgets of a screen more or fewer, and so is the reason for another count."""


def skeleton_findings(before: UiCheck, now: UiCheck, said: Sequence[Finding]) -> list[Finding]:
    """Compare the skeletons; `said` is what the elements' own findings tell already.

    Words are compared only between checks in one language; what a screen is built with, in any.
    """
    known = {one.key: one for one in before.screens}
    found = [_gone(before, one) for one in before.screens if reach(now, one.key) == "gone"]
    for one in now.screens:
        old = known.get(one.key)
        if old is None:
            # What the baseline did not get to may have been there all along.
            if reach(before, one.key) == "gone":
                found.append(_on(one, "cosmetic", "screen new", "It is new: the baseline does not have it."))
        else:
            here, declared = [each for each in said if each.place == one.key], _declared(before, now, one.key)
            changed = _compared(old, one, here, declared, words=before.language == now.language)
            found += _first_cards(changed, old, declared, _flows(now, one.key))
    return found


def not_compared(before: UiCheck, now: UiCheck) -> list[str]:
    """Return, in words, the states whose skeleton the baseline has and this check has not, though they are not gone."""
    lost = [one for one in before.screens if reach(now, one.key) in ("not reached", "no skeleton")]
    names = "; ".join(f"{one.screen}, {one.state}" for one in lost)
    return [f"not looked at again, of the screens in the baseline: {names}"] if lost else []


def _first_cards(
    found: Sequence[Finding], old: ScreenSeen, declared: set[str], flows: tuple[str, ...]
) -> list[Finding]:
    """Return the findings; the first cards of a form are something to pick, and no flow picks one."""
    if any(kind_and_word(one)[0] == "card" for one in old.controls):
        return [*found]
    why = "whether one must be picked is only seen when the form is sent"
    return [
        replace(one, severity="blocking", flows=flows, why=why)
        if (one.change, one.kind) == ("control new", "card") and f"card: {one.concept}" not in declared
        else one
        for one in found
    ]


def _flows(check: UiCheck, place: tuple[str, str]) -> tuple[str, ...]:
    """Return the flows that come to a state."""
    return tuple(sorted({flow for one in check.elements if (one.screen, one.state) == place for flow in one.flows}))


def _gone(before: UiCheck, old: ScreenSeen) -> Finding:
    needed = [one for one in before.elements if (one.screen, one.state) == old.key and one.needed]
    flows = tuple(sorted({flow for one in needed for flow in one.flows}))
    return _on(old, "blocking" if needed else "structure", "screen gone", "The screen is gone.", flows=flows)


def _declared(before: UiCheck, now: UiCheck, place: tuple[str, str]) -> set[str]:
    """Return the elements of a state as a skeleton writes them; of a kind that it does not have, the words count."""
    here = [one for one in (*before.elements, *now.elements) if (one.screen, one.state) == place and one.text]
    seen = [one for check in (before, now) for each in check.screens if each.key == place for one in each.controls]
    return {one for one in seen if kind_and_word(one)[1] in {each.text for each in here}}


def _compared(
    old: ScreenSeen, new: ScreenSeen, said: Sequence[Finding], declared: set[str], *, words: bool
) -> list[Finding]:
    found: list[Finding] = []
    if old.path != new.path:
        found.append(_on(new, "structure", "path", "Its address changed.", before=old.path, after=new.path))
    if words:
        found += _controls(old, new, said, declared)
    found += _kit(old, new, [*said, *found])
    if words:
        found += _outline(old, new, [*said, *found])
    return found


def _controls(old: ScreenSeen, new: ScreenSeen, said: Sequence[Finding], declared: set[str]) -> list[Finding]:
    changes = control_changes(*without_said(old.controls, new.controls, said), declared=declared)
    found = [_control(new, "control gone", one, "is gone", before=one) for one in changes.gone]
    found += [_control(new, "control new", one, "is new", after=one) for one in changes.new]
    found += [_control(new, "control doubled", one, "is there more than once", after=one) for one in changes.doubled]
    for one, other in changes.renamed:
        kind, word = kind_and_word(one)
        what = f"The {kind} “{word}” has another word; no flow relies on it."
        after = kind_and_word(other)[1]
        found.append(_on(new, "cosmetic", "control renamed", what, kind=kind, concept=word, before=word, after=after))
    if changes.moved:
        names = ", ".join(f"{kind} “{word}”" for kind, word in map(kind_and_word, changes.moved))
        order = (
            [one for one in old.controls if one in new.controls],
            [one for one in new.controls if one in old.controls],
        )
        before, after = (" · ".join(kind_and_word(one)[1] for one in each) for each in order)
        found.append(
            _on(
                new,
                "structure",
                "controls moved",
                f"The order of the controls changed: {names}.",
                before=before,
                after=after,
            )
        )
    return found


def _control(new: ScreenSeen, change: Change, control: str, fact: str, *, before: str = "", after: str = "") -> Finding:
    kind, word = kind_and_word(control)
    words = {"before": kind_and_word(before)[1], "after": kind_and_word(after)[1]}
    return _on(new, "structure", change, f"The {kind} “{word}” {fact}.", kind=kind, concept=word, **words)


def _kit(old: ScreenSeen, new: ScreenSeen, said: Iterable[Finding]) -> list[Finding]:
    """Tell what a screen is built with, if that changed; a count only where nothing that was said explains it."""
    if old.kit == new.kit:
        return []
    if old.kit.keys() != new.kit.keys():
        what = "It is built with other widgets."
    elif any(one.change in _COUNTED for one in said):
        return []
    else:
        what = "It is built with more or fewer of the same widgets."
    names = [name for name in sorted(old.kit | new.kit) if old.kit.get(name) != new.kit.get(name)]
    before, after = (", ".join(f"{name} {each.kit.get(name, 0)}" for name in names) for each in (old, new))
    return [_on(new, "structure", "kit", what, before=before, after=after)]


def _outline(old: ScreenSeen, new: ScreenSeen, said: Sequence[Finding]) -> list[Finding]:
    """Tell what else of the accessible tree is another: lines with a word that was spoken of are left out."""
    words = {word for one in said for word in (one.before, one.after, one.concept) if word}
    gone, came = Counter(old.outline), Counter(new.outline)
    removed = [line for line in (gone - came).elements() if not _speaks_of(line, words)]
    added = [line for line in (came - gone).elements() if not _speaks_of(line, words)]
    if removed or added:
        what = outline_sentence(removed, added)
        return [_on(new, "cosmetic", "outline", what, removed=tuple(removed), added=tuple(added))]
    if gone == came and old.outline != new.outline and not any(one.change == "controls moved" for one in said):
        return [_on(new, "cosmetic", "outline", "Other parts of the screen come in another order.")]
    return []


def outline_sentence(removed: Sequence[str], added: Sequence[str]) -> str:
    """Return in a sentence how much of an accessible tree is another."""
    return f"Other parts of the screen differ: {_lines(removed)} gone, {_lines(added)} new."


def _speaks_of(line: str, words: set[str]) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", line) for word in words)


def _lines(lines: Sequence[str]) -> str:
    return "1 line" if len(lines) == 1 else f"{len(lines)} lines"


def _on(screen: ScreenSeen, severity: Any, change: Change, what: str, **more: Any) -> Finding:  # noqa: ANN401 - a finding's other fields
    return Finding(severity, change, what, screen=screen.screen, state=screen.state, **more)

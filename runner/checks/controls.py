"""The controls of two skeletons of one state ("kind: word", in their order): new, gone, doubled, renamed, moved."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bcflow.runner.checks.findings import Finding


@dataclass(frozen=True)
class ControlChanges:
    """How the controls of one state changed; each is written as the skeletons do."""

    gone: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    renamed: list[tuple[str, str]] = field(default_factory=list)
    """Before and after: of the same kind, at the same position."""
    moved: list[str] = field(default_factory=list)


def kind_and_word(control: str) -> tuple[str, str]:
    """Split "button: Invite member" into its two parts."""
    kind, _, word = control.partition(": ")
    return kind, word


def control_changes(old: Sequence[str], new: Sequence[str], *, declared: Collection[str]) -> ControlChanges:
    """Compare two lists of controls; one of `declared` never counts as renamed, but as gone and new."""
    before, after = Counter(old), Counter(new)
    renamed = [pair for pair in _renamed(old, new) if not {*pair} & {*declared}]
    left, came = {one for one, _ in renamed}, {one for _, one in renamed}
    return ControlChanges(
        gone=[one for one in before if after[one] < before[one] and one not in left],
        new=[one for one in after if not before[one] and one not in came],
        doubled=[one for one in after if after[one] > before[one] > 0],
        renamed=renamed,
        moved=_moved(old, new),
    )


def without_said(old: Sequence[str], new: Sequence[str], said: Sequence[Finding]) -> tuple[list[str], list[str]]:
    """Return both lists without the differences that the findings on declared elements have told already."""
    before, after = list(old), list(new)
    for one in said:
        had, has = _at(before, one.kind, one.before), _at(after, one.kind, one.after)
        if one.change == "missing" and had is not None and before[had] not in after:
            del before[had]
        elif one.change in ("candidate", "another word") and has is not None and after[has] not in before:
            _call_back(before, after, had, has)
        elif one.change in ("insisted on", "there now") and has is not None and after[has] not in before:
            del after[has]
        elif one.change == "ambiguous" and has is not None:
            _keep_as_many(before, after, after[has])
    return before, after


def _call_back(before: list[str], after: list[str], had: int | None, has: int) -> None:
    """Give what goes by a new word its old one, so that its place in the order still counts."""
    if had is not None and before[had] not in after:
        after[has] = before[had]
    else:
        del after[has]


def _keep_as_many(before: list[str], after: list[str], control: str) -> None:
    for _ in range(after.count(control) - max(1, before.count(control))):
        del after[len(after) - 1 - after[::-1].index(control)]


def _at(controls: Sequence[str], kind: str, word: str) -> int | None:
    """Return where a word stands: as this kind, or else as any (a box is a field to a skeleton)."""
    if not word:
        return None
    exact = f"{kind}: {word}"
    named = [place for place, one in enumerate(controls) if kind_and_word(one)[1] == word]
    return next((place for place in named if controls[place] == exact), named[0] if named else None)


def _renamed(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, str]]:
    """Return what stands where something of the same kind stood, between the same neighbours."""
    pairs: list[tuple[str, str]] = []
    for tag, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "replace":
            continue
        gone = [one for one in old[start:end] if one not in new]
        came = [one for one in new[new_start:new_end] if one not in old]
        for kind in dict.fromkeys(kind_and_word(one)[0] for one in gone):
            left = [one for one in gone if kind_and_word(one)[0] == kind]
            right = [one for one in came if kind_and_word(one)[0] == kind]
            if len(left) == len(right):
                pairs += zip(left, right, strict=True)
    return pairs


def _moved(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """Return what both have, and what stands elsewhere among it."""
    before, after = _in_both(old, new), _in_both(new, old)
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    stayed = {place for block in blocks for place in range(block.b, block.b + block.size)}
    return [one for place, one in enumerate(after) if place not in stayed]


def _in_both(these: Sequence[str], others: Sequence[str]) -> list[str]:
    left, kept = Counter(others), []
    for one in these:
        if left[one]:
            left[one] -= 1
            kept.append(one)
    return kept

"""Two checks of the same site against each other: what changed, and which flows that breaks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bcflow.runner.checks.elements import coverage_of, element_findings, not_reached_again
from bcflow.runner.checks.findings import Finding, Findings
from bcflow.runner.checks.skeletons import not_compared, outline_sentence, skeleton_findings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bcflow.models.ui_check import UiCheck


def compare(before: UiCheck | None, now: UiCheck) -> Findings:
    """Return what is not as flows need it and, against the baseline `before`, what is not as it was.

    Without a baseline only the elements speak: what is missing, ambiguous, insisted on or goes by no known word.
    With one in another language words are not compared.
    """
    said = element_findings(before, now)
    could_not = [*now.could_not]
    if before:
        skeletons = skeleton_findings(before, now, said)
        gone = {one.place for one in skeletons if one.change == "screen gone"}
        said = [one for one in said if one.place not in gone or one.change != "missing"]
        said += [*skeletons, *_language(before, now)]
        could_not += [*not_reached_again(before, now), *not_compared(before, now)]
    return Findings(
        site=now.site,
        language=now.language,
        at=now.at,
        version=now.version,
        items=_sorted(said),
        coverage=coverage_of(now),
        could_not=tuple(could_not),
        against_baseline=before is not None,
        unseen=_unseen(before, now),
    )


def confirmed(first: Findings, second: Findings) -> Findings:
    """Return what both of two looks found, as the second saw it.

    What one look found and the other did not get to is neither confirmed nor denied: it is said in `could_not`.
    """
    pairs = _found_in(second, first) + _found_in(first, second, only_under_gone=True)
    doubts = [*_doubts(first, second), *_doubts(second, first)]
    return replace(
        second,
        items=_sorted(one for one in pairs if one),
        could_not=tuple(dict.fromkeys((*first.could_not, *second.could_not, *doubts))),
        coverage=min(first.coverage, second.coverage, key=lambda one: one.share),
        unseen=first.unseen | second.unseen,
    )


def _found_in(these: Findings, others: Findings, *, only_under_gone: bool = False) -> list[Finding | None]:
    """Return those of `these` that the other look found as well; on a screen that is gone, all is missing."""
    known = {one.key: one for one in others.items}
    gone = {one.place for one in others.items if one.change == "screen gone"}
    found = [one for one in these.items if one.change == "missing" and one.place in gone]
    if only_under_gone:
        return [*found]
    return [*found, *(_both(known[one.key], one) for one in these.items if one.key in known)]


def _both(first: Finding, second: Finding) -> Finding | None:
    """Return the finding of the second look; of an outline only the lines that both found, None if there are none."""
    if not (first.removed or first.added or second.removed or second.added):
        return second
    removed = tuple(line for line in second.removed if line in first.removed)
    added = tuple(line for line in second.added if line in first.added)
    if not (removed or added):
        return None
    return replace(second, what=outline_sentence(removed, added), removed=removed, added=added)


def _doubts(these: Findings, others: Findings) -> list[str]:
    """Return, in words, what is found in one look and was not reached in the other."""
    known = {one.key for one in others.items}
    lost = [one for one in these.items if one.key not in known and _is_unseen(one, others)]
    return [f"{one.screen}, {one.state}: found in one look, not reached in the other: {one.what}" for one in lost]


def _sorted(items: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(items, key=lambda one: one.order))


def _language(before: UiCheck, now: UiCheck) -> list[Finding]:
    if before.language == now.language:
        return []
    spoken = f"The site speaks {now.language}, and {before.language} in the baseline"
    what = f"{spoken}: words were not compared."
    return [Finding("structure", "language", what, before=before.language, after=now.language)]


def _unseen(before: UiCheck | None, now: UiCheck) -> frozenset[tuple[str, ...]]:
    elements = {one.key for one in now.elements if one.standing == "not reached"}
    seen = {one.key for one in now.screens}
    return frozenset(elements | {one.key for one in (before.screens if before else ()) if one.key not in seen})


def _is_unseen(finding: Finding, findings: Findings) -> bool:
    element = (finding.screen, finding.state, finding.kind, finding.concept)
    return element in findings.unseen or finding.place in findings.unseen

"""What became of the things that flows rely on: the findings that each of them gives by itself."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from bcflow.models.ui_check import DISABLED, EMPTY
from bcflow.runner.checks.findings import Change, Coverage, Finding, Severity, labels_command

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bcflow.models.ui_check import ElementSeen, Standing, UiCheck

KNOWN: Final[tuple[Standing, ...]] = ("as expected", "another known word")
THERE: Final[tuple[Standing, ...]] = (*KNOWN, "candidate", "ambiguous")
_UNSAID: Final = "no reason was given"


def element_findings(before: UiCheck | None, now: UiCheck) -> list[Finding]:
    """Return what is to be said of each element; one of which there is nothing to say has none."""
    known = {one.key: one for one in before.elements} if before else {}
    comparable = before is not None and before.language == now.language
    found = [
        _finding(one, known.get(one.key), now.language, same_words=comparable)
        for one in now.elements
        if not _is_box(one)
    ]
    found += _new_boxes(before, now) if before and comparable else []
    return [one for one in found if one]


def coverage_of(check: UiCheck) -> Coverage:
    """Count what was looked at. What a form insists on is no flow's, and not counted."""
    declared = [one for one in check.elements if one.standing != "insisted on"]
    why = Counter(one.why or _UNSAID for one in declared if one.standing == "not reached")
    return Coverage(seen=len(declared) - why.total(), total=len(declared), why=dict(why))


def not_reached_again(before: UiCheck, now: UiCheck) -> list[str]:
    """Return what the baseline saw and this check did not reach, in words: nobody knows that it is the same.

    What stands in the rows of a list that is empty now is somebody's data.
    """
    seen = {one.key for one in before.elements if one.standing not in ("not reached", "insisted on")}
    left = [one for one in now.elements if one.standing == "not reached" and one.why != EMPTY]
    lost = Counter(one.why or _UNSAID for one in left if one.key in seen)
    # Another version may rely on other elements; the same one asks about all of them.
    forgotten = seen - {one.key for one in now.elements} if before.version == now.version else set()
    if forgotten:
        lost["not in this check"] = len(forgotten)
    if not lost:
        return []
    many = "element" if lost.total() == 1 else "elements"
    reasons = ", ".join(f"{why} {count}" for why, count in lost.items())
    return [f"not reached again, of what the baseline saw: {lost.total()} {many} ({reasons})"]


def _is_box(element: ElementSeen) -> bool:
    return (element.kind, element.standing) == ("box", "insisted on")


def _new_boxes(before: UiCheck, now: UiCheck) -> list[Finding]:
    """Tell the boxes of each form that had fewer of them; one for one that is gone goes by another word."""
    looked_at = {one.key[:2] for one in before.elements if one.standing in THERE}
    had, has = ([one for one in check.elements if _is_box(one)] for check in (before, now))
    had_keys, room = {one.key for one in had}, Counter(one.key[:2] for one in has)
    room.subtract(one.key[:2] for one in had)
    new = [one for one in has if one.key not in had_keys and one.key[:2] in looked_at]
    return [_box(one) for one in new if room[one.key[:2]] > 0]


def _box(now: ElementSeen) -> Finding:
    """Say that a form has a box more: whether it must be ticked, nobody can see who does not send the form."""
    what = f"The form has a new box “{now.text}”, which no flow ticks."
    return _made(now, "blocking", "insisted on", what, flows=now.flows, why=now.why)


def _finding(now: ElementSeen, old: ElementSeen | None, language: str, *, same_words: bool) -> Finding | None:
    before = old.text if old and same_words else ""
    match now.standing:
        case "not reached":
            return None
        case "insisted on":
            what = f"The form insists on the {now.kind} “{now.text or now.concept}”, which no flow knows."
            return _made(now, "blocking", "insisted on", what, flows=now.flows)
        case "candidate":
            return _candidate(now, before, language)
        case "missing" | "ambiguous":
            return _lost(now, old, before)
        case "as expected" | "another known word":
            return _known(now, old, before)


def _candidate(now: ElementSeen, before: str, language: str) -> Finding:
    """Say that it goes by no known word; a flow stops at a row of its own that says one, too."""
    may_be = f"“{now.text}” may be it" if now.text else "nothing is proposed"
    return _made(
        now,
        "label",
        "candidate",
        f"The {now.kind} “{now.concept}” goes by no known word; {may_be}.",
        before=before,
        flows=now.flows if now.needed or now.kind == "statuses" else (),
        why=now.why,
        proposal=now.text,
        command=labels_command(now.concept, now.text, language) if now.text else "",
    )


def _lost(now: ElementSeen, old: ElementSeen | None, before: str) -> Finding | None:
    """Say that it is gone or stands there twice; of one that flows can do without, only if the baseline had it."""
    gone = now.standing == "missing"
    change: Change = "missing" if gone else "ambiguous"
    fact = "is missing" if gone else "is there more than once, and no flow guesses which one is meant"
    what = f"The {now.kind} “{now.concept}” {fact}."
    if now.needed:
        return _made(now, "blocking", change, what, before=before, flows=now.flows)
    if old is None or old.standing == now.standing or old.standing not in THERE:
        return None
    return _made(now, "structure", change, what, before=before)


def _known(now: ElementSeen, old: ElementSeen | None, before: str) -> Finding | None:
    if now.why == DISABLED and old and old.standing in KNOWN and old.why != DISABLED:
        what = f"The {now.kind} “{now.concept}” is disabled, and was not."
        return _made(now, "blocking", "disabled", what, before=before, flows=now.flows, why=now.why)
    if old and old.standing == "missing":
        return _made(now, "structure", "there now", f"The {now.kind} “{now.concept}” was missing, and is there now.")
    if before and before != now.text:
        what = f"The {now.kind} “{now.concept}” goes by another known word."
        return _made(now, "cosmetic", "another word", what, before=before)
    return None


def _made(
    now: ElementSeen, severity: Severity, change: Change, what: str, *, flows: Iterable[str] = (), **more: str
) -> Finding:
    return Finding(
        severity,
        change,
        what,
        screen=now.screen,
        state=now.state,
        kind=now.kind,
        concept=now.concept,
        before=more.get("before", ""),
        after=now.text,
        flows=tuple(sorted(flows)),
        why=more.get("why", ""),
        proposal=more.get("proposal", ""),
        command=more.get("command", ""),
    )

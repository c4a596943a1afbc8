"""What became of the things that flows rely on: the findings that each of them gives by itself."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

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
    found = (_finding(one, known.get(one.key), now.language, same_words=comparable) for one in now.elements)
    return [one for one in found if one]


def coverage_of(check: UiCheck) -> Coverage:
    """Count what was looked at. What a form insists on is no flow's, and not counted."""
    declared = [one for one in check.elements if one.standing != "insisted on"]
    why = Counter(one.why or _UNSAID for one in declared if one.standing == "not reached")
    return Coverage(seen=len(declared) - why.total(), total=len(declared), why=dict(why))


def not_reached_again(before: UiCheck, now: UiCheck) -> list[str]:
    """Return what the baseline saw and this check did not reach, in words: nobody knows that it is the same."""
    seen = {one.key for one in before.elements if one.standing not in ("not reached", "insisted on")}
    lost = Counter(one.why or _UNSAID for one in now.elements if one.standing == "not reached" and one.key in seen)
    # Another version may rely on other elements; the same one asks about all of them.
    forgotten = seen - {one.key for one in now.elements} if before.version == now.version else set()
    if forgotten:
        lost["not in this check"] = len(forgotten)
    if not lost:
        return []
    many = "element" if lost.total() == 1 else "elements"
    reasons = ", ".join(f"{why} {count}" for why, count in lost.items())
    return [f"not reached again, of what the baseline saw: {lost.total()} {many} ({reasons})"]


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
    may_be = f"“{now.text}” may be it" if now.text else "nothing is proposed"
    return _made(
        now,
        "label",
        "candidate",
        f"The {now.kind} “{now.concept}” goes by no known word; {may_be}.",
        before=before,
        flows=now.flows if now.needed else (),
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

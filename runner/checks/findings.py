"""What a check of the site's screens found, worst first, and whether that is a pass."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from bcflow.runner.reports.summary import A_SCREEN_CHANGED, NOT_DONE, OK

if TYPE_CHECKING:
    from bcflow.models.ui_check import ElementSeen

Severity = Literal["blocking", "structure", "label", "cosmetic"]
Change = Literal[
    "language",
    "screen gone",
    "missing",
    "ambiguous",
    "insisted on",
    "disabled",
    "candidate",
    "another word",
    "there now",
    "path",
    "kit",
    "control gone",
    "control new",
    "control doubled",
    "controls moved",
    "control renamed",
    "outline",
    "screen new",
]
Verdict = Literal["same", "changed", "could not check"]

SEVERITIES: Final[tuple[Severity, ...]] = ("blocking", "structure", "label", "cosmetic")
"""Worst first."""

_NOT_FOUND: Final[tuple[Change, ...]] = ("missing", "ambiguous", "candidate")
_OF_ELEMENTS: Final[tuple[Change, ...]] = (*_NOT_FOUND, "insisted on", "disabled", "another word", "there now")
_BARE_IN_QUOTES: Final = re.compile(r"[^\"$`\\!]*")
_DEFAULT_LANGUAGE: Final = "en"


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was, or not as flows need it; of no state of a screen if `screen` is empty."""

    severity: Severity
    change: Change
    what: str
    """One plain sentence."""
    screen: str = ""
    state: str = ""
    kind: str = ""
    concept: str = ""
    """Of a declared element its concept, of another control its word."""
    before: str = ""
    after: str = ""
    flows: tuple[str, ...] = ()
    """The flows that it breaks: those that stop there."""
    why: str = ""
    """What speaks for the proposal."""
    proposal: str = ""
    command: str = ""
    """The command that accepts the proposal."""
    removed: tuple[str, ...] = ()
    """Of an outline the lines that are gone, `added` those that are new."""
    added: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, ...]:
        """What makes it the same in two looks; what a screen may say differently each time is not in it.

        That no known word led to an element is one fact, however many others may be meant each time.
        """
        exactly = self.after if self.change in ("insisted on", "controls moved") else ""
        change = "not found" if self.change in _NOT_FOUND else self.change
        return change, self.screen, self.state, self.kind, self.concept, exactly

    @property
    def place(self) -> tuple[str, str]:
        """Its state of a screen."""
        return self.screen, self.state

    def is_of(self, element: ElementSeen) -> bool:
        """Whether it is what was found of `element`."""
        same = (self.screen, self.state, self.kind, self.concept) == element.key and self.change in _OF_ELEMENTS
        return same and (self.change != "insisted on" or self.after == element.text)

    @property
    def order(self) -> tuple[int, bool, str, str, str]:
        """Sort key: worst first, of these what breaks flows, then by screen."""
        return SEVERITIES.index(self.severity), not self.flows, self.screen, self.state, self.what


@dataclass(frozen=True)
class Coverage:
    """How many elements were looked at of how many; `why` counts the reasons of the rest."""

    seen: int = 0
    total: int = 0
    why: Mapping[str, int] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """From 0 to 1; of nothing, nothing was seen."""
        return self.seen / self.total if self.total else 0.0

    def __str__(self) -> str:
        text = f"{self.seen} of {self.total} seen"
        if self.why:
            reasons = ", ".join(f"{why} {count}" for why, count in self.why.items())
            text += f"; {sum(self.why.values())} not reachable here: {reasons}"
        return text


@dataclass(frozen=True)
class Findings:
    """All that one check found."""

    site: str
    language: str
    at: str
    version: str = ""
    items: tuple[Finding, ...] = ()
    """Worst first."""
    coverage: Coverage = Coverage()
    could_not: tuple[str, ...] = ()
    """What could not be looked at that should have been: without another finding that is no pass."""
    against_baseline: bool = False
    unseen: frozenset[tuple[str, ...]] = frozenset()
    """The keys of the elements, and of the states of screens, that this look did not get to."""

    @property
    def flows(self) -> list[str]:
        """The flows that what was found breaks, sorted."""
        return sorted({flow for item in self.items for flow in item.flows})

    @property
    def counts(self) -> dict[Severity, int]:
        """How many findings there are of each class that has any, worst first."""
        found = [item.severity for item in self.items]
        return {severity: found.count(severity) for severity in SEVERITIES if severity in found}

    @property
    def verdict(self) -> Verdict:
        """What to call it; what changed comes before what could not be seen."""
        return self.verdict_at(None)

    def verdict_at(self, min_coverage: float | None) -> Verdict:
        """Return the verdict if at least `min_coverage` (a share, 0 to 1) had to be seen; with None, anything."""
        if self.items:
            return "changed"
        return "could not check" if self.shortfalls(min_coverage) else "same"

    def shortfalls(self, min_coverage: float | None = None) -> list[str]:
        """Return why this is not a whole look, a line for each reason."""
        lines = list(self.could_not)
        if not self.coverage.seen:
            lines.append("nothing that flows rely on was seen")
        elif min_coverage is not None and self.coverage.share < min_coverage:
            lines.append(f"{self.coverage.share:.1%} of the elements were seen, {min_coverage:.1%} must be")
        return lines

    def exit_code(self, min_coverage: float | None) -> int:
        """Return 0 if all is the same, 4 if anything changed, 1 if that cannot be said.

        `min_coverage` is the share (0 to 1) of elements that must have been seen; None asks for one at least.
        """
        return {"same": OK, "changed": A_SCREEN_CHANGED, "could not check": NOT_DONE}[self.verdict_at(min_coverage)]

    def summary(self, min_coverage: float | None = None) -> str:
        """Return the verdict in a few words: "changed: 1 blocking, 2 label; part could not be checked"."""
        verdict = self.verdict_at(min_coverage)
        if verdict != "changed":
            return verdict
        counts = ", ".join(f"{count} {severity}" for severity, count in self.counts.items())
        return f"changed: {counts}" + ("; part could not be checked" if self.shortfalls(min_coverage) else "")


def labels_command(concept: str, text: str, language: str) -> str:
    """Return the command that teaches `text` as the word of `concept`, to be pasted into a shell as it is.

    The text comes from the site: what a shell would read in it is quoted away. The language is left out where it is
    the one that the command takes by itself.
    """
    plain = " ".join(text.split())
    words = f"{_quoted(concept)} {_quoted(plain)}"
    spoken = "" if language == _DEFAULT_LANGUAGE else f" --language {shlex.quote(language)}"
    return f"bcflow labels add{spoken} -- {words}" if plain.startswith("-") else f"bcflow labels add {words}{spoken}"


def _quoted(text: str) -> str:
    return f'"{text}"' if _BARE_IN_QUOTES.fullmatch(text) else shlex.quote(text)

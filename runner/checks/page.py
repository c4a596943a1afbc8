"""The page on which a person sees what changed on the site: one HTML file with its pictures inside, and no script."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from bcflow.runner.checks.cards import Album, cards, unreached
from bcflow.runner.checks.table import bare, place_named
from bcflow.runner.reports.html_page import html_page

if TYPE_CHECKING:
    from bcflow.models.ui_check import UiCheck
    from bcflow.runner.checks.findings import Finding, Findings, Severity, Verdict

PICTURES_AT_MOST: Final = 24_000_000
"""Bytes of pictures in a page: what mail and browsers still take. What is over is named and linked instead."""

_TEMPLATES: Final = Path(__file__).parent / "templates"
_TONES: Final[dict[Severity, str]] = {"blocking": "bad", "structure": "look", "label": "wait", "cosmetic": "calm"}
_MEANS: Final[dict[Severity, str]] = {
    "blocking": "A flow needs it, and stops there.",
    "structure": "The screen is built otherwise; no flow is known to stop.",
    "label": "A word that is not known; flows stop until it is accepted.",
    "cosmetic": "Looks and words that no flow stops at.",
}


def page(
    findings: Findings,
    now: UiCheck,
    *,
    pictures: Path,
    before: UiCheck | None = None,
    pictures_before: Path | None = None,
    min_coverage: float | None = None,
    most: int = PICTURES_AT_MOST,
) -> str:
    """Return the page as complete HTML; write it into the folder `pictures`, then its links hold.

    `now` is the check that the findings are of, with its pictures in `pictures`; those of the baseline `before` are
    in `pictures_before`. `most` is how many bytes of pictures are put into the page, those of changed screens first.
    `min_coverage` (0 to 1) counts for the verdict. Raises OSError if a picture cannot be read.
    """
    changed, same = cards(findings, now, before, Album(pictures, pictures_before, most))
    verdict = findings.verdict_at(min_coverage)
    worst = next(iter(findings.counts), None)
    tone = _TONES[worst] if worst else "good" if verdict == "same" else "off"
    return html_page(
        "check_page.html",
        beside=_TEMPLATES,
        findings=findings,
        title=_title(findings, verdict),
        said=_said(findings, verdict),
        verdict=verdict,
        tone=tone,
        tones=_TONES,
        means=_MEANS,
        shortfalls=findings.shortfalls(min_coverage),
        flows=_by_flow(findings, {(card.screen, card.state): card.number for card in changed}),
        words=[item for item in findings.items if item.command],
        site_wide=[item for item in findings.items if not item.screen],
        changed=changed,
        same=same,
        unreached=unreached(now, before),
        seconds=now.seconds,
        place_named=place_named,
        bare=bare,
    )


def _title(findings: Findings, verdict: Verdict) -> str:
    match verdict:
        case "same":
            return "All is as before" if findings.against_baseline else "All is as the flows need it"
        case "could not check":
            return "It could not be checked"
        case "changed":
            count = len(findings.flows)
            return f"{count} {'flow stops' if count == 1 else 'flows stop'}" if count else "Changed, and no flow stops"


def _said(findings: Findings, verdict: Verdict) -> str:
    match verdict:
        case "same":
            return "Nothing to do."
        case "could not check":
            return "What was seen is as it should be, but not all was seen that should have been."
        case "changed":
            stops = ", ".join(findings.flows)
            return f"With the site as it is, these stop: {stops}." if stops else "No flow that is known stops at it."


def _by_flow(findings: Findings, numbers: dict[tuple[str, str], int]) -> dict[str, list[tuple[int, Finding]]]:
    """Return for each flow that stops where it does, with the number of the card."""
    return {
        flow: [(numbers.get(item.place, 0), item) for item in findings.items if flow in item.flows]
        for flow in findings.flows
    }

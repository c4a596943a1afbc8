"""Findings as JSON. The names are for programs, and stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bcflow.runner.checks.findings import Finding, Findings


def as_json(findings: Findings, min_coverage: float | None = None) -> dict[str, Any]:
    """Return what was found as plain JSON, worst first; `min_coverage` (0 to 1) counts for the verdict."""
    coverage = findings.coverage
    return {
        "site": findings.site,
        "language": findings.language,
        "at": findings.at,
        "version": findings.version,
        "against_baseline": findings.against_baseline,
        "verdict": findings.verdict_at(min_coverage),
        "counts": dict(findings.counts),
        "flows": findings.flows,
        "coverage": {"seen": coverage.seen, "total": coverage.total, "not_reached": dict(coverage.why)},
        "could_not": findings.shortfalls(min_coverage),
        "findings": [_plain(item) for item in findings.items],
    }


def _plain(item: Finding) -> dict[str, Any]:
    return {
        "class": item.severity,
        "change": item.change,
        "screen": item.screen,
        "state": item.state,
        "kind": item.kind,
        "concept": item.concept,
        "what": item.what,
        "before": item.before,
        "after": item.after,
        "flows": list(item.flows),
        "why": item.why,
        "proposal": item.proposal,
        "command": item.command,
        "removed": list(item.removed),
        "added": list(item.added),
    }

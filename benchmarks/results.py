"""What was measured, as a table for people and as JSON; no host name, user or path is in it."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from rich.console import Console
from rich.table import Column, Table

from benchmarks.duel import SIDES, Duel, Times
from tests.faults.many_logins import ONE, THREE

Results = dict[str, Any]

RATIO, HELP_SECONDS, FLOWS_SECONDS, MEMORY_RATIO, STEP_MS = 1.20, 0.35, 0.6, 1.25, 8.0


def machine(browser: str) -> dict[str, Any]:
    """Return what the numbers depend on."""
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "playwright": version("playwright"),
        "browser": browser,
        "day": datetime.now(UTC).date().isoformat(),
    }


def of_duel(duel: Duel) -> dict[str, Any]:
    """Return the medians, their ratios, and whether both sides loaded the same pages."""
    flows = {flow: _flow(sides) for flow, sides in duel.times.items()}
    sums = {side: sum(flow[side]["median"] for flow in flows.values()) for side in SIDES}
    steps = sum(flow["steps"] for flow in flows.values())
    return {
        "flows": flows,
        "failures": dict(duel.failures),
        "all": {
            **{side: {"median": round(sums[side], 3)} for side in SIDES},
            "ratio": round(sums["bcflow"] / sums["plain"], 3) if flows else None,
            "steps": steps,
            "steps_per_second": {side: round(steps / sums[side], 2) for side in SIDES} if flows else None,
        },
    }


def targets(results: dict[str, Any]) -> list[tuple[str, str, str, bool]]:
    """Return what was aimed at: name, measured, wanted, met."""
    found = [("ratio of medians, all flows", results["duel"]["all"]["ratio"], RATIO, "")]
    found += [(f"bcflow {name}", results["start"][name], most, "s") for name, most in _STARTS.items()]
    if results["memory"] is not None:
        ratio = results["memory"]["all"] / results["plain_memory"]["all"]
        found.append(("memory of a slot, of plain Playwright's", ratio, MEMORY_RATIO, ""))
    lines = [
        (name, f"{has:.2f} {unit}".strip(), f"at most {most:g} {unit}".strip(), has <= most)
        for name, has, most, unit in found
        if has is not None
    ]
    for name, most in _SIDE_BY_SIDE.items():
        one = results["workers"]["fake"][name]
        has = one["of_one_after_another"]
        lines.append((f"{name}: of one after another", f"{has:.2f}", f"at most {most:g}", has <= most))
        lines.append((f"{name}: wrong", f"{one['wrong']:.0f}", "0", not one["wrong"]))
    runs, steps = len(results["duel"]["flows"]), results["duel"]["all"]["steps"]
    if steps:
        # At worst each run has a turn of its own; it moves its effect four times, and a flow has several steps.
        each = (results["dispatch_ms"] + 4 * results["ledger_write_ms"]) * runs / steps
        lines.append(("engine and ledger, per step", f"{each:.1f} ms", f"at most {STEP_MS:g} ms", each <= STEP_MS))
    same = all(flow["same_pages"] for flow in results["duel"]["flows"].values())
    return [*lines, ("page loads on both sides", "equal" if same else "not equal", "equal", same)]


def show(results: dict[str, Any]) -> None:
    """Print both tables."""
    console = Console()
    heads = ("flow", "bcflow s", "plain s", "ratio", "page loads", "data requests", "steps")
    table = Table(*(Column(head, no_wrap=head == "flow") for head in heads))
    for name, flow in results["duel"]["flows"].items():
        ours, plain = flow["bcflow"], flow["plain"]
        table.add_row(
            name,
            f"{ours['median']:.2f}",
            f"{plain['median']:.2f}",
            f"{flow['ratio']:.2f}",
            *(f"{_span(ours[what])} / {_span(plain[what])}" for what in ("pages", "data")),
            str(flow["steps"]),
        )
    console.print(table)
    other = Table("aim", "measured", "wanted", "met")
    for name, has, most, met in targets(results):
        other.add_row(name, has, most, "yes" if met else "no")
    console.print(other)
    rates = results["duel"]["all"]["steps_per_second"] or {}
    console.print("steps per second:", ", ".join(f"{side} {rate}" for side, rate in rates.items()))
    console.print(f"one ledger write: {results['ledger_write_ms']:.2f} ms")
    if results["empty_page"] is not None:
        sizes = ", ".join(
            f"{name} {results[part]['all']:.0f} MiB"
            for name, part in (("bcflow", "memory"), ("plain", "plain_memory"), ("an empty page", "empty_page"))
        )
        console.print(f"memory (PSS): {sizes}")
    for name, one in results["workers"]["real"].items():
        console.print(f"twelve jobs of three logins in real browsers, {name}: {one['seconds']} s")
    for flow, whys in results["duel"]["failures"].items():
        for why in whys:
            console.print(f"does not count: {flow}: {why}", markup=False)


_SIDE_BY_SIDE = {THREE.name: 0.35, ONE.name: 0.45}
_STARTS = {"--help": HELP_SECONDS, "flows": FLOWS_SECONDS}


def _flow(sides: dict[str, Times]) -> dict[str, Any]:
    ours, plain = sides["bcflow"], sides["plain"]
    return {
        **{side: _times(times) for side, times in sides.items()},
        "ratio": round(median(ours.seconds) / median(plain.seconds), 3),
        "same_pages": ours.pages == plain.pages,
        "steps": ours.steps,
        "outside_steps": round(median(ours.outside_steps), 3),
    }


def _times(times: Times) -> dict[str, Any]:
    low, middle, high = quantiles(times.seconds, n=4) if len(times.seconds) > 1 else times.seconds * 3
    return {
        "median": round(middle, 3),
        "quartiles": [round(low, 3), round(high, 3)],
        "fastest": round(min(times.seconds), 3),
        "rounds": len(times.seconds),
        "pages": sorted(times.pages),
        "data": sorted(times.data),
    }


def _span(counts: list[int]) -> str:
    return "-".join(str(count) for count in sorted({counts[0], counts[-1]}))


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor()

"""Findings at a terminal: a table where there is room for one, a block for each where there is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bcflow.runner.redaction.printable import printable, wrapped
from bcflow.runner.reports.wording import moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bcflow.runner.checks.findings import Finding, Findings

_TABLE_FROM: Final = 100
_GAP: Final = "  "
_CLASS: Final = 9
_LINES: Final = 3
_LEAST: Final = 20


def table(findings: Findings, *, width: int, min_coverage: float | None = None, next_command: str = "") -> list[str]:
    """Return what was found as lines of `width` columns; a command is never broken, so that it can be copied.

    The last line has the verdict, the coverage and one command: the one that accepts the worst word, if there is
    any, and else `next_command`.
    """
    width = max(width, _LEAST)
    lines = wrapped(_head(findings), width)
    if findings.items:
        lines += ["", *(_rows if width >= _TABLE_FROM else _blocks)(findings.items, width)]
    short = [f"could not check: {line}" for line in findings.shortfalls(min_coverage)]
    if findings.flows:
        short.append(f"flows that stop: {', '.join(findings.flows)}")
    if short:
        lines += ["", *(each for line in short for each in wrapped(line, width, indent="  "))]
    return [*lines, "", *_last(findings, width, min_coverage, next_command)]


def place_named(item: Finding) -> str:
    """Return where it is, in words."""
    return f"{item.screen}, {item.state}" if item.screen else "the whole site"


def words_of(item: Finding) -> str:
    """Return what it was called and is called now, as far as the sentence does not say it."""
    before, after = (f"“{each}”" if each else "" for each in (item.before, item.after))
    if before and after and item.before != item.after and item.change != "candidate":
        return f"{before} → {after}"
    said = item.before.casefold() in item.what.casefold()
    return "" if said else f"before: {before}"


def bare(line: str) -> str:
    """Return a line of an outline without its indentation and its dash."""
    return line.strip().removeprefix("- ")


def _head(findings: Findings) -> str:
    against = "against the baseline" if findings.against_baseline else "without a baseline: what flows need"
    return f"{findings.site} · {findings.language} · {moment(findings.at)} · {against}"


def _last(findings: Findings, width: int, min_coverage: float | None, next_command: str) -> list[str]:
    command = next((item.command for item in findings.items if item.command), next_command)
    parts = [findings.summary(min_coverage), str(findings.coverage)]
    whole = " · ".join([*parts, *([f"next: {command}"] if command else [])])
    if _cells(printable(whole, one_line=True)) <= width:
        return [printable(whole, one_line=True)]
    lines = [line for part in parts for line in wrapped(part, width, indent="  ")]
    return [*lines, *([f"next: {printable(command, one_line=True)}"] if command else [])]


def _rows(items: Sequence[Finding], width: int) -> list[str]:
    places = max(_cells(place_named(item)) for item in items)
    flows = max(len("STOPS"), *(len(flow) + 1 for item in items for flow in item.flows), 1)
    where, stops = min(places, width // 4), min(flows, width // 4)
    widths = (_CLASS, where, width - _CLASS - where - stops - 3 * len(_GAP), stops)
    lines = [_row([["CLASS"], ["SCREEN"], ["WHAT"], ["STOPS"]], widths)]
    for item in items:
        cells: tuple[list[str], ...] = (
            [item.severity],
            [place_named(item)],
            _told(item),
            [", ".join(item.flows) or "-"],
        )
        columns = [
            [line for text in cell for line in wrapped(text, room)] for cell, room in zip(cells, widths, strict=True)
        ]
        lines += [_row([[line] for line in row], widths) for row in _filled(columns)]
    commands = [printable(item.command, one_line=True) for item in items if item.command]
    return lines + (["", "to accept a word:", *(f"  {command}" for command in commands)] if commands else [])


def _row(cells: Sequence[Sequence[str]], widths: Sequence[int]) -> str:
    padded = (cell[0] + " " * (room - _cells(cell[0])) for cell, room in zip(cells, widths, strict=True))
    return _GAP.join(padded).rstrip()


def _filled(columns: Sequence[list[str]]) -> list[list[str]]:
    height = max(len(column) for column in columns)
    return [[column[at] if at < len(column) else "" for column in columns] for at in range(height)]


def _blocks(items: Sequence[Finding], width: int) -> list[str]:
    lines: list[str] = []
    for item in items:
        told = [*_told(item), *([f"stops: {', '.join(item.flows)}"] if item.flows else [])]
        lines += [*([""] if lines else []), *wrapped(f"{item.severity:<{_CLASS}} {place_named(item)}", width)]
        lines += [f"  {line}" for text in told for line in wrapped(text, width - 2)]
        lines += [f"  accept: {printable(item.command, one_line=True)}"] if item.command else []
    return lines


def _told(item: Finding) -> list[str]:
    """Return the sentence and what belongs to it; of an outline its first lines."""
    changed = [
        f"{sign} {line}" for sign, lines in (("-", item.removed), ("+", item.added)) for line in map(bare, lines)
    ]
    more = [f"… and {len(changed) - _LINES} more"] if len(changed) > _LINES else []
    words = words_of(item)
    return [item.what, *([words] if words else []), *([item.why] if item.why else []), *changed[:_LINES], *more]


def _cells(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(printable(text, one_line=True))

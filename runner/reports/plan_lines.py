"""A plan as lines of a terminal: each job with its sign, what can never be changed, the counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bcflow.runner.redaction.printable import wrapped
from bcflow.runner.reports.planned import SIGNS, plan_items
from bcflow.runner.reports.summary import forever, look_counts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bcflow.models.outcomes import RunRecord
    from bcflow.runner.reports.planned import Item, Sign

_LEAST: Final = 48
"""So many columns an id needs beside the name of its row; a narrower terminal breaks the lines itself."""
_COLOURS: Final[dict[Sign, str]] = {"+": "green", "~": "yellow", "=": "dim", "!": "red"}
_INDENT: Final = "    "


def plan_lines(records: Sequence[RunRecord], *, width: int) -> list[str]:
    """Return what the looks `records` come to, in lines of `width` columns, the counts last."""
    width = max(width, _LEAST)
    items = plan_items(records)
    lines: list[str] = []
    for item in items:
        # Only what takes one line each stands close together.
        lines += ["", *_lines(item, width)] if lines and (item.rows or lines[-1][:1] == " ") else _lines(item, width)
    lines.append("")
    if never := forever((one.flow, one.inputs) for one in records if one.outcome == "planned"):
        lines += ["Can never be changed later:", *(part for one in never for part in _indented(one, width)), ""]
    meant = ", ".join(f"{sign} {words}" for sign, words in SIGNS.items() if any(one.sign == sign for one in items))
    return [*lines, *wrapped(f"Signs: {meant}", width), look_counts(one.outcome for one in records)]


def colour_of(line: str) -> str:
    """Return the colour that a line of a plan has by its sign; empty: none."""
    sign, _, rest = line.strip().partition(" ")
    return next((colour for each, colour in _COLOURS.items() if each == sign and rest), "")


def _lines(item: Item, width: int) -> list[str]:
    lines = wrapped(f"{item.sign} {item.title}", width, indent="  ")
    column = max((len(row.name) for row in item.rows), default=0) + 2
    for row in item.rows:
        head = f"  {'~' if row.there else ' '} {row.name:<{column}}"
        first, *rest = wrapped(row.text, width - len(head))
        lines += [f"{head}{first}", *(f"{' ' * len(head)}{one}" for one in rest)]
    return [*lines, *(part for note in item.notes for part in _indented(note, width))]


def _indented(text: str, width: int) -> list[str]:
    return [f"{_INDENT}{one}" for one in wrapped(text, width - len(_INDENT))]

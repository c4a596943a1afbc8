"""Lines and tables as wide as the terminal: broken between words, never inside an id, a path or an address."""

from __future__ import annotations

import re
import shutil
import textwrap
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, Final, TextIO

from bcflow.runner.redaction.printable import printable, wrapped

_UNKNOWN: Final = (100, 40)
_GAP: Final = 2
_INDENT: Final = 4
_ROOM: Final = 24
"""The last column is broken beside the others where it has so much room, else below them."""
_WHOLE_WORDS: Final[dict[str, Any]] = {"break_long_words": False, "break_on_hyphens": False}


def width() -> int:
    """Return how many columns there are to print on."""
    return shutil.get_terminal_size(_UNKNOWN).columns


def room_on(stream: TextIO) -> int | None:
    """Return how wide lines on `stream` may be; None: what is no terminal takes every line whole."""
    return width() if stream.isatty() else None


def fitted(line: str, room: int | None) -> list[str]:
    """Return `line` in lines of at most `room` columns, what follows below its own indent."""
    if room is None or len(line) <= room // 2:
        return [line]
    margin = " " * (len(line) - len(line.lstrip()))
    return _broken(line.strip(), room, before=margin, hanging=_GAP) if line.strip() else [line]


def columns(rows: Iterable[Sequence[object]], *, heads: Sequence[str] = (), room: int | None = None) -> list[str]:
    """Return `rows` as aligned text, never cut off, with `heads` above.

    Where there is `room` for so many columns only, those that do not fit stand below, indented, and texts are broken.
    """
    return [line for lines in blocks(rows, heads=heads, room=room) for line in lines]


def blocks(rows: Iterable[Sequence[object]], *, heads: Sequence[str], room: int | None) -> list[list[str]]:
    """Return the lines of each row of `columns`, those of the heads first."""
    table = [[str(head).upper() for head in heads]] if heads else []
    table += [["" if cell is None else printable(str(cell), one_line=True) for cell in row] for row in rows]
    if not table:
        return []
    widths = [max(len(row[index]) for row in table) for index in range(len(table[0]))]
    if room is None or sum(widths) + _GAP * (len(widths) - 1) <= room:
        return [[_aligned(row, widths)] for row in table]
    levels = _levels(widths, room)
    return [_row(row, widths, levels, room) for row in table]


def folded_command(line: str, room: int | None, *, indent: int = 2) -> list[str]:
    """Return a command as it can be typed: where it is too long, broken before an option, with a backslash."""
    first, *others = re.split(r" (?=--)", line)
    lines = [" " * indent + first]
    for part in others:
        if room is None or len(lines[-1]) + len(part) + 3 <= room:
            lines[-1] += f" {part}"
        else:
            lines[-1] += " \\"
            lines.append(" " * (indent + _INDENT) + part)
    return lines


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    return (" " * _GAP).join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _levels(widths: Sequence[int], room: int) -> list[list[int]]:
    """Return which columns stand on the first line of a row, on the second, and so on."""
    levels: list[list[int]] = [[]]
    left = room
    for index, width in enumerate(widths):
        is_last = index == len(widths) - 1
        if width > left and not (is_last and left >= _ROOM) and levels[-1]:
            levels.append([])
            left = room - _INDENT
        levels[-1].append(index)
        left -= width + _GAP
    return levels


def _row(row: Sequence[str], widths: Sequence[int], levels: Sequence[Sequence[int]], room: int) -> list[str]:
    lines: list[str] = []
    for depth, level in enumerate(levels):
        margin = " " * (_INDENT if depth else 0)
        *before, last = level
        head = margin + "".join(row[index].ljust(widths[index] + _GAP) for index in before)
        if not row[last]:
            lines += [head.rstrip()] if head.strip() else []
            continue
        lines += _broken(row[last], room, before=head)
    return lines


def _broken(text: str, room: int, *, before: str, hanging: int = 0) -> list[str]:
    """Return `before` and `text` in lines of `room` columns; what follows stands below the text, `hanging` deeper."""
    left, deeper = max(room - len(before), 1), " " * hanging
    if any(unicodedata.east_asian_width(letter) in "WF" for letter in text):
        lines = wrapped(text, left, indent=deeper)
    else:
        lines = textwrap.wrap(text, left, subsequent_indent=deeper, **_WHOLE_WORDS)
    first, *others = lines or [""]
    return [(before + first).rstrip(), *(f"{' ' * len(before)}{line}".rstrip() for line in others)]

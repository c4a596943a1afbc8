"""The value of a cell in a workbook: what a person sees there, or why that is no value."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

from bcflow.models.identity import quoted
from bcflow.runner.jobfiles.cells import Unusable, clean
from bcflow.runner.jobfiles.number_format import shown_number, shown_text
from bcflow.runner.jobfiles.xlsx_parts import text_of, unescaped

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from bcflow.runner.jobfiles.xlsx_parts import Parts

_NOT_CALCULATED: Final = "is a formula without a calculated result; open the file and save it, or paste the value"
_BECAME_A_DATE: Final = "became a date in the spreadsheet; format the column as text and type it again"
_EXACT_IN_A_FLOAT: Final = 10**15
_TRUE: Final = ("1", "true")
_WHOLE: Final = re.compile(r"-?[0-9]{1,400}")


def cell_value(parts: Parts, cell: Element) -> object:
    """Return what the element of a cell shows, None if nothing.

    Raises ValueError and LookupError if it holds what no cell holds.
    """
    kind, style = cell.get("t", "n"), int(cell.get("s", 0))
    if kind == "inlineStr":
        return _text("".join(map(text_of, cell.iterfind("{*}is"))), parts.number_format(style))
    stored = cell.find("{*}v")
    text = "" if stored is None else stored.text or ""
    is_missing = not text and (kind != "str" or stored is None)
    if cell.find("{*}f") is not None and (is_missing or parts.is_to_be_calculated):
        return Unusable(_NOT_CALCULATED, "a formula")
    if is_missing:
        return None
    if kind in {"s", "str"}:
        return _text(parts.texts[int(text)] if kind == "s" else unescaped(text), parts.number_format(style))
    return _number(text, parts.number_format(style)) if kind == "n" else _other(kind, text)


def _other(kind: str, text: str) -> object:
    if kind == "b":
        return text in _TRUE
    if kind == "d":
        return Unusable(_BECAME_A_DATE, text)
    if kind == "e":
        return Unusable(f"the sheet shows {quoted(text)[1:-1]}; repair the formula", text)
    raise ValueError("no kind of cell")


def _text(text: str, code: str) -> object:
    if clean(text) is None:
        return None
    return text if shown_text(text, code) is not None else _otherwise(text, code)


def _number(text: str, code: str) -> object:
    """Digits as text, for they are read and not calculated with; a number that a sheet has cut stays one."""
    from openpyxl.styles.numbers import is_date_format

    number = int(text) if _WHOLE.fullmatch(text) else float(text)
    if not math.isfinite(number):
        raise ValueError("no number of a spreadsheet")
    if is_date_format(code):
        return Unusable(_BECAME_A_DATE, text)
    if abs(number) >= _EXACT_IN_A_FLOAT:
        return int(number)
    shown = shown_number(number, code)
    return _otherwise(text, code) if shown is None else shown


def _otherwise(text: str, code: str) -> Unusable:
    why = f"is shown otherwise than it is stored (number format '{code}'); format the column as text and type it again"
    return Unusable(why, text)

"""Refusals in the words of the page's language and edition."""

from __future__ import annotations

from string import Template

from standin.api.answers import REFUSED, Refused
from standin.api.writes import Call
from standin.words import words_for


def refusal(call: Call, key: str, code: int = REFUSED, **values: str) -> Refused:
    """Make the error of a refusal: `key` names its words, `values` fill its `${name}`s."""
    return Refused(Template(words_for(call.world)[key]).substitute(values), code)

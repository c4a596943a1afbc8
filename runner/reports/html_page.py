"""HTML pages that need nothing else: their style is inside, and they may fetch nothing and run no other's script."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from bcflow.runner.redaction.printable import printable
from bcflow.runner.reports import wording as words

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = Path(__file__).parent / "templates"
# What sets a text from right to left apart turns nothing outside of it, as long as it ends: it need not be spelled out.
_ISOLATED = re.compile(r"\\u2068([^\\<>]*)\\u2069")


def html_page(
    template: str,
    *,
    beside: Path | None = None,
    rules: str = "",
    script: str = "",
    **values: Any,  # noqa: ANN401 - a template's values are of any type
) -> str:
    """Return the page that `template` makes of `values`, in the style of all reports.

    A template of another room is in its folder `beside`, and each .css there is added to the style. `rules` are of
    this page alone. `script` names the one script that it may run, a file beside the templates; the page must be whole
    without it.
    """
    from markupsafe import Markup

    sheets = [_TEMPLATES / "report.css", *(sorted(beside.glob("*.css")) if beside else ())]
    style = "\n".join([*(sheet.read_text(encoding="utf-8").strip() for sheet in sheets), *([rules] if rules else [])])
    code = (_TEMPLATES / script).read_text(encoding="utf-8").strip() if script else ""
    page = (
        _environment(beside)
        .get_template(template)
        .render(
            style=Markup(style),  # noqa: S704 - our own files
            style_hash=_hash(style),
            script=Markup(code),  # noqa: S704 - our own file
            script_hash=_hash(code),
            **values,
        )
    )
    return _ISOLATED.sub("\u2068\\1\u2069", printable(page))


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@cache
def _environment(beside: Path | None) -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader([_TEMPLATES, *([beside] if beside else [])]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "shown": words.shown,
        "named": words.named,
        "kind": words.kind_named,
        "basename": lambda text: PurePath(text).name,
        "plain": words.plain,
        "duration": words.duration,
        "moment": words.moment,
    }
    made.globals |= {
        "outcomes": words.OUTCOME_WORDS,
        "wanted": words.wanted,
        "acts_next": words.acts_next,
        "actor_named": words.actor_named,
        "next_step": words.next_step,
        "meaning": words.meaning,
    }
    return made

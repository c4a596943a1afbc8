"""One change of a known screen, and what is right to say of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from standin.words import known_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bcflow.runner.checks.findings import Severity

SCRIPT = Path(__file__).with_name("mutate.js")


@dataclass(frozen=True)
class Mutation:
    """What changes between two checks: axes, faults (`KEY>TEXT` of words among them) and `ops` in the page itself."""

    kind: str
    target: str
    flow: str
    """The flow that is visited, and run."""
    least: Severity
    """The class that it must be told as, or a worse one."""
    breaks: frozenset[str] = frozenset()
    """Every flow that stops at it, by what it does to a flow."""
    before: Mapping[str, str] = field(default_factory=dict)
    axes: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[str, ...] = ()
    ops: tuple[Mapping[str, str], ...] = ()
    job: Mapping[str, Any] = field(default_factory=dict)
    """What the job asks for besides, so that it needs what was changed."""
    hidden: str = ""
    """Why no visit can see it, if none can: it is missed, and said to be."""

    @property
    def name(self) -> str:
        """How it is told: "renamed members.invite"."""
        return f"{self.kind} {self.target}"

    def script(self, axes: Mapping[str, str]) -> str:
        """Return what changes the page, in the words that it has with these axes."""
        words = known_words(axes.get("language", "en"), axes.get("edition", "2026"))
        ops = [{**op, "says": words[op["key"]].strip()} if "key" in op else dict(op) for op in self.ops]
        return f"window.__MUTATIONS__ = {json.dumps(ops, ensure_ascii=False)};\n{SCRIPT.read_text(encoding='utf-8')}"

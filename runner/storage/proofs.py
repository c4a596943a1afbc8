"""Which flows were ever seen to work here, per site and page language.

Screens differ by language and change by year, so each pair is proven for itself.
"""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from bcflow.models.outcomes import RunReport
from bcflow.runner.redaction.private_files import make_private_folder, write_private

_SEEN = ("done", "waiting")


class Proof(BaseModel):
    """That `flow` was seen to work on `site` in `language`: first and last time (ISO 8601 UTC)."""

    model_config = ConfigDict(extra="forbid")

    flow: str
    site: str
    language: str
    first: str
    last: str
    run: str


class _Stored(BaseModel):
    version: int = 1
    proofs: list[Proof] = Field(default_factory=list)
    languages: dict[str, str] = Field(default_factory=dict)


class ProvenFlows:
    """The proofs of one BCFLOW_HOME, in proven.json; read anew at every call, so processes may share it."""

    def __init__(self, home: Path) -> None:
        self._path = home / "proven.json"

    def proofs(self, flow: str) -> list[Proof]:
        """Return every proof of `flow`, the newest first."""
        found = [proof for proof in self._read().proofs if proof.flow == flow]
        return sorted(found, key=lambda proof: proof.last, reverse=True)

    def is_proven(self, flow: str, *, site: str, language: str) -> bool:
        """Whether `flow` was seen to work on `site` in `language`; an unknown language is never proven."""
        return any(proof.site == site and proof.language == language for proof in self.proofs(flow))

    def language(self, *, site: str, login: str) -> str:
        """Return the language the pages last had for `login` on `site`, or an empty string."""
        return self._read().languages.get(f"{site} {login}", "")

    def record(self, run: RunReport, *, site: str, language: str, login: str, at: str) -> bool:
        """Take note of a finished run (`at`: ISO 8601 UTC); return whether it proves its flow."""
        stored = self._read()
        if language:
            stored.languages[f"{site} {login}"] = language
        proves = run.outcome in _SEEN and run.writes > 0 and bool(language)
        if proves:
            stored.proofs = _with(stored.proofs, run, site, language, at)
        self._write(stored)
        return proves

    def _read(self) -> _Stored:
        try:
            return _Stored.model_validate_json(self._path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            # A lost or damaged file costs one more question, never a write too many.
            return _Stored()

    def _write(self, stored: _Stored) -> None:
        make_private_folder(self._path.parent)
        # Several batches of one worker may come here at once, each with a draft of its own.
        write_private(self._path, json.dumps(stored.model_dump(), indent=1).encode())


def _with(proofs: list[Proof], run: RunReport, site: str, language: str, at: str) -> list[Proof]:
    for proof in proofs:
        if (proof.flow, proof.site, proof.language) == (run.flow, site, language):
            proof.last, proof.run = at, run.id
            return proofs
    new = Proof(flow=run.flow, site=site, language=language, first=at, last=at, run=run.id)
    return [*proofs, new]

"""How a run ended, as it is stored, printed and reported."""

from __future__ import annotations

import re
from typing import Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from bcflow.models.unknown import UnknownWords

Outcome = Literal[
    "done",
    "already",
    "waiting",
    "differs",
    "refused",
    "screen-changed",
    "failed",
    "unknown",
    "skipped",
    "cancelled",
    "expired",
    "planned",
]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
_LINES = re.compile(r":(\d+(?:, \d+)*)$")


class Picture(BaseModel):
    """A picture in the run's evidence folder; `file` is relative to it."""

    model_config = ConfigDict(extra="forbid")

    file: str
    caption: str
    kind: Literal["before", "after", "failure", "view"] = "view"


class StepRecord(BaseModel):
    """One step of the flow's story; `at` is ISO 8601 UTC, `seconds` how long it took."""

    model_config = ConfigDict(extra="forbid")

    name: str
    at: str
    seconds: float
    ok: bool = True


class WouldSend(BaseModel):
    """The first request that the button wanted to send in a rehearsal: nothing of it left the browser.

    `carries` names what of the job can be read in it, `silent` what cannot (it may be there as a number that nobody
    knows), `contrary` is what it says otherwise than asked. `kind` is its verb and path without ids; empty where it is
    not clear that it writes: then it only comes before the write, which is not seen.
    """

    model_config = ConfigDict(extra="forbid")

    kind: str
    request: str
    carries: list[str] = Field(default_factory=list)
    silent: list[str] = Field(default_factory=list)
    contrary: str = ""


class EffectRecord(BaseModel):
    """One wanted fact and what became of it; `candidates` are the ids that may be it, if there are several."""

    model_config = ConfigDict(extra="forbid")

    kind: str
    identity: str
    business_center: str
    want: dict[str, Any] = Field(default_factory=dict)
    have: dict[str, Any] = Field(default_factory=dict)
    outcome: Outcome
    message: str = ""
    waiting_for: str | None = None
    proof: str = ""
    writes: int = 0
    armed_at: str | None = None
    seen_at: str | None = None
    candidates: list[str] = Field(default_factory=list)
    would_send: WouldSend | None = None


class RunReport(BaseModel):
    """One run of one job: what `run --json` prints for it.

    `source` is the input's file with the lines (a spreadsheet's rows) that asked for it, `lines` these alone; both are
    empty for a job that options gave.
    """

    model_config = ConfigDict(extra="forbid")

    id: str
    job: str
    client: str | None = None
    flow: str
    outcome: Outcome
    message: str
    next_action: str = ""
    waiting_for: str | None = None
    writes: int = 0
    result: dict[str, Any] = Field(default_factory=dict)
    evidence: str = ""
    seconds: float = 0.0
    source: str = ""
    lines: list[int] = Field(default_factory=list)

    @model_validator(mode="after")
    def _with_lines(self) -> Self:
        """Records of earlier versions have their lines in `source` only."""
        found = _LINES.search(self.source)
        if found and not self.lines:
            self.lines = [int(number) for number in found[1].split(", ")]
        return self


class RunRecord(RunReport):
    """All that `result.json` keeps of a run, enough to make its report from.

    `needs` is the kind of help (code, captcha, consent, sign-in, word) that a run which waits for you waits for, if it
    is one of these; `approved_by` agreed to its writes, `answered_by` gave the latest answer it went on with.
    `machine` has its evidence, if several share a database. `unknown` is what it met in words that nobody knows, screen
    by screen, `learnt` the learnt words it went by (concept to texts), `warnings` what a person should know of how it
    read, `names` the names of ad accounts that it saw on its way, by id.
    """

    schema_version: Literal[1] = 1
    batch: str = ""
    login: str = "default"
    site: str = ""
    business_center: str = ""
    business_center_name: str = ""
    inputs: dict[str, Any] = Field(default_factory=dict)
    note: str | None = None
    requested_by: str = ""
    approved_by: str = ""
    answered_by: str = ""
    machine: str = ""
    needs: str = ""
    started: str = ""
    finished: str = ""
    dry_run: bool = False
    language: str = ""
    steps: list[StepRecord] = Field(default_factory=list)
    effects: list[EffectRecord] = Field(default_factory=list)
    pictures: list[Picture] = Field(default_factory=list)
    tree: str = ""
    unknown: list[UnknownWords] = Field(default_factory=list)
    learnt: dict[str, list[str]] = Field(default_factory=dict)
    warnings: list[str] = Field(default_factory=list)
    names: dict[str, str] = Field(default_factory=dict)
    versions: dict[str, str] = Field(default_factory=dict)

    @field_validator("unknown", mode="before")
    @classmethod
    def _as_list(cls, value: object) -> object:
        """Records of earlier versions keep the one screen that a run met, or none."""
        return [] if value is None else [value] if isinstance(value, dict) else value

    def report(self) -> RunReport:
        """Return the part of this record that `--json` prints."""
        return RunReport.model_validate({name: getattr(self, name) for name in RunReport.model_fields})

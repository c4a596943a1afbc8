"""What a batch was asked to do and how it ended, as it is kept and shown."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class BatchLine(BaseModel):
    """One job of a batch in file order: its name, its run, and the spreadsheet row it came from.

    Rows that ask for the same are one job: each has its line here, with the same run.
    """

    model_config = ConfigDict(extra="forbid")

    job: str
    run: str
    flow: str
    client: str | None = None
    login: str = "default"
    source: str = ""
    row: dict[str, str] = Field(default_factory=dict)


class BatchRecord(BaseModel):
    """One batch; times are ISO 8601 UTC, `ended` is empty while the batch runs."""

    model_config = ConfigDict(extra="forbid")

    schema_version: Literal[1] = 1
    id: str
    source: str = ""
    sha256: str = ""
    site: str = ""
    logins: list[str] = Field(default_factory=list)
    requested_by: str = ""
    dry_run: bool = False
    started: str = ""
    ended: str = ""
    exit_code: int | None = None
    lines: list[BatchLine] = Field(default_factory=list)
    columns: list[str] = Field(default_factory=list)

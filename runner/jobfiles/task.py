"""One line of what is to be run: a job that was checked, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bcflow.models.effect_words import job_title
from bcflow.models.jobs import JobBase


@dataclass(frozen=True)
class Task:
    """A validated job; `source` is file:line, or file:line, line for lines that ask for the same.

    `rows` are the spreadsheet's rows that asked for it, each with its number; empty for other input.
    """

    job: JobBase
    name: str
    source: str = ""
    rows: tuple[tuple[int, Mapping[str, str]], ...] = ()

    @property
    def title(self) -> str:
        """The job in a few words."""
        return job_title(self.job.flow, self.job.model_dump(mode="json"))

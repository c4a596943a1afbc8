"""What reading a job file and a sheet have in common: every problem with its line, and what holds among all jobs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, ClassVar, Final

from pydantic import ValidationError

from bcflow.models.errors import BadInput
from bcflow.models.explain import dotted, explain
from bcflow.models.identity import quoted
from bcflow.models.jobs import JobBase
from bcflow.models.suggestions import nearest
from bcflow.runner.jobfiles import references
from bcflow.runner.jobfiles.duplicates import LocatedJob, without_duplicates
from bcflow.runner.jobfiles.references import RawJob

_MOST_PROBLEMS: Final = 200
JobPath = tuple[str | int, ...]


class JobReader(ABC):
    """Collects the jobs of one file and all that is wrong with them."""

    line_word: ClassVar[str] = "line"
    line_prefix: ClassVar[str] = ""

    def __init__(self, path: Path, context: Mapping[str, Any], logins: Collection[str] | None) -> None:
        """Take the models' `context` and the `logins` that are set up, None to leave that unchecked."""
        self._path = path
        self._context = dict(context)
        self._logins = logins
        self._raw: list[RawJob] = []
        self._jobs: list[LocatedJob] = []
        self._problems: set[tuple[int, str]] = set()

    @abstractmethod
    def _job(self, values: dict[str, Any]) -> JobBase:
        """Return the job that has these values. Raises ValidationError."""

    @abstractmethod
    def _place(self, job: RawJob | LocatedJob, path: JobPath) -> tuple[int, JobPath]:
        """Return the line of what is at `path` of a job, and its path in the file."""

    def _add(self, raw: RawJob, *, told: Collection[str] = ()) -> None:
        """Take the job that `raw` is, or say what is wrong with it; of the fields in `told` that was said already."""
        self._raw.append(raw)
        try:
            job = self._job(dict(raw.values))
        except ValidationError as error:
            for problem in explain(error):
                if not problem.path or problem.path[0] not in told:
                    self._say_of(raw, problem.path, problem.message)
            return
        if self._logins is not None and job.login not in self._logins:
            hint, known = nearest(job.login, self._logins), ", ".join(sorted(self._logins))
            self._say_of(raw, ("login",), f"'{job.login}' is not set up{hint}; known: {known}")
        if not told:
            self._jobs.append(LocatedJob(job, raw.line, raw.index))

    def _finished(self) -> list[LocatedJob]:
        """Return the jobs in their order, equal ones as one. Raises BadInput with every problem there was."""
        first: dict[str, RawJob] = {}
        for raw in self._raw:
            if raw.id is not None and (before := first.setdefault(raw.id, raw)) is not raw:
                line, _ = self._place(before, ("id",))
                self._say_of(raw, ("id",), f"{quoted(raw.id)} is also in {self.line_word} {line}")
        for bad in references.check(self._raw):
            self._say_of(bad.job, bad.path, bad.why)
        jobs, contradictions = without_duplicates(self._jobs, self._named)
        for job, why in contradictions:
            self._say_of(job, (), why)
        self._stop_if_wrong()
        return jobs

    def _named(self, job: LocatedJob) -> str:
        line, path = self._place(job, ())
        return f"{dotted(path)} in {self.line_word} {line}" if path else f"{self.line_word} {line}"

    def _say_of(self, job: RawJob | LocatedJob, path: JobPath, message: str) -> None:
        self._say(*self._place(job, path), message)

    def _say(self, line: int, path: JobPath, message: str) -> None:
        where = dotted(path)
        self._problems.add((line, f"{where}: {message}" if where else message))

    def _stop_if_wrong(self) -> None:
        found = [f"{self._path}:{self.line_prefix}{line}: {text}" for line, text in sorted(self._problems)]
        if len(found) > _MOST_PROBLEMS:
            found[_MOST_PROBLEMS:] = [f"{self._path}: and {len(found) - _MOST_PROBLEMS} more"]
        if found:
            raise BadInput(found)

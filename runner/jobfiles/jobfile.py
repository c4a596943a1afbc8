"""Job files: YAML in, checked jobs out, or every mistake at once with its line."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import TypeAdapter, ValidationError

from bcflow.models import fields
from bcflow.models.errors import BadInput
from bcflow.models.explain import explain
from bcflow.models.identity import quoted, trim
from bcflow.models.jobs import FLOWS, JobBase, job_adapter
from bcflow.models.suggestions import nearest
from bcflow.runner.jobfiles.duplicates import LocatedJob
from bcflow.runner.jobfiles.file_kind import OLD_OFFICE, ZIP
from bcflow.runner.jobfiles.job_reader import JobReader
from bcflow.runner.jobfiles.references import RawJob
from bcflow.runner.jobfiles.yaml_tree import TreePath, parse_yaml

if TYPE_CHECKING:
    from bcflow.models.named import Names

KEYS: Final = ("login", "business_center", "jobs")
_LARGEST: Final = 2_000_000
_STAND_IN_ID: Final = "7000000000000000000"
_DEFAULTS: Final[dict[str, tuple[Any, str]]] = {
    "login": (fields.LoginName, "default"),
    "business_center": (fields.BusinessCenterId, _STAND_IN_ID),
}


@dataclass(frozen=True)
class JobFile:
    """A job file that was read: equal jobs are one, lines and indexes are the file's."""

    sha256: str
    jobs: tuple[LocatedJob, ...]


def read(
    path: Path | str,
    *,
    allow_unusual: bool = False,
    logins: Collection[str] | None = None,
    named: Names | None = None,
) -> JobFile:
    """Return the jobs of a file, in its order.

    `allow_unusual` takes ids that are not 19 digits; `logins` are the names that are set
    up, None to leave that unchecked; with `named` a
    Business Center may be named. Raises BadInput with one line per mistake:
    "jobs.yaml:7: jobs[3].email: …".
    """
    path = Path(path)
    content = read_bytes(path, _LARGEST)
    jobs = _YamlReader(path, {fields.ALLOW_UNUSUAL: allow_unusual, fields.NAMED: named}, logins).read(
        _decoded(content, str(path))
    )
    return JobFile(sha256=sha256(content).hexdigest(), jobs=tuple(jobs))


def read_bytes(path: Path, largest: int) -> bytes:
    """Return a file's content; raise BadInput if it is no readable file of a sane size."""
    try:
        if path.is_dir():
            raise BadInput([f"{path}: is a folder; give the file in it"])
        if not path.exists():
            raise BadInput([f"{path}: does not exist{_beside(path)}"])
        if not path.is_file():
            raise BadInput([f"{path}: is not a plain file"])
        if path.stat().st_size > largest:
            raise BadInput([f"{path}: is larger than {largest // 1_000_000} MB; split it"])
        return path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        why = getattr(error, "strerror", None) or "not a possible file name"
        raise BadInput([f"{quoted(path)[1:-1]}: cannot be read: {why}"]) from None


def _beside(path: Path) -> str:
    if not path.parent.is_dir():
        return ""
    return nearest(path.name, (entry.name for entry in path.parent.iterdir()))


def _decoded(content: bytes, name: str) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadInput([f"{name}: is UTF-16; save it as UTF-8"])
    if content.startswith((*ZIP, OLD_OFFICE)):
        raise BadInput([f"{name}: is a spreadsheet or zip file; give it with --from"])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadInput([f"{name}:{line}: is not UTF-8; save the file as UTF-8"]) from None


class _YamlReader(JobReader):
    def read(self, text: str) -> list[LocatedJob]:
        self._tree = parse_yaml(text, str(self._path))
        for problem in self._tree.problems:
            self._say(*problem)
        items, defaults = self._top()
        for index, item in enumerate(items):
            here = ("jobs", index)
            if isinstance(item, Mapping):
                self._add(RawJob(index, self._tree.line(here), _filled(item, defaults)))
            else:
                self._say_at(here, "must be a mapping such as {flow: invite-member, email: …}")
        return self._finished()

    def _job(self, values: dict[str, Any]) -> JobBase:
        job: JobBase = job_adapter().validate_python(values, context=self._context)
        return job

    def _place(self, job: RawJob | LocatedJob, path: TreePath) -> tuple[int, TreePath]:
        """What a job has from the top of the file is there; all else is, or is missing, in the job."""
        own: TreePath = ("jobs", job.index, *path)
        place = own if own in self._tree.lines or path[:1] not in self._tree.lines else path
        return self._tree.line(place), place

    def _top(self) -> tuple[list[Any], dict[str, Any]]:
        top = self._tree.value
        if not isinstance(top, Mapping):
            what = "is empty; it needs 'jobs:' with a list of jobs"
            self._say_at((), what if top is None else "must be a mapping with 'jobs:' and a list below it")
            self._stop_if_wrong()
        for key in top:
            if key not in KEYS:
                self._say_at((key,), f"unknown key{nearest(key, KEYS)}; known: {', '.join(KEYS)}")
        items = top.get("jobs")
        if not isinstance(items, list) or not items:
            self._say_at(("jobs",), "is missing" if "jobs" not in top else "must be a list with a job in it")
            items = []
        return items, self._defaults(top)

    def _defaults(self, top: Mapping[str, Any]) -> dict[str, Any]:
        found = {}
        for key, (kind, in_its_place) in _DEFAULTS.items():
            if top.get(key) is None:
                continue
            try:
                adapter: TypeAdapter[Any] = TypeAdapter(kind)
                found[key] = adapter.validate_python(top[key], context=self._context)
            except ValidationError as error:
                for problem in explain(error):
                    self._say_at((key,), problem.message)
                found[key] = in_its_place
        return found

    def _say_at(self, path: TreePath, message: str) -> None:
        self._say(self._tree.line(path), path, message)


def _filled(item: Mapping[str, Any], defaults: dict[str, Any]) -> dict[str, Any]:
    """A job's values with the file's defaults; a new Business Center has none above it."""
    given = {key: value for key, value in item.items() if value is not None}
    flow = given.get("flow")
    if isinstance(flow, str):
        given["flow"] = flow = trim(flow)
    in_one = isinstance(flow, str) and flow in FLOWS and flow != "create-business-center"
    fitting = defaults if in_one else {}
    login = {"login": defaults["login"]} if "login" in defaults else {}
    return {**login, **fitting, **given}

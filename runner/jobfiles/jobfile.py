"""Job files: YAML in, checked jobs out, or every mistake at once with its line."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from bcflow.models import fields
from bcflow.models.errors import BadInput
from bcflow.models.explain import dotted, explain
from bcflow.models.identity import shown
from bcflow.models.jobs import FLOWS, JobBase, job_adapter
from bcflow.models.suggestions import nearest
from bcflow.runner.jobfiles import references
from bcflow.runner.jobfiles.duplicates import Placed, Problem, folded
from bcflow.runner.jobfiles.yaml_tree import Path as TreePath
from bcflow.runner.jobfiles.yaml_tree import Tree, parse

__all__ = ["JobFile", "Placed", "read", "read_bytes"]

KEYS: Final = ("login", "business_center", "jobs")
_LARGEST: Final = 2_000_000
_MOST_PROBLEMS: Final = 200
_STAND_IN_ID: Final = "7000000000000000000"
_DEFAULTS: Final[dict[str, tuple[Any, str]]] = {
    "login": (fields.LoginName, "default"),
    "business_center": (fields.BusinessCenterId, _STAND_IN_ID),
}


@dataclass(frozen=True)
class JobFile:
    """A job file that was read: equal jobs are one, lines and indexes are the file's."""

    path: Path
    sha256: str
    jobs: tuple[Placed, ...]


def read(path: Path | str, *, allow_unusual: bool = False, logins: Collection[str] | None = None) -> JobFile:
    """Return the jobs of a file, in its order.

    `allow_unusual` takes ids that are not 19 digits; `logins` are the names that are set
    up, None to leave that unchecked. Raises BadInput with one line per mistake:
    "jobs.yaml:7: jobs[3].email: …".
    """
    path = Path(path)
    content = read_bytes(path, _LARGEST)
    reading = _Reading(str(path), allow_unusual=allow_unusual, logins=logins)
    jobs = reading.jobs(_decoded(content, str(path)))
    return JobFile(path=path, sha256=sha256(content).hexdigest(), jobs=tuple(jobs))


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
        raise BadInput([f"{shown(path)[1:-1]}: cannot be read: {why}"]) from None


def _beside(path: Path) -> str:
    if not path.parent.is_dir():
        return ""
    names = [entry.name for entry in path.parent.iterdir()]
    close = get_close_matches(path.name, names, n=1, cutoff=0.7)
    return f" (did you mean '{close[0]}'?)" if close else ""


def _decoded(content: bytes, name: str) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadInput([f"{name}: is UTF-16; save it as UTF-8"])
    if content.startswith(b"PK\x03\x04"):
        raise BadInput([f"{name}: is a spreadsheet or zip file; give it with --from"])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadInput([f"{name}:{line}: is not UTF-8; save the file as UTF-8"]) from None


class _Reading:
    def __init__(self, name: str, *, allow_unusual: bool, logins: Collection[str] | None) -> None:
        self._name = name
        self._context = {fields.ALLOW_UNUSUAL: allow_unusual}
        self._logins = logins
        self._problems: list[Problem] = []
        self._tree = Tree()

    def jobs(self, text: str) -> list[Placed]:
        self._tree = parse(text, self._name)
        self._problems += [
            (line, f"{dotted(path)}: {message}" if path else message) for line, path, message in self._tree.problems
        ]
        items, defaults = self._top()
        placed = [found for index, item in enumerate(items) if (found := self._job(item, index, defaults)) is not None]
        self._check_ids(items)
        self._check_logins(placed)
        self._check_references(items, defaults)
        placed, contradictions = folded(placed, _where)
        self._problems += [(item.line, f"jobs[{item.index}]: {text}") for item, text in contradictions]
        self._stop_if_wrong()
        return placed

    def _top(self) -> tuple[list[Any], dict[str, Any]]:
        top = self._tree.value
        if top is None:
            self._say((), "is empty; it needs 'jobs:' with a list of jobs")
            self._stop_if_wrong()
        if not isinstance(top, Mapping):
            self._say((), "must be a mapping with 'jobs:' and a list below it")
            self._stop_if_wrong()
        for key in top:
            if key not in KEYS:
                self._say((key,), f"unknown key{nearest(key, KEYS)}; known: {', '.join(KEYS)}")
        items = top.get("jobs")
        if not isinstance(items, list) or not items:
            word = "is missing" if "jobs" not in top else "must be a list with a job in it"
            self._say(("jobs",), word)
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
                    self._say((key,), problem.message)
                found[key] = in_its_place
        return found

    def _job(self, item: Any, index: int, defaults: dict[str, Any]) -> Placed | None:  # noqa: ANN401
        here: TreePath = ("jobs", index)
        if not isinstance(item, Mapping):
            self._say(here, "must be a mapping such as {flow: invite-member, email: …}")
            return None
        filled = _filled(item, defaults)
        try:
            job: JobBase = job_adapter().validate_python(filled, context=self._context)
        except ValidationError as error:
            for problem in explain(error):
                self._say((*here, *problem.path), problem.message)
            return None
        return Placed(job=job, line=self._tree.line(here), index=index)

    def _check_ids(self, items: list[Any]) -> None:
        first: dict[str, int] = {}
        for index, item in enumerate(items):
            job_id = item.get("id") if isinstance(item, Mapping) else None
            if not isinstance(job_id, str):
                continue
            line = self._tree.line(("jobs", index, "id"))
            before = first.setdefault(job_id.strip(), line)
            if first[job_id.strip()] != line or before != line:
                self._say(("jobs", index, "id"), f"{shown(job_id)} is also in line {before}")

    def _check_logins(self, placed: list[Placed]) -> None:
        if self._logins is None:
            return
        for item in placed:
            name = item.job.login
            if name not in self._logins:
                known = ", ".join(sorted(self._logins))
                own: TreePath = ("jobs", item.index, "login")
                path: TreePath = own if own in self._tree.lines else ("login",)
                self._say(path, f"'{name}' is not set up{nearest(name, self._logins)}; known: {known}")

    def _check_references(self, items: list[Any], defaults: dict[str, Any]) -> None:
        entries = [
            references.Entry(index, self._tree.line(("jobs", index)), _filled(item, defaults))
            for index, item in enumerate(items)
            if isinstance(item, Mapping)
        ]
        for bad in references.check(entries):
            path: TreePath = ("jobs", bad.entry.index, *bad.path)
            self._say(path if path in self._tree.lines else bad.path, bad.why)

    def _say(self, path: TreePath, message: str) -> None:
        where = dotted(path)
        text = f"{where}: {message}" if where else message
        self._problems.append((self._tree.line(path), text))

    def _stop_if_wrong(self) -> None:
        if not self._problems:
            return
        lines = [f"{self._name}:{line}: {text}" for line, text in sorted(set(self._problems))]
        if len(lines) > _MOST_PROBLEMS:
            more = len(lines) - _MOST_PROBLEMS
            lines = [*lines[:_MOST_PROBLEMS], f"{self._name}: and {more} more"]
        raise BadInput(lines)


def _filled(item: Mapping[str, Any], defaults: dict[str, Any]) -> dict[str, Any]:
    """A job's values with the file's defaults; a new Business Center has none above it."""
    given = {key: value for key, value in item.items() if value is not None}
    flow = given.get("flow")
    if isinstance(flow, str):
        given["flow"] = flow = flow.strip()
    in_one = isinstance(flow, str) and flow in FLOWS and flow != "create-business-center"
    fitting = defaults if in_one else {}
    login = {"login": defaults["login"]} if "login" in defaults else {}
    return {**login, **fitting, **given}


def _where(item: Placed) -> str:
    return f"jobs[{item.index}] in line {item.line}"

"""What the shell proposes after a Tab: flow names, job files, logins, the newest batches and runs.

Only what costs next to nothing: names of files and folders, never a database, never the site. What cannot be read is
not proposed, and nothing is said of it: the person is in the middle of a line.
"""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ASKED: Final = "_BCFLOW_COMPLETE"
_MANY: Final = 20
_JOB_FILES: Final = (".yaml", ".yml", ".json")
_ID: Final = re.compile(r"[0-9a-z]+(-[0-9]+)?")


def typed(argv: Sequence[str]) -> list[str] | None:
    """Return the words of the line that a shell wants completed, without the program's name; None: it is no such."""
    if argv or not os.environ.get(_ASKED):
        return None
    line = os.environ.get("COMP_WORDS") or os.environ.get("_TYPER_COMPLETE_ARGS") or ""
    try:
        return shlex.split(line.replace("\n", " "))[1:]
    except ValueError:  # a quote is still open
        return line.split()[1:]


def flows(incomplete: str) -> list[str]:
    """Propose the names of flows."""
    from bcflow.models.jobs import FLOWS

    return [name for name in FLOWS if name.startswith(incomplete)]


def job_files(incomplete: str) -> list[str]:
    """Propose job files, and folders that may hold one."""
    folder, _, begun = incomplete.rpartition("/")
    at = f"{folder}/" if folder or incomplete.startswith("/") else ""
    found = (path for path in _listed(Path(at or ".")) if path.name.startswith(begun) and path.name[0] != ".")
    return sorted(
        f"{at}{path.name}{'/' if path.is_dir() else ''}"
        for path in found
        if path.suffix in _JOB_FILES or (path.is_dir() and begun)
    )


def targets(incomplete: str) -> list[str]:
    """Propose what `run` takes: a flow, or a job file."""
    return [*flows(incomplete), *job_files(incomplete)]


def batches(incomplete: str) -> list[str]:
    """Propose `last` and the newest batches of this home."""
    return [name for name in ("last", *_newest("batches", incomplete)) if name.startswith(incomplete)]


def runs(incomplete: str) -> list[str]:
    """Propose the newest runs of this home."""
    return _newest("runs", incomplete)


def runs_and_batches(incomplete: str) -> list[str]:
    """Propose batches, and runs once the id of a batch is there."""
    return runs(incomplete) if "-" in incomplete else batches(incomplete)


def outcomes(incomplete: str) -> list[str]:
    """Propose outcomes; after a comma, one more."""
    from typing import get_args

    from bcflow.models.outcomes import Outcome

    before, comma, begun = incomplete.rpartition(",")
    return [f"{before}{comma}{word}" for word in get_args(Outcome) if word.startswith(begun)]


def logins(incomplete: str) -> list[str]:
    """Propose the logins whose sign-in is saved in this home."""
    names = {"default", *(path.stem for path in _listed(_home() / "logins") if path.suffix == ".json")}
    return sorted(name for name in names if name.startswith(incomplete))


def concepts(incomplete: str) -> list[str]:
    """Propose what the site has words for."""
    from bcflow.pages.labels import CONCEPTS

    return sorted({name for names in CONCEPTS.values() for name in names if name.startswith(incomplete)})


def _newest(folder: str, incomplete: str) -> list[str]:
    # Ids sort by time.
    found = (path.name for path in _listed(_home() / folder))
    return sorted((name for name in found if name.startswith(incomplete) and _ID.fullmatch(name)), reverse=True)[:_MANY]


def _home() -> Path:
    from bcflow.runner.config.folders import home_folder

    try:
        return home_folder(os.environ.get("BCFLOW_HOME"))
    except ValueError:
        return Path(os.devnull)


def _listed(folder: Path) -> Iterator[Path]:
    try:
        yield from folder.iterdir()
    except OSError:
        return
